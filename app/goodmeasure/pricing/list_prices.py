"""List prices of the day of use: dated, tiered by prompt size, with variants of service.

An import makes hundreds of thousands of calls. So the list is asked once per model, UTC day and variant for its rates,
and the sum is made here in whole units of 10^-18 USD, rounded once to micro-USD (half to even). A property test holds
it equal to the calculation of the package `genai-prices`, where the list is from.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from goodmeasure.domain.costs import CostBasis

if TYPE_CHECKING:
    from goodmeasure.pricing.price_list import Model, Price

_DAY_MS = 86_400_000
_ATTO = 10**18
_ATTO_PER_MICRO = 10**12
_HALF = _ATTO_PER_MICRO // 2
_LIST_PRICE, _REPORTED = CostBasis.LIST_PRICE.value, CostBasis.REPORTED.value
_UNKNOWN_COST = (None, CostBasis.UNKNOWN.value)


class _Rate(NamedTuple):
    """10^-18 USD per token (or request); above which prompt size (exclusive) which rate replaces it, largest first."""

    base: int
    tiers: tuple[tuple[int, int], ...]

    def at(self, prompt_tokens: int) -> int:
        for start, rate in self.tiers:
            if prompt_tokens > start:
                return rate
        return self.base


class Rates(NamedTuple):
    """What each counter of one model costs on one day."""

    input: _Rate
    cache_read: _Rate
    cache_write_5m: _Rate
    cache_write_1h: _Rate
    output: _Rate
    web_search: _Rate


_PerToken = tuple[int, ...]
"""10^-18 USD for one unit of each counter, in the order of `Rates`."""
_Table = tuple[_PerToken, tuple[tuple[int, _PerToken], ...]]
"""Rates as they are summed: the base, and what stands for it above which prompt size, largest first."""


def _table(rates: Rates | None) -> _Table | None:
    if rates is None:
        return None
    starts = sorted({start for rate in rates for start, _ in rate.tiers}, reverse=True)
    # A size just above a start lies in its stretch, whichever counter's tiers have that start.
    stretches = tuple((start, tuple(rate.at(start + 1) for rate in rates)) for start in starts)
    return tuple(rate.base for rate in rates), stretches


class ListPrices:
    """Prices single generations; remembers each model's rates. Not for use from several threads."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str | None, str, str | None, int], _Table | None] = {}
        self._rates: dict[tuple[str | None, str, str | None, int], Rates | None] = {}
        self._models: dict[tuple[str, str | None], Model | None] = {}

    def cost_of(self, generation: Sequence[Any]) -> tuple[int | None, str]:
        """Return (micro-USD, `CostBasis` value) of a `Generation`, or of a plain tuple in its field order.

        (None, unknown) where the model, the day or a counter is unknown that the cost hangs on: see `filled`. What the
        agent itself reported wins.
        """
        (_, _, recorded_at, provider, model, uncached, read, short, long, output, _, searches, reported, tier, _) = (
            generation
        )
        if reported is not None:
            return reported, _REPORTED
        table = None
        if model is not None and recorded_at is not None:
            table = self._table_of((provider, model, tier, recorded_at // _DAY_MS))
        if table is None:
            return _UNKNOWN_COST
        base, tiers = table
        if None in (uncached, read, short, long, output):
            counters = filled((uncached, read, short, long, output), base)
            if counters is None:
                return _UNKNOWN_COST
            uncached, read, short, long, output = counters
        if tiers:
            prompt = uncached + read + short + long
            for start, rates in tiers:
                if prompt > start:
                    base = rates
                    break
        a, b, c, d, e, f = base
        atto = uncached * a + read * b + short * c + long * d + output * e + (searches or 0) * f
        micros, rest = divmod(atto, _ATTO_PER_MICRO)
        if rest > _HALF or (rest == _HALF and micros % 2):  # half to even
            micros += 1
        return micros, _LIST_PRICE

    def _table_of(self, key: tuple[str | None, str, str | None, int]) -> _Table | None:
        try:
            return self._tables[key]
        except KeyError:
            provider, model, tier, day = key
            table = self._tables[key] = _table(self.rates(provider, model, tier, day * _DAY_MS))
            return table

    def rates(self, provider: str | None, model: str, service_tier: str | None, recorded_at: int) -> Rates | None:
        """Return the rates of a model on the UTC day of an instant (ms); None where the list does not know it."""
        key = (provider, model, service_tier, recorded_at // _DAY_MS)
        if key not in self._rates:
            self._rates[key] = self._looked_up(*key)
        return self._rates[key]

    def _looked_up(self, provider: str | None, model: str, service_tier: str | None, day: int) -> Rates | None:
        if (model, provider) not in self._models:
            from goodmeasure.pricing.price_list import price_list  # noqa: PLC0415 - only who prices a call loads the list

            self._models[model, provider] = price_list().model(model, provider)
        found = self._models[model, provider]
        if found is None:
            return None
        context = {"service_tier": service_tier, "speed": service_tier} if service_tier else {}
        if service_tier == "batch":
            context = {"processing": "batch"}
        prices = found.on(datetime.fromtimestamp(day * _DAY_MS / 1000, UTC).date(), context)
        if "input_mtok" not in prices or "output_mtok" not in prices:
            return None
        uncached = _rate(prices["input_mtok"], 10**6)
        short = _mtok(prices.get("cache_write_mtok"), uncached)
        return Rates(
            uncached,
            _mtok(prices.get("cache_read_mtok"), uncached),
            short,
            _mtok(prices.get("cache_write_1h_mtok"), short),
            _rate(prices["output_mtok"], 10**6),
            _rate(prices.get("web_searches_kcount", "0"), 10**3),
        )


def _mtok(price: "Price | None", otherwise: _Rate) -> _Rate:
    # Without a price of its own a cached token is billed like the kind it refines; so does the package.
    return otherwise if price is None else _rate(price, 10**6)


def filled(
    counters: Sequence[int | None], rates: Sequence[int | Decimal]
) -> tuple[int, int, int, int, int] | None:  # fmt: skip
    """Return the counters of a cost with unknown cache writes as none, where that changes nothing; else None.

    Writes that cost what input costs are no matter. Those whose lifetime no log tells stand among the five-minute ones.
    `rates`: in the order of `Rates`.
    """
    uncached, read, short, long, output = counters
    if uncached is None or read is None or output is None or (short is None and rates[2] != rates[0]):
        return None
    return uncached, read, short or 0, long or 0, output


def _rate(price: "Price", per: int) -> _Rate:
    if isinstance(price, str):
        return _Rate(_atto(price, per), ())
    base, *tiers = price
    return _Rate(_atto(base, per), tuple(sorted(((start, _atto(usd, per)) for start, usd in tiers), reverse=True)))


def _atto(usd: str, per: int) -> int:
    # The package carries some prices with the dirt of binary fractions (0.18000000000000002): far below 10^-18 USD a
    # token.
    return round(Decimal(usd) * _ATTO / per)
