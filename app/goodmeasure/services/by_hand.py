"""Runs without a log: a person tells of them, and may take that back."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.events import TITLE_LENGTH
from goodmeasure.host.clock import Clock
from goodmeasure.host.git import project_of
from goodmeasure.ledger.files import FileReading
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.sessions import run_key
from goodmeasure.ledger.writer import ImportWriter
from goodmeasure.sources._formats.estimate import tokens_in
from goodmeasure.sources.manual import KEY, Told, batch_of

LONGEST_MINUTES = 24 * 60
MOST_TEXT_BYTES = 20 << 20
"""Longest prompt or answer that is counted."""
_TOO_LONG = f"A text is longer than {MOST_TEXT_BYTES >> 20} MB: log the run without it."
_NAME_LENGTH = 60
_MODEL_LENGTH = 128
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A run as a person tells it. Only the title is needed."""

    title: str
    at: int | None = None
    """When it began, milliseconds UTC; None: now, or `minutes` ago."""
    minutes: float = 0
    """How long it took."""
    tool: str = ""
    """What it was done with: `ChatGPT on the phone`."""
    model: str = ""
    folder: Path | None = None
    """A folder of the project that it was for."""
    prompt: str | None = None
    """Counted, and not kept."""
    answer: str | None = None
    """Counted, and not kept."""


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """What was written. Its calls' counts are estimates."""

    key: str
    """The run's name."""
    title: str
    input_tokens: int | None
    output_tokens: int | None


def estimated_tokens(text: str) -> int:
    """Return how many tokens a pasted text is likely to have. Raises Refusal where it is too long to be counted."""
    if len(text) > MOST_TEXT_BYTES:
        raise Refusal(_TOO_LONG)
    return tokens_in([text])


class ByHand:
    """The verb "log this run". Not for the thread that draws."""

    def __init__(
        self, ledger: Ledger, clock: Clock, cost_of: Callable[[Sequence[Any]], tuple[int | None, str]]
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._clock = clock
        self._cost_of = cost_of

    def log_run(self, entry: Entry) -> LoggedRun:
        """Write a run that left no log. It is then a run like any other: rate it, show it, forget it.

        Raises Refusal where a field makes no sense, LedgerError where the ledger cannot be written.
        """
        told = self._told(entry)
        batch = batch_of(told)
        writer = ImportWriter(self._ledger, self._cost_of, project_of)
        # One pseudo file for each entry: "files" then counts entries, and no entry waits for another.
        writer.write(FileReading(f"by hand/{told.session}", KEY, 0, 0, 0, 1, 0, 1, None, None), batch)
        writer.finish()
        call = batch.generations[0] if batch.generations else None
        return LoggedRun(
            run_key(KEY, told.session),
            told.title,
            call.input_tokens if call else None,
            call.output_tokens if call else None,
        )

    def _told(self, entry: Entry) -> Told:
        title = " ".join(entry.title.split())[:TITLE_LENGTH].rstrip()
        if not title:
            raise Refusal("A run needs a title: say in a few words what it was about.")
        if not math.isfinite(entry.minutes) or not 0 <= entry.minutes <= LONGEST_MINUTES:
            raise Refusal(f"A run takes 0 to {LONGEST_MINUTES} minutes: log a longer one in parts.")
        model = entry.model.strip()
        if len(model) > _MODEL_LENGTH or len(model.split()) > 1:
            raise Refusal("The model's name has no blanks: write it as the provider does, for example gpt-5-mini.")
        for text in (entry.prompt, entry.answer):
            if text is not None and len(text) > MOST_TEXT_BYTES:
                raise Refusal(_TOO_LONG)
        now, length = self._clock.now(), round(entry.minutes * _MINUTE_MS)
        began = now - length if entry.at is None else entry.at
        if not 0 <= began <= now:
            raise Refusal("A run began in the past: check its date and time.")
        return Told(
            uuid4().hex,
            title,
            began,
            began + length,
            " ".join(entry.tool.split())[:_NAME_LENGTH] or None,
            model or None,
            str(entry.folder.absolute()) if entry.folder else None,
            entry.prompt or None,
            entry.answer or None,
        )
