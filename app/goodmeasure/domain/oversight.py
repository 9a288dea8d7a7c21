"""What agents were allowed to do and did, as far as logs tell. Instants are milliseconds since 1970 UTC."""

from dataclasses import dataclass
from typing import NamedTuple

from goodmeasure.domain.work import Reach


class ToolTally(NamedTuple):
    """Calls of one tool in one run that ended alike."""

    name: str | None
    kind: str | None
    """A `domain.events.ToolKind` value."""
    status: str | None
    """A `domain.events.ToolStatus` value; None: no result was seen."""
    calls: int


class Decision(NamedTuple):
    """How often somebody allowed or refused a call of one run."""

    allowed: bool
    by: str | None
    """`person` or `rule`; None: the log does not tell."""
    calls: int


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """One run as oversight sees it: no title, no text."""

    run_id: int
    autonomy: str | None
    """A `domain.facts.Autonomy` value; None: the log does not tell."""
    data_class: str | None
    tools: tuple[ToolTally, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """What the calls of runs reached for, as their logs tell."""

    runs: int
    told: int
    """Runs whose log could be asked: of the others nothing is known."""
    calls: dict[Reach, dict[int, int]]
    """How many calls, by run."""
