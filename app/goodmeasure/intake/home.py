"""What lies in a home: the logs at their agents' usual places, or whatever was collected there."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from goodmeasure.domain.errors import Refusal
from goodmeasure.intake.find import Found, find_files
from goodmeasure.sources.base import Source


def found_in_home(sources: Sequence[Source], home: Path | None) -> Found:
    """Return the logs in a home; where one that was named holds none, it may be a folder of logs that were collected.

    None: the person's own home, which is never searched as a whole.
    """
    found = find_files(sources, home)
    if found.files or found.obstacles or home is None:
        return found
    from goodmeasure.intake.guess import found_at  # noqa: PLC0415 - seldom is a home no home

    with suppress(Refusal):
        return found_at([home], sources)
    return found
