"""Spend per day: every day there, unknown kept apart from zero."""

from datetime import date

import pytest

from goodmeasure.domain.runs import UsageRow
from goodmeasure.domain.usage import NOTHING, Counters
from goodmeasure.metrics.spend import spend_per_day


def _row(day: str | None, output_tokens: int | None, cost: int | None, source: str = "one") -> UsageRow:
    return UsageRow(
        {"day": day, "source": source}, Counters(1, 100, None, 0, 0, output_tokens, None, cost, int(cost is None), 0, 0)
    )


def test_days_are_filled_and_sums_kept() -> None:
    rows = [
        _row("2026-11-02", 5, 700),
        _row("2026-11-02", 6, None, source="two"),
        _row("2026-11-04", None, None),
        _row("2026-11-09", 1, 1),
        _row(None, 1, 1),
    ]
    found = spend_per_day(rows, date(2026, 11, 1), date(2026, 11, 4))
    assert [entry.day.day for entry in found] == [1, 2, 3, 4]
    assert found[0].counters == found[2].counters == NOTHING
    assert found[1].counters.generations == 2
    assert found[1].counters.list_cost_micros == 700
    assert found[1].counters.unpriced_generations == 1
    assert [entry.tokens for entry in found] == [0, 211, 0, 100]
    assert found[3].counters.list_cost_micros is None


def test_unknown_tokens_stay_unknown() -> None:
    unknown = UsageRow({"day": "2026-11-01"}, Counters(1, None, None, None, None, None, None, None, 1, 0, 0))
    (found,) = spend_per_day([unknown], date(2026, 11, 1), date(2026, 11, 1))
    assert found.tokens is None


def test_days_must_be_in_order_and_rows_by_day() -> None:
    with pytest.raises(ValueError, match="is before"):
        spend_per_day([], date(2026, 11, 2), date(2026, 11, 1))
    with pytest.raises(KeyError):
        spend_per_day([UsageRow({"week": "2026-W45"}, NOTHING)], date(2026, 11, 1), date(2026, 11, 1))
