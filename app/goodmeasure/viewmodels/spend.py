"""What the work took: list cost and tokens, beside plans, with a forecast that is a range. Never a headline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from goodmeasure.domain.period import Span, days_span, moment, week_of
from goodmeasure.domain.runs import UsageRow
from goodmeasure.domain.usage import Counters, counters_sum
from goodmeasure.metrics.forecast import Forecast, forecast
from goodmeasure.metrics.spend import DaySpend, spend_per_day
from goodmeasure.viewmodels.overview import OverviewFilter, Stretch, days_of
from goodmeasure.viewmodels.wording import (
    UNKNOWN,
    all_tokens,
    compact,
    cost,
    counted,
    days,
    exact,
    money,
    percent,
)

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries, Usage

GROUPS = (
    ("project", "Project"),
    ("cost_center", "Cost centre"),
    ("model", "Model"),
    ("source", "Agent"),
    ("work_kind", "Work"),
)
"""What the cost can be laid out by."""
_FORECAST_WEEKS = 8
_NOWHERE = {
    "project": "No project",
    "cost_center": "No cost centre",
    "model": "Unknown model",
    "source": "Unknown agent",
    "work_kind": "Unknown",
}


@dataclass(frozen=True, slots=True)
class SpendFilter:
    """Which period, laid out by what."""

    period: OverviewFilter
    group: str = "project"
    """One of `GROUPS`."""


@dataclass(frozen=True, slots=True)
class SpendRow:
    """One part of the cost."""

    name: str
    fraction: float | None
    """Of the known list cost of the period, 0 to 1; None: unknown."""
    percent: str
    cost: str
    tokens: str
    tokens_exact: str


@dataclass(frozen=True, slots=True)
class SpendColumn:
    """One day, or one week of a quarter."""

    label: str
    micros: int | None
    """Known list cost; None: calls of unknown price only."""
    said: str
    """`Mon 9 Nov: $3.20, 120 k tokens`."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One agent: by the list, and under the person's plan."""

    name: str
    listed: str
    paid: str
    """`–` where there is no plan, `unknown` where it cannot be said."""


@dataclass(frozen=True, slots=True)
class SpendView:
    """The background of one week, month or quarter."""

    period: str
    cost: str
    tokens: str
    tokens_exact: str
    calls: str
    notes: tuple[str, ...]
    forecast: str
    """One sentence; "" for a period that is over."""
    columns: tuple[SpendColumn, ...]
    columns_said: str
    rows: tuple[SpendRow, ...]
    plans: tuple[PlanRow, ...]
    """Every agent that was used, where there is any plan; else empty."""
    plans_said: str


def spend(queries: "Queries", wanted: SpendFilter) -> SpendView:
    """Say what one week, month or quarter of the reporting zone took."""
    today = queries.today()
    first, last = days_of(wanted.period.stretch, wanted.period.on or today)
    span = days_span(first, last, queries.zone)
    usage, labels = queries.usage([wanted.group], span), _labels(queries)
    columns = _columns(queries, wanted.period.stretch, first, last)
    total = usage.totals
    tokens = all_tokens(total) if total.generations else 0
    plans = _plans(queries, span, labels)
    return SpendView(
        period=days(first, last),
        cost=cost(total),
        tokens=f"{compact(tokens)} tokens",
        tokens_exact=f"{exact(tokens)} tokens",
        calls=counted(total.generations, "call"),
        notes=_notes(usage, labels),
        forecast=_forecast(queries, total, last),
        columns=columns,
        columns_said=_columns_said(columns),
        rows=_rows(usage.rows, total, wanted.group, labels),
        plans=plans,
        plans_said=_plans_said(usage, has_plans=bool(plans)),
    )


def _labels(queries: "Queries") -> dict[str, str]:
    return {source.key: source.label for source in queries.sources()}


def _rows(rows: Sequence[UsageRow], total: Counters, group: str, labels: dict[str, str]) -> tuple[SpendRow, ...]:
    found: dict[str, Counters] = {}
    for row in rows:
        value = row.group[group]
        name = _NOWHERE[group] if value is None else labels.get(value, value) if group == "source" else value
        found[name] = counters_sum(found[name], row.counters) if name in found else row.counters
    ordered = sorted(found.items(), key=lambda item: (-(item[1].list_cost_micros or 0), item[0]))
    return tuple(_row(name, counters, total.list_cost_micros) for name, counters in ordered)


def _row(name: str, counters: Counters, whole: int | None) -> SpendRow:
    known, tokens = counters.list_cost_micros, all_tokens(counters)
    fraction = None if known is None or cost(counters) == UNKNOWN else known / whole if whole else 0.0
    said = "" if fraction is None else percent(fraction)
    return SpendRow(name, fraction, said, cost(counters), compact(tokens), f"{exact(tokens)} tokens")


def _columns(queries: "Queries", stretch: Stretch, first: date, last: date) -> tuple[SpendColumn, ...]:
    span = days_span(first, last, queries.zone)
    found = spend_per_day(queries.usage(["day"], span).rows, first, last)
    if stretch is not Stretch.QUARTER:
        return tuple(_column(one, f"{one.day:%a} {one.day.day} {one.day:%b}", str(one.day.day)) for one in found)
    weeks: dict[date, Counters] = {}
    for one in found:
        monday = week_of(one.day).first_on
        weeks[monday] = counters_sum(weeks[monday], one.counters) if monday in weeks else one.counters
    return tuple(
        _column(DaySpend(monday, counters), f"Week of {monday.day} {monday:%b}", f"{monday.day} {monday:%b}")
        for monday, counters in weeks.items()
    )


def _column(one: DaySpend, name: str, label: str) -> SpendColumn:
    if not one.counters.generations:
        return SpendColumn(label, 0, f"{name}: nothing")
    price = cost(one.counters)
    micros = None if price == UNKNOWN else one.counters.list_cost_micros
    return SpendColumn(label, micros, f"{name}: {price}, {compact(one.tokens)} tokens")


def _columns_said(columns: Sequence[SpendColumn]) -> str:
    known = [column for column in columns if column.micros]
    if not known:
        used = any(column.micros is None for column in columns)
        return "No cost is known in this period." if used else "Nothing was run in this period."
    dearest = max(known, key=lambda column: column.micros or 0)
    return f"The most: {dearest.said}."


def _notes(usage: "Usage", labels: dict[str, str]) -> tuple[str, ...]:
    total, notes = usage.totals, []
    if total.unpriced_generations:
        notes.append(f"{counted(total.unpriced_generations, 'call')} of models without a known price, not in the sum.")
    if total.output_lower_bound_generations:
        calls = counted(total.output_lower_bound_generations, "call")
        notes.append(f"{calls} logged only the start of the answer: output is at least this.")
    if total.estimated_generations:
        notes.append(f"{counted(total.estimated_generations, 'call')} estimated from text.")
    if usage.unlogged:
        agents = ", ".join(sorted({labels.get(row.source, row.source) for row in usage.unlogged}))
        notes.append(f"{agents}: the agent's own totals show more than its logs; that is not added here.")
    return tuple(notes)


def _forecast(queries: "Queries", total: Counters, last: date) -> str:
    today = queries.today()
    if last < today or total.list_cost_micros is None:
        return ""
    days_left = (last - today).days
    if not days_left:
        return ""
    found = forecast(total.list_cost_micros, _whole_weeks(queries, today), days_left)
    if found is None:
        return "Not enough to say yet what the rest may cost: that takes four whole weeks."
    return _forecast_said(found, days_left)


def _forecast_said(found: Forecast, days_left: int) -> str:
    between = f"Between {money(found.low_micros)} and {money(found.high_micros)} by the end"
    rest = f"the {counted(days_left, 'day')} left" if days_left > 1 else "the day left"
    return f"{between}, if {rest} cost as in the cheapest or the dearest of your last {found.weeks} weeks."


def _whole_weeks(queries: "Queries", today: date) -> list[int]:
    """Return the known cost of the last whole weeks since the first run, oldest first."""
    first_run = queries.facts().first_run_at
    if first_run is None:
        return []
    began = moment(first_run, queries.zone).date()
    mondays = [week_of(today).first_on - timedelta(weeks=back) for back in range(_FORECAST_WEEKS, 0, -1)]
    whole = [monday for monday in mondays if monday >= began]
    if not whole:
        return []
    span = days_span(whole[0], week_of(today).first_on - timedelta(1), queries.zone)
    costs = {row.group["week"]: row.counters.list_cost_micros for row in queries.usage(["week"], span).rows}
    return [costs.get(week_of(monday).name) or 0 for monday in whole]


def _plans(queries: "Queries", span: Span, labels: dict[str, str]) -> tuple[PlanRow, ...]:
    usage = queries.usage(["source"], span)
    if not usage.effective:
        return ()
    return tuple(
        PlanRow(
            labels.get(row.group["source"] or "", row.group["source"] or _NOWHERE["source"]),
            cost(row.counters),
            "no plan" if paid is None else money(paid),
        )
        for row, paid in zip(usage.rows, usage.effective, strict=True)
    )


def _plans_said(usage: "Usage", *, has_plans: bool) -> str:
    if not has_plans:
        return "All of it at list price. Where an agent is paid by the month, say what that costs."
    if usage.effective_total is None:
        return "What is paid by the call and what a plan covers stand beside each other and are not added up."
    return f"Under your plans this period comes to {money(usage.effective_total)}; the list cost stands beside it."
