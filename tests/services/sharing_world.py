"""A small real ledger whose runs, answers and days are said outright, to share from."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.releases import Release
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.releases import record_release
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.services.drafting import Drafted, Drafting
from goodmeasure.services.queries import Queries
from goodmeasure.services.report_requests import ReportRequest
from goodmeasure.services.sealing import Sealing

USED = {"outcome": "used", "need": "helpful", "review": "accepted", "time_saved": "saved_15_30"}


class FixedClock(Clock):
    """Noon of a day; moves when told."""

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> int:
        return int(datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC).timestamp() * 1000)


class World:
    """One person's ledger. It is Wednesday, 2 December 2026, until the clock is moved."""

    def __init__(self, path: Path) -> None:
        self.ledger: Ledger = open_ledger(path, b"k" * 32)
        self.clock = FixedClock(date(2026, 12, 2))
        self.queries = Queries(self.ledger, UTC, self.clock)
        self.drafting = Drafting(self.ledger, self.queries)
        self._runs = 0
        self.days: dict[int, date] = {}
        """When each run started."""
        raw = self.ledger.raw()
        raw.execute("INSERT INTO source_file VALUES (1, '/log', 's', 1, 1, 1, 1, 1, NULL, NULL, 1, 0, 0, 1)")
        for number, name in enumerate(("claude-sonnet-5", "gpt-6-codex"), 1):
            raw.execute("INSERT INTO model VALUES (?, 'p', ?)", (number, name))
        raw.execute("INSERT INTO tool VALUES (1, 'git_push_branch', 'mcp')")

    def run(self, day: date, answers: Mapping[str, str] = USED, *, private: str = "private", model: int = 1) -> int:
        """Add a run that started at noon of a day, with these answers; return its number."""
        self._runs += 1
        number = self._runs
        self.days[number] = day
        at = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000)
        key = sha256(f"{private} {number}".encode()).hexdigest()
        with self.ledger.writing() as raw:
            raw.execute(
                "INSERT INTO run(id, key, source, root_session_id) VALUES (?, ?, 's', ?)", (number, key[:16], number)
            )
            raw.execute(
                "INSERT INTO session(id, source, native_id, run_id, started_at, cwd, title, title_rank)"
                " VALUES (?, 's', ?, ?, ?, ?, ?, 1)",
                (number, f"{private}-{number}", number, at, f"/home/{private}", private),
            )
            raw.execute(
                "INSERT INTO run_summary(run_id, source, started_at, ended_at, title, project, generations,"
                " cost_micros, unpriced_generations, estimated_generations, output_lower_bound_generations, models,"
                " tool_calls, prompts, errors, data_class, autonomy)"
                " VALUES (?, 's', ?, ?, ?, ?, 1, 5000000, 0, 0, 0, '[]', 1, 1, 0, 'internal', 'auto_edits')",
                (number, at, at + 60_000, private, private),
            )
            raw.execute(
                "INSERT INTO generation(id, key, session_id, run_id, source_file_id, model_id, recorded_at,"
                " input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens,"
                " flags, cost_micros, cost_basis) VALUES (?, ?, ?, ?, 1, ?, ?, 1000, 9000, 10, 0, 500, 0, 5000000, 1)",
                (number, bytes.fromhex(key[:32]), number, number, model, at),
            )
            raw.execute(
                "INSERT INTO tool_call(id, key, session_id, run_id, called_at, tool_id, status) VALUES (?,?,?,?,?,1,1)",
                (number, bytes.fromhex(key[:32]), number, number, at),
            )
        self.say(number, answers)
        return number

    def runs(self, day: date, number: int, answers: Mapping[str, str] = USED, **known: Any) -> list[int]:
        """Add several runs of one day."""
        return [self.run(day, answers, **known) for _ in range(number)]

    def say(self, run_id: int, answers: Mapping[str, str | None]) -> None:
        """Judge a run, or take a judgement back (None)."""
        with self.ledger.writing() as raw:
            for name, value in answers.items():
                raw.execute(
                    "INSERT INTO assessment(run_id, name, value, source, collected, assessed_at, taxonomy_version)"
                    " VALUES (?, ?, ?, 'HUMAN', 'self_selected', ?, 1)",
                    (run_id, AssessmentName(name), value, self.clock.now()),
                )

    def draft(self, period: str, level: str = "L1", **wanted: Any) -> Drafted:
        """Draw up a report."""
        request = ReportRequest(period, "Ada Example", "Platform leads", "To plan the next quarter", level, **wanted)
        return self.drafting.drafted(request)

    def share(self, period: str, level: str = "L1", **wanted: Any) -> Release:
        """Draw up a report and keep it as released."""
        return self.keep(self.draft(period, level, **wanted))

    def keep(self, drafted: Drafted) -> Release:
        """Keep a drawn-up report as released."""
        report = drafted.report
        release = Release(
            None,
            report.level,
            report.period,
            report.audience,
            report.purpose,
            report.expires_after,
            canonical_bytes(report),
            b"signature",
            self.clock.now(),
            None if drafted.restates is None else drafted.restates.id,
        )
        return record_release(self.ledger, release, drafted.freezing)

    def seal(self, days: Iterable[date] = ()) -> int:
        """Make receipts, once now or on each of these days."""
        made = 0
        for day in days or (self.clock.day,):
            self.clock.day = day
            made += Sealing(self.ledger, UTC, self.clock).seal_weeks()
        return made

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()
