"""A week's receipt: what was sealed about its runs, kept here, and the root that says nothing of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SealedRun:
    """One run's record in one receipt."""

    run_id: int
    place: int
    """In the tree, by chance."""
    salt: bytes
    """32 random bytes."""
    record: bytes
    """JSON of `disclosure.single_runs.RunRecord`, as it was sealed."""


@dataclass(frozen=True, slots=True)
class SealedReceipt:
    """What is kept of one receipt, beside the records of its runs."""

    week: str
    """ISO week."""
    root: bytes
    """32 bytes."""
    filling: bytes
    """32 random bytes: what stands in the places that no run takes."""
    leaves: dict[int, bytes]
    """By place, 32 bytes each; those of forgotten runs stay, and nothing can be read from them."""
    made_at: int
    """Milliseconds since 1970 UTC."""
