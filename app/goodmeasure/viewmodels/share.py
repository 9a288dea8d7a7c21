"""Sharing: what can be chosen, what would leave exactly, what stays, and what left before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.period import Period
from goodmeasure.viewmodels.page_preview import Block, page_blocks
from goodmeasure.viewmodels.share_levels import level_words
from goodmeasure.viewmodels.wording import counted, days, exact, when

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.sharing import Draft, ReportRequest, Saved, Sharing

KEPT_DAYS = ((30, "30 days"), (90, "90 days"), (180, "6 months"), (366, "1 year"))
"""For how long a report may be kept, and its words."""

NOISE: tuple[tuple[int | None, str], ...] = (
    (None, "Not told"),
    (2, "With much noise (ε 0.2)"),
    (5, "With noise (ε 0.5)"),
    (10, "With little noise (ε 1)"),
)
"""How a number of runs can be told: epsilon in tenths, and its words."""


@dataclass(frozen=True, slots=True)
class ShareView:
    """What the person can choose."""

    periods: tuple[tuple[str, str], ...]
    """Name and words, the newest first."""
    finished_weeks: tuple[tuple[str, str], ...] = ()
    """Those of which there is a receipt."""


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
    can_restate: bool = False
    """The period's figures are frozen, and may be corrected."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """What was written, and how it can be checked."""

    folder: str
    told: str
    """Which files there are, and which to send."""
    left_out: tuple[str, ...]
    """What could not be made, a sentence each."""
    fingerprint: str
    allowed_signers: str
    command: str


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One report that was signed here."""

    number: int
    when: str
    period: str
    level: str
    audience: str
    purpose: str
    expires: str


def share(queries: "Queries") -> ShareView:
    """Say which periods can be shared."""
    today = queries.today()
    periods = [(period, (period.name, period_words(period))) for period in queries.periods()]
    return ShareView(
        tuple(words for _, words in periods),
        tuple(words for period, words in periods if "W" in period.name and period.last_on < today),
    )


def period_words(period: Period) -> str:
    """Return a period for people: `November 2026`, `Week 46 · 9 – 15 November 2026`."""
    if "W" not in period.name:
        return f"{period.first_on:%B %Y}"
    return f"Week {int(period.name[-2:])} · {days(period.first_on, period.last_on)}"


def preview(sharing: "Sharing", request: "ReportRequest") -> "tuple[Draft, PreviewView]":
    """Draw up the report and say what would leave. Raises Refusal where it cannot be made."""
    draft = sharing.draft(request)
    notes = []
    if request.restate:
        notes.append("This corrects what was shared of this period. Who holds both can subtract.")
    elif draft.frozen:
        notes.append("This period was shared before: its figures stand as they were then.")
    elif draft.unfinished:
        notes.append("This period is not over. Once saved, its figures stay as they are now, for every reader.")
    if request.noise_tenths is not None:
        notes.append(f"Noisy numbers shared so far give away ε = {draft.epsilon_tenths / 10:g} together.")
    return draft, PreviewView(
        blocks=page_blocks(draft.files.page),
        json_text=draft.files.report.decode(),
        size=f"{exact(len(draft.files.report))} bytes",
        leaves=tuple((field.path, field.meaning) for field in draft.leaves),
        leaves_words=level_words(request.level).leaves,
        stays=draft.stays,
        fingerprint=draft.fingerprint,
        notes=tuple(notes),
        can_restate=draft.frozen and not request.restate,
    )


def reopened(sharing: "Sharing", number: int) -> PreviewView:
    """Say an earlier report as it was signed. Raises Refusal where it does not hold any more."""
    found = sharing.reopened(number)
    release = found.release
    return PreviewView(
        blocks=page_blocks(found.files.page),
        json_text=found.files.report.decode(),
        size=f"{exact(len(found.files.report))} bytes",
        leaves=tuple((field.path, field.meaning) for field in found.leaves),
        leaves_words=level_words(release.level).leaves,
        stays=found.stays,
        fingerprint=found.fingerprint,
        notes=(f"Signed for {release.audience}; expires after {release.expires_after}.",),
    )


def saved(written: "Saved") -> SavedView:
    """Say what was written."""
    names = [path.name for path in written.paths]
    sealed = "report.age" in names
    told = f"{', '.join(names)}. "
    told += "Send report.age alone: only its reader can open it." if sealed else "Send all of them together."
    return SavedView(
        str(written.paths[0].parent),
        told,
        written.left_out,
        written.fingerprint,
        written.allowed_signers.strip(),
        written.verify_command,
    )


def history(sharing: "Sharing", queries: "Queries") -> tuple[ReleaseLine, ...]:
    """Say every report that was ever signed here, newest first."""
    zone, now = queries.zone, queries.now()
    return tuple(
        ReleaseLine(
            made.id or 0,
            when(made.released_at, zone, now),
            made.period,
            level_words(made.level).label + (", corrected" if made.restates_id is not None else ""),
            made.audience,
            made.purpose,
            made.expires_after,
        )
        for made in reversed(sharing.history())
    )


def lines_left(text: str, most: int) -> str:
    """Say how many lines were typed where only some are taken."""
    typed = len([line for line in text.splitlines() if line.strip()])
    return f"{counted(typed, 'line')} of at most {most}" if typed else f"At most {most} lines"
