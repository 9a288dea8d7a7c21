"""OpenCode and its descendants: one behaviour at a time."""

import io
import json
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.events import Batch, GenerationFlag, NoticeKind, Relation, ToolKind, ToolStatus
from goodmeasure.sources._formats.opencode.database import Store
from goodmeasure.sources._formats.opencode.storage import Storage
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import HERE, import_into, lay_out, scratch_ledger
from tests.sources.make_opencode_fixtures import is_ours
from tests.sources.opencode_store import START, USAGE, Home, answer, message_id, question, said, tokens_of, tool

OPENCODE = next(source for source in all_sources() if source.key == "opencode")
CANARY = "Zinnober Kumquat."


def read_file(place: str, record: Any) -> Batch:
    data = record if isinstance(record, bytes) else json.dumps(record).encode()
    (batch,) = Storage("opencode")(place, io.BytesIO(data))
    return batch


# ---- counters


@pytest.mark.parametrize(
    ("tokens", "output"),
    [
        (USAGE | {"total": 1110}, 60),
        (USAGE | {"total": 1090}, 40),
        ({**USAGE, "total": None}, 60),
        (USAGE | {"reasoning": 0, "total": 1090}, 40),
        (USAGE | {"reasoning": 70, "total": None}, 110),
    ],
)
def test_total_tells_whether_output_contains_reasoning(tokens: dict[str, Any], output: int) -> None:
    home = Home()
    home.session()
    home.message("msg_1", answer(tokens=tokens))
    assert tokens_of(home.read()) == [(100, 900, 50, None, output, tokens["reasoning"])]


@pytest.mark.parametrize(
    ("provider", "version", "output"),
    [("openai", "1.1.53", 40), ("google", "1.1.53", 60), ("google-vertex", "1.1.53", 60), ("openai", "1.14.34", 60)],
)
def test_without_a_total_version_and_provider_tell(provider: str, version: str, output: int) -> None:
    tokens = {name: value for name, value in USAGE.items() if name != "total"}
    home = Home()
    home.session(version=version)
    home.message("msg_1", answer(tokens=tokens, providerID=provider))
    assert tokens_of(home.read())[0][4] == output


def test_zeros_are_no_call_and_negative_input_is_unknown() -> None:
    home = Home()
    home.session()
    home.message("msg_1", answer(tokens={"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}))
    home.message("msg_2", answer(tokens=USAGE | {"input": -5, "reasoning": 0, "total": None}))
    assert tokens_of(home.read()) == [(None, 900, 50, None, 40, 0)]


def test_cost_of_a_call_is_that_of_its_step_and_zero_is_none() -> None:
    home = Home()
    home.session()
    for number, cost in enumerate((0.25, 0)):
        home.message(f"msg_{number}", answer(START + number, cost=9.5))
        home.part(f"prt_{number}", f"msg_{number}", {"type": "step-finish", "tokens": USAGE, "cost": cost})
    home.read()
    assert [call.reported_cost_micros for call in home.folded.generations.values()] == [250_000, None]


def test_cost_of_a_message_in_a_file_is_its_own() -> None:
    batch = read_file("storage/message/ses_1/msg_1.json", {**answer(cost=0.25), "id": "msg_1", "sessionID": "ses_1"})
    assert [call.reported_cost_micros for call in batch.generations] == [250_000]


def test_each_step_of_a_message_is_a_call() -> None:
    home = Home()
    home.session()
    first = {**USAGE, "input": 70, "total": 1080}
    home.message("msg_1", answer())
    home.part("prt_1", "msg_1", {"type": "step-finish", "tokens": first, "cost": 0.1})
    home.part("prt_2", "msg_1", {"type": "step-finish", "tokens": USAGE, "cost": 0.15})
    home.read()
    assert sorted(call.input_tokens or 0 for call in home.folded.generations.values()) == [70, 100]
    assert {call.model for call in home.folded.generations.values()} == {"some-model"}


# ---- what is counted once


def test_fork_counts_once_and_belongs_to_the_original() -> None:
    home = Home()
    for session in ("ses_1", "ses_2"):
        home.session(session)
    home.message(message_id(START), answer(), "ses_1")
    home.message(message_id(START + 60_000), answer(), "ses_2")
    home.message(message_id(START + 90_000), answer(START + 90_000), "ses_2")
    home.read()
    calls = list(home.folded.generations.values())
    assert [(call.session, call.flags) for call in calls] == [("ses_1", 0), ("ses_2", 0)]


def test_fork_without_its_original_is_marked_as_a_copy() -> None:
    home = Home()
    home.session("ses_2", START + 60_000)
    home.message(message_id(START + 60_000), answer(), "ses_2")
    home.part("prt_1", message_id(START + 60_000), tool("call_1"), "ses_2")
    home.read()
    (call,) = home.folded.generations.values()
    assert call.flags == GenerationFlag.COPIED
    assert home.folded.sessions["ses_2"].started_at == START + 60_000


@pytest.mark.parametrize("wraps", [START, (1 << 36) * 26 - 3])
def test_message_with_its_own_id_is_no_copy(wraps: int) -> None:
    home = Home()
    home.session()
    home.message(message_id(wraps - 14), answer(wraps))
    (batch,) = home.read()
    assert [call.flags for call in batch.generations] == [0]


def test_calls_of_one_instant_are_told_apart_by_figures() -> None:
    home = Home()
    home.session()
    home.message("msg_1", answer())
    home.message("msg_2", answer(tokens=USAGE | {"input": 101, "total": 1111}))
    assert len(tokens_of(home.read())) == 2


def test_messages_in_files_and_in_the_database_count_once(tmp_path: Path) -> None:
    home = lay_out(OPENCODE, "1.1.53/basic", tmp_path / "home")
    folder = home / ".local/share/opencode"
    truth = json.loads((HERE / "opencode/expected.json").read_text())["1.1.53/basic"]
    store = Home(str(folder / "opencode.db"))
    for path in sorted(folder.rglob("ses_*.json")):
        record = json.loads(path.read_text())
        store.session(record["id"], record["time"]["created"], version=record["version"])
    for path in sorted(folder.rglob("msg_*.json")):
        record = json.loads(path.read_text())
        store.message(record["id"], record, record["sessionID"], record["time"]["created"])
    for path in sorted(folder.rglob("prt_*.json")):
        record = json.loads(path.read_text())
        store.part(record["id"], record["messageID"], record, record["sessionID"])
    store.database.close()
    with scratch_ledger(tmp_path) as ledger:
        imported = import_into(ledger, OPENCODE, home)
    assert imported.totals == truth["totals"]
    assert (imported.runs, imported.prompts) == (1, 1)
    assert imported.tool_calls == len([path for path in folder.rglob("prt_*.json") if '"tool"' in path.read_text()])


# ---- reading again


def test_second_reading_reads_only_what_is_new() -> None:
    home = Home()
    home.session()
    for number in range(20):
        home.message(f"msg_{number:02}", answer(START + number))
    assert sum(batch.lines for batch in home.read()) == 21
    assert sum(batch.lines for batch in home.read()) == 0
    home.message("msg_20", answer(START + 20))
    (batch,) = home.read()
    assert (batch.lines, len(batch.generations)) == (1, 1)


def test_reading_that_was_interrupted_goes_on_where_it_was() -> None:
    home = Home()
    home.session()
    for number in range(5000):
        home.message(f"msg_{number}", answer(START + number))
    first, home.state = next(iter(Store("opencode")("opencode.db", home.database, None)))
    rest = home.read()
    assert 0 < first.lines < 5001
    assert first.lines + sum(batch.lines for batch in rest) == 5001
    assert len(tokens_of([first, *rest])) == 5000


def test_message_that_was_being_written_is_read_again() -> None:
    home = Home()
    home.session()
    nothing = {"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    home.message("msg_1", answer(time={"created": START}, tokens=nothing, cost=0))
    home.part("prt_1", "msg_1", tool("call_1", "running", time={"start": START + 10}))
    home.read()
    assert not home.folded.generations
    assert not home.folded.tool_calls
    home.change("message", "msg_1", answer())
    home.change("part", "prt_1", tool("call_1", metadata={"exit": 0}))
    home.read()
    assert len(home.folded.generations) == 1
    assert [call.status for call in home.folded.tool_calls.values()] == [ToolStatus.OK]
    assert [batch.generations for batch in home.read()] == [[]]


@pytest.mark.parametrize("vacuum", [False, True])
def test_rows_that_take_a_deleted_rows_place_are_read(*, vacuum: bool) -> None:
    home = Home()
    home.session()
    for number in range(6):
        home.message(f"msg_{number}", answer(START + number))
        home.read()
    home.database.execute("DELETE FROM message WHERE id IN ('msg_5', 'msg_2')")
    if vacuum:
        home.database.execute("VACUUM")
    home.message("msg_6", answer(START + 6))
    home.read()
    assert sorted(call.recorded_at or 0 for call in home.folded.generations.values()) == [START + n for n in range(7)]


def test_title_that_comes_late_is_read() -> None:
    home = Home()
    home.session(title="New session - 2026-11-23T07:57:41.562Z")
    home.read()
    assert home.folded.sessions["ses_1"].title is None
    home.session(at=START + 100, title="Chosen words")
    home.read()
    assert home.folded.sessions["ses_1"].title == "Chosen words"


@pytest.mark.parametrize("name", ["1.18.33/recorded", "1.18.34/subagent", "1.18.34/compaction"])
def test_pieces_teach_the_same_as_the_whole(name: str) -> None:
    script = (HERE / "opencode" / name / ".local/share/opencode/opencode.db.sql").read_text(encoding="utf-8")
    tables = [line for line in script.splitlines() if line.startswith("CREATE")]
    rows = [line for line in script.splitlines() if line.startswith("INSERT")]
    whole, pieces = Home(), Home()
    for home in (whole, pieces):
        for table in ("session", "message", "part"):
            home.database.execute(f"DROP TABLE {table}")
        for statement in tables:
            home.database.execute(statement)
    for number, statement in enumerate(rows):
        whole.database.execute(statement)
        pieces.database.execute(statement)
        if number % 7 == 0:
            pieces.read()
    whole.read()
    pieces.read()
    assert pieces.folded.events() == whole.folded.events()
    assert whole.folded.generations


# ---- sessions, prompts, tools, notices


def test_subagents_hang_on_their_parent_and_what_it_tells_them_is_no_prompt() -> None:
    home = Home()
    home.session()
    home.session("ses_2", parent_id="ses_1")
    for session in ("ses_1", "ses_2"):
        home.message(f"msg_{session}", question(START + len(session)), session)
        home.part(f"prt_{session}", f"msg_{session}", said(), session)
    home.read()
    assert home.folded.sessions["ses_2"].relation == Relation.SUBAGENT
    assert home.folded.sessions["ses_2"].parent == "ses_1"
    assert [prompt.session for prompt in home.folded.prompts.values()] == ["ses_1"]


@pytest.mark.parametrize(
    "part",
    [said(synthetic=True), said(ignored=True), {"type": "compaction", "auto": True}, {"type": "file", "mime": "x"}],
)
def test_what_the_client_adds_is_no_prompt(part: dict[str, Any]) -> None:
    home = Home()
    home.session()
    home.message("msg_1", question())
    home.part("prt_1", "msg_1", part)
    home.read()
    assert home.folded.prompts == {}


def test_first_prompt_is_the_title_of_a_session_without_one() -> None:
    home = Home()
    home.session(title="New session - 2026-11-23T07:57:41.562Z")
    for number, text in enumerate(("First words\nand more", "Second words")):
        home.message(f"msg_{number}", question(START + number), at=START + number)
        home.part(f"prt_{number}", f"msg_{number}", said(text))
        home.read()
    assert home.folded.sessions["ses_1"].title == "First words"
    assert len(home.folded.prompts) == 2


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (tool("c", metadata={"exit": 0}), ToolStatus.OK),
        (tool("c", metadata={"exit": 2}), ToolStatus.ERROR),
        (tool("c", metadata={"exit": "odd"}), ToolStatus.OK),
        (tool("c", "error", error="Invented text."), ToolStatus.ERROR),
        (tool("c", "error", error="Tool execution aborted"), ToolStatus.INTERRUPTED),
        (tool("c", "error", error="The user rejected permission to do this."), ToolStatus.DENIED),
        (tool("c", "error", error="The user has specified a rule which forbids it."), ToolStatus.DENIED),
    ],
)
def test_tool_calls_end_in_different_ways(state: dict[str, Any], status: ToolStatus) -> None:
    home = Home()
    home.session()
    home.message("msg_1", answer())
    home.part("prt_1", "msg_1", state)
    (batch,) = home.read()
    (call,) = batch.tool_calls
    assert (call.status, call.kind, call.name) == (status, ToolKind.RUN, "bash")
    assert (call.called_at, call.finished_at) == (START + 10, START + 30)
    assert [n.kind for n in batch.notices] == ([NoticeKind.DENIED] if status is ToolStatus.DENIED else [])


def test_failures_retries_interruptions_and_compactions_are_noted() -> None:
    home = Home()
    home.session()
    failed = {"name": "APIError", "data": {"message": CANARY, "statusCode": 529}}
    home.message("msg_1", answer(error=failed, tokens=None))
    home.message("msg_2", answer(START + 1, error={"name": "MessageAbortedError", "data": {"message": CANARY}}))
    home.message("msg_3", answer(START + 2, summary=True))
    home.part("prt_1", "msg_3", {"type": "retry", "attempt": 1, "time": {"created": START + 3}, "error": failed})
    (batch,) = home.read()
    assert [(notice.kind, notice.detail) for notice in batch.notices] == [
        (NoticeKind.API_ERROR, "529"),
        (NoticeKind.INTERRUPTED, None),
        (NoticeKind.COMPACTED, None),
        (NoticeKind.RETRIED, "529"),
    ]


def test_unknown_kinds_are_counted_by_name() -> None:
    home = Home()
    home.session()
    home.message("msg_1", answer() | {"role": "oracle"})
    home.part("prt_1", "msg_1", {"type": "hologram"})
    (batch,) = home.read()
    assert batch.unknown == {"message/oracle": 1, "part/hologram": 1}


# ---- damage

WRONG = ['{"role":"assistant","tok', "", "[]", "7", '{"role":["assistant"]}', '{"tokens":{"input":"many"}}', None, 5,
         '{"tokens":{"output":99999999999999999999}}', '{"cost":-1}', b"\xff\xfe"]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_damaged_message_is_an_issue_and_its_neighbours_stay(wrong: Any) -> None:
    home = Home()
    home.session()
    home.message("msg_1", answer())
    home.message("msg_2", wrong)
    home.part("prt_2", "msg_2", said())
    home.message("msg_3", answer(START + 1))
    batches = home.read()
    assert len(tokens_of(batches)) == 2
    assert [issue for batch in batches for issue in batch.issues] or wrong == ""
    assert all(1 <= issue.line <= 5 for batch in batches for issue in batch.issues)


def test_bytes_that_are_not_utf8_inside_a_text_cost_nothing() -> None:
    home = Home()
    home.database.text_factory = lambda data: data.decode("utf-8", "replace")
    home.session()
    data = json.dumps(answer(note="MARK")).encode().replace(b"MARK", b"\xff\xed\xa0\x80")
    home.database.execute("INSERT INTO message VALUES ('msg_1', 'ses_1', 0, 0, CAST(? AS text))", (data,))
    home.message("msg_2", json.dumps(answer(START + 1, note="MARK")).encode().replace(b"MARK", b"\xff"))
    (batch,) = home.read()
    assert (len(batch.generations), batch.issues) == (2, [])


@pytest.mark.parametrize("table", ["session", "message", "part"])
@pytest.mark.parametrize("change", ["DROP TABLE {}", "ALTER TABLE {} RENAME COLUMN id TO key", "DELETE FROM {}"])
def test_missing_tables_and_columns_are_told_and_nothing_is_raised(table: str, change: str) -> None:
    home = Home()
    home.session()
    home.message("msg_1", answer())
    home.part("prt_1", "msg_1", tool("call_1"))
    home.database.execute(change.format(table))
    batches = home.read()
    lost = not change.startswith("DELETE")
    assert any(batch.issues for batch in batches) == lost
    assert len(tokens_of(batches)) == (table == "session" or (not lost and table == "part"))


def test_rows_around_a_damaged_page_are_read(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    home = Home(str(path))
    home.session()
    for number in range(400):
        home.message(f"msg_{number:03}", answer(START + number, note="x" * 200))
    home.database.close()
    data = bytearray(path.read_bytes())
    page = data.index(b'"created": %d' % (START + 200)) // 4096
    data[page * 4096 : page * 4096 + 200] = b"\xaa" * 200
    path.write_bytes(data)
    with closing(sqlite3.connect(path)) as database:
        batches = [batch for batch, _ in Store("opencode")("opencode.db", database, None)]
    found = {call.recorded_at or 0 for batch in batches for call in batch.generations}
    assert START in found
    assert START + 399 in found
    assert 370 < len(found) < 400
    assert len([issue for batch in batches for issue in batch.issues]) == 1


@pytest.mark.parametrize("kind", ["session/project", "message/ses_1", "part/msg_1"])
def test_damaged_file_is_an_issue(kind: str) -> None:
    for wrong in (b'{"id":"x"', b"[]", b'{"id":1}', b'{"time":7}', b"\x00\x01"):
        batch = read_file(f"storage/{kind}/x.json", wrong)
        assert len(batch.issues) == 1
        assert batch.generations == []


WHATEVER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PLACES = ["role", "time", "tokens", "cost", "modelID", "providerID", "agent", "error", "summary", "tools", "type",
          "text", "synthetic", "tool", "callID", "state", "attempt", "sessionID", "id"]  # fmt: skip


@given(key=st.sampled_from(PLACES), value=WHATEVER, inner=st.sampled_from(["", "time", "cache", "metadata", "error"]))
def test_wrong_types_anywhere_never_raise(key: str, value: Any, inner: str) -> None:
    home = Home()
    home.session()
    strange = value if not inner else {inner: value}
    home.message("msg_0", answer() | {key: strange})
    home.message("msg_1", question() | {key: strange})
    for number, part in enumerate((tool("c"), said(), {"type": "step-finish", "tokens": USAGE}, {"type": "retry"})):
        home.part(f"prt_{number}", "msg_1", {**part, key: strange})
    home.message("msg_2", answer(START + 7))
    home.read()
    assert START + 7 in {call.recorded_at for call in home.folded.generations.values()}
    for kind in ("session", "message", "part"):
        read_file(f"storage/{kind}/x/y.json", {**answer(), **tool("c"), "id": "x", "sessionID": "y", key: strange})


CELL = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=4) | st.binary(max_size=4)


@given(row=st.lists(CELL, min_size=7, max_size=7))
def test_session_rows_of_any_type_never_raise(row: list[Any]) -> None:
    home = Home()
    home.database.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    home.message("msg_1", answer(), session=row[0])
    home.message("msg_2", answer(START + 7))
    home.read()
    assert START + 7 in {call.recorded_at for call in home.folded.generations.values()}


# ---- privacy and the reader itself


def test_no_event_and_no_state_holds_text() -> None:
    home = Home()
    home.session()
    home.message("msg_1", question(system=CANARY))
    home.part("prt_1", "msg_1", said(CANARY))
    home.message("msg_2", answer(error={"name": CANARY, "data": {"message": CANARY}}, path={"cwd": CANARY}))
    home.part("prt_2", "msg_2", tool("c", input={"command": CANARY}, output=CANARY, title=CANARY))
    home.part("prt_3", "msg_2", tool("d", "error", error=CANARY))
    home.part("prt_4", "msg_2", {"type": "retry", "error": {"name": CANARY}})
    home.read()
    events = home.folded.events()
    events["sessions"] = {key: facts._replace(title=None) for key, facts in home.folded.sessions.items()}
    assert "Zinnober" not in repr(events)
    assert "Zinnober" not in (home.state or b"").decode()


def test_state_stays_small() -> None:
    home = Home()
    home.session()
    for number in range(3000):
        home.message(f"msg_{number}", answer(START + number, time={"created": START + number}))
    home.read()
    assert len(home.state or b"") < 10_000


def test_readers_travel_to_other_processes() -> None:
    for root in OPENCODE.roots:
        assert pickle.loads(pickle.dumps(root.reading)) == root.reading  # noqa: S301 - our own


@pytest.mark.parametrize("key", ["opencode", "kilo"])
def test_fixtures_hold_only_identifiers_and_invented_text(key: str) -> None:
    texts: set[str] = set()
    for path in (HERE / key).rglob("*.json"):
        if path.name != "expected.json":
            texts |= _strings(json.loads(path.read_text(encoding="utf-8")))
    for path in (HERE / key).rglob("*.sql"):
        with closing(sqlite3.connect(":memory:")) as database:
            database.executescript(path.read_text(encoding="utf-8"))
            for table in ("session", "message", "part"):
                for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - constant parts
                    for cell in row:
                        found = json.loads(cell) if isinstance(cell, str) and cell.startswith("{") else cell
                        texts |= _strings(found)
    assert len(texts) > 100
    assert [text for text in texts if not is_ours(text)] == []
    assert not is_ours("Please look at the login page")


def _strings(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(_strings(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_strings(inner) for inner in value))
    if isinstance(value, str) and value.startswith("{"):
        return _strings(json.loads(value))
    return {value} if isinstance(value, str) else set()
