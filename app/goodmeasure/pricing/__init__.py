"""Tokens into money.

Belongs here: list prices by day of use.
Does not: files, SQL, Qt.
May import: domain, genai-prices (lazily).
"""
