"""Belongs here: it decides what may leave this machine (field list, rounding, suppression, leak check). Does not: files, SQL, Qt. May import: domain."""
