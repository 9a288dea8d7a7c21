"""The table of cost: FOCUS's columns, the signed report's numbers, nothing else."""

import csv
import hashlib
import io

import msgspec
import pytest

from goodmeasure.disclosure.levels import Level, Report
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.reports.cost_csv import COLUMNS, cost_csv
from tests.disclosure.samples import LEVELS_FILLED, sample


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_it_says_what_the_report_says() -> None:
    report = canonical_bytes(sample("L2"))
    made = cost_csv(report)
    assert made is not None
    anthropic, others = _rows(made)
    assert tuple(anthropic) == COLUMNS
    assert anthropic == {
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "ChargeDescription": "Use of language models by AI agents, rounded to two digits",
        "ChargePeriodStart": "2026-11-16T00:00:00Z",
        "ChargePeriodEnd": "2026-11-23T00:00:00Z",
        "ListCost": "410.00",
        "ProviderName": "Anthropic",
        "PublisherName": "Anthropic",
        "ServiceCategory": "AI and Machine Learning",
        "ServiceName": "Language models",
        "x_InputTokens": "1900000",
        "x_CacheReadTokens": "210000000",
        "x_CacheWriteTokens": "8700000",
        "x_OutputTokens": "2300000",
        "x_EstimatedCallsPercent": "0-10",
        "x_UnpricedCallsPercent": "0-10",
        "x_ReportSha256": hashlib.sha256(report).hexdigest(),
    }
    assert (others["ListCost"], others["x_CacheReadTokens"], others["x_InputTokens"]) == ("", "", "85000")
    for typed in ("Ada", "Platform", "checklist", "staging"):
        assert typed.encode() not in made


def test_only_what_was_ticked() -> None:
    unticked = msgspec.convert({**LEVELS_FILLED["L2"], "cost": None}, Report)
    assert cost_csv(canonical_bytes(unticked)) is None


@pytest.mark.parametrize("level", ["L0", "L1", "L3"])
def test_other_levels_have_no_cost(level: Level) -> None:
    assert cost_csv(canonical_bytes(sample(level))) is None
