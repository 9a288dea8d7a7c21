"""What the work with agents was worth: answers, what they can say of all runs, time, checks, evidence, projects."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.period import days_span
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.coverage import coverage, judged_runs, shared_answer
from goodmeasure.value.evidence import evidence_split, grade_of
from goodmeasure.value.shares import tally
from goodmeasure.value.taxonomy import NEED, OUTCOME, REVIEW, SHARED_ANSWERS, Question, choice
from goodmeasure.value.time_range import has_time
from goodmeasure.viewmodels.overview import OverviewFilter, TimeView, days_of, time_view
from goodmeasure.viewmodels.share_bars import NOT_RATED, ShareBar, share_bar
from goodmeasure.viewmodels.wording import counted, days, percent

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries

MOST_PROJECTS = 12
"""Most rows of the cards by project and by kind of work."""
_GRADES = {
    Grade.VERIFIED: "landed and stayed",
    Grade.LINKED: "with a commit",
    Grade.SELF_REPORTED: "your own word",
    Grade.CONTRADICTED: "reverted or gone since",
}
_QUESTIONS = (OUTCOME, NEED, REVIEW)


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """The runs of one outcome and one grade."""

    words: str
    count: str
    run_ids: tuple[int, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """How well the runs of one outcome are backed up."""

    value: str
    label: str
    counts: tuple[EvidenceCount, ...]
    """Grades without runs are left out."""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """What became of the runs of one project, or of one kind of work."""

    name: str
    about: str
    """`5 of 12 runs rated`."""
    counts: str
    """The bar in words: `4 used · 1 not used · 7 not rated`."""
    bar: ShareBar
    run_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ValueView:
    """The value of one week, month or quarter."""

    period: str
    coverage: str
    bars: Mapping[str, ShareBar]
    """For `outcome`, `need` and `review`."""
    time: TimeView
    timed: tuple[int, ...]
    """The runs with a time answer, which the range is about, newest first."""
    evidence: tuple[EvidenceRow, ...]
    projects: tuple[ProjectRow, ...]
    work_kinds: tuple[ProjectRow, ...]
    """The same by kind of work."""
    behind: Mapping[tuple[str, str], tuple[int, ...]]
    """The runs behind each number: question and answer (or `not_rated`), newest first."""


def value(queries: "Queries", wanted: OverviewFilter) -> ValueView:
    """Say what the work of one week, month or quarter of the reporting zone was worth."""
    first, last = days_of(wanted.stretch, wanted.on or queries.today())
    rated = queries.rated_runs(days_span(first, last, queries.zone))
    return ValueView(
        period=days(first, last),
        coverage=_coverage(rated),
        bars={question.name.value: share_bar(tally(rated, question.name), question.text) for question in _QUESTIONS},
        time=time_view(queries, rated),
        timed=_newest([run for run in judged_runs(rated) if has_time(run)]),
        evidence=_evidence(rated),
        projects=_grouped(rated, lambda run: run.project or "No project"),
        work_kinds=_grouped(rated, lambda run: run.work_kind or "unknown"),
        behind={key: ids for question in _QUESTIONS for key, ids in _behind(rated, question)},
    )


def title_of(question: str, answer: str) -> str:
    """Return what the runs behind a number have in common: `Used`, or `Not rated`."""
    return "Not rated" if answer == NOT_RATED else choice(question, answer).label.removeprefix("…")


def _coverage(rated: Sequence[RatedRun]) -> str:
    found = coverage(rated)
    if not found.runs:
        return "No runs in this period."
    cost = f", {percent(found.by_cost)} of their cost" if found.by_cost is not None else ""
    runs = f"{found.rated:,} of {counted(found.runs, 'run')} rated ({percent(found.by_runs)}{cost})"
    return f"{runs}. What is not rated is grey: it is neither guessed nor hidden."


def _behind(rated: Sequence[RatedRun], question: Question) -> list[tuple[tuple[str, str], tuple[int, ...]]]:
    found: dict[str, list[RatedRun]] = defaultdict(list)
    for run in judged_runs(rated):
        found[shared_answer(run, question.name) or NOT_RATED].append(run)
    return [((question.name.value, answer), _newest(runs)) for answer, runs in found.items()]


def _newest(runs: Sequence[RatedRun]) -> tuple[int, ...]:
    return tuple(run.run_id for run in sorted(runs, key=lambda run: run.started_at or 0, reverse=True))


def _evidence(rated: Sequence[RatedRun]) -> tuple[EvidenceRow, ...]:
    graded: dict[tuple[str, Grade], list[RatedRun]] = defaultdict(list)
    for run in judged_runs(rated):
        outcome = shared_answer(run, AssessmentName.OUTCOME)
        grade = grade_of(outcome, run.evidence)
        if outcome is not None and grade is not None:
            graded[(outcome, grade)].append(run)
    split = evidence_split(key for key, runs in graded.items() for _ in runs)
    return tuple(
        EvidenceRow(
            outcome.value,
            choice(AssessmentName.OUTCOME, outcome.value).label,
            tuple(
                EvidenceCount(_GRADES[grade], f"{count:,}", _newest(graded[(outcome.value, grade)]))
                for grade, count in split[outcome.value].items()
                if count
            ),
        )
        for outcome in SHARED_ANSWERS[AssessmentName.OUTCOME]
        if outcome.value in split
    )


def _grouped(rated: Sequence[RatedRun], name_of: Callable[[RatedRun], str]) -> tuple[ProjectRow, ...]:
    groups: dict[str, list[RatedRun]] = defaultdict(list)
    for run in judged_runs(rated):
        groups[name_of(run)].append(run)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_PROJECTS]
    rows = []
    for name, runs in ordered:
        found = coverage(runs)
        about = f"{found.rated:,} of {counted(found.runs, 'run')} rated"
        bar = share_bar(tally(runs, AssessmentName.OUTCOME), OUTCOME.text)
        counts = " · ".join(f"{part.count} {part.label.lower()}" for part in bar.parts if part.count != "0")
        rows.append(ProjectRow(name, about, counts, bar, _newest(runs)))
    return tuple(rows)
