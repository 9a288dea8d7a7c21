"""The list in the app against the package that it is from: for every name the same prices on every day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from genai_prices.data_snapshot import get_snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from goodmeasure.pricing.price_list import PRICED, price_list
from tests.pricing.write_price_list import FILE, text

DAYS = [date(2023, 1, 1), date(2025, 6, 30), date(2026, 3, 14), date(2026, 8, 1), date(2026, 11, 23), date(2030, 1, 1)]
CONTEXTS = [{}, {"service_tier": "priority", "speed": "priority"}, {"service_tier": "fast", "speed": "fast"}]
CONTEXTS += [{"service_tier": "flex", "speed": "flex"}, {"processing": "batch"}]


def test_the_list_is_what_the_installed_package_says() -> None:
    assert FILE.read_bytes() == text(), "run python -m tests.pricing.write_price_list"


@cache
def names() -> list[str]:
    """Every name and every part of a name that the package knows."""
    found = {model.id for provider in get_snapshot().providers for model in provider.models}
    for provider in get_snapshot().providers:
        for model in provider.models:
            found.update(parts(model.match))
    return sorted(found)


def parts(clause: Any) -> Iterator[str]:
    for told in vars(clause).values():
        if isinstance(told, str):
            yield told
        else:
            for one in told:
                yield from parts(one)


PROVIDERS = [None, "", "litellm", "house-gateway", "Azure", "vertex_ai", "bedrock", "google-vertex"]
PROVIDERS += [provider.id for provider in get_snapshot().providers]


def of_package(name: str, provider: str | None, day: date, context: dict[str, str]) -> dict[str, list[Decimal]] | None:
    for candidate in (provider, None) if provider else (None,):
        try:
            model = get_snapshot().find_provider_model(name, None, candidate, None)[1]
        except LookupError:
            continue
        prices = model.get_prices(datetime(day.year, day.month, day.day, tzinfo=UTC), context)
        told = {key: getattr(prices, key) for key in PRICED}
        return {
            key: [price]
            if isinstance(price, Decimal)
            else [price.base, *(n for t in price.tiers for n in (t.start, t.price))]
            for key, price in told.items()
            if price is not None
        }
    return None


def of_list(name: str, provider: str | None, day: date, context: dict[str, str]) -> dict[str, list[Decimal]] | None:
    model = price_list().model(name, provider)
    return None if model is None else {key: numbers(price) for key, price in model.on(day, context).items()}


def numbers(price: Any) -> list[Decimal]:
    base, tiers = (price, []) if isinstance(price, str) else (price[0], price[1:])
    return [Decimal(base), *(Decimal(number) for tier in tiers for number in tier)]


def test_every_name_costs_the_same_at_whoever_usually_sells_it() -> None:
    for number, name in enumerate(names()):
        for provider in (None, PROVIDERS[number % len(PROVIDERS)]):
            day, context = DAYS[number % len(DAYS)], CONTEXTS[number % len(CONTEXTS)]
            assert of_list(name, provider, day, context) == of_package(name, provider, day, context), (name, provider)


@settings(max_examples=300)
@given(
    name=st.sampled_from(names()),
    before=st.sampled_from(["", "", "us.", "anthropic/", "openai/", "models/", "Eu.Anthropic.", "nobody/"]),
    behind=st.sampled_from(["", "", "-20260115", "-2026-01-15", "-latest", ":free", "-v1:0", "@20251001", "-x"]),
    provider=st.sampled_from(PROVIDERS),
    day=st.sampled_from(DAYS),
    context=st.sampled_from(CONTEXTS),
)
def test_names_as_agents_write_them_cost_the_same(
    name: str, before: str, behind: str, provider: str | None, day: date, context: dict[str, str]
) -> None:
    whole = before + name + behind
    assert of_list(whole, provider, day, context) == of_package(whole, provider, day, context)
