"""Belongs here: it asks the computer something (where, when, which key, which language). Does not: SQL, Qt. May import: domain, platformdirs, keyring."""
