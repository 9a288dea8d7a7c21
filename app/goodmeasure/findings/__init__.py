"""Belongs here: it recognises a pattern of waste. Does not: files, SQL, Qt. May import: domain."""
