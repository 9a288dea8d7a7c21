"""Reducing logs: structure, ids and numbers stay, and every foreign text goes."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.clients.reduction import Places, foreign_texts, reduce_database, reduce_document, reduced


def test_reduction_replaces_text_and_keeps_structure() -> None:
    line = {
        "type": "user",
        "id": "01a207c2-4eb6-7092-b293-a5955621bc7a",
        "tokens": 17,
        "content": "You are a careful assistant.",
        "model": "<synthetic>",
        "tag": "<system-reminder>Do this.</system-reminder>",
        "inner": '{"cmd": "rm -rf everything", "n": 1}',
        "a key that is a sentence": None,
    }
    assert reduced(line) == {
        "type": "user",
        "id": "01a207c2-4eb6-7092-b293-a5955621bc7a",
        "tokens": 17,
        "content": "Invented words in place of 28 characters.",
        "model": "<synthetic>",
        "tag": "<system-reminder>Invented words in place of 43 characters.</system-reminder>",
        "inner": '{"cmd":"Invented words in place of 17 characters.","n":1}',
        "Invented words in place of 24 characters.": None,
    }
    assert not list(foreign_texts(reduced(line)))
    assert len(list(foreign_texts(line))) == 4


def test_what_readers_know_a_record_by_stays() -> None:
    lines = {
        "Request failed": "429 Come back later.",
        "title": "New session - 2026-11-23T08:11:36.144Z (fork #1)",
        "said": "[Request interrupted by user]",
    }
    kept = list(reduced(lines).values())
    assert kept == ["429 Invented words in place of 20 characters.", lines["title"], lines["said"]]
    assert not list(foreign_texts(kept))


def test_a_document_becomes_one_line() -> None:
    text = '{\n "id": "one",\n "where": "/somewhere/recording1/home/sam/tea-shop"\n}'
    assert reduce_document(text, Places(Path("/somewhere/recording1"))) == '{"id":"one","where":"/home/sam/tea-shop"}\n'


def test_a_database_is_built_anew_from_its_reduced_text(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    with closing(sqlite3.connect(old)) as database:
        database.executescript(
            "CREATE TABLE said (id text PRIMARY KEY /* a word of the agent */, data text, n integer, cost real,"
            " picture blob, CHECK (n > 0)); CREATE TABLE other (a);"
        )
        row = ("it's-one", '{"role": "user", "text": "Foreign words here."}', 3, 0.5, b"picture")
        database.execute("INSERT INTO said VALUES (?, ?, ?, ?, ?)", row)
        database.commit()
    script = reduce_database(old, ("said", "missing"), Places(tmp_path))
    assert "word of the agent" not in script
    with closing(sqlite3.connect(new)) as database:
        database.executescript(script)
        rows = database.execute("SELECT * FROM said").fetchall()
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    text = "Invented words in place of 19 characters."
    # An apostrophe is in no id: the text is taken for foreign.
    assert rows == [("Invented words in place of 8 characters.", f'{{"role":"user","text":"{text}"}}', 3, 0.5, None)]
    assert tables == [("said",)]
