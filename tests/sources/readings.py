"""Feeding single files to a source's readers, whatever their kind: shared by tests of this folder."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from goodmeasure.domain.events import Batch
from goodmeasure.sources.base import Database, Document, Lines, Reading, Source
from goodmeasure.sources.registry import all_sources
from tests.sources.conftest import Folded, lines_of


def source_of(key: str) -> Source:
    return next(source for source in all_sources() if source.key == key)


def reading_of(key: str, kind: type[Lines | Document | Database]) -> Any:
    """Return the first way in which a source reads files of a kind."""
    return next(root.reading for root in source_of(key).roots if isinstance(root.reading, kind))


def batches(reading: Reading, place: str, data: bytes) -> Iterator[Batch]:
    """Yield what a log of lines or a document teaches."""
    if isinstance(reading, Lines):
        yield reading.reader(place, None).feed(lines_of(data), 1)
    elif isinstance(reading, Document):
        yield from reading.read(place, io.BytesIO(data))


@contextmanager
def database_of(script: str) -> Iterator[sqlite3.Connection]:
    """Open a database in memory that a script builds, in the way in which an import opens one."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        yield connection


def rows_read(
    reading: Database, place: str, connection: sqlite3.Connection, state: bytes | None = None
) -> tuple[Folded, bytes | None]:
    """Return what a database teaches, and the state after it."""
    folded = Folded()
    for batch, after in reading.read(place, connection, state):
        folded.add(batch)
        state = after
    return folded, state


def taught(reading: Reading, place: str, data: bytes) -> Folded:
    """Return what a log of lines or a document teaches, each event once."""
    folded = Folded()
    for batch in batches(reading, place, data):
        folded.add(batch)
    return folded


def assert_sound(folded: Folded) -> None:
    """Assert that events hold what their types promise: the ledger trusts them."""
    for generation in folded.generations.values():
        assert isinstance(generation.key, bytes)
        assert isinstance(generation.session, str)
        assert all(value is None or (type(value) is int and 0 <= value <= 2**53) for value in generation[5:13])
        assert generation.recorded_at is None or type(generation.recorded_at) is int
        assert all(value is None or isinstance(value, str) for value in (*generation[3:5], generation.service_tier))
    for facts in folded.sessions.values():
        assert isinstance(facts.session, str)
        assert all(value is None or isinstance(value, str) for value in (facts.parent, *facts[5:11]))
        assert (facts.parent is None) == (facts.relation is None)
        assert facts.title is None or len(facts.title) <= 120
    for call in folded.tool_calls.values():
        assert call.name is None or isinstance(call.name, str)


def texts_in(folded: Folded) -> str:
    """Return every text that the events hold, titles left out."""
    kept = [
        *(generation[1:] for generation in folded.generations.values()),
        *(facts._replace(title=None) for facts in folded.sessions.values()),
        *(call[1:] for call in folded.tool_calls.values()),
        *(prompt[1:] for prompt in folded.prompts.values()),
        *(notice[1:] for notice in folded.notices.values()),
        *folded.totals.values(),
        *folded.issues,
    ]
    return repr(kept) + repr(folded.unknown)
