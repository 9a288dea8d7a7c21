"""Adding up what five people or more shared about one period, and writing it down for people and for other programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodmeasure.disclosure.adding_up import Contribution
from goodmeasure.disclosure.levels import Numbers, Story
from goodmeasure.disclosure.rolling_up import roll_up
from goodmeasure.disclosure.rollup import ADVISED_PEOPLE, MIN_PEOPLE, RollUp
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named
from goodmeasure.domain.received import MadeRollUp
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.roll_ups import record_roll_up, roll_ups
from goodmeasure.reports.handing_back import report_mark
from goodmeasure.reports.rollup_export import ExportKind, exported
from goodmeasure.reports.rollup_files import PAGE_NAME, REPORT_NAME, open_roll_up, roll_up_bytes
from goodmeasure.reports.rollup_page import roll_up_lines, roll_up_page
from goodmeasure.reports.saving import save_files
from goodmeasure.services.received import Held, Received, Trust
from goodmeasure.services.trusting import same_name

__all__ = ["ADVISED_PEOPLE", "MIN_PEOPLE", "ExportKind", "Ready", "RolledUp", "RollingUp"]

_LEVELS = ("L1", "L2")


@dataclass(frozen=True, slots=True)
class Ready:
    """What could be added up about one period."""

    period: str
    people: int
    unconfirmed: int
    """How many of their keys nobody has compared."""


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A roll-up as it is written: exact bytes, the page made from them, and what they say."""

    roll_up: RollUp
    data: bytes
    """Canonical JSON."""
    page: bytes
    """HTML, made only from `data`."""


class RollingUp:
    """The verbs about roll-ups. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, received: Received, clock: Clock) -> None:
        self._ledger = ledger
        self._received = received
        self._clock = clock

    def ready(self) -> list[Ready]:
        """Return every period of which reports are held that could be added up, the newest first."""
        periods = sorted({held.period for held in self._received.held()}, reverse=True)
        found = [(period, self._chosen(period)) for period in periods]
        return [
            Ready(period, len(chosen), sum(one.trust is Trust.FIRST_USE for one in chosen))
            for period, chosen in found
            if chosen
        ]

    def roll_up(self, period: str | None, invited: int | None) -> RolledUp:
        """Add up one period (None: the newest) and enter it in the journal; the same people give the same bytes.

        `invited`: how many people were asked to share; None: not said. Raises Refusal where the rules do not allow it.
        """
        ready = self.ready()
        if not ready:
            raise Refusal("No report is held that could be added up: open what people sent you first.")
        chosen_period = period_named(period).name if period is not None else ready[0].period
        contributions = [Contribution(_mark(one), self._report(one)) for one in self._chosen(chosen_period)]
        before = [made for made in roll_ups(self._ledger) if made.period == chosen_period]
        added = roll_up(contributions, invited, [made.members for made in before])
        data = roll_up_bytes(added.roll_up)
        if not any(made.body == data and made.members == added.members for made in before):
            made = MadeRollUp(chosen_period, data, added.members, self._clock.now())
            record_roll_up(self._ledger, made, len(before))
        return RolledUp(added.roll_up, data, roll_up_page(data))

    def history(self) -> list[tuple[MadeRollUp, RolledUp]]:
        """Return every roll-up that was made here, newest first."""
        return [
            (made, RolledUp(open_roll_up(made.body), made.body, roll_up_page(made.body)))
            for made in reversed(roll_ups(self._ledger))
        ]

    def save(self, rolled: RolledUp, folder: Path) -> tuple[Path, ...]:
        """Write `rollup.json` and `rollup.html` into `folder`. Raises Refusal where they cannot be written."""
        return save_files({REPORT_NAME: rolled.data, PAGE_NAME: rolled.page}, folder)

    def export(self, rolled: RolledUp, kind: ExportKind, file: Path) -> None:
        """Write a roll-up for another program into `file`. Raises Refusal where it exists or cannot be written."""
        if file.exists():
            raise Refusal(f"{file} exists already: choose another name.")
        save_files({file.name: exported(rolled.roll_up, kind)}, file.parent)

    def told(self, rolled: RolledUp) -> list[str]:
        """Return a roll-up as lines for a terminal."""
        return roll_up_lines(rolled.roll_up)

    def _chosen(self, period: str) -> Sequence[Held]:
        """Return one report of each person; a name or key counts once.

        What an earlier roll-up was made from stays: the first released figures of a period are its figures. Else the
        richest report, of these the newest.
        """
        chosen: list[Held] = []
        used = {mark for made in roll_ups(self._ledger) for marks in made.members.values() for mark in marks}
        usable = [
            one
            for one in self._received.held()
            if one.period == period and one.level in _LEVELS and one.trust is not Trust.BLOCKED
        ]
        best = sorted(usable, key=lambda one: (_mark(one) in used, one.level, one.written_in, one.sha256), reverse=True)
        for one in best:
            known: Mapping[str, str] = {have.fingerprint: same_name(have.name) for have in chosen}
            if one.fingerprint not in known and same_name(one.name) not in known.values():
                chosen.append(one)
        return chosen

    def _report(self, held: Held) -> Story | Numbers:
        report = self._received.sheet(held.id).report
        if not isinstance(report, Story | Numbers):
            raise AssertionError(f"level {held.level} is not added up")  # noqa: TRY004 - chosen by level before
        return report


def _mark(held: Held) -> str:
    return report_mark(held.fingerprint, held.sha256)
