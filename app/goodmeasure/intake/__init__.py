"""Bytes carried from an agent to the ledger.

Belongs here: find, tail, sync, watch, receive (`otlp`).
Does not: formats, Qt.
May import: ledger, host, sources, pricing, domain.
"""
