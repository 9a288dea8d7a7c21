"""Sharing: what can be chosen, what would leave exactly, what stays, and what left before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.period import Period
from goodmeasure.viewmodels.page_preview import Block, page_blocks
from goodmeasure.viewmodels.wording import counted, days, exact, when

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.sharing import Draft, ReportRequest, Saved, Sharing

KEPT_DAYS = ((30, "30 days"), (90, "90 days"), (180, "6 months"), (366, "1 year"))
"""For how long a report may be kept, and its words."""

LEAVES = (
    "Your name, the reader, the purpose",
    "The period, and when it expires",
    "The lines you typed",
    "Three bars of shares in steps of ten",
    "Your signature",
)
"""What leaves at level L1, in words; the exact list is `Draft.leaves`."""


@dataclass(frozen=True, slots=True)
class ShareView:
    """What the person can choose."""

    periods: tuple[tuple[str, str], ...]
    """Name and words, the newest first."""


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What would leave, exactly."""

    blocks: tuple[Block, ...]
    """The page."""
    json_text: str
    """The signed bytes as they are: one line, no formatting."""
    size: str
    leaves: tuple[tuple[str, str], ...]
    """Every field that a report can hold, and its meaning."""
    leaves_words: tuple[str, ...]
    """The same in a few lines."""
    stays: tuple[str, ...]
    fingerprint: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedView:
    """What was written, and how it can be checked."""

    folder: str
    files: tuple[str, ...]
    fingerprint: str
    allowed_signers: str
    command: str


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One report that was signed here."""

    when: str
    period: str
    audience: str
    purpose: str
    expires: str


def share(queries: "Queries") -> ShareView:
    """Say which periods can be shared."""
    return ShareView(tuple((period.name, period_words(period)) for period in queries.periods()))


def period_words(period: Period) -> str:
    """Return a period for people: `November 2026`, `Week 46 · 9 – 15 November 2026`."""
    if "W" not in period.name:
        return f"{period.first_on:%B %Y}"
    return f"Week {int(period.name[-2:])} · {days(period.first_on, period.last_on)}"


def preview(sharing: "Sharing", request: "ReportRequest") -> "tuple[Draft, PreviewView]":
    """Draw up the report and say what would leave. Raises Refusal where it cannot be made."""
    draft = sharing.draft(request)
    text = draft.files.report.decode()
    notes = []
    if draft.frozen:
        notes.append("This period was shared before: its shares stand as they were then.")
    elif draft.unfinished:
        notes.append("This period is not over. Once saved, its shares stay as they are now, for every reader.")
    return draft, PreviewView(
        blocks=page_blocks(draft.files.page),
        json_text=text,
        size=f"{exact(len(draft.files.report))} bytes",
        leaves=tuple((field.path, field.meaning) for field in draft.leaves),
        leaves_words=LEAVES,
        stays=draft.stays,
        fingerprint=draft.fingerprint,
        notes=tuple(notes),
    )


def saved(written: "Saved") -> SavedView:
    """Say what was written."""
    return SavedView(
        str(written.paths[0].parent),
        tuple(path.name for path in written.paths),
        written.fingerprint,
        written.allowed_signers.strip(),
        written.verify_command,
    )


def history(sharing: "Sharing", queries: "Queries") -> tuple[ReleaseLine, ...]:
    """Say every report that was ever signed here, newest first."""
    zone, now = queries.zone, queries.now()
    return tuple(
        ReleaseLine(when(made.released_at, zone, now), made.period, made.audience, made.purpose, made.expires_after)
        for made in reversed(sharing.history())
    )


def lines_left(text: str, most: int) -> str:
    """Say how many lines were typed where only some are taken."""
    typed = len([line for line in text.splitlines() if line.strip()])
    return f"{counted(typed, 'line')} of at most {most}" if typed else f"At most {most} lines"
