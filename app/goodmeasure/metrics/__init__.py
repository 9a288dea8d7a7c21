"""Belongs here: it turns many runs into one number or one series. Does not: files, SQL, Qt. May import: domain."""
