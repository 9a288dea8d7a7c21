"""Builds OpenCode's tables row by row, and reads them with the source's own reader: shared by tests of its family."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from goodmeasure.domain.events import Batch
from goodmeasure.sources._formats.opencode.database import Store
from tests.sources.conftest import Folded

SCHEMA = """
CREATE TABLE session (
    id text PRIMARY KEY, parent_id text, directory text, title text, version text,
    time_created integer, time_updated integer
);
CREATE TABLE message (
    id text PRIMARY KEY, session_id text, time_created integer, time_updated integer, data text
);
CREATE TABLE part (
    id text PRIMARY KEY, message_id text, session_id text, time_created integer, time_updated integer, data text
);
"""
START = 1_795_420_605_957
USAGE = {"total": 1110, "input": 100, "output": 40, "reasoning": 20, "cache": {"read": 900, "write": 50}}


class Home:
    """A database as OpenCode keeps it, in memory or in a file."""

    def __init__(self, place: str = ":memory:") -> None:
        self.database = sqlite3.connect(place, isolation_level=None)
        self.database.executescript(SCHEMA)
        self.state: bytes | None = None
        self.folded = Folded()

    def session(self, key: str = "ses_1", at: int = START, **fields: Any) -> None:
        known = {
            "parent_id": None, "directory": "/home/person/project", "title": "Made title", "version": "1.18.33",
            **fields,
        }  # fmt: skip
        self.database.execute(
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key, known["parent_id"], known["directory"], known["title"], known["version"], at, at),
        )

    def message(self, key: str, data: Any, session: str = "ses_1", at: int = START) -> None:
        text = data if isinstance(data, str | bytes | int | None) else json.dumps(data)
        self.database.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?)", (key, session, at, at, text))

    def part(self, key: str, message: str, data: Any, session: str = "ses_1", at: int = START) -> None:
        text = data if isinstance(data, str | bytes | int | None) else json.dumps(data)
        self.database.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)", (key, message, session, at, at, text))

    def change(self, table: str, key: str, data: Any) -> None:
        self.database.execute(f"UPDATE {table} SET data = ? WHERE id = ?", (json.dumps(data), key))  # noqa: S608 - constant parts

    def read(self) -> list[Batch]:
        """Read what is new, add it to `folded`, and remember the state."""
        batches = []
        for batch, state in Store("opencode")("opencode.db", self.database, self.state):
            self.state = state
            self.folded.add(batch)
            batches.append(batch)
        return batches


def message_id(at: int, number: int = 1) -> str:
    """Return an id as the client makes it at an instant."""
    return f"msg_{(at << 12 | number) & (1 << 48) - 1:012x}Invented000001"


def answer(at: int = START, **fields: Any) -> dict[str, Any]:
    """Return a finished message of the agent."""
    return {
        "role": "assistant", "time": {"created": at, "completed": at + 500}, "modelID": "some-model",
        "providerID": "some-provider", "agent": "build", "mode": "build", "cost": 0.25, "tokens": USAGE, **fields,
    }  # fmt: skip


def question(at: int = START, **fields: Any) -> dict[str, Any]:
    """Return a message of the person."""
    return {"role": "user", "time": {"created": at}, "agent": "build", **fields}


def said(text: str = "Invented text.", **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **fields}


def tool(call: str, status: str = "completed", **state: Any) -> dict[str, Any]:
    times = {} if status == "pending" else {"time": {"start": START + 10, "end": START + 30}}
    return {"type": "tool", "tool": "bash", "callID": call, "state": {"status": status, **times, **state}}


def tokens_of(batches: Iterable[Batch]) -> list[tuple[int | None, ...]]:
    """Return input, cache read, both cache writes, output and reasoning of every call."""
    return [tuple(call[5:11]) for batch in batches for call in batch.generations]
