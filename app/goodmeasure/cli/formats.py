"""How numbers, instants and tables look in a terminal, and how they are written as JSON."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any

from goodmeasure.domain.period import moment
from goodmeasure.domain.usage import Counters

UNKNOWN = "unknown"
SCHEMA_VERSION = 1


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document, with its schema version first, and nothing else."""
    sys.stdout.write(json.dumps({"schema_version": SCHEMA_VERSION, **document}, ensure_ascii=False, indent=1) + "\n")


def counters_json(counters: Counters) -> dict[str, int | None]:
    """Return the counters under the names of the command line's contract.

    `list_cost_micros` is the whole cost or null; the part that is known stands beside it.
    """
    whole = counters.list_cost_micros if counters.unpriced_generations == 0 else None
    return {**counters._asdict(), "list_cost_micros": whole, "known_list_cost_micros": counters.list_cost_micros}


def iso(at: int | None, zone: tzinfo) -> str | None:
    """Return an instant as ISO 8601 in the reporting zone, to the millisecond."""
    return None if at is None else moment(at, zone).isoformat(timespec="milliseconds")


def wall_clock(at: int | None, zone: tzinfo) -> str:
    """Return an instant as `2026-11-23 14:05` in the reporting zone."""
    return UNKNOWN if at is None else moment(at, zone).strftime("%Y-%m-%d %H:%M")


def number(value: int | None) -> str:
    """Return a count with thin groups of three digits; unknown as a word."""
    return UNKNOWN if value is None else f"{value:,}"


def money(micros: int | None, unpriced: int = 0) -> str:
    """Return micro-USD as dollars and cents; a `+` says that parts of the cost are unknown and not in it."""
    if micros is None:
        return UNKNOWN
    cents = (abs(micros) + 5_000) // 10_000
    sign = "-" if micros < 0 else ""
    return f"{sign}${cents // 100:,}.{cents % 100:02d}{'+' if unpriced else ''}"


def duration(seconds: float | None) -> str:
    """Return seconds as `45 s`, `12 min` or `3 h 05 min`."""
    if seconds is None:
        return UNKNOWN
    minutes = round(seconds / 60)
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"  # noqa: PLR2004 - an hour


def percent(share: float) -> str:
    """Return a share of 0 to 1 in whole percent; what is there is never `0%`."""
    return "under 1%" if 0 < share < 0.01 else f"{share:.0%}"  # noqa: PLR2004 - a hundredth


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return aligned columns with a heading; columns numbered in `right` (from 0) are flush right."""
    lines = [tuple(head), *(tuple(printable(cell) for cell in row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = []
    for position, line in enumerate(lines):
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        text.append(_strong("  ".join(cells).rstrip()) if position == 0 else "  ".join(cells).rstrip())
    return "\n".join(text)


def printable(text: str) -> str:
    """Return a text from a log without control characters: they must not drive the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _strong(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text
