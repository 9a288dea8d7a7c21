"""Sessions split where a pause meets another branch or topic: real logs, incremental imports, undo, and twins."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.calibration import GuessName
from goodmeasure.domain.period import Span
from goodmeasure.domain.runs import RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.forgetting import forget_runs
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.rules import traits_of_run
from goodmeasure.ledger.summaries import rebuild
from goodmeasure.services.arranging import Arranging
from goodmeasure.services.calibration import Guessing
from goodmeasure.services.forgetting import Forgetting, Reach
from goodmeasure.services.importing import Importing
from goodmeasure.services.queries import Queries
from goodmeasure.services.rating import Rating
from goodmeasure.services.splitting import Splitting
from tests.sources import test_codex as codex

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOON = 1_795_435_200_000
SESSION = "0a0a0a0a-1111-4222-8333-444444444444"
TILL = "Please repair the broken checkout button before customers notice"
NEWS = "Translate tomorrow's newsletter about elderflower syrup into Danish"


class FixedClock(Clock):
    at = NOON + 5 * DAY

    def now(self) -> int:
        return self.at


class Desk:
    """A home with one Claude Code session, and a ledger."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.clock = FixedClock()
        self.ledger: Ledger = open_ledger(folder / "ledger.sqlite", b"k" * 32)
        self.rows: list[dict[str, Any]] = []
        self.arranging = Arranging(self.ledger, self.clock)

    def row(self, at: int, kind: str, content: Any, **known: Any) -> None:
        number = len(self.rows)
        message: dict[str, Any] = {"role": kind, "content": content}
        if kind == "assistant":
            message |= {"id": f"msg_{number}", "model": "claude-opus-4-7", "stop_reason": "end_turn"}
            message["usage"] = {"input_tokens": 3, "output_tokens": 7 + number}
        row = {"type": kind, "uuid": f"{number:08d}-0000-4000-8000-000000000000", "sessionId": SESSION}
        row["timestamp"] = datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z")
        self.rows.append(row | {"cwd": "/shop", "gitBranch": "main", "version": "2.1.226", "message": message} | known)

    def works(self, at: int, words: str | None, file: str, **known: Any) -> None:
        """The person asks (None: nobody does), and the agent changes a file."""
        if words is not None:
            self.row(at, "user", words, **known)
        name = f"toolu_{len(self.rows)}"
        told = {"file_path": file, "old_string": "a", "new_string": "b"}
        self.row(at + MINUTE, "assistant", [{"type": "tool_use", "id": name, "name": "Edit", "input": told}], **known)
        self.row(at + 2 * MINUTE, "user", [{"type": "tool_result", "tool_use_id": name, "content": "ok"}], **known)

    def read(self, rows: int | None = None, *, splitting: bool = True) -> list[int]:
        """Read the log's first rows (all), and return how many calls each run has, earliest run first."""
        log = self.home / ".claude/projects/shop" / f"{SESSION}.jsonl"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(json.dumps(row) + "\n" for row in self.rows[:rows]))
        split = Splitting(self.ledger, self.clock).split if splitting else None
        Importing(self.ledger, self.home, split=split).import_logs()
        return self.calls()

    def runs(self) -> list[Any]:
        ids = reads.run_ids(self.ledger, RunFilter(descending=False))
        return reads.runs_by_id(self.ledger, ids)

    def calls(self) -> list[int]:
        queries = Queries(self.ledger, UTC, self.clock)
        raw = self.ledger.raw()
        whole = raw.execute("SELECT count(*), coalesce(sum(output_tokens), 0) FROM generation").fetchone()
        totals = queries.usage(["project", "day"], Span(None, None)).totals
        runs = self.runs()
        assert (totals.generations, totals.output_tokens) == whole
        assert sum(run.counters.output_tokens or 0 for run in runs) == whole[1]
        before = raw.execute("SELECT * FROM run_summary ORDER BY run_id").fetchall()
        due = raw.execute("SELECT * FROM split_due").fetchall()
        rebuild(self.ledger)
        assert raw.execute("SELECT * FROM run_summary ORDER BY run_id").fetchall() == before
        raw.execute("DELETE FROM split_due")
        raw.executemany("INSERT INTO split_due VALUES (?)", due)
        return [run.counters.generations for run in runs]


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def make(name: str) -> Desk:
        made.append(Desk(tmp_path / name))
        return made[-1]

    yield make
    for desk in made:
        desk.ledger.close()


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    return new_desk("one")


def two_topics(desk: Desk, *, pause: int = HOUR, words: str | None = NEWS, file: str = "/shop/news.md") -> None:
    desk.works(NOON, TILL, "/shop/till.py")
    desk.works(NOON + 2 * MINUTE + pause, words, file)


def test_another_topic_after_a_pause_is_another_run(desk: Desk) -> None:
    two_topics(desk)
    assert desk.read() == [1, 1]
    first, later = desk.runs()
    assert (first.ended_at, later.started_at) == (NOON + 2 * MINUTE, NOON + 2 * MINUTE + HOUR)
    assert desk.read() == [1, 1]
    assert [edit.by_app for edit in desk.arranging.history()] == [True]


def test_another_branch_after_a_pause_is_another_run(desk: Desk) -> None:
    desk.works(NOON, TILL, "/shop/till.py")
    desk.works(NOON + HOUR, "go on", "/shop/till.py", gitBranch="topic")
    assert desk.read() == [1, 1]


def test_a_later_part_is_where_it_began(desk: Desk) -> None:
    desk.works(NOON, "Fix the till", "/shop/till.py", permissionMode="acceptEdits")
    desk.works(NOON + HOUR, NEWS, "/kitchen/news.md", cwd="/kitchen", gitBranch="topic")
    desk.works(NOON + 3 * HOUR, TILL, "/kitchen/oven.py", cwd="/kitchen", gitBranch="")
    assert desk.read() == [1, 1, 1]
    queries = Queries(desk.ledger, UTC, desk.clock)
    details = [queries.run(run.id) for run in desk.runs()]
    assert [(one.cwd, one.git_branch, one.run.project) for one in details] == [
        ("/shop", "main", "shop"),
        ("/kitchen", "topic", "kitchen"),
        ("/kitchen", None, "kitchen"),
    ]
    assert [one.run.title for one in details] == ["Fix the till", "Fix the till (later)", "Fix the till (later)"]
    assert [one.run.work_kind for one in details] == ["fix", "build", "build"]
    assert [one.run.autonomy for one in details] == ["auto_edits"] * 3
    traits = [traits_of_run(desk.ledger, one.run.id) for one in details]
    assert [(one.folder, one.branch) for one in traits] == [
        ("/shop", "main"),
        ("/kitchen", "topic"),
        ("/kitchen", None),
    ]
    by_hand = desk.arranging.split(details[1].run.id, NOON + HOUR + MINUTE)
    assert queries.run(by_hand).git_branch == "topic"


@pytest.mark.parametrize(
    "twin",
    [
        {"pause": 29 * MINUTE},
        {"words": "go on, please"},
        {"file": "/shop/till.py"},
        {"words": f"{TILL} again"},
        {"words": None},
    ],
)
def test_twins_stay_whole(desk: Desk, twin: dict[str, Any]) -> None:
    two_topics(desk, **twin)
    assert desk.read() == [2]


def test_nothing_is_split_where_the_person_wants_it_so(desk: Desk) -> None:
    two_topics(desk)
    assert desk.read(splitting=False) == [2]


def test_a_running_session_waits_for_its_silence(desk: Desk) -> None:
    two_topics(desk)
    end = NOON + HOUR + 4 * MINUTE
    desk.clock.at = end + 29 * MINUTE
    assert desk.read() == [2]
    desk.clock.at = end + 31 * MINUTE
    assert desk.read() == [1, 1]


def test_reading_in_pieces_gives_the_same_runs(new_desk: Callable[[str], Desk]) -> None:
    """Whenever the log was read, and however often: the same runs, under the same names."""
    topics = [(TILL, "/shop/till.py"), (NEWS, "/shop/news.md"), ("and now go on", "/shop/more.md")]
    topics += [
        ("Measure yesterday's temperatures inside every single greenhouse", "/shop/warm.py"),
        (NEWS, "/shop/news.md"),
    ]

    def tell(desk: Desk) -> None:
        for number, (words, file) in enumerate(topics):
            desk.works(NOON + number * HOUR, words, file)

    whole, pieces = new_desk("whole"), new_desk("pieces")
    for desk in (whole, pieces):
        tell(desk)
    for rows in range(1, len(pieces.rows) + 1):
        at = datetime.fromisoformat(pieces.rows[rows - 1]["timestamp"]).timestamp() * 1000
        for later in (0, 40 * MINUTE):
            pieces.clock.at = round(at) + later
            pieces.read(rows)
    pieces.clock.at = whole.clock.at
    assert pieces.read() == whole.read() == [1, 2, 1, 1]
    assert [run.key for run in pieces.runs()] == [run.key for run in whole.runs()]


def test_what_was_judged_or_guessed_about_stays_whole(new_desk: Callable[[str], Desk]) -> None:
    def judged(desk: Desk, run: int) -> None:
        Rating(desk.ledger, desk.clock).rate_run(run, {AssessmentName.OUTCOME: "used"})

    def guessed(desk: Desk, run: int) -> None:
        Guessing(desk.ledger, desk.clock).guess(run, GuessName.KEPT, "yes")

    def drawn(desk: Desk, run: int) -> None:
        raw = desk.ledger.raw()
        raw.execute("INSERT INTO draw(id, drawn_on, drawn_at, seed) VALUES (1, '2026-11-23', 1, x'00')")
        raw.execute("INSERT INTO draw_run VALUES (?, 1, 'rest', 0.5, 1)", (run,))

    for say in (judged, guessed, drawn):
        desk = new_desk(say.__name__)
        two_topics(desk)
        desk.read(3)
        say(desk, desk.runs()[0].id)
        assert desk.read() == [2]
        assert desk.arranging.history() == []


def test_keep_together_is_remembered(desk: Desk) -> None:
    two_topics(desk)
    desk.read()
    with pytest.raises(LedgerError, match="nothing to undo"):
        desk.arranging.undo()  # the latest of the person's own, of which there is none
    desk.arranging.undo(desk.runs()[1].id)
    desk.works(NOON + 9 * HOUR, "Measure yesterday's temperatures inside every single greenhouse", "/shop/warm.py")
    assert desk.read() == [3]


def test_what_the_person_merged_stays_merged(desk: Desk) -> None:
    two_topics(desk)
    desk.read()
    first, later = desk.runs()
    desk.arranging.merge(later.id, first.id)
    desk.works(NOON + 9 * HOUR, "Measure yesterday's temperatures inside every single greenhouse", "/shop/warm.py")
    assert desk.read() == [3]


def test_logs_that_are_gone_and_old_runs_stay_whole(desk: Desk) -> None:
    two_topics(desk)
    desk.clock.at = NOON + 40 * DAY
    assert desk.read() == [2]
    assert desk.ledger.raw().execute("SELECT * FROM split_due").fetchall() == []


def test_nothing_waits_for_ever(desk: Desk) -> None:
    """Runs that were merged, and those of unknown end, are done with at the next look."""
    two_topics(desk)
    desk.read(splitting=False)
    raw = desk.ledger.raw()
    raw.execute("INSERT INTO split_due VALUES (4711)")
    raw.execute("UPDATE run_summary SET ended_at = NULL")
    assert Splitting(desk.ledger, desk.clock).split() == 0
    assert raw.execute("SELECT * FROM split_due").fetchall() == []


def test_a_part_is_not_forgotten_alone(desk: Desk, tmp_path: Path) -> None:
    two_topics(desk)
    desk.read()
    first, later = desk.runs()
    forgetting = Forgetting(desk.ledger, desk.clock, tmp_path)
    assert list(forgetting.runs_in(Reach(before=later.started_at))) == []
    assert sorted(forgetting.runs_in(Reach(before=later.started_at + 1))) == [first.id, later.id]
    with pytest.raises(LedgerError, match="which was split"):
        forget_runs(desk.ledger, [first.id], 1)
    assert forget_runs(desk.ledger, [first.id, later.id], 1).runs == 2
    assert desk.read() == []


def codex_log(*stretches: tuple[int, str, str, str]) -> str:
    """Return a Codex thread: at minutes after noon, in a folder, the person asks, and the agent patches a file."""
    rows = [codex.meta(codex.thread(0))]
    for number, (minute, folder, words, file) in enumerate(stretches):
        at = minute * MINUTE
        patch = f"*** Begin Patch\n*** Update File: {file}\n@@\n-old\n+new\n*** End Patch"
        call = {"type": "custom_tool_call", "name": "apply_patch", "input": patch, "call_id": f"c{number}"}
        done = {"type": "custom_tool_call_output", "call_id": f"c{number}", "output": "Success"}
        rows += [
            codex.context(codex.turn(minute), at, cwd=folder),
            codex.event("user_message", at, message=words),
            codex.row("response_item", call, at + MINUTE),
            codex.row("response_item", done, at + 2 * MINUTE),
        ]
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("later", "parts"),
    [
        ((60, "/home/p/x", NEWS, "news.md"), 2),
        ((60, "/kitchen", "go on", "till.py"), 2),
        ((60, "/home/p/x", NEWS, "till.py"), 1),
        ((60, "/home/p/x", "go on", "news.md"), 1),
        ((31, "/kitchen", NEWS, "news.md"), 1),
    ],
)
def test_codex_threads_are_split_by_the_same_rule(desk: Desk, later: tuple[int, str, str, str], parts: int) -> None:
    log = desk.home / ".codex/sessions/2026/11/20" / f"rollout-2026-11-20T12-00-00-{codex.thread(0)}.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text(codex_log((0, "/home/p/x", TILL, "till.py"), later))
    desk.clock.at = NOON + DAY
    Importing(desk.ledger, desk.home, split=Splitting(desk.ledger, desk.clock).split).import_logs()
    runs = desk.runs()
    assert [(run.prompts, run.tool_calls) for run in runs] == ([(1, 1)] * 2 if parts == 2 else [(2, 2)])
    if later[1] != "/home/p/x" and parts == 2:
        assert [run.project for run in runs] == ["x", "kitchen"]
