"""Words that are stored as small numbers, because there are millions of them."""

from goodmeasure.domain.costs import CostBasis
from goodmeasure.domain.events import ToolStatus

COST_BASIS: dict[str, int] = {
    CostBasis.UNKNOWN: 0,
    CostBasis.LIST_PRICE: 1,
    CostBasis.REPORTED: 2,
    CostBasis.OWN_PRICE: 3,
}
COST_BASIS_OF = {number: CostBasis(word) for word, number in COST_BASIS.items()}
TOOL_STATUS: dict[str, int] = {
    ToolStatus.OK: 1,
    ToolStatus.ERROR: 2,
    ToolStatus.DENIED: 3,
    ToolStatus.INTERRUPTED: 4,
}
TOOL_STATUS_OF = {number: ToolStatus(word) for word, number in TOOL_STATUS.items()}
BUCKET_MS = 900_000
"""Usage is summed by quarter hours: every time zone's days begin on one."""
UNKNOWN_BUCKET = -1
PAUSE_MS = 30 * 60_000
"""After a silence longer than this, a prompt may begin something else."""
ENDED_AFTER_MS = 15 * 60_000
"""A run has ended when it was silent for this long."""


def bucket_of(at: int | None) -> int:
    """Return the quarter hour that holds an instant; `UNKNOWN_BUCKET` for an unknown one and for one before 1970."""
    return UNKNOWN_BUCKET if at is None or at < 0 else at // BUCKET_MS
