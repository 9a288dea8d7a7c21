"""A scratch ledger, and a teller of invented events."""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import Batch, Generation, Notice, Prompt, SessionFacts, SessionTotal, ToolCall
from goodmeasure.ledger.files import FileReading, Written
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.writer import ImportWriter

KEY = bytes(range(32))
NOON = 1_795_435_200_000
"""2026-11-23 12:00 UTC, in milliseconds."""


class Teller:
    """Invents events and writes them as if they had been read from files."""

    noon = NOON

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.prices: dict[str | None, tuple[int | None, str]] = {None: (None, "unknown"), "odd": (None, "unknown")}
        self.writer = ImportWriter(
            ledger,
            lambda event: self.prices.get(event[4], (event[9] or 0, "list_price")),
            lambda cwd: (cwd, cwd.rsplit("/", 1)[-1]),
        )

    @staticmethod
    def key(name: str) -> bytes:
        return blake2b(name.encode(), digest_size=16).digest()

    def call(self, name: str, session: str = "s1", at: int | None = NOON, **known: Any) -> Generation:
        plain: dict[str, Any] = {
            "provider": "anthropic",
            "model": "opus",
            "input_tokens": 10,
            "cache_read_tokens": 100,
            "cache_write_5m_tokens": 5,
            "cache_write_1h_tokens": None,
            "output_tokens": 20,
            "reasoning_tokens": None,
            "web_search_requests": None,
            "reported_cost_micros": None,
            "service_tier": None,
            "flags": 0,
        }
        return Generation(key=self.key(name), session=session, recorded_at=at, **(plain | known))

    @staticmethod
    def session(name: str = "s1", **known: Any) -> SessionFacts:
        plain: dict[str, Any] = dict.fromkeys(SessionFacts._fields[1:])
        plain |= {"started_at": NOON, "ended_at": NOON + 60_000, "cwd": "/home/robin/shop", "title_rank": 0}
        return SessionFacts(session=name, **(plain | known))

    def tool(self, name: str, session: str = "s1", tool: str | None = "Bash", **known: Any) -> ToolCall:
        plain: dict[str, Any] = {"called_at": NOON, "finished_at": NOON + 500, "kind": "run", "status": "ok"}
        return ToolCall(key=self.key(name), session=session, name=tool, **(plain | known))

    def prompt(self, name: str, session: str = "s1", at: int | None = NOON) -> Prompt:
        return Prompt(self.key(name), session, at)

    def notice(self, name: str, kind: str, detail: str | None = None, session: str = "s1") -> Notice:
        return Notice(self.key(name), session, NOON, kind, detail)

    @staticmethod
    def total(session: str = "s1", model: str = "opus", **known: Any) -> SessionTotal:
        plain: dict[str, Any] = dict.fromkeys(SessionTotal._fields[2:])
        return SessionTotal(session, model, **(plain | known))

    @staticmethod
    def batch(*events: Any, lines: int = 10, **more: Any) -> Batch:
        places = {
            SessionFacts: "sessions",
            Generation: "generations",
            ToolCall: "tool_calls",
            Prompt: "prompts",
            Notice: "notices",
            SessionTotal: "totals",
        }
        batch = Batch(lines=lines, **more)
        for event in events:
            getattr(batch, places[type(event)]).append(event)
        return batch

    @staticmethod
    def reading(path: str = "/logs/a.jsonl", start: int = 0, end: int = 1000, **known: Any) -> FileReading:
        plain: dict[str, Any] = {
            "source": "claude-code",
            "device": 1,
            "inode": 2,
            "size_bytes": end,
            "mtime_ns": 3,
            "head_hash": b"head",
            "reader_state": b"{}",
        }
        return FileReading(path=path, start_offset=start, offset_bytes=end, **(plain | known))

    def write(self, *events: Any, path: str = "/logs/a.jsonl", finish: bool = True, **known: Any) -> Written:
        """Write events as the next stretch of a file."""
        more = {name: known.pop(name) for name in ("lines", "issues", "unknown") if name in known}
        row = self.ledger.raw().execute("SELECT offset_bytes FROM source_file WHERE path = ?", (path,)).fetchone()
        start = known.pop("start", row[0] if row and not known.get("restart") else 0)
        end = known.pop("end", start + 1000)
        written = self.writer.write(self.reading(path, start, end, **known), self.batch(*events, **more))
        if finish:
            self.writer.finish()
        return written

    def runs(self) -> dict[str, int]:
        """Return the number of generations of every run by its root session's name."""
        return dict(
            self.rows(
                "SELECT native_id, generations FROM run_summary JOIN run ON run.id = run_summary.run_id"
                " JOIN session ON session.id = root_session_id"
            )
        )

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        return list(self.ledger.raw().execute(question, values).fetchall())


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = open_ledger(path, KEY)
    yield opened
    opened.close()


@pytest.fixture
def teller(ledger: Ledger) -> Teller:
    return Teller(ledger)


@pytest.fixture
def new_teller(tmp_path: Path) -> Iterator[Callable[[], Teller]]:
    """Make tellers with ledgers of their own."""
    made: list[Ledger] = []

    def make() -> Teller:
        made.append(open_ledger(tmp_path / f"{len(made)}.sqlite", KEY))
        return Teller(made[-1])

    yield make
    for one in made:
        one.close()
