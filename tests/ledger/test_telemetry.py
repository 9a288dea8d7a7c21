"""What a log and telemetry both tell counts once, whichever comes first and however often it comes."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.domain.runs import Feed, Refused
from goodmeasure.ledger.absorbing import absorb
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.forgetting import forget_runs
from goodmeasure.ledger.health import refused, source_health
from goodmeasure.ledger.run_detail import run_detail
from goodmeasure.ledger.telemetry_writer import BUSY_MS, Sent, TelemetryWriter
from goodmeasure.ledger.unlogged import unlogged

TELEMETRY = int(GenerationFlag.TELEMETRY)
BEGUN = int(GenerationFlag.OUTPUT_LOWER_BOUND)
SUMS = "SELECT count(*), sum(input_tokens), sum(output_tokens), sum(flags & 32 > 0) FROM generation"
EVENTS = "SELECT (SELECT count(*) FROM tool_call), (SELECT count(*) FROM prompt), (SELECT count(*) FROM notice)"

Hear = Callable[..., None]


@pytest.fixture
def hear(teller: Any) -> Hear:
    """Write events as if an agent had sent them."""
    writer = TelemetryWriter(teller.ledger, lambda event: (event[9], "list_price"), lambda cwd: (cwd, cwd))

    def write(*events: Any, source: str = "claude-code") -> None:
        marked = [event._replace(flags=TELEMETRY) if hasattr(event, "flags") else event for event in events]
        writer.write([Sent(source, teller.batch(*marked, lines=len(marked)), 3, teller.noon)], {}, teller.noon)
        writer.finish()

    return write


def test_what_only_telemetry_tells_counts(teller: Any, hear: Hear) -> None:
    hear(
        teller.session(cwd=None),
        teller.call("t1"),
        teller.tool("tt"),
        teller.prompt("tp"),
        teller.notice("tn", "denied"),
    )
    assert teller.rows(SUMS) == [(1, 10, 20, 1)]
    assert teller.rows(EVENTS) == [(1, 1, 1)]
    assert teller.rows("SELECT generations, tool_calls, prompts FROM run_summary") == [(1, 1, 1)]


def test_sent_again_changes_nothing(teller: Any, hear: Hear) -> None:
    for _ in range(3):
        hear(teller.session(), teller.call("t1"), teller.tool("tt"), teller.prompt("tp"))
    assert teller.rows(SUMS) == [(1, 10, 20, 1)]
    assert teller.rows(EVENTS) == [(1, 1, 0)]
    assert teller.rows("SELECT source, requests, metrics, calls FROM telemetry_feed") == [("claude-code", 3, 9, 1)]


@pytest.mark.parametrize("order", ["log first", "telemetry first", "telemetry before and after"])
def test_log_and_telemetry_count_once(teller: Any, hear: Hear, order: str) -> None:
    def log() -> None:
        teller.write(
            teller.session(),
            teller.call("c1"),
            teller.call("c2", output_tokens=21),
            teller.tool("a"),
            teller.prompt("p"),
        )

    def telemetry() -> None:
        hear(
            teller.session(),
            teller.call("t1", at=teller.noon + 4000),
            teller.call("t2", at=teller.noon + 9000, output_tokens=21),
            teller.call("title", at=teller.noon + 100, model="small"),
            teller.tool("ta"),
            teller.prompt("tp"),
            teller.notice("tn", "approved"),
        )

    steps = {"log first": [log, telemetry], "telemetry first": [telemetry, log]}
    for step in steps.get(order, [telemetry, log, telemetry]):
        step()
    teller.writer.finish()

    assert teller.rows(SUMS) == [(3, 30, 61, 1)], "the title was never logged"
    assert teller.rows(EVENTS) == [(1, 1, 0)], "the log tells them better"
    assert teller.rows("SELECT generations, tool_calls, prompts FROM run_summary") == [(3, 1, 1)]
    assert teller.rows("SELECT sum(generations), sum(output_tokens) FROM usage_bucket") == [(3, 61)]


def test_a_subagents_call_goes_to_its_own_session(teller: Any, hear: Hear) -> None:
    hear(teller.session(), teller.call("t1"))
    teller.write(
        teller.session(), teller.session("s1/a", parent="s1", relation="subagent"), teller.call("c1", session="s1/a")
    )
    assert teller.rows("SELECT native_id, flags FROM generation g JOIN session s ON s.id = g.session_id") == [
        ("s1/a", 0)
    ]


def test_a_begun_answer_is_completed(teller: Any, hear: Hear) -> None:
    teller.write(teller.session(), teller.call("c1", output_tokens=1, flags=BEGUN))
    hear(teller.session(), teller.call("t1"))
    assert teller.rows("SELECT output_tokens, flags, cost_micros FROM generation") == [(20, 0, 20)]


def test_a_log_that_grows_meets_what_was_told(teller: Any, hear: Hear) -> None:
    hear(teller.session(), teller.call("t1"))
    teller.write(teller.session(), teller.call("c1", output_tokens=21, flags=0))
    assert teller.rows(SUMS)[0][0] == 2, "these are two calls"
    teller.write(teller.call("c2", output_tokens=3, flags=BEGUN), start=1000, end=2000)
    assert teller.rows(SUMS) == [(2, 20, 41, 0)]


def test_equal_calls_pair_off_one_by_one(teller: Any, hear: Hear) -> None:
    hear(teller.session(), *(teller.call(f"t{n}", at=teller.noon + n) for n in range(3)))
    teller.write(teller.session(), *(teller.call(f"c{n}", at=teller.noon + n) for n in range(2)))
    assert teller.rows(SUMS) == [(3, 30, 60, 1)]
    teller.write(teller.call("c2", at=teller.noon + 2), start=1000, end=2000)
    teller.write(teller.call("c3", at=teller.noon + 3), start=2000, end=3000)
    assert teller.rows(SUMS) == [(4, 40, 80, 0)]


def test_other_sources_and_other_times_are_other_calls(teller: Any, hear: Hear) -> None:
    teller.write(teller.session(), teller.call("c1"))
    hear(teller.session(), teller.call("t1"), source="codex")
    hear(teller.session(), teller.call("t2", at=teller.noon + 3_600_000))
    assert teller.rows(SUMS) == [(3, 30, 60, 2)]


def test_a_feed_is_no_file(teller: Any, hear: Hear) -> None:
    hear(teller.session(), teller.call("t1"))
    teller.write(teller.session("s9"), teller.call("c9", session="s9", output_tokens=1))
    (claude,) = source_health(teller.ledger)
    assert (claude.files, claude.lines, claude.generations, claude.duplicates) == (1, 10, 2, 0)
    assert claude.feed == Feed(1, 2, 3, 1, teller.noon, teller.noon)
    assert teller.runs() == {"s1": 1, "s9": 1}
    (run,) = teller.rows("SELECT run_id FROM session WHERE native_id = 's1'")
    assert run_detail(teller.ledger, run[0]).log_paths == ()


def test_a_call_told_by_telemetry_is_not_unlogged_any_more(teller: Any, hear: Hear) -> None:
    teller.write(teller.session(), teller.call("c1"), teller.total(input_tokens=25, output_tokens=40))
    (before,) = unlogged(teller.ledger)
    hear(teller.session(), teller.call("title", input_tokens=15, cache_read_tokens=0, cache_write_5m_tokens=0))
    assert (before.input_tokens, before.output_tokens) == (15, 20)
    assert unlogged(teller.ledger) == []


def test_a_forgotten_run_is_not_brought_back(teller: Any, hear: Hear) -> None:
    def tell() -> None:
        hear(teller.session(), teller.call("t1"), teller.call("t2", output_tokens=7), teller.tool("tt"))

    teller.write(teller.session(), teller.call("c1"))
    tell()
    forget_runs(teller.ledger, [row[0] for row in teller.rows("SELECT id FROM run")], teller.noon)
    tell()
    assert teller.rows(SUMS) == [(0, None, None, None)]
    assert teller.rows(EVENTS) == [(0, 0, 0)]


def test_refusals_are_added_up(teller: Any) -> None:
    writer = TelemetryWriter(teller.ledger, lambda _: (None, "unknown"), lambda cwd: (cwd, cwd))
    writer.write([], {"too large": 2}, 5)
    writer.write([], {"too large": 1, "no OTLP": 1}, 9)
    assert refused(teller.ledger) == [Refused("too large", 3, 9), Refused("no OTLP", 1, 9)]


def test_a_locked_ledger_is_said_soon_and_nothing_is_written(
    teller: Any, hear: Hear, path: Any, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from goodmeasure.ledger.connecting import connected  # noqa: PLC0415 - another program's connection

    other = connected(path, key)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("goodmeasure.ledger.telemetry_writer.BUSY_MS", 50)
    assert BUSY_MS < 10_000, "agents give up after ten seconds"
    with pytest.raises(LedgerError, match="in use"):
        hear(teller.session(), teller.call("t1"))
    other.execute("ROLLBACK")
    other.close()
    assert teller.rows(SUMS) == [(0, None, None, None)]


@pytest.mark.parametrize("known", ["nothing", "log", "telemetry", "both"])
@pytest.mark.parametrize("brought", ["log", "telemetry", "both"])
def test_another_ledger_brings_nothing_twice(new_teller: Callable[[], Any], known: str, brought: str) -> None:
    def filled(what: str) -> Any:
        teller = new_teller()
        if what in {"log", "both"}:
            teller.write(teller.session(), teller.call("c1"), teller.tool("a"), teller.prompt("p"))
        if what in {"telemetry", "both"}:
            told = teller.call("t1", at=teller.noon + 900)._replace(flags=TELEMETRY)
            writer = TelemetryWriter(teller.ledger, lambda _: (None, "unknown"), lambda cwd: (cwd, cwd))
            batch = teller.batch(teller.session(), told, teller.tool("ta"), teller.prompt("tp"))
            writer.write([Sent("claude-code", batch, 0, 1)], {}, 1)
        return teller

    here, there = filled(known), filled(brought)
    for _ in range(2):
        absorb(
            here.ledger,
            there.ledger,
            "other",
            cost_of=lambda _: (None, "unknown"),
            project_of=lambda cwd: (cwd, cwd),
            at=1,
        )
    both = {known, brought}
    assert here.rows("SELECT count(*) FROM generation") == [(1,)]
    assert here.rows(EVENTS) == [(1, 1, 0)]
    assert here.rows("SELECT count(*) FROM generation WHERE flags & 32") == [(int(not both & {"log", "both"}),)]
    (health,) = source_health(here.ledger)
    assert health.files == here.rows("SELECT count(*) FROM source_file WHERE path LIKE '%/logs/%'")[0][0]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_any_order_gives_one_truth(new_teller: Callable[[], Any], kinds: list[tuple[int, int]], order: Any) -> None:
    """Each call is logged, told or both (by `kinds`), and has one of few outputs, so that some are alike."""
    teller = new_teller()
    writer = TelemetryWriter(teller.ledger, lambda _: (None, "unknown"), lambda cwd: (cwd, cwd))
    steps: list[Callable[[], None]] = []

    def telling(number: int, output: int) -> Callable[[], None]:
        call = teller.call(f"t{number}", output_tokens=output, at=teller.noon + number * 60_000)._replace(
            flags=TELEMETRY
        )
        batch = teller.batch(teller.session(), call)
        return lambda: writer.write([Sent("claude-code", batch, 0, 0)], {}, 0)

    def logging(number: int, output: int) -> Callable[[], None]:
        call = teller.call(f"c{number}", output_tokens=output, at=teller.noon + number * 60_000 - 500)
        reading = teller.reading(f"/logs/{number}.jsonl")
        return lambda: teller.writer.write(reading, teller.batch(teller.session(), call))

    for number, (kind, output) in enumerate(kinds):
        if kind != 0:
            steps += [telling(number, output)] * 2
        if kind != 1:
            steps.append(logging(number, output))
    order.shuffle(steps)
    for step in steps:
        step()

    # Calls that are alike cannot be told apart: those only logged pair off with those only told.
    expected = 0
    for output in {output for _, output in kinds}:
        seen = [kind for kind, own in kinds if own == output]
        expected += max(sum(kind != 0 for kind in seen), sum(kind != 1 for kind in seen))
    assert teller.rows("SELECT count(*) FROM generation") == [(expected,)]
