"""Belongs here: it carries bytes from an agent to the ledger. Does not: formats, Qt. May import: ledger, host, sources, pricing, domain."""
