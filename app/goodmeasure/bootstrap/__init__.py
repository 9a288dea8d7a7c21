"""Belongs here: it plugs one room into another; nothing else constructs. Does not: anything with a meaning of its own. May import: every room below."""
