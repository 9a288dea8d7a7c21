"""One agent's log format each.

Belongs here: bytes to events.
Does not: disk, clock, database, and other sources.
May import: domain, msgspec.
"""
