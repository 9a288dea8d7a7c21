"""Appendix A as CSV, in the columns of FOCUS (the FinOps Open Cost and Usage Specification, 1.2).

Each line is one line of the signed report and holds nothing else. It is not a whole FOCUS data set: what was billed,
contracted or effective is not known, so those columns are absent. Columns of our own begin with `x_`, as FOCUS asks.
"""

import csv
import hashlib
import io
from datetime import date, timedelta
from typing import Final

from goodmeasure.disclosure.levels import Numbers
from goodmeasure.disclosure.numbers import Cost, CostLine
from goodmeasure.domain.period import period_named
from goodmeasure.reports.numbers_told import PROVIDERS
from goodmeasure.reports.opening import open_report

COLUMNS: Final = (
    "BillingCurrency",
    "ChargeCategory",
    "ChargeDescription",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ListCost",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
    "x_InputTokens",
    "x_CacheReadTokens",
    "x_CacheWriteTokens",
    "x_OutputTokens",
    "x_EstimatedCallsPercent",
    "x_UnpricedCallsPercent",
    "x_ReportSha256",
)


def cost_csv(report: bytes) -> bytes | None:
    """Return appendix A of these exact bytes as CSV (RFC 4180, UTF-8); None where it was not ticked or there is none.

    `ChargePeriodEnd` is exclusive, as FOCUS has it. An empty field is unknown. Raises Refusal where the bytes are no
    report.
    """
    opened = open_report(report)
    if not isinstance(opened, Numbers) or opened.cost is None:
        return None
    period = period_named(opened.period)
    times = (_midnight(period.first_on), _midnight(period.last_on + timedelta(days=1)))
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(COLUMNS)
    table.writerows(_rows(opened.cost, times, hashlib.sha256(report).hexdigest()))
    return written.getvalue().encode()


def _rows(cost: Cost, times: tuple[str, str], digest: str) -> list[tuple[str, ...]]:
    return [_row(line, times, digest) for line in cost.lines]


def _row(line: CostLine, times: tuple[str, str], digest: str) -> tuple[str, ...]:
    name = PROVIDERS[line.provider.value]
    cents = line.list_cost_cents
    return (
        "USD",
        "Usage",
        "Use of language models by AI agents, rounded to two digits",
        *times,
        "" if cents is None else f"{cents // 100}.{cents % 100:02}",
        name,
        name,
        "AI and Machine Learning",
        "Language models",
        *(
            "" if number is None else str(number)
            for number in (
                line.input_tokens,
                line.cache_read_tokens,
                line.cache_write_tokens,
                line.output_tokens,
            )
        ),
        line.estimated,
        line.unpriced,
        digest,
    )


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
