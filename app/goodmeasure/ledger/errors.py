"""What can go wrong with a ledger."""

from goodmeasure.domain.errors import Refusal


class LedgerError(Refusal):
    """The ledger could not do it, and nothing was changed."""
