"""Shared by the tests of sources: golden homes, and a fold that merges events by key as the ledger does."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import (
    Batch,
    Generation,
    GenerationFlag,
    Notice,
    ParseIssue,
    Prompt,
    SessionFacts,
    SessionTotal,
    ToolCall,
)
from goodmeasure.sources.base import ReaderFactory, Source
from goodmeasure.sources.claude_code.reader import ClaudeReader
from goodmeasure.sources.codex.reader import CodexReader
from goodmeasure.sources.pi.reader import PiReader
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
READERS: dict[str, ReaderFactory] = {
    "claude-code": ClaudeReader,
    "codex": CodexReader,
    "pi": PiReader,
}
"""Sources of JSON lines whose readers are tested line by line, too; `test_homes.py` tests every source."""
INFERRED = GenerationFlag.COPIED | GenerationFlag.RELAYED


@dataclass
class Folded:
    """What any number of batches taught, each event once."""

    generations: dict[bytes, Generation] = field(default_factory=dict)
    sessions: dict[str, SessionFacts] = field(default_factory=dict)
    tool_calls: dict[bytes, ToolCall] = field(default_factory=dict)
    prompts: dict[bytes, Prompt] = field(default_factory=dict)
    notices: dict[bytes, Notice] = field(default_factory=dict)
    totals: dict[tuple[str, str], SessionTotal] = field(default_factory=dict)
    copies: dict[str, set[bytes]] = field(default_factory=dict)
    """Per session the calls that were sighted under its name."""
    issues: list[ParseIssue] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    lines: int = 0

    def add(self, batch: Batch) -> None:
        self.lines += batch.lines
        self.issues += batch.issues
        for kind, times in batch.unknown.items():
            self.unknown[kind] = self.unknown.get(kind, 0) + times
        for generation in batch.generations:
            self.copies.setdefault(generation.session, set()).add(generation.key)
            old = self.generations.get(generation.key)
            self.generations[generation.key] = generation if old is None else merged_generation(old, generation)
        for call in batch.tool_calls:
            self.tool_calls[call.key] = merged_call(self.tool_calls.get(call.key, call), call)
        for facts in batch.sessions:
            self.sessions[facts.session] = merged_facts(self.sessions.get(facts.session, facts), facts)
        self.prompts = {**{prompt.key: prompt for prompt in batch.prompts}, **self.prompts}
        self.notices = {**{notice.key: notice for notice in batch.notices}, **self.notices}
        self.totals.update({(total.session, total.model): total for total in batch.totals})

    def root(self, session: str) -> str:
        """Return the session whose run this session's events belong to."""
        facts = self.sessions.get(session)
        if facts is None or facts.parent is None or facts.relation == "fork":
            return session
        return self.root(facts.parent)

    @property
    def runs(self) -> set[str]:
        return {self.root(generation.session) for generation in self.generations.values()}

    def sums(self) -> dict[str, int]:
        return sums(self.generations.values())

    def sums_by_model(self) -> dict[str | None, dict[str, int]]:
        models = {generation.model for generation in self.generations.values()}
        return {model: sums(g for g in self.generations.values() if g.model == model) for model in models}

    def flagged(self, flag: GenerationFlag) -> int:
        return sum(bool(generation.flags & flag) for generation in self.generations.values())

    def events(self) -> dict[str, Any]:
        """Return everything that must not depend on how a log was cut or spelled."""
        return {
            "generations": self.generations,
            "sessions": self.sessions,
            "tool_calls": self.tool_calls,
            "prompts": self.prompts,
            "notices": self.notices,
            "totals": self.totals,
            "unknown": self.unknown,
        }


def merged_generation(old: Generation, new: Generation) -> Generation:
    larger = new if fullness(new) > fullness(old) else old
    owner = new if old.flags & INFERRED and not new.flags & INFERRED else old
    at = min((at for at in (old.recorded_at, new.recorded_at) if at is not None), default=None)
    model = larger.model or old.model or new.model
    costs = [cost for cost in (old.reported_cost_micros, new.reported_cost_micros) if cost is not None]
    return larger._replace(
        session=owner.session,
        recorded_at=at,
        model=model,
        reported_cost_micros=max(costs, default=None),
        flags=old.flags & new.flags,
    )


def fullness(call: Generation) -> list[int]:
    names = ("output_tokens", *(name for name in COUNTERS if name != "output_tokens"), "web_search_requests")
    return [-1 if getattr(call, name) is None else getattr(call, name) for name in names]


def merged_call(old: ToolCall, new: ToolCall) -> ToolCall:
    return old._replace(
        called_at=old.called_at if old.called_at is not None else new.called_at,
        finished_at=old.finished_at if old.finished_at is not None else new.finished_at,
        name=old.name or new.name,
        kind=old.kind or new.kind,
        status=new.status or old.status,
    )


def merged_facts(old: SessionFacts, new: SessionFacts) -> SessionFacts:
    known = {name: getattr(new, name) for name in SessionFacts._fields if getattr(new, name) is not None}
    if old.title_rank > new.title_rank:
        known |= {"title": old.title, "title_rank": old.title_rank}
    for name, choose in (("started_at", min), ("ended_at", max)):
        both = [at for at in (getattr(old, name), getattr(new, name)) if at is not None]
        if both:
            known[name] = choose(both)
    return old._replace(**known)


def sums(generations: Iterable[Generation]) -> dict[str, int]:
    total = dict.fromkeys(("generations", *COUNTERS), 0)
    for generation in generations:
        total["generations"] += 1
        for name in COUNTERS:
            total[name] += getattr(generation, name) or 0
    return total


def lines_of(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def fold_logs(source: Source, logs: Iterable[tuple[str, bytes]]) -> Folded:
    folded = Folded()
    for path, data in logs:
        folded.add(READERS[source.key](path, None).feed(lines_of(data), 1))
    return folded


def logs_in(folder: Path) -> list[tuple[str, bytes]]:
    paths = sorted(folder.rglob("*.jsonl"))
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]


def golden_homes() -> list[tuple[Source, str, dict[str, Any]]]:
    homes = []
    for source in all_sources():
        truth = HERE / source.key / "expected.json"
        if source.key in READERS:
            homes += [(source, name, expected) for name, expected in json.loads(truth.read_text()).items()]
    return homes


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "golden" in metafunc.fixturenames:
        homes = golden_homes()
        metafunc.parametrize("golden", homes, ids=[f"{source.key}-{name}" for source, name, _ in homes])
    if "source" in metafunc.fixturenames:
        by_line = [source for source in all_sources() if source.key in READERS]
        metafunc.parametrize("source", by_line, ids=lambda source: source.key)


@pytest.fixture
def fold() -> Callable[[Source, Iterable[tuple[str, bytes]]], Folded]:
    """The fold over whole logs: pairs of path and bytes."""
    return fold_logs


@pytest.fixture
def home() -> Callable[[str, str], list[tuple[str, bytes]]]:
    """The logs of a golden home, by the source's key and the home's name."""
    return lambda key, name: logs_in(HERE / key / name)
