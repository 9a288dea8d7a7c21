"""Reading a report that came from somewhere: hostile until proven strict."""

import json
import re
from datetime import date, timedelta
from typing import Any, Final, NoReturn

import msgspec

from goodmeasure.disclosure.levels import FORMAT, Report, SingleRuns
from goodmeasure.disclosure.sealing import holds
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named, week_of
from goodmeasure.reports.canonical import LARGEST_NUMBER, CanonicalError, canonical_bytes

LARGEST_REPORT_BYTES: Final = 1_000_000
DEEPEST: Final = 16
"""How far brackets may be nested; a report needs 4."""

_BRACKET: Final = re.compile(r'[\[\]{}]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A bracket, or a whole text, in which brackets do not count. It never goes back, so that no text makes it slow."""
_FORMAT_PREFIX: Final = "goodmeasure-report/"


def open_report(data: bytes) -> Report:
    """Return the report in these bytes.

    Raises Refusal, one sentence, for anything that `canonical_bytes` would not write: over 1 MB, not UTF-8, not JSON,
    nested too deep, duplicate keys, floats, unknown or missing fields, wrong values, texts that are not plain, another
    order or spacing. Whether it has expired, `expired` says.
    """
    if len(data) > LARGEST_REPORT_BYTES:
        raise Refusal("The report is larger than 1 MB: it is not one that Good Measure writes.")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Refusal(f"The report is not text (UTF-8): byte {error.start + 1} cannot be read.") from error
    if _is_deeper(text, DEEPEST):
        raise Refusal(f"The report is nested deeper than {DEEPEST} levels: it is not one that Good Measure writes.")
    value = _json(text)
    _demand_known_format(value)
    try:
        report: Report = msgspec.convert(value, Report, strict=True)
    except msgspec.ValidationError as error:
        raise Refusal(f"The report does not keep to its format: {error}.") from error
    _demand_proofs(report)
    try:
        same = canonical_bytes(report) == data
    except CanonicalError as error:
        raise Refusal(f"The report does not keep to its format: {error}") from error
    if not same:
        raise Refusal("The report is not in its canonical form: it was written or changed by another program.")
    return report


def _demand_proofs(report: Report) -> None:
    if isinstance(report, SingleRuns):
        for number, run in enumerate(report.runs, 1):
            if not holds(run):
                raise Refusal(f"Run {number} of the report does not fit its receipt: it was changed.")


def expired(report: Report, today: date) -> bool:
    """Say whether the report's last week is over."""
    return today > period_named(report.expires_after).last_on


def demand_current(report: Report, today: date) -> None:
    """Raise Refusal where the report has expired: it is to be deleted and is not shown."""
    if expired(report, today):
        last_on = period_named(report.expires_after).last_on
        raise Refusal(f"The report expired on {last_on.isoformat()}: delete it, or ask {report.name} for a new one.")


def demand_written(report: Report, today: date) -> None:
    """Raise Refusal where the report was written in a week to come: it would outlive what its sender may ask for."""
    # Where the sender is, it may be tomorrow already.
    if report.written_in > week_of(today + timedelta(days=1)).name:
        raise Refusal(
            f"The report says that it was written in {report.written_in}, which is to come: check this computer's"
            f" clock, or ask {report.name} for a new one."
        )


def _json(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
            parse_int=_small_integer,
        )
    except json.JSONDecodeError as error:
        raise Refusal(f"The report is not JSON: {error.msg} at character {error.pos + 1}.") from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refusal("The report names a field twice: it is not one that Good Measure writes.")
    return found


def _refuse_float(text: str) -> NoReturn:
    raise Refusal(
        f"The report holds the number {text[:20]}, which is not whole: it is not one that Good Measure writes."
    )


def _small_integer(text: str) -> int:
    # Checked by length first: turning thousands of digits into a number takes long.
    if len(text) > len(str(LARGEST_NUMBER)) or abs(int(text)) > LARGEST_NUMBER:
        raise Refusal("The report holds a number that is too large: it is not one that Good Measure writes.")
    return int(text)


def _demand_known_format(value: Any) -> None:
    name = value.get("format") if isinstance(value, dict) else None
    if not isinstance(name, str) or not name.startswith(_FORMAT_PREFIX):
        raise Refusal("The file is not a Good Measure report.")
    if name != FORMAT:
        raise Refusal("The report was written by a newer version of Good Measure: update to read it.")


def _is_deeper(text: str, most: int) -> bool:
    """Say whether brackets nest deeper than `most` outside of texts. Of wrong JSON it may say anything."""
    depth = 0
    for found in _BRACKET.finditer(text):
        if found[0] in "[{":
            depth += 1
            if depth > most:
                return True
        elif found[0] in "]}":
            depth -= 1
    return False
