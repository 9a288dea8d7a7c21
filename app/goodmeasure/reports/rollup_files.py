"""A roll-up as a file: canonical JSON, and the flat rows that other programs load."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from goodmeasure.disclosure.rollup import RollUp
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.canonical import canonical_json

REPORT_NAME: Final = "rollup.json"
PAGE_NAME: Final = "rollup.html"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a roll-up: a range, and what it is a range of."""

    period: str
    """ISO week or month."""
    measure: str
    """`share`, `likely_share`, `runs`, `time_saved`, `list_cost`, `tokens`, `people`, `contribution`."""
    unit: str
    """`percent`, `runs`, `hours`, `usd_cents`, `tokens` or `people`."""
    part: str
    """The question, kind of evidence, provider; "" for the whole."""
    cell: str
    """The answer, or the kind of token; "" for the whole."""
    people_at_least: int
    low: int
    high: int | None
    """None: there is no upper end."""


def roll_up_bytes(made: RollUp) -> bytes:
    """Return the canonical UTF-8 bytes of a roll-up."""
    return canonical_json(msgspec.to_builtins(made))


def open_roll_up(data: bytes) -> RollUp:
    """Return the roll-up in these bytes. Raises Refusal where they are none."""
    try:
        return msgspec.json.decode(data, type=RollUp)
    except msgspec.DecodeError as error:
        raise Refusal("This is not a roll-up of Good Measure.") from error


def rows(made: RollUp) -> Iterator[Row]:
    """Yield every figure of a roll-up, in a fixed order."""
    everyone = made.people_at_least
    yield Row(made.period, "people", "people", "", "", everyone, everyone, None)
    if made.contribution is not None:
        low, high = made.contribution.split("-")
        yield Row(made.period, "contribution", "percent", "", "", everyone, int(low), int(high))
    for bar in made.bars:
        for share in bar.shares:
            of = (bar.question, share.answer, bar.people_at_least)
            yield Row(made.period, "share", "percent", *of, share.low_percent, share.high_percent)
            if share.likely_low_percent is not None:
                yield Row(
                    made.period, "likely_share", "percent", *of, share.likely_low_percent, share.likely_high_percent
                )
    for runs in made.runs:
        yield Row(
            made.period, "runs", "runs", runs.question, runs.answer, runs.people_at_least, runs.low_runs, runs.high_runs
        )
    for time in made.time:
        yield Row(
            made.period, "time_saved", "hours", time.evidence, "", time.people_at_least, time.low_hours, time.high_hours
        )
    for cost in made.costs:
        is_money = cost.kind == "list_cost_cents"
        yield Row(
            made.period,
            "list_cost" if is_money else "tokens",
            "usd_cents" if is_money else "tokens",
            cost.provider,
            "" if is_money else cost.kind.removesuffix("_tokens"),
            cost.people_at_least,
            cost.low,
            cost.high,
        )
