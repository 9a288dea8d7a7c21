"""Golden homes of every source, and a real import of them into a real ledger: shared by tests of this folder.

A home lies in `<source>/<version>/<scenario>/` as its agent wrote it, with invented texts; what it must give stands in
`<source>/expected.json`. Databases lie there as SQL text (`opencode.db.sql` becomes `opencode.db`), so that a change of
a fixture can be read.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.intake.report import ImportReport
from goodmeasure.intake.sync import import_home, import_paths
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.sources.base import Source
from goodmeasure.sources.registry import all_sources

HERE = Path(__file__).parent
COUNTERS = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)
_SUMS = ", ".join(["count(*)", *(f"coalesce(sum({name}), 0)" for name in COUNTERS)])
_KEY = b"k" * 32


@dataclass(frozen=True)
class Imported:
    """What a ledger holds of one source after an import."""

    report: ImportReport
    totals: dict[str, int]
    models: dict[str, dict[str, int]]
    runs: int
    flags: dict[str, int]
    """Per `GenerationFlag` name in lower case, how many calls carry it; names with none are left out."""
    prompts: int
    tool_calls: int


def golden_homes() -> list[tuple[Source, str, dict[str, Any]]]:
    """Return every golden home: its source, its name below the source's folder, and what it must give."""
    found = []
    for source in all_sources():
        truth = HERE / source.key / "expected.json"
        if truth.exists() and source.roots:  # without roots it has no homes: `telemetry.py` holds what was sent
            found += [(source, name, expected) for name, expected in json.loads(truth.read_text()).items()]
    return found


def lay_out(source: Source, name: str, home: Path) -> Path:
    """Copy a golden home to `home`, its databases built."""
    shutil.copytree(HERE / source.key / name, home)
    build_databases(home)
    return home


def build_databases(home: Path) -> None:
    """Turn every `*.sql` below `home` into the database that it describes."""
    for script in sorted(home.rglob("*.sql")):
        with closing(sqlite3.connect(script.with_suffix(""))) as database:
            database.executescript(script.read_text(encoding="utf-8"))
        script.unlink()


@contextmanager
def scratch_ledger(folder: Path) -> Iterator[Ledger]:
    """Open a new ledger in `folder`."""
    ledger = open_ledger(folder / "ledger.sqlite", _KEY)
    try:
        yield ledger
    finally:
        ledger.close()


def import_into(ledger: Ledger, source: Source, home: Path) -> Imported:
    """Import what `source` finds under `home` (or reads where a person names it); tell what the ledger then holds."""
    if all(root.default is None for root in source.roots):
        report = import_paths(ledger, [source], [home], cost_of=_no_cost, project_of=_by_folder)
    else:
        report = import_home(ledger, [source], home, cost_of=_no_cost, project_of=_by_folder)
    return Imported(
        report,
        _sums(ledger, source, ""),
        {model: _sums(ledger, source, " AND coalesce(model.name, '') = ?", model) for model in _models(ledger, source)},
        _count(ledger, source, "count(DISTINCT generation.run_id)", "generation"),
        {
            flag.name.lower(): count
            for flag in GenerationFlag
            if flag.name and (count := _count(ledger, source, f"sum((flags & {int(flag)}) > 0)", "generation"))
        },
        _count(ledger, source, "count(*)", "prompt"),
        _count(ledger, source, "count(*)", "tool_call"),
    )


def _no_cost(_generation: Sequence[Any]) -> tuple[int | None, str]:
    return None, "unknown"


def _by_folder(cwd: str) -> tuple[str, str]:
    return cwd, cwd.rsplit("/", 1)[-1]


_CALLS = (
    "FROM generation JOIN session ON session.id = generation.session_id"
    " LEFT JOIN model ON model.id = generation.model_id WHERE session.source = ?"
)


def _sums(ledger: Ledger, source: Source, where: str, *values: str) -> dict[str, int]:
    row = ledger.raw().execute(f"SELECT {_SUMS} {_CALLS}{where}", (source.key, *values)).fetchone()
    return dict(zip(("generations", *COUNTERS), row, strict=True))


def _models(ledger: Ledger, source: Source) -> list[str]:
    query = f"SELECT DISTINCT coalesce(model.name, '') {_CALLS}"
    return [name for (name,) in ledger.raw().execute(query, (source.key,))]


def _count(ledger: Ledger, source: Source, what: str, table: str) -> int:
    query = f"SELECT {what} FROM {table} JOIN session ON session.id = {table}.session_id WHERE session.source = ?"  # noqa: S608 - constant parts
    return ledger.raw().execute(query, (source.key,)).fetchone()[0] or 0
