"""Belongs here: it reads or writes a file that other people open. Does not: deciding what may leave, Qt. May import: disclosure, host, value, domain."""
