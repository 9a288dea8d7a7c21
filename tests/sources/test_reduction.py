"""Golden homes made by reduction hold identifiers and invented text only."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.sources.homes import HERE
from tests.sources.make_cli_fixtures import RECIPES
from tests.sources.reduction import TEXT, Reduction, strings_in

SAMPLE = Reduction(frozenset({"id"}), {"cwd": "/home/person/project"}, ("<start>",), frozenset({"tools"}))


def texts_of(key: str) -> set[str]:
    texts: set[str] = set()
    for path in (HERE / key).rglob("*/*/*"):
        if path.suffix == ".jsonl":
            texts |= strings_in([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
        elif path.suffix == ".json":
            texts |= strings_in(json.loads(path.read_text(encoding="utf-8")))
        elif path.suffix == ".sql":
            texts |= cells_of(path.read_text(encoding="utf-8"))
    return texts


def cells_of(script: str) -> set[str]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(script)
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows: list[Any] = [list(row) for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]  # noqa: S608  names of the fixture
        return strings_in(rows)


@pytest.mark.parametrize("key", RECIPES)
def test_golden_homes_hold_only_identifiers_and_invented_text(key: str) -> None:
    texts = texts_of(key)
    assert len(texts) > 50
    assert TEXT in texts
    assert [text for text in texts if not RECIPES[key].reduction.is_ours(text)] == []


def test_foreign_texts_are_replaced_and_structure_stays() -> None:
    foreign = {"id": "a-1", "text": "Please look.", "cwd": "/somewhere", "n": [1, None, True], "tools": [{}], "/p": 1}
    assert SAMPLE.value(foreign) == {"id": "a-1", "text": TEXT, "cwd": "/home/person/project", "n": [1, None, True]}
    assert SAMPLE.value({"id": "two words", "text": "<start> and more", "empty": ""}) == {
        "id": TEXT,
        "text": f"<start> {TEXT}",
        "empty": "",
    }


def test_the_check_can_fail() -> None:
    assert not SAMPLE.is_ours("Please look at the login page")
    assert not SAMPLE.is_ours("/somewhere/else")
    assert SAMPLE.is_ours(f"<start> {TEXT}")
