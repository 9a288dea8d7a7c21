"""Belongs here: the window's own small parts, which know tokens and texts. Does not: runs, reports, services."""
