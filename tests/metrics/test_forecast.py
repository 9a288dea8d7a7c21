"""The forecast is what one's own weeks would make of the days that are left."""

from goodmeasure.metrics.forecast import Forecast, forecast


def test_the_cheapest_and_the_dearest_week_span_the_range() -> None:
    # 10 dollars so far; half a week is left; weeks cost 0, 7, 14 and 3.50 dollars.
    assert forecast(10_000_000, [0, 7_000_000, 14_000_000, 3_500_000], 3) == Forecast(10_000_000, 16_000_000, 4)


def test_too_few_weeks_or_no_day_left_say_nothing() -> None:
    assert forecast(1, [5, 5, 5], 10) is None
    assert forecast(1, [5, 5, 5, 5], 0) is None
