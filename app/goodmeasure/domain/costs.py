"""Money beside calls."""

from enum import StrEnum


class CostBasis(StrEnum):
    """How a generation's cost is known."""

    REPORTED = "reported"
    LIST_PRICE = "list_price"
    OWN_PRICE = "own_price"
    UNKNOWN = "unknown"
