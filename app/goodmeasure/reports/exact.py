"""From single runs to the exact numbers of a period: the one place where runs are added up for a report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Final, TypeVar

from goodmeasure.domain.assessments import AssessmentName, Review
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.facts import Autonomy, DataClass, ExternalAction
from goodmeasure.domain.numbers import NO_TRAITS, Checks, ExactNumbers, ExactTime, RunTraits
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.coverage import answer, judged_runs, shared_answer
from goodmeasure.value.evidence import grade_of
from goodmeasure.value.shares import tally
from goodmeasure.value.time_range import time_total

_Kind = TypeVar("_Kind", Autonomy, DataClass, ExternalAction)

QUESTIONS: Final = (AssessmentName.OUTCOME, AssessmentName.NEED, AssessmentName.REVIEW)


def exact_numbers(runs: Sequence[RatedRun], traits: Mapping[int, RunTraits], zone: tzinfo) -> ExactNumbers:
    """Return the exact numbers over these runs; `traits` by run, runs without any have unknown ones.

    `excluded` runs leave no trace in any number. Days, for the cap of time, are days of `zone`.
    """
    judged = judged_runs(runs)
    known = [(run, traits.get(run.run_id, NO_TRAITS)) for run in judged]
    return ExactNumbers(
        runs=len(judged),
        tallies={name: tally(runs, name) for name in QUESTIONS},
        times=_times(judged, zone),
        autonomy=_counted(Autonomy, (of.autonomy for _, of in known)),
        data_class=_counted(DataClass, (of.data_class for _, of in known)),
        actions=_counted(ExternalAction, (action for _, of in known for action in of.actions)),
        checks=_checks([run for run, of in known if of.actions]),
        usage=tuple((run.run_id, model, used) for run, of in known for model, used in of.usage),
    )


def grade_shown(run: RatedRun) -> Grade:
    """Return how well a run is backed, as others may see it.

    What contradicts a judgement is for its author alone: such a run stands on their word.
    """
    grade = grade_of(answer(run, AssessmentName.OUTCOME), run.evidence)
    return Grade.SELF_REPORTED if grade in {None, Grade.CONTRADICTED} else Grade(grade)


def _times(runs: Sequence[RatedRun], zone: tzinfo) -> dict[Grade, ExactTime]:
    found = {}
    for grade in (Grade.VERIFIED, Grade.LINKED, Grade.SELF_REPORTED):
        total = time_total([run for run in runs if grade_shown(run) is grade], zone)
        if total is not None:
            found[grade] = ExactTime(total.low_minutes, total.high_minutes, total.runs, total.losing_runs)
    return found


def _checks(acting: Sequence[RatedRun]) -> Checks:
    said = [shared_answer(run, AssessmentName.REVIEW) for run in acting]
    unchecked = said.count(Review.NONE)
    return Checks(len(said) - unchecked - said.count(None), unchecked, said.count(None))


def _counted(kinds: type[_Kind], values: Iterable[str | None]) -> dict[_Kind, int]:
    counts = dict.fromkeys(kinds, 0)
    for value in values:
        if value is not None:
            counts[kinds(value)] += 1
    return counts
