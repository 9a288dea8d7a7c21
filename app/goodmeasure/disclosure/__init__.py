"""What may leave this machine.

Belongs here: field list, rounding, suppression, leak check.
Does not: files, SQL, Qt, signing.
May import: domain.
"""
