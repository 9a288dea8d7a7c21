"""Write `list_prices.json` (the list prices in the app) out of the package `genai-prices`.

Run by hand after a change of the package's version: `python -m tests.pricing.write_price_list`. A test compares.
"""

from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from genai_prices.data_snapshot import get_snapshot

from goodmeasure.pricing.price_list import PRICED, PriceList

FILE = Path(__file__).parents[2] / "app" / "goodmeasure" / "pricing" / "list_prices.json"
_MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
_CLAUSES = ("starts_with", "ends_with", "contains", "equals", "regex")


def text() -> bytes:
    """Return what the file must hold: a line for each model, so that a change of prices can be read."""
    providers = [_provider(provider) for provider in get_snapshot().providers]
    lines = [f'{{"version":"{version("genai-prices")}","providers":[']
    for number, provider in enumerate(providers):
        models = provider.pop("models")
        lines.append(_json(provider)[:-1] + ',"models":[')
        lines.extend(_json(model) + "," * (place < len(models) - 1) for place, model in enumerate(models))
        lines.append("]}" + "," * (number < len(providers) - 1))
    lines.append("]}\n")
    whole = "\n".join(lines).encode()
    msgspec.json.decode(whole, type=PriceList)
    return whole


def _provider(provider: Any) -> dict[str, Any]:
    told = {
        "id": provider.id,
        "called": provider.provider_match and _clause(provider.provider_match),
        "serves": provider.model_match and _clause(provider.model_match),
        "others": provider.fallback_model_providers,
        "models": [_model(model) for model in provider.models],
    }
    return {name: value for name, value in told.items() if value}


def _model(model: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"called": _clause(model.match), "prices": _dated(model.prices)}
    variants = [
        [variant.when, _start(variant.constraint), prices]
        for variant in model.price_variants or ()
        if _counts(variant.constraint) and (prices := _prices(variant.prices))
    ]
    return told | {"variants": variants} if variants else told


def _dated(prices: Any) -> list[Any]:
    """Return [first day, prices], of which the last that has begun holds; the first holds before all of them."""
    if not isinstance(prices, list):
        return [[None, _prices(prices)]]
    later = [[_start(one.constraint), _prices(one.prices)] for one in prices if _counts(one.constraint)]
    return later if later and later[0][0] is None else [[None, _prices(prices[0].prices)], *later]


def _counts(constraint: Any) -> bool:
    """Return whether prices of some hours are those of a day: those at its beginning (UTC) are."""
    return constraint is None or hasattr(constraint, "start_date") or constraint.active(_MIDNIGHT)


def _start(constraint: Any) -> str | None:
    return constraint.start_date.isoformat() if hasattr(constraint, "start_date") else None


def _prices(prices: Any) -> dict[str, Any]:
    return {name: _price(value) for name in PRICED if (value := getattr(prices, name)) is not None}


def _price(price: Any) -> Any:
    if isinstance(price, Decimal):
        return str(price)
    return [str(price.base), *([tier.start, str(tier.price)] for tier in price.tiers)]


def _clause(clause: Any) -> dict[str, Any]:
    for name in _CLAUSES:
        if hasattr(clause, name):
            value = getattr(clause, name)
            return {name: value if name == "regex" else value.lower()}
    return {
        name: [_clause(one) for one in getattr(clause, f"{name}_")]
        for name in ("or", "and")
        if hasattr(clause, f"{name}_")
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


if __name__ == "__main__":
    FILE.write_bytes(text())
