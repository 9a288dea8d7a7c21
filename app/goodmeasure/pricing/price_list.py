"""The list prices that lie in the app, and which of them a model's name means.

`list_prices.json` beside this module is made from the package `genai-prices` while developing; the package itself is
not part of the app, since it loads a validation library and a network client (docs/decisions/0010). Names are matched
as the package matches them: a test compares every name it knows, and many more.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

PRICED = (
    "input_mtok",
    "cache_read_mtok",
    "cache_write_mtok",
    "cache_write_1h_mtok",
    "output_mtok",
    "web_searches_kcount",
)
"""What of a model's prices is needed: USD per million tokens, and per thousand searches."""

Price = str | list[Any]
"""USD as a decimal; or the base and then [prompt tokens, USD]: above this prompt size all tokens cost that."""
Prices = dict[str, Price]
Clause = dict[str, Any]
"""One of `equals`, `starts_with`, `ends_with`, `contains` (lower case), `regex`, or `and` and `or` of clauses."""

_ROUTER = "litellm"
"""It writes the provider before the model's name."""
_COMPACT_DATE = re.compile(r"-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)")


class Model(msgspec.Struct, frozen=True):
    """One model of one provider."""

    called: Clause
    prices: list[tuple[date | None, Prices]]
    """First day (UTC) and prices from then on: the last that has begun holds."""
    variants: list[tuple[dict[str, str], date | None, Prices]] = []
    """What a call must be, first day, and the prices that replace the usual ones; the first of each price holds."""

    def on(self, day: date, context: dict[str, str]) -> Prices:
        """Return the prices of a UTC day. `context`: what the call was, such as its service tier."""
        usual = next(prices for start, prices in reversed(self.prices) if start is None or start <= day)
        if not context:
            return usual
        found: Prices = {}
        for when, start, prices in self.variants:
            if (start is None or start <= day) and when.items() <= context.items():
                found = prices | found
        return usual | found


class Provider(msgspec.Struct, frozen=True):
    """Who sells models."""

    id: str
    models: list[Model]
    called: Clause | None = None
    """Other names of the provider."""
    serves: Clause | None = None
    """Names of models that tell that this provider serves them."""
    others: list[str] = []
    """Providers whose prices hold for models without a price here."""

    def model(self, name: str) -> Model | None:
        """Return the model of this (lower case) name."""
        return next((model for model in self.models if _fits(model.called, name)), None)


class PriceList(msgspec.Struct, frozen=True):
    """All prices."""

    version: str
    """Of the package that they are from."""
    providers: list[Provider]

    def model(self, name: str, provider: str | None) -> Model | None:
        """Return what a model's name means, at this provider where it is known, else at whoever usually serves it."""
        return (provider and self._at(name.lower(), provider.lower())) or self._at(name.lower(), None)

    def _at(self, name: str, provider: str | None) -> Model | None:
        if provider == _ROUTER:
            seller, slash, rest = name.partition("/")
            if slash and seller and self._named(seller):
                provider, name = seller, rest
        there = self._named(provider) if provider else None
        if there is None and provider in {None, _ROUTER}:
            there = next((one for one in self.providers if one.serves and _fits(one.serves, name)), None)
        if there is None:
            return None
        return self._sold_by(there, name) or self._sold_by(there, _COMPACT_DATE.sub(r"-\1-\2-\3", name))

    def _named(self, provider: str) -> Provider | None:
        provider = provider.strip()
        return self._with_id(provider) or next(
            (one for one in self.providers if one.called and _fits(one.called, provider)), None
        )

    def _with_id(self, provider: str) -> Provider | None:
        return next((one for one in self.providers if one.id == provider), None)

    def _sold_by(self, provider: Provider, name: str) -> Model | None:
        sellers = [provider, *(self._with_id(one) for one in provider.others)]
        return next((model for seller in sellers if seller and (model := seller.model(name))), None)


@cache
def price_list() -> PriceList:
    """Return the list in the app, read once."""
    return msgspec.json.decode(Path(__file__).with_name("list_prices.json").read_bytes(), type=PriceList)


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "equals": str.__eq__,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
    "regex": lambda name, pattern: re.search(pattern, name) is not None,
}


def _fits(clause: Clause, name: str) -> bool:
    ((kind, value),) = clause.items()
    if kind == "or":
        return any(_fits(one, name) for one in value)
    if kind == "and":
        return all(_fits(one, name) for one in value)
    return _TESTS[kind](name, value)
