"""The one entry that a Droid session becomes: seen from its log (when, which model) and its settings (how much)."""

from pathlib import PurePosixPath

from goodmeasure.domain.events import Generation
from goodmeasure.sources._formats.jsonl import RESIDUAL
from goodmeasure.sources.base import identity

KEY = "droid"


def session_of(place: str) -> str:
    """Return the session that a file is named after; a session moved to another folder keeps its id."""
    return PurePosixPath(place).name.removesuffix(".jsonl").removesuffix(".settings.json")


def session_entry(
    session: str,
    at: int | None,
    model: str | None,
    provider: str | None = None,
    counted: tuple[int | None, int | None, int | None, int | None, int | None, int | None] = (None,) * 6,
) -> Generation:
    """Return the entry of a session. Its key never changes, so of all its sightings the fullest total stays.

    `counted`: input, cache reads, cache writes for 5 minutes and 1 hour, output, reasoning. The instant is the earliest
    that any sighting names. It is marked as residual: it was booked from a running total.
    """
    return Generation(identity(KEY, "session", session), session, at, provider, model, *counted, None, None, None,
                      RESIDUAL)  # fmt: skip
