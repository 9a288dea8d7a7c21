"""A person's own prices and names: they stand before the list prices, and leave those as they are."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from goodmeasure import __version__
from goodmeasure.domain.costs import CostBasis
from goodmeasure.pricing.list_prices import ListPrices, filled

CostOf = Callable[[Sequence[Any]], tuple[int | None, str]]

_RATES = ("input", "cache_read", "cache_write_5m", "cache_write_1h", "output")
_NEEDED = frozenset({"input", "output"})
_MOST_USD = 1_000_000
_MODEL = 4
_COUNTERS = slice(5, 10)
"""Uncached input, cache read, cache writes of 5 minutes and 1 hour, output: where a `Generation` has them."""
_UNKNOWN_COST = (None, CostBasis.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class OwnPrices:
    """What the person set, checked."""

    rates: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    """Model → USD per million tokens of each counter, which is micro-USD per token."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """A company gateway's name of a model → the name that its provider gives it."""

    @property
    def mark(self) -> str:
        """A short text that differs where costs may differ: with these settings, and with a version's list prices."""
        rates = {model: [str(rate) for rate in rates] for model, rates in self.rates.items()}
        text = json.dumps([__version__, rates, dict(self.aliases)], sort_keys=True)
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def cost_of(self) -> CostOf:
        """Return the function that prices a call: own price, else list price under the model's real name."""
        listed = ListPrices().cost_of
        if not self.rates and not self.aliases:
            return listed
        rates_of, aliases = self.rates.get, self.aliases

        def cost(generation: Sequence[Any]) -> tuple[int | None, str]:
            model = generation[_MODEL]
            real = aliases.get(model, model)
            rates = rates_of(real) or rates_of(model)
            if rates is not None:
                return _priced(generation[_COUNTERS], rates)
            if real != model:
                # The provider that the log names is the gateway.
                generation = (*generation[: _MODEL - 1], None, real, *generation[_MODEL + 1 :])
            return listed(generation)

        return cost


def own_prices(table: Mapping[str, Any], aliases: Mapping[str, Any]) -> tuple[OwnPrices, list[str]]:
    """Check what stands in the settings; return what holds, and a sentence for each entry that does not.

    `table`: model → {`input`, `output`, and where they differ `cache_read`, `cache_write_5m`, `cache_write_1h`} in USD
    per million tokens. Cached tokens without a price of their own cost as much as the kind they refine, as in the list.
    """
    problems = []
    rates = {}
    for model, given in table.items():
        if _is_price(given):
            rates[model] = _rates(given)
        else:
            problems.append(
                f"The own price of {model} cannot be read: give input and output in USD per million tokens, 0 or more."
            )
    names = {}
    for alias, real in aliases.items():
        if isinstance(real, str) and real:
            names[alias] = real
        else:
            problems.append(f"The alias {alias} cannot be read: give the name of a model.")
    return OwnPrices(rates, names), problems


def _is_price(given: object) -> bool:
    return (
        isinstance(given, dict)
        and _NEEDED <= given.keys() <= set(_RATES)
        and all(
            isinstance(usd, int | float) and not isinstance(usd, bool) and math.isfinite(usd) and 0 <= usd <= _MOST_USD
            for usd in given.values()
        )
    )


def _rates(given: Mapping[str, float]) -> tuple[Decimal, ...]:
    usd = {name: Decimal(str(value)) for name, value in given.items()}
    short = usd.get("cache_write_5m", usd["input"])
    return (
        usd["input"],
        usd.get("cache_read", usd["input"]),
        short,
        usd.get("cache_write_1h", short),
        usd["output"],
    )


def _priced(counters: Sequence[int | None], rates: Sequence[Decimal]) -> tuple[int | None, str]:
    known = filled(counters, rates)
    if known is None:
        return _UNKNOWN_COST
    micros = sum(tokens * rate for tokens, rate in zip(known, rates, strict=True))
    return round(micros), CostBasis.OWN_PRICE.value
