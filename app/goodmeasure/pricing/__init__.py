"""Tokens into money.

Belongs here: list prices by day of use.
Does not: files but the list beside the code, SQL, Qt.
May import: domain.
"""
