"""One room plugged into another.

Belongs here: construction, and nothing else constructs.
Does not: anything with a meaning of its own.
May import: every room below.
"""
