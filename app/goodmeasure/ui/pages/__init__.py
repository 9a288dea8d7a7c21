"""Belongs here: one page of the window each. Does not: what a number means. May import: widgets, viewmodels, tasks."""
