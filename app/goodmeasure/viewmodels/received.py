"""Reports of other people: what is held, one opened to be read, what was deleted, and roll-ups."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from goodmeasure.domain.period import Period, period_named
from goodmeasure.viewmodels.page_preview import Block, page_blocks
from goodmeasure.viewmodels.share import period_words
from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodmeasure.services.received import Handed, Held, Received
    from goodmeasure.services.rolling_up import RolledUp, RollingUp

_LEVELS = {"L0": "receipt", "L1": "story", "L2": "numbers", "L3": "single runs"}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One report in the list."""

    id: int
    title: str
    detail: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """One report, opened; or why it is not shown."""

    id: int
    name: str
    fingerprint: str
    key_words: str
    """What is known of the key."""
    tone: str
    """good, warn or bad."""
    may_confirm: bool
    about: str
    blocks: tuple[Block, ...]
    """The page; empty where it is not shown."""


@dataclass(frozen=True, slots=True)
class DeletedLine:
    """One report that was deleted."""

    when: str
    sha256: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """A period that could be rolled up."""

    period: str
    words: str


@dataclass(frozen=True, slots=True)
class RolledView:
    """A roll-up."""

    rolled: "RolledUp"
    title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def held_lines(received: "Received") -> tuple[HeldLine, ...]:
    """Say what is held: the newest period first, within a period in an order that says nothing of people."""
    return tuple(
        HeldLine(one.id, one.name, f"{_short(one.period)} · {_LEVELS[one.level]}", _is_blocked(one))
        for one in received.held()
    )


def sheet(received: "Received", report_id: int) -> SheetView | None:
    """Open a report; None where it is no longer held. Raises Refusal where it has expired."""
    from goodmeasure.services.received import blocked  # noqa: PLC0415 - loads cryptography

    held = next((one for one in received.held() if one.id == report_id), None)
    if held is None:
        return None
    known = f" This key signed first as {held.known_as}." if held.known_as is not None else ""
    if _is_blocked(held):
        return SheetView(
            held.id, held.name, held.fingerprint, blocked(held) + known, "bad", held.known_as is None, _about(held), ()
        )
    words, tone = {
        "own": ("Signed with your own key.", "good"),
        "confirmed": (f"Signed with the key that you compared with {held.name}.", "good"),
        "first_use": (
            f"The first key that signed as {held.name}: ask them for their fingerprint by another way, and compare.",
            "warn",
        ),
    }[held.trust.value]
    opened = received.sheet(held.id)
    return SheetView(
        held.id,
        held.name,
        held.fingerprint,
        " ".join((words + known, *opened.contradictions)),
        "warn" if opened.contradictions else tone,
        held.trust.value == "first_use",
        _about(held),
        page_blocks(opened.page),
    )


def handed_words(handed: "Sequence[Handed]") -> str:
    """Say in a sentence or two what became of files that were opened."""
    new = sum(one.is_new for one in handed)
    known = sum(one.held is not None and not one.is_new for one in handed)
    refused = [one.refusal for one in handed if one.held is None]
    told = [f"{counted(new, 'report')} taken in."] if new else []
    if known:
        told.append(f"{counted(known, 'report')} {'was' if known == 1 else 'were'} here already.")
    if refused:
        told.append(refused[0])
    if len(refused) > 1:
        told.append(f"{len(refused) - 1} more {'was' if len(refused) == 2 else 'were'} refused.")  # noqa: PLR2004 - one more than the first
    return " ".join(told)


def first_taken(handed: "Sequence[Handed]") -> int | None:
    """Return the id of the first report that was taken in; None where none was."""
    return next((one.held.id for one in handed if one.held is not None), None)


def deleted_lines(received: "Received") -> tuple[DeletedLine, ...]:
    """Say what was deleted, the last first."""
    return tuple(
        DeletedLine(
            one.deleted_on.isoformat(), one.sha256.hex(), "Its time was over" if one.expired else "You deleted it"
        )
        for one in reversed(received.receipts())
    )


def ready_lines(rolling_up: "RollingUp") -> tuple[ReadyLine, ...]:
    """Say which periods could be rolled up, the newest first."""
    return tuple(
        ReadyLine(one.period, f"{_short(one.period)}: {counted(one.people, 'person', 'people')}")
        for one in rolling_up.ready()
    )


def roll_up(rolling_up: "RollingUp", period: str, invited: int) -> RolledView:
    """Roll up a period. Raises Refusal where the rules do not allow it."""
    ready = next((one for one in rolling_up.ready() if one.period == period), None)
    rolled = rolling_up.roll_up(period, invited)
    notes = []
    if ready is not None and ready.people < _advised():
        notes.append(f"{ready.people} people: {_advised()} or more tell more, and hide each of them better.")
    if ready is not None and ready.unconfirmed:
        whose = counted(ready.unconfirmed, "key")
        notes.append(f"{whose} {'was' if ready.unconfirmed == 1 else 'were'} not compared with their owners.")
    return _rolled(rolled, tuple(notes))


def earlier_roll_ups(rolling_up: "RollingUp") -> tuple[RolledView, ...]:
    """Return the roll-ups that were made before, the last first."""
    return tuple(_rolled(rolled, ()) for _, rolled in rolling_up.history())


def copy_name(held: SheetView, folder: Path) -> Path:
    """Propose a file for everything that is held of one sender."""
    return folder / f"held-{held.fingerprint.removeprefix('SHA256:')[:8].replace('/', '-').replace('+', '-')}.zip"


def _rolled(rolled: "RolledUp", notes: tuple[str, ...]) -> RolledView:
    return RolledView(rolled, _short(rolled.roll_up.period), page_blocks(rolled.page), notes)


def _advised() -> int:
    from goodmeasure.services.rolling_up import ADVISED_PEOPLE  # noqa: PLC0415 - loads cryptography

    return ADVISED_PEOPLE


def _about(held: "Held") -> str:
    last = _ends(held.expires_after)
    return f"{_period(held.period)} · for {held.audience} · kept until {last.last_on.isoformat()}"


def _period(name: str) -> str:
    return period_words(period_named(name))


def _short(name: str) -> str:
    """Return a period for a list: `Week 46 of 2026`, `November 2026`."""
    period = period_named(name)
    return f"Week {int(name[-2:])} of {name[:4]}" if "W" in name else f"{period.first_on:%B %Y}"


def _ends(week: str) -> Period:
    return period_named(week)


def _is_blocked(held: "Held") -> bool:
    return held.trust.value == "blocked"
