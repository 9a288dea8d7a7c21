"""Subscription plans: what a month of an agent costs, beside what its calls would cost by the list."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from goodmeasure.domain.period import Span
from goodmeasure.ledger import reads
from goodmeasure.ledger.opening import Ledger

_MICROS = 1_000_000
_MOST_USD = 1_000_000


def effective_costs(
    ledger: Ledger,
    plans: Mapping[str, object],
    group_by: Sequence[str],
    span: Span,
    zone: tzinfo,
    *,
    source: str | None = None,
    project: str | None = None,
    cost_center: str | None = None,
) -> dict[tuple[str | None, ...], int | None]:
    """Return the effective cost in micro-USD of each group of `reads.usage_rows`, by the groups' values.

    The plan's price of a month is spread over the calls of that agent and month in proportion to their list costs. None
    where a group holds calls of an agent without a plan, without a known price or of an unknown day: what is paid by
    the call and what a plan covers are never added up.
    """
    prices = _prices(plans)
    months = reads.usage_rows(ledger, ("source", "month"), Span(), zone)
    whole = {(row.group["source"], row.group["month"]): row.counters.list_cost_micros for row in months}
    parts = [*group_by, *(name for name in ("source", "month") if name not in group_by)]
    found: dict[tuple[str | None, ...], float | None] = {}
    rows = reads.usage_rows(ledger, parts, span, zone, source=source, project=project, cost_center=cost_center)
    for row in rows:
        group = tuple(row.group[name] for name in group_by)
        agent, month, listed = row.group["source"], row.group["month"], row.counters.list_cost_micros
        price, total, before = prices.get(agent or ""), whole.get((agent, month)), found.get(group, 0.0)
        unknown = price is None or month is None or listed is None or not total or row.counters.unpriced_generations
        if before is None or unknown:
            found[group] = None
        else:
            found[group] = before + (price or 0.0) * _MICROS * (listed or 0) / (total or 1)
    return {group: None if cost is None else round(cost) for group, cost in found.items()}


def _prices(plans: Mapping[str, object]) -> dict[str, float]:
    return {key: float(usd) for key, usd in plans.items() if isinstance(usd, int | float) and _is_price(usd)}


def plan_problems(plans: Mapping[str, object]) -> list[str]:
    """Return a sentence for each plan that cannot be read."""
    return [
        f"The plan of {key} cannot be read: give its monthly price in USD."
        for key, usd in plans.items()
        if not _is_price(usd)
    ]


def _is_price(usd: object) -> bool:
    return isinstance(usd, int | float) and not isinstance(usd, bool) and 0 <= usd <= _MOST_USD
