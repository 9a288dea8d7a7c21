"""What an import writes, and what it does with what it has seen before."""

from typing import Any

import msgspec
import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.files import KnownFile, known_files, reader_state
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.writer import ISSUES_KEPT, ImportWriter


def one(teller: Any, columns: str, key: str = "c1") -> tuple[Any, ...]:
    (row,) = teller.rows(f"SELECT {columns} FROM generation WHERE key = ?", teller.key(key))  # noqa: S608 - the test's own words
    return tuple(row)


def test_a_file_is_known_after_it_was_read(teller: Any) -> None:
    written = teller.write(teller.session(), teller.call("c1"), lines=7, device=2**64 - 1, inode=2**63)
    assert written.generations_added == 1
    assert not written.skipped
    assert known_files(teller.ledger) == {
        "/logs/a.jsonl": KnownFile(1, "/logs/a.jsonl", "claude-code", 2**64 - 1, 2**63, 1000, 3, 1000, b"head", 7)
    }
    assert reader_state(teller.ledger, "/logs/a.jsonl") == b"{}"
    assert reader_state(teller.ledger, "/logs/other.jsonl") is None


def test_reading_on_adds_lines(teller: Any) -> None:
    teller.write(teller.session(), lines=7)
    teller.write(teller.call("c1"), lines=5)
    assert known_files(teller.ledger)["/logs/a.jsonl"].lines == 12
    assert known_files(teller.ledger)["/logs/a.jsonl"].offset_bytes == 2000


def test_a_reading_that_another_import_overtook_is_skipped(teller: Any) -> None:
    teller.write(teller.session())
    assert teller.write(teller.call("c1"), start=0).skipped
    assert teller.write(teller.call("c1"), start=2000).skipped
    assert teller.rows("SELECT count(*) FROM generation") == [(0,)]
    assert teller.write(teller.call("c1"), path="/logs/new.jsonl", start=10).skipped


def test_the_same_file_again_changes_nothing(teller: Any) -> None:
    events = (
        teller.session(),
        teller.call("c1"),
        teller.tool("t1"),
        teller.prompt("p1"),
        teller.notice("n1", "compacted"),
    )
    teller.write(*events)
    tables = (
        "generation",
        "tool_call",
        "prompt",
        "notice",
        "session",
        "run",
        "run_summary",
        "usage_bucket",
        "generation_copy",
    )
    before = {table: teller.rows(f"SELECT * FROM {table}") for table in tables}  # noqa: S608 - constant names
    again = teller.write(*events, restart=True)
    assert (again.generations_added, again.generations_changed, again.duplicates) == (0, 0, 0)
    assert (again.tool_calls_added, again.prompts_added) == (0, 0)
    assert {table: teller.rows(f"SELECT * FROM {table}") for table in tables} == before  # noqa: S608 - constant names


def test_a_rewritten_file_starts_its_counts_again_and_keeps_its_events(teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1"), lines=9, unknown={"odd": 2}, issues=[(3, "not JSON")])
    teller.write(teller.call("c2"), restart=True, lines=4, unknown={"odd": 1})
    (row,) = teller.rows("SELECT lines, unreadable, unknown FROM source_file")
    assert row == (4, 0, 1)
    assert teller.rows("SELECT type, count FROM unknown_record") == [("odd", 1)]
    assert teller.rows("SELECT * FROM file_issue") == []
    assert teller.rows("SELECT count(*) FROM generation") == [(2,)]


def test_the_larger_output_replaces_all_counters(teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1", output_tokens=3, input_tokens=50, model="opus"))
    written = teller.write(teller.call("c1", output_tokens=90, input_tokens=40, at=teller.noon + 5))
    assert (written.generations_added, written.generations_changed, written.duplicates) == (0, 1, 0)
    assert one(teller, "output_tokens, input_tokens, recorded_at, cost_micros") == (90, 40, teller.noon, 90)
    teller.write(teller.call("c1", output_tokens=8, input_tokens=1000))
    assert one(teller, "output_tokens, input_tokens") == (90, 40)


def test_only_shared_doubts_remain_and_known_stands_over_unknown(teller: Any) -> None:
    doubts = GenerationFlag.OUTPUT_LOWER_BOUND | GenerationFlag.ESTIMATED
    teller.write(teller.session(), teller.call("c1", flags=int(doubts), model=None, provider=None, at=None))
    teller.write(teller.call("c1", flags=int(GenerationFlag.ESTIMATED), output_tokens=1))
    flags, model, at = one(teller, "flags, model_id, recorded_at")
    assert flags == GenerationFlag.ESTIMATED
    assert teller.rows("SELECT provider, name FROM model WHERE id = ?", model) == [("anthropic", "opus")]
    assert at == teller.noon


def test_a_copy_in_another_file_is_a_duplicate(teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1"))
    written = teller.write(teller.session("s2"), teller.call("c1", "s2"), path="/logs/b.jsonl")
    assert (written.generations_added, written.duplicates) == (0, 1)
    assert teller.rows("SELECT source_file_id, generation_id FROM generation_copy") == [(2, 1)]
    assert one(teller, "session_id, source_file_id") == (1, 1)


def test_a_copied_sighting_gives_way_to_the_original(teller: Any) -> None:
    copied = int(GenerationFlag.COPIED)
    teller.write(teller.session("fork"), teller.call("c1", "fork", flags=copied))
    teller.write(teller.session("origin"), teller.call("c1", "origin"), path="/logs/b.jsonl")
    session, file, flags = one(teller, "session_id, source_file_id, flags")
    assert teller.rows("SELECT native_id FROM session WHERE id = ?", session) == [("origin",)]
    assert (file, flags) == (2, 0)
    assert teller.rows("SELECT * FROM generation_copy") == [(1, 1)]
    teller.write(teller.call("c1", "fork", flags=copied), path="/logs/c.jsonl")
    assert one(teller, "session_id, source_file_id, flags") == (session, file, flags)
    assert list(teller.runs().items()) == [("origin", 1)]


def test_a_tool_call_read_in_halves_is_whole(teller: Any) -> None:
    teller.write(teller.session(), teller.tool("t1", finished_at=None, status=None))
    assert teller.write(teller.tool("t1", called_at=None, tool=None, kind=None, status="error")).tool_calls_added == 0
    (row,) = teller.rows(
        "SELECT called_at, finished_at, name, kind, status FROM tool_call JOIN tool ON tool.id = tool_id"
    )
    assert row == (teller.noon, teller.noon + 500, "Bash", "run", 2)
    assert teller.rows("SELECT tool_calls, errors FROM run_summary") == [(1, 1)]


def test_sessions_merge_by_their_rules(teller: Any) -> None:
    teller.write(teller.session(title="typed first", title_rank=1, cwd=None, started_at=50, ended_at=60))
    teller.write(
        teller.session(title="the summary", title_rank=2, cwd="/a", started_at=40, ended_at=55, git_branch="main"),
        teller.session(title="typed later", title_rank=1, cwd="/b", started_at=None, ended_at=None),
        teller.session(title="newer summary", title_rank=2, ended_at=99),
    )
    rows = teller.rows("SELECT started_at, ended_at, cwd, git_branch, title, title_rank FROM session")
    assert rows == [(40, 99, "/a", "main", "newer summary", 2)]


def test_subagents_and_continuations_are_folded_and_forks_are_not(teller: Any) -> None:
    teller.write(
        teller.session("root"),
        teller.session("agent", parent="root", relation="subagent"),
        teller.session("agents-agent", parent="agent", relation="subagent"),
        teller.session("later", parent="root", relation="resume"),
        teller.session("fork", parent="root", relation="fork"),
        *(teller.call(name, name) for name in ("root", "agent", "agents-agent", "later", "fork")),
    )
    runs = sorted(teller.runs().items())
    assert runs == [("fork", 1), ("root", 4)]


def test_a_parent_may_be_learnt_later(teller: Any) -> None:
    teller.write(
        teller.session("grandchild", parent="child", relation="subagent"), teller.call("c1", "grandchild"), path="/1"
    )
    teller.write(teller.session("child"), teller.call("c2", "child"), path="/2")
    teller.write(teller.session("root", title="Root", title_rank=1), teller.call("c3", "root"), path="/3")
    assert teller.rows("SELECT count(*) FROM run_summary") == [(2,)]
    teller.write(teller.session("child", parent="root", relation="subagent"), path="/2")
    assert teller.rows("SELECT title, generations FROM run_summary") == [("Root", 3)]
    assert teller.rows("SELECT DISTINCT run_id FROM generation") == teller.rows(
        "SELECT run_id FROM session WHERE native_id = 'root'"
    )
    assert teller.rows("SELECT sum(generations) FROM usage_bucket") == [(3,)]


def test_two_sessions_that_each_call_the_other_parent_do_not_loop(teller: Any) -> None:
    teller.write(
        teller.session("a", parent="b", relation="subagent"),
        teller.session("b", parent="a", relation="subagent"),
        teller.session("c", parent="c", relation="subagent"),
        teller.call("c1", "a"),
        teller.call("c2", "b"),
    )
    assert teller.rows("SELECT generations FROM run_summary") == [(2,)]


def test_the_project_is_the_root_sessions(teller: Any) -> None:
    teller.write(
        teller.session("child", parent="root", relation="subagent", cwd="/home/robin/aside"),
        teller.call("c1", "child"),
    )
    assert teller.rows("SELECT project FROM run_summary") == [("aside",)]
    teller.write(teller.session("root", cwd="/home/robin/shop"), teller.call("c2", "root"), path="/b")
    assert teller.rows("SELECT project FROM run_summary") == [("shop",)]
    assert teller.rows("SELECT name, generations FROM usage_bucket JOIN project ON project.id = project_id") == [
        ("shop", 2)
    ]


def test_a_cut_off_tail_is_an_issue_until_the_file_is_read_on(teller: Any) -> None:
    written = teller.write(teller.session(), lines=10, issues=[(4, "not JSON"), (11, "cut off in the middle")])
    assert written.unreadable == 2
    assert teller.rows("SELECT line FROM file_issue ORDER BY line") == [(4,), (11,)]
    assert teller.rows("SELECT unreadable FROM source_file") == [(1,)]
    teller.write(lines=2)
    assert teller.rows("SELECT line FROM file_issue") == [(4,)]


def test_a_whole_file_may_be_unreadable_and_recover(teller: Any) -> None:
    teller.write(lines=0, end=0, problem="permission denied")
    assert teller.rows("SELECT line, what FROM file_issue") == [(None, "permission denied")]
    teller.write(teller.session(), lines=3)
    assert teller.rows("SELECT count(*) FROM file_issue") == [(0,)]


def test_issues_are_all_counted_and_the_newest_kept(teller: Any) -> None:
    teller.write(lines=500, issues=[(line, "not JSON") for line in range(1, 301)])
    teller.write(lines=10, issues=[(505, "not JSON")])
    assert teller.rows("SELECT unreadable FROM source_file") == [(301,)]
    assert teller.rows("SELECT count(*), max(line) FROM file_issue") == [(ISSUES_KEPT, 505)]


def test_later_totals_replace_earlier_ones_of_the_same_file(teller: Any) -> None:
    teller.write(teller.session(), teller.total(output_tokens=10), teller.total(output_tokens=30))
    teller.write(teller.total(output_tokens=25))
    assert teller.rows("SELECT output_tokens FROM session_total") == [(25,)]
    teller.write(teller.total(output_tokens=7), path="/backup/a.jsonl")
    assert teller.rows("SELECT output_tokens, source_file_id FROM session_total") == [(25, 1)]


def test_plain_tuples_from_msgpack_are_read_as_well(teller: Any) -> None:
    batch = teller.batch(
        teller.session(), teller.call("c1"), teller.tool("t1"), teller.prompt("p1"), issues=[(1, "bad")]
    )
    plain = msgspec.msgpack.decode(msgspec.msgpack.encode(batch))

    class Decoded:
        def __getattr__(self, name: str) -> Any:
            return plain[name]

    written = teller.writer.write(teller.reading(), Decoded())
    assert (written.generations_added, written.tool_calls_added, written.prompts_added) == (1, 1, 1)
    assert one(teller, "output_tokens") == (20,)


def test_several_files_are_one_transaction(teller: Any) -> None:
    good = (teller.reading("/1"), teller.batch(teller.session(), teller.call("c1")))
    bad = (teller.reading("/2"), teller.batch(teller.call("c2", flags="no number")))
    with pytest.raises(LedgerError, match="nothing was changed"):
        teller.writer.write_many([good, bad])
    assert teller.rows("SELECT count(*) FROM source_file") == [(0,)]
    assert teller.rows("SELECT count(*) FROM run") == [(0,)]
    assert [written.generations_added for written in teller.writer.write_many([good])] == [1]


def test_finish_completes_what_another_process_left_undone(teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1"), finish=False)
    assert teller.rows("SELECT count(*) FROM run_summary") == [(0,)]
    successor = ImportWriter(teller.ledger, lambda _: (None, "unknown"), lambda cwd: (cwd, cwd))
    assert successor.finish() == 1
    assert teller.rows("SELECT generations, output_tokens FROM run_summary") == [(1, 20)]
    assert successor.finish() == 0


def test_a_session_of_which_only_the_parent_was_named_is_no_run(teller: Any, ledger: Ledger) -> None:
    teller.write(teller.session("fork", parent="gone", relation="fork"), teller.call("c1", "fork"))
    assert ledger.raw().execute("SELECT count(*) FROM run").fetchone() == (2,)
    assert ledger.raw().execute("SELECT count(*) FROM run_summary").fetchone() == (1,)
