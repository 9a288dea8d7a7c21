"""Logs whose fields hold anything at all, or that are cut off anywhere: told as issues, never raised."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.intake.find import find_files
from goodmeasure.sources.base import Database, Reading
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import HERE
from tests.sources.readings import assert_sound, source_of, taught, texts_in

OWN_TESTS = frozenset({"claude-code", "codex"})
"""Sources that `test_damage.py` tries line by line."""
CANARY = "canary in a coal mine"
WRONG: tuple[Any, ...] = (None, True, -1, 1.5, 2**60, "", "x y", [], {}, [[]], {"a": {"b": 1}}, [None], "\ud800")


def logs_of(key: str) -> list[tuple[Reading, str, bytes]]:
    source = source_of(key)
    names = json.loads((HERE / key / "expected.json").read_text(encoding="utf-8"))
    return [
        (source.roots[file.root].reading, file.place, Path(file.path).read_bytes())
        for name in names
        for file in find_files([source], HERE / key / name).files
        if not isinstance(source.roots[file.root].reading, Database)
    ]


LOGS = {source.key: logs for source in all_sources() if source.key not in OWN_TESTS and (logs := logs_of(source.key))}
every_key = pytest.mark.parametrize("key", LOGS)


def places_in(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the place of every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for name, item in inner for found in places_in(item, (*place, name)))]


def with_value(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = with_value(value[place[0]], place[1:], new)
    return copy


@every_key
@given(data=st.data())
def test_any_value_anywhere_never_raises(key: str, data: st.DataObject) -> None:
    reading, place, log = data.draw(st.sampled_from(LOGS[key]))
    whole = log.startswith((b"{\n", b"["))
    rows = [json.loads(log)] if whole else [json.loads(line) for line in log.splitlines()]
    for number in data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=3)):
        where = data.draw(st.sampled_from(places_in(rows[number])))
        rows[number] = with_value(rows[number], where, data.draw(st.sampled_from(WRONG)))
    assert_sound(taught(reading, place, "\n".join(json.dumps(row) for row in rows).encode()))


@every_key
@given(data=st.data())
def test_log_cut_off_or_overwritten_anywhere_never_raises(key: str, data: st.DataObject) -> None:
    reading, place, log = data.draw(st.sampled_from(LOGS[key]))
    at = data.draw(st.integers(0, len(log) - 1))
    assert_sound(taught(reading, place, log[:at]))
    assert_sound(taught(reading, place, log[:at] + data.draw(st.binary(min_size=1, max_size=4)) + log[at + 1 :]))


@every_key
def test_no_text_gets_into_the_events(key: str) -> None:
    for reading, place, log in LOGS[key]:
        folded = taught(reading, place, log.replace(b"Invented text.", CANARY.encode()))
        assert CANARY not in texts_in(folded)
        assert CANARY.encode() in log.replace(b"Invented text.", CANARY.encode()) or folded.lines


@every_key
def test_log_read_twice_teaches_the_same_as_once(key: str) -> None:
    for reading, place, log in LOGS[key]:
        once, twice = taught(reading, place, log), taught(reading, place, log)
        assert twice.events() == once.events()
