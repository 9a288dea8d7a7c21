"""Marks in tables without a number of their own, and reading past damaged pages."""

import sqlite3

import pytest

from goodmeasure.sources._formats.rows import Anchors, anchored, columns_of, read_up_to, rows_after


@pytest.fixture
def database() -> sqlite3.Connection:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.execute("CREATE TABLE thing (id text PRIMARY KEY, data text)")
    opened.executemany("INSERT INTO thing VALUES (?, ?)", [(f"t{number}", "x") for number in range(1, 10)])
    return opened


def refuse(what: str) -> None:
    pytest.fail(what)


def test_columns_of_a_table_and_of_none(database: sqlite3.Connection) -> None:
    assert columns_of(database, "thing") == {"id", "data"}
    assert columns_of(database, "nothing") == frozenset()


def test_rows_after_a_number_come_in_order(database: sqlite3.Connection) -> None:
    rows = list(rows_after(database, "thing", ("id",), 6, refuse))
    assert rows == [(7, "t7"), (8, "t8"), (9, "t9")]


def test_the_last_anchor_that_holds_tells_how_far_a_table_was_read(database: sqlite3.Connection) -> None:
    anchors: Anchors = [(3, "t3"), (6, "t6"), (9, "t9")]
    assert read_up_to(database, "thing", "id", anchors) == 9
    database.execute("DELETE FROM thing WHERE id IN ('t9', 't2')")
    assert read_up_to(database, "thing", "id", anchors) == 6
    database.execute("INSERT INTO thing VALUES ('t10', 'x')")
    assert read_up_to(database, "thing", "id", anchors) == 6
    database.execute("VACUUM")
    assert read_up_to(database, "thing", "id", anchors) in {0, 6}, "row numbers may be counted anew"
    database.execute("DELETE FROM thing")
    assert read_up_to(database, "thing", "id", anchors) == 0


def test_anchors_stay_few_and_in_order() -> None:
    anchors: Anchors = []
    for number in range(1, 100):
        anchors = anchored(anchors, number, f"t{number}")
    assert anchors[-1] == (99, "t99")
    assert len(anchors) == 12
    assert anchored(anchors, 90, "other")[-1] == (90, "other")
    assert all(number < 90 for number, _ in anchored(anchors, 90, "other")[:-1])


def test_a_table_that_has_gone_is_told_and_not_raised(database: sqlite3.Connection) -> None:
    told: list[str] = []
    assert list(rows_after(database, "nothing", ("id",), 0, told.append)) == []
    assert len(told) == 1
