"""One answer's share from week to week, as a ribbon with gaps. Private: only the person's own earlier weeks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.period import days_span, week_of
from goodmeasure.domain.runs import RatedRun
from goodmeasure.domain.shares import Interval
from goodmeasure.value.taxonomy import choice
from goodmeasure.value.trend import LATEST_WEEKS, MIN_WEEKS, WEEKS, Change, Trend, TrendWeek, trend
from goodmeasure.viewmodels.wording import counted, percent

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class TrendFilter:
    """Which answer, and of which runs. Empty fields do not filter."""

    question: AssessmentName = AssessmentName.OUTCOME
    answer: str = "used"
    project: str | None = None
    work_kind: str | None = None


@dataclass(frozen=True, slots=True)
class TrendMark:
    """One ISO week. The three shares, from 0 to 1, are all there or all None: a gap."""

    label: str
    """The week's Monday, `9 Nov`."""
    low: float | None
    share: float | None
    high: float | None
    about: str
    """`18 answers: 41 – 63 %`, or `4 answers: too few to say`."""
    run_ids: tuple[int, ...] = ()
    """The week's runs, answered or not."""


@dataclass(frozen=True, slots=True)
class TrendView:
    """A trend in words and numbers."""

    title: str
    """The answer's label: `Used`."""
    weeks: tuple[TrendMark, ...]
    """Oldest first; empty where no week can be shown."""
    enough: bool
    """Whether there are eight weeks with a share: fewer are not drawn as a trend."""
    sentence: str
    """What changed, or that there is not enough to say yet."""
    description: str
    """The whole ribbon in words, for a screen reader."""


def own_trend(queries: "Queries", wanted: TrendFilter) -> TrendView:
    """Say how an answer's share moved over the last 26 whole weeks of the reporting zone.

    Raises KeyError for a question, ValueError for an answer without shares.
    """
    return trend_view(trend_of(queries, wanted))


def trend_of(queries: "Queries", wanted: TrendFilter) -> Trend:
    """Return the trend itself. Raises as `own_trend`."""
    today = queries.today()
    last = week_of(today).first_on - timedelta(days=1)
    rated = queries.rated_runs(days_span(last - timedelta(weeks=WEEKS) + timedelta(days=1), last, queries.zone))
    runs = [run for run in rated if _fits(run, wanted)]
    return trend(runs, wanted.question, wanted.answer, today, queries.zone)


def trend_view(found: Trend) -> TrendView:
    """Say one trend."""
    label = choice(found.name, found.answer).label.removeprefix("…")
    weeks = tuple(_mark(week) for week in found.weeks)
    sentence = _sentence(found)
    said = "; ".join(f"{week.label}: {week.about}" for week in weeks)
    return TrendView(label, weeks, found.is_enough, sentence, f"{label}. {sentence} {said}".strip())


def _mark(week: TrendWeek) -> TrendMark:
    label, about = f"{week.first_on.day} {week.first_on:%b}", _about(week.answered, week.interval)
    if week.interval is None:
        return TrendMark(label, None, None, None, about, week.run_ids)
    return TrendMark(label, week.interval.low, week.interval.share, week.interval.high, about, week.run_ids)


def _fits(run: RatedRun, wanted: TrendFilter) -> bool:
    return wanted.project in {None, run.project} and wanted.work_kind in {None, run.work_kind}


def _about(answered: int, interval: Interval | None) -> str:
    answers = counted(answered, "answer")
    return f"{answers}: too few to say" if interval is None else f"{answers}: {_range(interval)}"


def _sentence(found: Trend) -> str:
    if not found.is_enough:
        there = counted(found.shown_weeks, "week") + (" has" if found.shown_weeks == 1 else " have")
        return f"Not enough to say yet: {there} enough answers to drawn runs, a trend needs {MIN_WEEKS}."
    if found.change is None:
        return "Not enough to say whether it changed."
    latest, earlier = _range(found.change.latest), _range(found.change.earlier)
    return f"{_moved(found.change)}: {latest} in the last {LATEST_WEEKS} weeks, {earlier} before."


def _moved(change: Change) -> str:
    if not change.is_clear:
        return "No clear change"
    return "More than before" if change.low > 0 else "Less than before"


def _range(interval: Interval) -> str:
    return f"{percent(interval.low).removesuffix(' %')} – {percent(interval.high)}"
