"""What can go wrong with a ledger."""


class LedgerError(Exception):
    """The ledger could not do it, and nothing was changed. The message is one sentence for the person: what, where, what to do."""
