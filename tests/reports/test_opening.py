"""Hostile files: each is refused with one sentence, quickly, and nothing else happens."""

import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.disclosure.levels import Report
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.canonical import canonical_json
from goodmeasure.reports.files import ReportFiles
from goodmeasure.reports.opening import demand_current, expired, open_report


def test_a_report_is_read_as_it_was_written(files: ReportFiles, report: Report) -> None:
    assert open_report(files.report) == report


def _changed(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        value = json.loads(data)
        change(value)
        return canonical_json(value)

    return changed


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "not JSON"),
    "too large": (lambda data: data + b" " * 1_000_000, "larger than 1 MB"),
    "not UTF-8": (lambda data: data.replace(b"Ada", b"Ad\xff"), "not text .UTF-8.: byte"),
    "surrogate bytes": (lambda data: data.replace(b"Ada", b"\xed\xa0\x80"), "not text"),
    "byte order mark": (lambda data: b"\xef\xbb\xbf" + data, "not JSON"),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), "not text"),
    "bomb of lists": (lambda _: b"[" * 900_000, "nested deeper than 16"),
    "bomb of objects": (lambda _: b'{"a":' * 150_000, "nested deeper than 16"),
    "brackets in a text": (lambda _: b'"' + b"[" * 1000 + b'"', "not a Good Measure report"),
    "escaped quote before brackets": (lambda _: b'["\\"", ' + b"[" * 1000, "nested deeper than 16"),
    "duplicate key": (lambda data: data.replace(b'"level":', b'"level":"L1","level":', 1), "names a field twice"),
    "duplicate key, escaped": (lambda data: b'{"\\u006cevel":"L1",' + data[1:], "names a field twice"),
    "float": (lambda data: data.replace(b'"taxonomy":1', b'"taxonomy":1.0'), "number 1.0, which is not whole"),
    "exponent": (lambda data: data.replace(b'"taxonomy":1', b'"taxonomy":1e0'), "not whole"),
    "NaN": (lambda data: data.replace(b'"taxonomy":1', b'"taxonomy":NaN'), "NaN"),
    "infinity": (lambda data: data.replace(b'"taxonomy":1', b'"taxonomy":-Infinity'), "-Infinity"),
    "huge number": (lambda data: data.replace(b'"taxonomy":1', b'"taxonomy":' + b"9" * 500_000), "too large"),
    "large number": (lambda data: data.replace(b'"taxonomy":1', b'"taxonomy":9007199254740992'), "too large"),
    "not an object": (lambda _: b"[]", "not a Good Measure report"),
    "other format": (lambda data: data.replace(b"goodmeasure-report/1", b"someone-else-rep/1"), "not a Good Measure"),
    "newer format": (lambda data: data.replace(b"goodmeasure-report/1", b"goodmeasure-report/2"), "newer version"),
    "other level": (_changed(lambda value: value.update(level="L9")), "does not keep to its format"),
    "unknown field": (_changed(lambda value: value.update(tokens=1)), "unknown field `tokens`"),
    "unknown field below": (_changed(lambda value: value["words"].update(prompt="x")), "unknown field `prompt`"),
    "missing field": (_changed(lambda value: value.pop("need")), "missing required field `need`"),
    "control character": (_changed(lambda value: value.update(name="a\u0007b")), "invisible or control"),
    "bidirectional text": (_changed(lambda value: value.update(name="a\u202eb")), "U.202E"),
    "lone surrogate": (lambda data: data.replace(b"Ada", b"\\ud800"), "does not keep to its format"),
    "no such week": (_changed(lambda value: value.update(written_in="2027-W53")), "no such week"),
    "expires before it is written": (_changed(lambda value: value.update(expires_after="2026-W01")), "expires before"),
    "never expires": (_changed(lambda value: value.update(expires_after="9999-W51")), "more than a year"),
    "expires after the last day": (_changed(lambda value: value.update(expires_after="9999-W52")), "no such week"),
    "about the last month": (_changed(lambda value: value.update(period="9999-12")), "no such week or month"),
    "spaces": (lambda data: data.replace(b":", b": ", 1), "canonical form"),
    "line end": (lambda data: data + b"\n", "canonical form"),
    "other order": (
        lambda data: json.dumps(dict(reversed(json.loads(data).items())), separators=(",", ":")).encode(),
        "canonical form",
    ),
    "escaped letters": (lambda data: data.replace(b"Ada", b"\\u0041da"), "canonical form"),
    "something after": (lambda data: data + b"{}", "not JSON"),
    "cut off": (lambda data: data[:-1], "not JSON"),
}


@pytest.mark.parametrize(("change", "words"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_in_one_sentence(
    files: ReportFiles, change: Callable[[bytes], bytes], words: str
) -> None:
    hostile = change(files.report)
    assert hostile != files.report
    started = time.process_time()
    with pytest.raises(Refusal, match=words) as refusal:
        open_report(hostile)
    assert time.process_time() - started < 2
    sentence = str(refusal.value)
    assert sentence.startswith("The ")
    assert sentence.endswith(".")
    assert len(sentence) < 300
    assert sentence.isprintable()


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_not_crashed_on(data: bytes) -> None:
    with pytest.raises(Refusal):
        open_report(data)


_MUTATION = st.tuples(st.integers(0, 10_000), st.integers(0, 40), st.binary(max_size=40))


@given(mutations=st.lists(_MUTATION, min_size=1, max_size=3))
def test_mutated_reports_are_refused_or_reports(files: ReportFiles, mutations: list[tuple[int, int, bytes]]) -> None:
    data = files.report
    for place, length, fresh in mutations:
        at = place % len(data)
        data = data[:at] + fresh + data[at + length :]
    try:
        found = open_report(data)
    except Refusal as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - both ends are fine, only the refusal has a form
    else:
        assert isinstance(found, Report)


def test_a_report_expires_after_its_last_week(report: Report) -> None:
    # 2027-W08 ends on Sunday 28 February 2027.
    assert report.expires_after == "2027-W08"
    assert not expired(report, date(2027, 2, 28))
    demand_current(report, date(2027, 2, 28))
    assert expired(report, date(2027, 3, 1))
    with pytest.raises(Refusal, match="expired on 2027-02-28: delete it, or ask Ada Example for a new one"):
        demand_current(report, date(2027, 3, 1))
