"""Files that other people open.

Belongs here: render, sign, save, open, verify, roll up.
Does not: deciding what may leave, Qt.
May import: disclosure, host, value, domain.
"""
