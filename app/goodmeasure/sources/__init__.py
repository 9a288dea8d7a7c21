"""Belongs here: one agent's log format each, bytes to events. Does not: disk, clock, database. May import: domain, msgspec."""
