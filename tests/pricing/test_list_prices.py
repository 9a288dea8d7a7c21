from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from goodmeasure.domain.costs import CostBasis
from goodmeasure.domain.events import Generation
from goodmeasure.pricing.list_prices import ListPrices


def cost(
    model: str | None,
    recorded_at: int | None,
    counters: tuple[int | None, ...],
    *,
    provider: str | None = None,
    tier: str | None = None,
    reported: int | None = None,
) -> tuple[int | None, str]:
    uncached, read, short, long, output = counters
    return PRICES.cost_of(
        Generation(
            b"", "s", recorded_at, provider, model, uncached, read, short, long, output, None, None, reported, tier, 0
        )
    )


TOKENS = st.integers(0, 2_000_000)
MODELS = [
    "claude-sonnet-4-5-20250929",
    "claude-opus-4-6",
    "claude-haiku-5-5",
    "gpt-5-codex",
    "gpt-6.1-sol",
    "claude-fable-5",
]
PRICES = ListPrices()


def at(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, 12, tzinfo=UTC).timestamp() * 1000)


@settings(max_examples=150)
@given(
    model=st.sampled_from(MODELS),
    counters=st.tuples(TOKENS, TOKENS, TOKENS, TOKENS, TOKENS),
    day=st.integers(1, 28),
    month=st.integers(1, 12),
)
def test_the_cost_is_what_the_price_package_says(
    model: str, counters: tuple[int, int, int, int, int], day: int, month: int
) -> None:
    uncached, read, short, long, output = counters
    moment = datetime(2026, month, day, 12, tzinfo=UTC)
    if not model.startswith("claude"):
        short, long = 0, 0
    truth = calc_price(
        Usage(
            input_tokens=uncached + read + short + long,
            cache_read_tokens=read,
            cache_write_tokens=short + long,
            cache_write_1h_tokens=long,
            output_tokens=output,
        ),
        model,
        genai_request_timestamp=moment,
    ).total_price
    found, basis = cost(model, int(moment.timestamp() * 1000), (uncached, read, short, long, output))
    assert basis == CostBasis.LIST_PRICE
    assert found == int((truth * 1_000_000).to_integral_value(ROUND_HALF_EVEN))


def test_every_model_of_the_package_can_be_priced_or_is_unknown() -> None:
    priced = 0
    for provider in get_snapshot().providers:
        for model in provider.models:
            rates = PRICES.rates(provider.id, model.id, None, at(2026, 11, 20))
            priced += rates is not None
    assert priced > 500


def test_an_unknown_model_has_an_unknown_cost_not_zero() -> None:
    assert cost("house-model-7", at(2026, 11, 1), (1, 0, 0, 0, 1)) == (None, CostBasis.UNKNOWN)


@pytest.mark.parametrize("unknown", [0, 1, 2, 4])
def test_one_unknown_counter_makes_the_cost_unknown(unknown: int) -> None:
    counters: list[int | None] = [10, 10, 10, 10, 10]
    counters[unknown] = None
    assert cost("claude-opus-4-6", at(2026, 11, 1), tuple(counters)) == (None, CostBasis.UNKNOWN)


def test_writes_of_an_unknown_lifetime_cost_as_five_minutes() -> None:
    day = at(2026, 11, 1)
    assert cost("claude-opus-4-6", day, (0, 0, 1000, None, 0)) == cost("claude-opus-4-6", day, (0, 0, 1000, 0, 0))


def test_unknown_writes_are_no_matter_where_they_cost_what_input_costs() -> None:
    day = at(2026, 11, 1)
    assert cost("gpt-5", day, (1000, 0, None, None, 1)) == cost("gpt-5", day, (1000, 0, 0, 0, 1))
    assert cost("gpt-5", day, (None, 0, None, None, 1)) == (None, CostBasis.UNKNOWN)


def test_a_call_without_a_day_has_no_price() -> None:
    assert cost("claude-opus-4-6", None, (1, 0, 0, 0, 1)) == (None, CostBasis.UNKNOWN)


def test_what_the_agent_reported_wins() -> None:
    assert cost("house-model-7", None, (None,) * 5, reported=1234) == (1234, CostBasis.REPORTED)


def test_a_gateway_name_does_not_hide_a_known_model() -> None:
    direct = cost("claude-opus-4-6", at(2026, 11, 1), (1000, 0, 0, 0, 1000))
    assert cost("claude-opus-4-6", at(2026, 11, 1), (1000, 0, 0, 0, 1000), provider="company-gateway") == direct


def test_the_price_is_that_of_the_day_of_use() -> None:
    # The price of a long prompt to this model changed during 2026: over the year both are seen.
    long_prompt = {cost("claude-opus-4-6", at(2026, month, 15), (300_000, 0, 0, 0, 0))[0] for month in range(1, 13)}
    assert None not in long_prompt
    assert len(long_prompt) > 1


def test_faster_service_costs_what_its_variant_says() -> None:
    day = at(2026, 11, 1)
    usual = cost("gpt-5", day, (1_000_000, 0, 0, 0, 0))[0]
    priority = cost("gpt-5", day, (1_000_000, 0, 0, 0, 0), tier="priority")[0]
    assert usual is not None
    assert priority is not None
    assert priority > usual
