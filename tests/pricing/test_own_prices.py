"""Own prices stand before the list; aliases name the model; what cannot be read is said."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.events import Generation
from goodmeasure.pricing.list_prices import ListPrices
from goodmeasure.pricing.own_prices import OwnPrices, own_prices

NOON = 1_790_000_000_000


def call(model: str, *counters: int | None, reported: int | None = None, reasoning: int | None = None) -> Generation:
    """`counters`: uncached input, cache read, cache writes of 5 minutes and 1 hour, output."""
    return Generation._make((b"k", "s", NOON, "corp", model, *counters, reasoning, None, reported, None, 0))


def test_every_counter_has_its_price_and_reasoning_is_billed_once() -> None:
    rates = {"input": 2.5, "cache_read": 0.25, "cache_write_5m": 3, "cache_write_1h": 5, "output": 10}
    cost = own_prices({"corp-large": rates}, {})[0].cost_of()
    expected = (round(100 * 2.5 + 200 * 0.25 + 30 * 3 + 40 * 5 + 50 * 10), "own_price")
    assert cost(call("corp-large", 100, 200, 30, 40, 50)) == expected
    assert cost(call("corp-large", 100, 200, 30, 40, 50, reasoning=20)) == expected
    assert cost(call("corp-large", 100, 200, 30, 40, 50, reported=7)) == expected


def test_cached_tokens_without_a_price_cost_what_they_refine() -> None:
    cost = own_prices({"m": {"input": 2, "output": 10}}, {})[0].cost_of()
    assert cost(call("m", 1, 1, 1, 1, 0)) == (8, "own_price")
    cost = own_prices({"m": {"input": 2, "cache_write_5m": 3, "output": 10}}, {})[0].cost_of()
    assert cost(call("m", 0, 0, 1, 1, 0)) == (6, "own_price")


def test_an_unknown_counter_is_an_unknown_cost() -> None:
    cost = own_prices({"m": {"input": 2, "output": 10}}, {})[0].cost_of()
    assert cost(call("m", 1, None, 0, 0, 1)) == (None, "unknown")
    assert cost(call("m", 1, 0, None, None, 1)) == (12, "own_price"), "writes cost what input costs"
    cost = own_prices({"m": {"input": 2, "cache_write_5m": 3, "output": 10}}, {})[0].cost_of()
    assert cost(call("m", 1, 0, None, None, 1)) == (None, "unknown")


def test_an_alias_has_the_price_of_the_model_that_it_names() -> None:
    cost = own_prices({}, {"gateway/prod": "claude-sonnet-4-5"})[0].cost_of()
    real = call("claude-sonnet-4-5", 1000, 0, 0, 0, 1000)._replace(provider="anthropic")
    assert cost(call("gateway/prod", 1000, 0, 0, 0, 1000)) == ListPrices().cost_of(real) == (18_000, "list_price")
    assert cost(call("gateway/other", 1000, 0, 0, 0, 1000)) == (None, "unknown")
    both = own_prices({"claude-sonnet-4-5": {"input": 1, "output": 1}}, {"gateway/prod": "claude-sonnet-4-5"})[0]
    assert both.cost_of()(call("gateway/prod", 1000, 0, 0, 0, 1000)) == (2000, "own_price")


def test_nothing_of_ones_own_leaves_the_list_prices() -> None:
    generation = call("gpt-4o", 1000, 0, 0, 0, 1000)
    assert OwnPrices().cost_of()(generation) == ListPrices().cost_of(generation)


@pytest.mark.parametrize(
    "wrong",
    [
        *(7, None, [], {}, {"input": 1}, {"input": -1, "output": 1}, {"input": "1", "output": 1}),
        *({"input": True, "output": 1}, {"input": float("nan"), "output": 1}, {"input": 1, "output": 1, "tea": 1}),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_holds(wrong: Any) -> None:
    found, problems = own_prices({"bad": wrong, "good": {"input": 1, "output": 1}}, {"a": 7, "b": "gpt-4o"})
    assert (set(found.rates), dict(found.aliases)) == ({"good"}, {"b": "gpt-4o"})
    assert ["bad" in problems[0], "alias a" in problems[1], len(problems)] == [True, True, 2]


@given(st.dictionaries(st.sampled_from(["m", "n"]), st.sampled_from([1, 2, 3])))
def test_the_mark_tells_prices_apart(table: dict[str, int]) -> None:
    made = own_prices({model: {"input": usd, "output": 1} for model, usd in table.items()}, {})[0]
    other = own_prices({model: {"input": usd, "output": 2} for model, usd in table.items()}, {})[0]
    assert (made.mark == other.mark) == (not table)
    assert own_prices({}, {"m": "n"})[0].mark != OwnPrices().mark
