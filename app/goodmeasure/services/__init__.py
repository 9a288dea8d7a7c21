"""Belongs here: it is one thing that a user can ask for, a command that returns what changed or a query. Does not: Qt, terminal. May import: every room below."""
