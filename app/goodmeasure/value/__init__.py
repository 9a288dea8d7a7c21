"""Belongs here: it says what a run was worth (taxonomy, aggregation). Does not: files, SQL, Qt. May import: domain."""
