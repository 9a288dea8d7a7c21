"""What a person can ask for in a report, and what goes together."""

import re
from dataclasses import dataclass
from typing import Final

from goodmeasure.disclosure.levels import LEVELS
from goodmeasure.disclosure.secrets import secret_in
from goodmeasure.disclosure.single_runs import ReferenceKind, RunReference
from goodmeasure.disclosure.vocabulary import REFERENCE, REFERENCE_LENGTH
from goodmeasure.disclosure.writing import DEFAULT_KEPT_DAYS
from goodmeasure.domain.errors import Refusal

MOST_EPSILON_TENTHS: Final = 20
_COMMIT: Final = re.compile("[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True)
class ImprovedLine:
    """One line on what AI improved, with the runs that it is about: it is as well backed as the weakest of them."""

    text: str
    run_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PickedRun:
    """One run that the person confirmed for level L3."""

    run_id: int
    references: tuple[tuple[str, str], ...] = ()
    """(`commit`, `pull_request` or `ticket`; its name), each confirmed, at most 5."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the person chose and typed for one report."""

    period: str
    """ISO week (`2026-W46`) or month (`2026-11`)."""
    name: str
    audience: str
    purpose: str
    level: str = "L1"
    kept_days: int = DEFAULT_KEPT_DAYS
    """Days after today at the end of whose ISO week the report expires."""
    improved: tuple[str | ImprovedLine, ...] = ()
    did_not_work: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    cost: bool = False
    """Appendix A was ticked (L2)."""
    oversight: bool = False
    """Appendix B was ticked (L2)."""
    noise_tenths: int | None = None
    """Epsilon in tenths, 1 to 20, of a noisy number of runs (L2); None: none is wanted."""
    runs: tuple[PickedRun, ...] = ()
    """The runs picked one by one (L3)."""
    restate: bool = False
    """The period's cells are made anew, although a reader can subtract (L1, L2)."""


def demand_fitting(request: ReportRequest) -> None:
    """Raise Refusal where what was chosen does not go together."""
    if request.level not in LEVELS:
        raise Refusal(f"There is no level {request.level!r}: choose one of {', '.join(LEVELS)}.")
    if (request.cost or request.oversight or request.noise_tenths is not None) and request.level != "L2":
        raise Refusal(f"Cost, oversight and a noisy number belong to level L2, not to {request.level}.")
    if request.noise_tenths is not None and not 1 <= request.noise_tenths <= MOST_EPSILON_TENTHS:
        raise Refusal("Epsilon is from 0.1 (much noise) to 2 (little): choose one between.")
    if request.runs and request.level != "L3":
        raise Refusal(f"Single runs are shown at level L3 only, not at {request.level}.")
    if request.restate and request.level not in {"L1", "L2"}:
        raise Refusal(f"Only levels L1 and L2 can be restated: {request.level} has no cells.")


def reference(kind: str, text: str) -> RunReference:
    """Return a reference as it can stand in a report. Raises Refusal where it cannot."""
    if kind not in {one.value for one in ReferenceKind}:
        raise Refusal(f"{kind!r} is no kind of reference: use commit, pull_request or ticket.")
    if kind == ReferenceKind.COMMIT and not _COMMIT.fullmatch(text):
        raise Refusal(f"{text[:40]!r} is no commit: write 7 to 40 of its hex digits.")
    if kind != ReferenceKind.COMMIT and (secret := secret_in(text)):
        raise Refusal(
            f"The reference {text[:12]}… seems to hold {secret}: take it out, a report cannot be called back."
        )
    if not re.fullmatch(REFERENCE.strip("^$"), text) or len(text) > REFERENCE_LENGTH:
        raise Refusal(
            f"The reference {text[:40]!r} cannot stand in a report: write it without blanks, such as ABC-123."
        )
    return RunReference(ReferenceKind(kind), text)
