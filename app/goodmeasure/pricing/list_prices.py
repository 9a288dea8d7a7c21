"""List prices of the day of use, from the `genai-prices` package (an offline snapshot: dated, tiered, with variants).

The package's own calculation takes tens of microseconds a call; an import makes hundreds of thousands of calls. So the
package is asked
once per model, UTC day and variant for its rates, and the sum is made here in whole units of 10^-18 USD, rounded once
to micro-USD (half
to even). A property test holds the two calculations equal.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from types import ModuleType
from typing import Any, NamedTuple

from goodmeasure.domain.runs import CostBasis

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
        self._find: Callable[[str, str | None], Any] | None = None

    def cost_of(self, generation: Sequence[Any]) -> tuple[int | None, str]:
        """Return (micro-USD, `CostBasis` value) of a `Generation`, or of a plain tuple in its field order.

        (None, unknown) where the model, the day or any counter is unknown. What the agent itself reported wins.
        """
        (_, _, recorded_at, provider, model, uncached, read, short, long, output, _, searches, reported, tier, _) = (
            generation
        )
        if reported is not None:
            return reported, _REPORTED
        if model is None or recorded_at is None:
            return _UNKNOWN_COST
        key = (provider, model, tier, recorded_at // _DAY_MS)
        try:
            table = self._tables[key]
        except KeyError:
            table = self._tables[key] = _table(self.rates(provider, model, tier, recorded_at))
        if table is None or None in (uncached, read, short, long, output):
            return _UNKNOWN_COST
        base, tiers = table
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

    def rates(self, provider: str | None, model: str, service_tier: str | None, recorded_at: int) -> Rates | None:
        """Return the rates of a model on the UTC day of an instant (ms); None where the package does not know it."""
        key = (provider, model, service_tier, recorded_at // _DAY_MS)
        if key not in self._rates:
            self._rates[key] = self._looked_up(*key)
        return self._rates[key]

    def _looked_up(self, provider: str | None, model: str, service_tier: str | None, day: int) -> Rates | None:
        found = self._found(model, provider)
        if found is None:
            return None
        context = {"service_tier": service_tier, "speed": service_tier} if service_tier else None
        if service_tier == "batch":
            context = {"processing": "batch"}
        prices = found.get_prices(datetime.fromtimestamp(day * _DAY_MS / 1000, UTC), context)
        if prices.input_mtok is None or prices.output_mtok is None:
            return None
        uncached = _mtok(prices.input_mtok)
        short = _mtok(prices.cache_write_mtok, uncached)
        return Rates(
            uncached,
            _mtok(prices.cache_read_mtok, uncached),
            short,
            _mtok(prices.cache_write_1h_mtok, short),
            _mtok(prices.output_mtok),
            _rate(prices.web_searches_kcount, 10**3) if prices.web_searches_kcount is not None else _Rate(0, ()),
        )

    def _found(self, model: str, provider: str | None) -> Any:
        if self._find is None:
            self._find = _finder()
        return self._find(model, provider)


def _finder() -> Callable[[str, str | None], Any]:
    snapshot = _snapshot()

    def find(model: str, provider: str | None) -> Any:
        # A provider name that the package does not know (a company's gateway) must not hide a model that it does know.
        for candidate in (provider, None) if provider else (None,):
            try:
                return snapshot.find_provider_model(model, None, candidate, None)[1]
            except LookupError:
                continue
        return None

    return find


def _snapshot() -> Any:
    """Load the package without its updater: that would load a network client, for which this app has no use.

    It is also a third of the time that loading takes.
    """
    updater = "genai_prices.update_prices"
    absent = None if "genai_prices" in sys.modules else _Absent(updater)
    if absent is not None:
        sys.modules[updater] = absent
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - slow to load

    if absent is not None and sys.modules.get(updater) is absent:
        del sys.modules[updater]
    return get_snapshot()


class _Absent(ModuleType):
    """Stands for a module whose names are imported but never used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)


def _mtok(price: Any, otherwise: _Rate | None = None) -> _Rate:
    if price is None:
        # Without a price of its own a cached token is billed like the kind it refines; so does the package.
        return otherwise if otherwise is not None else _Rate(0, ())
    return _rate(price, 10**6)


def _rate(price: Any, per: int) -> _Rate:
    if isinstance(price, Decimal):
        return _Rate(_atto(price, per), ())
    tiers = sorted(((tier.start, _atto(tier.price, per)) for tier in price.tiers), reverse=True)
    return _Rate(_atto(price.base, per), tuple(tiers))


def _atto(price: Decimal, per: int) -> int:
    # The package carries some prices with the dirt of binary fractions (0.18000000000000002): far below 10^-18 USD a
    # token.
    return round(price * _ATTO / per)
