"""Patterns of waste, put as questions.

Belongs here: detectors over the events of runs.
Does not: files, SQL, Qt, anything that leaves the machine.
May import: domain.
"""
