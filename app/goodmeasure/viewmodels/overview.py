"""What did AI improve lately: value first, cost behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import AssessmentName, Outcome
from goodmeasure.domain.period import days_span, moment, month_of, week_of
from goodmeasure.domain.runs import RatedRun, Run, RunFilter
from goodmeasure.domain.usage import Counters
from goodmeasure.value.shares import tally
from goodmeasure.value.taxonomy import NEED, OUTCOME, choice
from goodmeasure.value.time_range import TimeRange, time_range
from goodmeasure.viewmodels.share_bars import ShareBar, share_bar
from goodmeasure.viewmodels.weeks import WeeksView, weeks
from goodmeasure.viewmodels.wording import UNKNOWN, all_tokens, compact, cost, counted, day, days, exact, minutes, title

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries, Usage

_RECENT = 5
_MODELS = 3
_SECONDS_EACH = 3
_SHORT_SECONDS = 45


class Stretch(StrEnum):
    """How far the overview looks."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    """Which days the overview is about: the week, month or quarter that holds `on`."""

    stretch: Stretch = Stretch.MONTH
    on: date | None = None
    """None: today."""


@dataclass(frozen=True, slots=True)
class TimeView:
    """Time saved and lost as a range, or a sentence why there is none."""

    low: int
    high: int
    """Minutes, low <= high; both 0 where `enough` is False."""
    low_text: str
    high_text: str
    sentence: str
    enough: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a short list."""

    run_id: int
    title: str
    about: str
    label: str
    """What became of it."""
    value: str


@dataclass(frozen=True, slots=True)
class CostView:
    """The background: what it cost."""

    cost: str
    tokens: str
    tokens_exact: str
    notes: tuple[str, ...]
    models: tuple[tuple[str, str], ...]
    """The models that cost most, with their cost."""


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The overview of one week, month or quarter."""

    first_start: bool
    """Nothing was ever read: there is nothing to overview yet."""
    period: str
    runs: int
    outcome: ShareBar
    need: ShareBar
    time: TimeView
    improved: tuple[RunLine, ...]
    to_rate: int
    to_rate_text: str
    weeks: WeeksView
    cost: CostView


def overview(queries: "Queries", wanted: OverviewFilter) -> OverviewView:
    """Say what became of the work in one week, month or quarter of the reporting zone."""
    first, last = days_of(wanted.stretch, wanted.on or queries.today())
    span = days_span(first, last, queries.zone)
    rated = queries.rated_runs(span)
    facts = queries.facts()
    return OverviewView(
        first_start=facts.last_import_at is None and not facts.runs,
        period=days(first, last),
        runs=len(rated),
        outcome=share_bar(tally(rated, AssessmentName.OUTCOME), OUTCOME.text),
        need=share_bar(tally(rated, AssessmentName.NEED), NEED.text),
        time=time_view(queries, rated),
        improved=_improved(queries, RunFilter(since=span.since, until=span.until)),
        to_rate=facts.to_rate,
        to_rate_text=_to_rate_text(facts.to_rate),
        weeks=weeks(queries, last=min(last, queries.today())),
        cost=_cost(queries.usage(["model"], span)),
    )


def days_of(stretch: Stretch, on: date) -> tuple[date, date]:
    """Return the first and last day (inclusive) of the ISO week, calendar month or calendar quarter that holds `on`."""
    if stretch is Stretch.WEEK:
        week = week_of(on)
        return week.first_on, week.last_on
    if stretch is Stretch.MONTH:
        month = month_of(on)
        return month.first_on, month.last_on
    first = on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    last = month_of(first + timedelta(days=70)).last_on
    return first, last


def _to_rate_text(number: int) -> str:
    if not number:
        return "No run waits for an answer. New runs appear here once they have ended."
    seconds = number * _SECONDS_EACH
    about = f"about {max(1, round(seconds / 60))} min" if seconds >= _SHORT_SECONDS else "under a minute"
    return f"{counted(number, 'run')} waiting · {about} in all, and you can stop anywhere."


def time_view(queries: "Queries", rated: Sequence[RatedRun]) -> TimeView:
    """Say the time saved and lost over some runs, or why there is no range."""
    found = time_range(rated, queries.zone)
    if found is None:
        sentence = "Not enough to say yet: a range needs the time of at least 5 runs (press T while rating)."
        return TimeView(0, 0, "", "", sentence, enough=False, notes=())
    low, high = minutes(found.low_minutes), minutes(found.high_minutes)
    sentence = f"Between {low} and {high}, over the {counted(found.runs, 'run')} you put a time on."
    return TimeView(found.low_minutes, found.high_minutes, low, high, sentence, enough=True, notes=_time_notes(found))


def _time_notes(found: TimeRange) -> tuple[str, ...]:
    notes = []
    if found.losing_runs:
        notes.append(f"{counted(found.losing_runs, 'run')} cost more time than they saved; that is counted.")
    if found.uncounted_runs:
        runs = counted(found.uncounted_runs, "run")
        notes.append(f"{runs} saved time on work that would not have been done, or was not kept: left out.")
    if found.overlapping_runs:
        notes.append(f"{counted(found.overlapping_runs, 'run')} ran beside another one; time is least certain there.")
    if found.capped_days:
        notes.append(f"{counted(found.capped_days, 'day')} capped at 8 hours.")
    return tuple(notes)


def _improved(queries: "Queries", wanted: RunFilter) -> tuple[RunLine, ...]:
    runs: list[Run] = []
    for outcome in (Outcome.USED, Outcome.INFORMED):
        ids = queries.run_ids(RunFilter(since=wanted.since, until=wanted.until, outcome=outcome))
        runs += queries.runs(ids[:_RECENT])
    newest = sorted(runs, key=lambda run: run.started_at or 0, reverse=True)[:_RECENT]
    return tuple(_run_line(queries, run) for run in newest)


def _run_line(queries: "Queries", run: Run) -> RunLine:
    about = " · ".join(part for part in (run.project, _day(queries, run)) if part)
    label = choice(AssessmentName.OUTCOME, run.outcome).label if run.outcome else ""
    return RunLine(run.id, title(run.title), about, label, run.outcome or "")


def _day(queries: "Queries", run: Run) -> str:
    return UNKNOWN if run.started_at is None else day(moment(run.started_at, queries.zone).date(), queries.today())


def _cost(usage: "Usage") -> CostView:
    total = usage.totals
    tokens = all_tokens(total) if total.generations else 0
    by_cost = sorted(usage.rows, key=lambda row: row.counters.list_cost_micros or 0, reverse=True)
    models = tuple((row.group.get("model") or "unknown model", cost(row.counters)) for row in by_cost[:_MODELS])
    return CostView(cost(total), compact(tokens), f"{exact(tokens)} tokens", _cost_notes(total), models)


def _cost_notes(total: Counters) -> tuple[str, ...]:
    notes = []
    if total.unpriced_generations:
        notes.append(f"{counted(total.unpriced_generations, 'call')} of models without a known price, not in the sum.")
    if total.output_lower_bound_generations:
        calls = counted(total.output_lower_bound_generations, "call")
        notes.append(f"{calls} logged only the start of the answer: output is at least this.")
    if total.estimated_generations:
        notes.append(f"{counted(total.estimated_generations, 'call')} estimated from text.")
    return tuple(notes)
