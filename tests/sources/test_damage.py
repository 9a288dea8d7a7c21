"""Damaged and hostile lines: never an exception, always an issue, and the neighbours stay."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodmeasure.domain.events import Batch
from goodmeasure.sources.base import Source
from goodmeasure.sources.registry import all_sources
from tests.sources.conftest import READERS

HERE = Path(__file__).parent
BY_KEY = {source.key: source for source in all_sources() if source.key in READERS}

GOOD: dict[str, tuple[bytes, bytes]] = {
    "claude-code": (
        (
            b'{"type":"assistant","sessionId":"s","message":{"id":"m1","model":"claude-opus-5","stop_reason":"end_turn",'
            b'"usage":{"input_tokens":1,"output_tokens":2},"content":[]}}'
        ),
        (
            b'{"type":"assistant","sessionId":"s","message":{"id":"m2","model":"claude-opus-5","stop_reason":"end_turn",'
            b'"usage":{"input_tokens":3,"output_tokens":4},"content":[]}}'
        ),
    ),
    "codex": (
        b'{"type":"token_usage_record","payload":{"response_id":"r1","usage":{"input_tokens":1,"output_tokens":2}}}',
        b'{"type":"token_usage_record","payload":{"response_id":"r2","usage":{"input_tokens":3,"output_tokens":4}}}',
    ),
    "pi": (
        b'{"type":"message","id":"a","message":{"role":"assistant","usage":{"input":1,"output":2}}}',
        b'{"type":"message","id":"b","message":{"role":"assistant","usage":{"input":3,"output":4}}}',
    ),
}
BAD_NUMBERS = [b'"5"', b"-1", b"9007199254740993", b"1.5", b"1e99", b"[]", b"{}", b"true", b"999999999999999999999999"]
BROKEN = [
    b"{",
    b"not json",
    b"\x00\x00\x00\x00",
    b"\xff\xfe\xfd",
    b"[1,2]",
    b"5",
    b'"text"',
    b"null",
    b'{"type":5}',
    b'{"type":"user","message":5}',
    b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b"[" * 100_000,
    b'{"type":"a"} {"type":"b"}',
    b'{"type":"assistant"' + b"\x00" * 50,
]


def feed(source: Source, *lines: bytes) -> Batch:
    return READERS[source.key]("projects/p/s.jsonl", None).feed(lines, 1)


def with_output(line: bytes, number: bytes) -> bytes:
    """Return the first good line with another number of output tokens."""
    changed = re.sub(rb'("output\w*":)2', rb"\g<1>" + number, line)
    assert changed != line
    return changed


@pytest.mark.parametrize("broken", BROKEN, ids=lambda line: repr(line[:24]))
def test_a_broken_line_is_an_issue_between_good_neighbours(source: Source, broken: bytes) -> None:
    first, second = GOOD[source.key]
    batch = feed(source, first, broken, second)
    assert [generation.output_tokens for generation in batch.generations] == [2, 4]
    if not (source.key == "codex" and broken.startswith(b'{"type":"user"')):  # Codex rows have no `message` there
        assert [issue.line for issue in batch.issues] == [2]
        assert batch.issues[0].what.endswith(".")
    assert batch.lines == 3


@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_impossible_numbers_are_issues(source: Source, number: bytes) -> None:
    first, second = GOOD[source.key]
    batch = feed(source, with_output(first, number), second)
    assert [generation.output_tokens for generation in batch.generations] == [4]
    assert [issue.line for issue in batch.issues] == [1]
    assert "output" in batch.issues[0].what


def test_the_largest_exact_number_is_read(source: Source) -> None:
    line = with_output(GOOD[source.key][0], b"9007199254740992")
    assert [generation.output_tokens for generation in feed(source, line).generations] == [2**53]


DAMAGED_TEXTS = [b"caf\xe9", b"\xed\xa0\x80", b"\\ud83d", b"tab\tin", b"\x00", b"\x1b[0m"]


@pytest.mark.parametrize("text", DAMAGED_TEXTS, ids=repr)
@pytest.mark.parametrize("place", [b'"cwd":"%s",', b'"unread":"%s",', b'"timestamp":"%s",'])
def test_damage_inside_a_text_costs_no_number(source: Source, text: bytes, place: bytes) -> None:
    first, second = GOOD[source.key]
    damaged = first.replace(b'{"type"', b"{" + place % text + b'"type"', 1)
    batch = feed(source, damaged, second)
    assert [generation.output_tokens for generation in batch.generations] == [2, 4]
    assert batch.issues == []


def test_a_byte_order_mark_is_ignored(source: Source) -> None:
    assert len(feed(source, b"\xef\xbb\xbf" + GOOD[source.key][0]).generations) == 1


@pytest.mark.parametrize("blank", [b"", b" ", b"\r", b"\t \r"])
def test_blank_lines_are_no_issue(source: Source, blank: bytes) -> None:
    batch = feed(source, blank, GOOD[source.key][0])
    assert (batch.issues, len(batch.generations), batch.lines) == ([], 1, 2)


def test_absurd_instants_are_unknown(source: Source) -> None:
    for text in (
        "0000-00-00T00:00:00.000Z",
        "9999-99-99",
        "yesterday",
        "",
        "2026-11-20T12:00:99.000Z",
        "²026-11-20T12:00:0².000Z",
    ):
        line = GOOD[source.key][0].replace(b'{"type"', b'{"timestamp":' + json.dumps(text).encode() + b',"type"', 1)
        assert [generation.recorded_at for generation in feed(source, line).generations] == [None], text


def golden_lines(key: str) -> list[bytes]:
    return [line for path in sorted((HERE / key).rglob("*.jsonl"))[::9] for line in path.read_bytes().splitlines()]


LINES = {key: golden_lines(key) for key in BY_KEY}
KEYS = st.sampled_from(sorted(BY_KEY))


@given(KEYS, st.lists(st.binary(max_size=200), max_size=8))
def test_random_bytes_never_raise(key: str, lines: list[bytes]) -> None:
    batch = feed(BY_KEY[key], *lines)
    assert batch.lines == len(lines)
    assert batch.generations == []


@settings(max_examples=300)
@given(KEYS, st.data())
def test_mutated_lines_never_raise_and_spare_their_neighbours(key: str, data: st.DataObject) -> None:
    line = bytearray(data.draw(st.sampled_from(LINES[key])))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(line) - 1)))
        line[place : place + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=4)).replace(b"\n", b"")
    first, second = GOOD[key]
    batch = feed(BY_KEY[key], first, bytes(line), second)
    assert {2, 4} <= {generation.output_tokens for generation in batch.generations}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def replaced(value: Any, path: list[int], new: Any) -> Any:
    """Return a JSON value with the part at `path` (positions, taken modulo the size at each level) replaced."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    number = path[0] % len(value)
    if isinstance(value, list):
        return [*value[:number], replaced(value[number], path[1:], new), *value[number + 1 :]]
    name = list(value)[number]
    return {**value, name: replaced(value[name], path[1:], new)}


@settings(max_examples=400)
@given(KEYS, st.data(), st.lists(st.integers(0, 30), max_size=4), VALUES)
def test_wrong_types_anywhere_never_raise(key: str, data: st.DataObject, path: list[int], new: Any) -> None:
    line = json.loads(data.draw(st.sampled_from(LINES[key])))
    feed(BY_KEY[key], json.dumps(replaced(line, path, new)).encode())


@given(KEYS, st.binary(max_size=50))
def test_a_foreign_state_is_refused_with_a_value_error(key: str, state: bytes) -> None:
    if state == b"" or state.strip().startswith(b"{"):
        return
    with pytest.raises(ValueError, match=r".*"):
        READERS[key]("x.jsonl", state)
