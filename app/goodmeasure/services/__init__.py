"""What a user can ask for.

Belongs here: commands (verbs that return what changed) and queries.
Does not: Qt, terminal, SQL.
May import: every room below.
"""
