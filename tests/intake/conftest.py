"""A scratch ledger, the real sources, and what a ledger holds in the words of a synthetic home's truth."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.intake.report import ImportReport
from goodmeasure.intake.sync import import_home
from goodmeasure.intake.synthetic_work import Truth
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.sources.registry import all_sources

KEY = b"k" * 32
Import = Callable[..., ImportReport]
Usage = dict[tuple[str, str, str], tuple[int | None, ...]]

_USAGE = """
SELECT session.source, model.name, generation.recorded_at / 86400000, count(*), sum(input_tokens),
       sum(cache_read_tokens), sum(cache_write_5m_tokens), sum(cache_write_1h_tokens),
       sum(output_tokens), sum(reasoning_tokens)
FROM generation JOIN session ON session.id = generation.session_id JOIN model ON model.id = generation.model_id
GROUP BY 1, 2, 3
"""


def no_cost(_generation: Sequence[Any]) -> tuple[int | None, str]:
    return None, "unknown"


def by_folder(cwd: str) -> tuple[str, str]:
    return cwd, cwd.rsplit("/", 1)[-1]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "profile-ledger.sqlite", KEY)
    yield opened
    opened.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "copied-home"
    folder.mkdir()
    return folder


@pytest.fixture
def read(ledger: Ledger, home: Path) -> Import:
    """Import the scratch home into the scratch ledger."""

    def run(**options: Any) -> ImportReport:
        return import_home(ledger, all_sources(), home, cost_of=no_cost, project_of=by_folder, **options)

    return run


@pytest.fixture
def usage(ledger: Ledger) -> Callable[[], Usage]:
    """Sums of everything in the ledger by source, model and UTC day."""

    def sums() -> Usage:
        rows = ledger.raw().execute(_USAGE).fetchall()
        days = [f"{datetime.fromtimestamp(row[2] * 86400, UTC):%Y-%m-%d}" for row in rows]
        return {(row[0], row[1], day): tuple(row[3:]) for row, day in zip(rows, days, strict=True)}

    return sums


@pytest.fixture
def counted(ledger: Ledger) -> Callable[[str], dict[str, int]]:
    """Rows of an event table, or runs, by source."""

    def rows(table: str) -> dict[str, int]:
        query = f"SELECT source, count(*) FROM {table} JOIN session ON session.id = {table}.session_id GROUP BY 1"  # noqa: S608  constant names
        if table == "run":
            query = "SELECT source, count(*) FROM run WHERE merged_into_id IS NULL GROUP BY 1"
        return dict(ledger.raw().execute(query).fetchall())

    return rows


@pytest.fixture
def expected() -> Callable[[Truth], Usage]:
    """A truth in the shape of `usage`."""
    return lambda truth: {
        (source, model, str(day)): astuple(tally) for (source, model, day), tally in truth.usage.items()
    }
