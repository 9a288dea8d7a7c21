"""What a person might write about, from what is proven: runs whose commits landed. Only for their own eyes."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goodmeasure.domain.assessments import AssessmentName, Outcome
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.period import period_named
from goodmeasure.value.coverage import answer
from goodmeasure.value.evidence import grade_of

if TYPE_CHECKING:
    from goodmeasure.domain.runs import RatedRun
    from goodmeasure.services.queries import Queries

_MOST: Final = 4
_BACKED: Final = (Grade.VERIFIED, Grade.LINKED)
_KEPT: Final = {Outcome.USED, Outcome.PARTIAL}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Runs of one kind of work that are equally well backed."""

    work_kind: str | None
    """A `domain.facts.WorkKind` value; None: not known."""
    grade: Grade
    run_ids: tuple[int, ...]


def suggestions(queries: "Queries", period: str) -> tuple[Suggestion, ...]:
    """Return at most four suggestions for a period: the best backed first, then the most runs.

    Raises Refusal where there is no such period.
    """
    found: defaultdict[tuple[Grade, str | None], list[int]] = defaultdict(list)
    for run in queries.rated_runs(period_named(period).span(queries.zone)):
        if (grade := _backing(run)) is not None:
            found[grade, run.work_kind].append(run.run_id)
    ordered = sorted(found.items(), key=lambda item: (_BACKED.index(item[0][0]), -len(item[1]), item[0][1] or "~"))
    return tuple(Suggestion(kind, grade, tuple(run_ids)) for (grade, kind), run_ids in ordered[:_MOST])


def _backing(run: "RatedRun") -> Grade | None:
    outcome = answer(run, AssessmentName.OUTCOME)
    if outcome not in _KEPT:
        return None
    grade = grade_of(outcome, run.evidence)
    return grade if grade in _BACKED else None
