"""An invented person's few runs, written by hand: what a screen says must be readable here."""

from array import array
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.costs import CostBasis
from goodmeasure.domain.files import FileIssue
from goodmeasure.domain.period import Span, instant, moment
from goodmeasure.domain.runs import (
    GenerationRow,
    NoticeRow,
    RatedRun,
    Run,
    RunDetail,
    RunFilter,
    SourceHealth,
    ToolCallRow,
    UnloggedUsage,
    UsageRow,
)
from goodmeasure.domain.usage import NOTHING, Counters, total_of
from goodmeasure.ledger.draws import DrawnRun
from goodmeasure.services.queries import LedgerFacts, Queries, SourceReport, Usage
from goodmeasure.sources.base import Capability

ZONE = ZoneInfo("Europe/Berlin")
NOW = instant(datetime(2026, 11, 23, 9, 30, tzinfo=ZONE))
HOUR = 3_600_000
LONG_TITLE = "A title that goes on and on " * 7


def counters(cost: int | None = 1_230_000, *, unpriced: int = 0, lower: int = 0) -> Counters:
    return Counters(3, 120, 90_000, 4_000, None, 5_100, None, cost, unpriced, 0, lower)


def assessed(run_id: int, name: AssessmentName, value: str | None, at: int = NOW - HOUR) -> Assessment:
    return Assessment(
        at % 1000, run_id, name, value, AssessmentSource.HUMAN, Collected.SELF_SELECTED, None, at, 2.5, None, None, 1
    )


def run(
    number: int, *, title: str | None = "Fix the flaky login test", outcome: str | None = None, **more: object
) -> Run:
    facts = {
        "id": number,
        "key": f"{number:016x}",
        "source": "claude-code",
        "session": f"session-{number}",
        "title": title,
        "project": "checkout-api",
        "started_at": NOW - 26 * HOUR - number * HOUR,
        "ended_at": NOW - 25 * HOUR - number * HOUR,
        "models": ("claude-opus-5-5", "claude-haiku-5"),
        "counters": counters(),
        "tool_calls": 31,
        "prompts": 5,
        "errors": 2,
        "outcome": outcome,
        "need": None,
    }
    return Run(**{**facts, **more})  # type: ignore[arg-type]  # the facts above have the record's types


RUNS = (
    run(1, outcome="used"),
    run(2, title="Why is CI slow on arm?", outcome="informed", project=None),
    run(3, title=LONG_TITLE, outcome="pending"),
    run(4, title=None, started_at=None, ended_at=None, models=(), counters=counters(None, unpriced=3), errors=0),
    run(5, title="<b>bold</b> & <img src=x>", counters=counters(400, unpriced=1, lower=1)),
)


class Answers:
    """Answers the screens' questions from the records above."""

    zone = ZONE

    def __init__(self, runs: Sequence[Run] = RUNS, *, read: bool = True) -> None:
        self._runs = {run.id: run for run in runs}
        self._read = read

    def now(self) -> int:
        return NOW

    def today(self) -> date:
        return moment(NOW, ZONE).date()

    def facts(self) -> LedgerFacts:
        waiting = sum(run.outcome is None for run in self._runs.values())
        return LedgerFacts(len(self._runs), waiting, NOW - 300_000 if self._read else None, None, None)

    def usage(self, group_by: Sequence[str], span: Span) -> Usage:
        assert span.since is not None
        rows = tuple(
            UsageRow({"model": run.models[0] if run.models else None}, run.counters) for run in self._runs.values()
        )
        totals = total_of([row.counters for row in rows]) if rows else NOTHING
        return Usage(tuple(group_by), rows, totals, ())

    def run_ids(self, wanted: RunFilter) -> "array[int]":
        return array("q", [run.id for run in self._runs.values() if wanted.outcome in {None, run.outcome}])

    def runs(self, ids: Sequence[int]) -> list[Run]:
        return [self._runs[number] for number in ids if number in self._runs]

    def run(self, run_id: int) -> RunDetail:
        one = self._runs[run_id]
        at = NOW - 26 * HOUR
        return RunDetail(
            run=one,
            cwd="~/work/checkout-api",
            git_branch="fix/login",
            agent_version="2.1.330",
            entrypoint=None,
            subagents=1,
            permission_modes=("default", "acceptEdits"),
            generations=(
                GenerationRow(at + 2000, "claude-opus-5-5", counters(), CostBasis.LIST_PRICE, subagent=False),
                GenerationRow(None, None, counters(None, unpriced=1), CostBasis.UNKNOWN, subagent=True),
            ),
            tool_calls=(
                ToolCallRow(at + 3000, at + 8000, "Bash", "run", "error", subagent=False),
                ToolCallRow(at + 9000, None, "Read", "read", None, subagent=True),
            ),
            prompted_at=(at,),
            notices=(NoticeRow(at + 10_000, "interrupted", None), NoticeRow(at + 500, "permission_mode", "default")),
            assessments=(
                assessed(run_id, AssessmentName.OUTCOME, "partial", NOW - 3 * HOUR),
                assessed(run_id, AssessmentName.OUTCOME, "used", NOW - 2 * HOUR),
                assessed(run_id, AssessmentName.NEED, None),
            ),
            unlogged=(UnloggedUsage("claude-code", "claude-haiku-5", 10, 0, 0, 0, 900),),
            log_paths=("~/.claude/projects/x/session.jsonl",),
        )

    def inbox(self, limit: int) -> list[Run]:
        return [run for run in self._runs.values() if run.outcome is None][:limit]

    def drawn(self) -> list[DrawnRun]:
        return [DrawnRun(2, "2026-11-23", "informed"), DrawnRun(4, "2026-11-22", None), DrawnRun(5, "2026-11-23", None)]

    def rated_runs(self, span: Span) -> list[RatedRun]:
        del span
        return [
            RatedRun(
                run.id,
                run.source,
                run.project,
                run.started_at,
                run.ended_at,
                run.counters.list_cost_micros,
                {"outcome": assessed(run.id, AssessmentName.OUTCOME, run.outcome)} if run.outcome else {},
            )
            for run in self._runs.values()
        ]

    def projects(self) -> list[str]:
        return ["billing", "checkout-api"]

    def sources(self) -> list[SourceReport]:
        health = SourceHealth(
            "claude-code",
            31,
            18_211,
            4_000,
            12,
            1,
            3,
            {"new-thing": 3},
            (FileIssue("a.jsonl", 812, "cut off"),),
            NOW,
            40,
            7,
            350,
            9_120,
            1_204,
        )
        told = {
            "input_tokens": Capability.YES,
            "provider": Capability.NO,
            "reasoning_tokens": Capability.NOT_APPLICABLE,
        }
        return [
            SourceReport("claude-code", "Claude Code", ("~/.claude",), told, health if self._read else None),
            SourceReport("codex", "Codex", ("~/.codex",), told, None),
        ]


@pytest.fixture
def answers() -> Queries:
    return cast("Queries", Answers())


@pytest.fixture
def nothing_read() -> Queries:
    return cast("Queries", Answers((), read=False))
