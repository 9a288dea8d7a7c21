"""What stands around the pages: counts, the last import, a warning."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import ago, counted

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class ShellView:
    """The sidebar."""

    to_rate: int
    today: int
    """How many runs of today's draw wait."""
    day: str
    """The person's own day, `2026-11-23`."""
    runs: int
    status: str
    """`12,345 runs · read 5 min ago`."""
    followed: str
    """`12,345 runs · logs are followed`: the same while what is new is read as it comes."""
    first_start: bool
    """Nothing was ever read."""


def shell(queries: "Queries") -> ShellView:
    """Say what stands around the pages."""
    facts, day = queries.facts(), queries.today().isoformat()
    if facts.last_import_at is None and not facts.runs:
        return ShellView(0, 0, day, 0, "Nothing read yet", "Nothing read yet", first_start=True)
    today = sum(one.drawn_on == day and one.outcome is None for one in queries.drawn())
    runs = counted(facts.runs, "run")
    status, followed = f"{runs} · read {ago(facts.last_import_at, queries.now())}", f"{runs} · logs are followed"
    return ShellView(facts.to_rate, today, day, facts.runs, status, followed, first_start=False)
