"""What agents cost by the month, as a person types it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.errors import Refusal

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries

_MOST_USD = 1_000_000


@dataclass(frozen=True, slots=True)
class PlanField:
    """One agent and what stands in its field."""

    source: str
    label: str
    price: str
    """`100`, `19.5`, or empty."""


def plan_fields(queries: "Queries", plans: Mapping[str, object]) -> tuple[PlanField, ...]:
    """Return a field for each agent that left files or has a plan."""
    return tuple(
        PlanField(source.key, source.label, _typed(plans.get(source.key)))
        for source in queries.sources()
        if source.health is not None or source.key in plans
    )


def prices_of(typed: Mapping[str, str]) -> dict[str, float | None]:
    """Return the monthly prices in USD by source; None where the field is empty. Raises Refusal for what is none."""
    return {source: _price(source, text.strip().removeprefix("$").strip()) for source, text in typed.items()}


def _price(source: str, text: str) -> float | None:
    if not text:
        return None
    try:
        price = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        price = -1.0
    if not 0 <= price <= _MOST_USD:
        raise Refusal(f"The price of {source} cannot be read: write USD a month, for example 20, or leave it empty.")
    return price


def _typed(price: object) -> str:
    return f"{price:g}" if isinstance(price, int | float) and not isinstance(price, bool) else ""
