"""Cline's sessions, and the tasks of its family: one behaviour at a time."""

import io
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.events import Batch, GenerationFlag, NoticeKind, Relation, ToolKind, ToolStatus
from goodmeasure.sources._formats.cline_tasks import INCLUSIVE_FROM, Tasks
from goodmeasure.sources.cline.sessions import read_session_file
from goodmeasure.sources.registry import all_sources
from tests.sources.conftest import Folded
from tests.sources.homes import HERE
from tests.sources.make_cline_fixtures import is_ours

START = 1_795_421_812_409
SESSION = f"{START}_abcde"
CANARY = "Zinnober Kumquat."
METRICS = {"inputTokens": 1000, "outputTokens": 40, "cacheReadTokens": 800, "cacheWriteTokens": 50, "cost": 0.25}


def data_of(record: Any) -> bytes:
    return record if isinstance(record, bytes) else json.dumps(record).encode()


def session_file(record: Any, name: str = f"{SESSION}.messages.json") -> Batch:
    (batch,) = read_session_file(f"{SESSION}/{name}", io.BytesIO(data_of(record)))
    return batch


def session(*messages: Any, **fields: Any) -> dict[str, Any]:
    origin = {"source": "cli", "mode": "user", "version": "3.0.65"}
    return {"sessionId": SESSION, "agent": "lead", "origin": origin, "messages": list(messages), **fields}


def answer(key: str = "msg_1", at: int = START + 10, **fields: Any) -> dict[str, Any]:
    model = {"id": "some-model", "provider": "some-provider"}
    return {"id": key, "role": "assistant", "ts": at, "content": [], "modelInfo": model, "metrics": METRICS, **fields}


def question(text: str = "Invented text.", key: str = "q1", at: int = START + 5, **fields: Any) -> dict[str, Any]:
    return {"id": key, "role": "user", "ts": at, "content": [{"type": "text", "text": text}], **fields}


def task_file(rows: Any, *, mixed: bool = False, name: str = "ui_messages.json") -> Batch:
    (batch,) = Tasks("roo" if mixed else "cline", mixed=mixed)(f"tasks/task-1/{name}", io.BytesIO(data_of(rows)))
    return batch


def say(kind: str, text: Any = "Invented text.", at: int = START, **fields: Any) -> dict[str, Any]:
    return {"ts": at, "type": "say", "say": kind, "text": text if isinstance(text, str) else json.dumps(text), **fields}


def request(at: int = START, asked: int = 1000, kind: str = "api_req_started", **fields: Any) -> dict[str, Any]:
    figures = {"tokensIn": asked, "tokensOut": 40, "cacheReads": 900, "cacheWrites": 50, "cost": 0.25}
    return say(kind, {**figures, **fields}, at)


def counters(batch: Batch) -> list[tuple[int | None, ...]]:
    return [tuple(call[5:11]) for call in batch.generations]


# ---- sessions


def test_input_of_a_session_contains_what_was_cached() -> None:
    batch = session_file(session(answer()))
    assert counters(batch) == [(150, 800, 50, None, 40, None)]
    (call,) = batch.generations
    assert (call.model, call.provider, call.reported_cost_micros) == ("some-model", "some-provider", 250_000)


def test_growing_session_and_its_fork_count_each_message_once() -> None:
    folded = Folded()
    folded.add(session_file(session(question(), answer("msg_1"))))
    folded.add(session_file(session(question(), answer("msg_1"), answer("msg_2", START + 20))))
    later = f"{START + 60_000}_fghij"
    own = answer("msg_3", START + 70_000)
    folded.add(session_file(session(question(), answer("msg_1"), answer("msg_2", START + 20), own, sessionId=later)))
    assert sorted((call.session, call.flags) for call in folded.generations.values()) == [
        (SESSION, 0),
        (SESSION, 0),
        (later, 0),
    ]
    assert len(folded.prompts) == 1
    assert folded.sessions[later].started_at == START + 70_000


def test_fork_without_its_original_is_marked_as_a_copy() -> None:
    batch = session_file(session(answer(), sessionId=f"{START + 60_000}_fghij"))
    assert [call.flags for call in batch.generations] == [GenerationFlag.COPIED]


def test_manifest_tells_folder_branch_title_and_the_fork() -> None:
    manifest = {
        "session_id": SESSION, "source": "cli", "started_at": "2026-11-23T08:16:52.417Z", "cwd": "/home/person/project",
        "metadata": {
            "title": "Chosen words\nmore", "git": {"branch": "main"}, "fork": {"forkedFromSessionId": "other"},
        },
    }  # fmt: skip
    (facts,) = session_file(manifest, f"{SESSION}.json").sessions
    assert (facts.parent, facts.relation, facts.cwd, facts.git_branch, facts.title, facts.entrypoint) == (
        "other", Relation.FORK, "/home/person/project", "main", "Chosen words", "cli",
    )  # fmt: skip


def test_subagent_hangs_on_its_parent_and_hears_no_prompt() -> None:
    origin = {"parentThreadId": SESSION, "source": "cli"}
    batch = session_file(session(question(), answer(), agent="subagent", origin=origin, sessionId="child"))
    (facts,) = batch.sessions
    assert (facts.parent, facts.relation) == (SESSION, Relation.SUBAGENT)
    assert batch.prompts == []


def test_first_prompt_is_the_title_without_its_wrapping() -> None:
    wrapped = '<user_input mode="act">First words\nmore</user_input>'
    batch = session_file(session(question(wrapped), question("Second words", "q2")))
    assert [facts.title for facts in batch.sessions] == ["First words"]
    assert len(batch.prompts) == 2


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({"content": [{"success": True}]}, ToolStatus.OK),
        ({"content": [{"success": True}, {"success": False}]}, ToolStatus.ERROR),
        ({"content": "Invented text."}, ToolStatus.OK),
        ({"content": "Invented text.", "is_error": True}, ToolStatus.ERROR),
    ],
)
def test_tool_calls_meet_their_results(result: dict[str, Any], status: ToolStatus) -> None:
    asked = answer(content=[{"type": "tool_use", "id": "call_1", "name": "run_commands", "input": {}}])
    answered = [{"type": "tool_result", "tool_use_id": "call_1", **result}]
    told = {"id": "r1", "role": "user", "ts": START + 30, "content": answered}
    batch = session_file(session(asked, told))
    (call,) = batch.tool_calls
    assert (call.name, call.kind, call.status) == ("run_commands", ToolKind.RUN, status)
    assert (call.called_at, call.finished_at) == (START + 10, START + 30)
    assert batch.prompts == []


def test_shown_errors_are_notices_and_no_calls() -> None:
    shown = {"displayOnly": True, "displayRole": "error"}
    batch = session_file(session(answer("error_1", metadata=shown, metrics=None)))
    assert [notice.kind for notice in batch.notices] == [NoticeKind.API_ERROR]
    assert batch.generations == []


# ---- tasks


def test_input_of_a_task_does_not_contain_what_was_cached() -> None:
    batch = task_file([request()])
    assert counters(batch) == [(1000, 900, 50, None, 40, None)]
    assert [call.session for call in batch.generations] == ["task-1"]


@pytest.mark.parametrize(
    ("at", "asked", "protocol", "uncached"),
    [
        (INCLUSIVE_FROM, 1000, "anthropic", 50),
        (INCLUSIVE_FROM, 1000, None, 50),
        (INCLUSIVE_FROM - 1, 1000, "openai", 50),
        (INCLUSIVE_FROM - 1, 1000, "anthropic", 1000),
        (INCLUSIVE_FROM - 1, 1000, None, 1000),
        (INCLUSIVE_FROM, 949, "openai", 949),
        (INCLUSIVE_FROM, 950, "openai", 0),
    ],
)
def test_day_and_protocol_tell_what_roo_counts_as_input(
    at: int, asked: int, protocol: str | None, uncached: int
) -> None:
    (call,) = task_file([request(at, asked, apiProtocol=protocol)], mixed=True).generations
    assert call.input_tokens == uncached


def test_request_that_is_completed_later_counts_once() -> None:
    folded = Folded()
    folded.add(task_file([say("text"), say("api_req_started", {"request": "x"}, START + 1)]))
    assert not folded.generations
    folded.add(task_file([say("text"), request(START + 1)]))
    folded.add(task_file([say("text"), request(START + 1), request(START + 2)]))
    assert len(folded.generations) == 2
    assert len(folded.prompts) == 1


def test_sums_of_removed_requests_and_subagents_are_marked() -> None:
    batch = task_file([request(kind="deleted_api_reqs"), request(START + 1, kind="subagent_usage")])
    assert [call.flags for call in batch.generations] == [GenerationFlag.RESIDUAL] * 2


def test_figures_of_the_first_clients_stand_in_a_row_of_their_own() -> None:
    rows = [say("api_req_started", {"request": "x"}), request(START + 1, kind="api_req_finished")]
    assert len(task_file(rows).generations) == 1


@pytest.mark.parametrize(
    ("row", "kind", "detail"),
    [
        (say("api_req_started", {"cancelReason": "user_cancelled"}), NoticeKind.INTERRUPTED, None),
        (say("api_req_started", {"cancelReason": "streaming_failed"}), NoticeKind.API_ERROR, "streaming_failed"),
        ({"ts": START, "type": "ask", "ask": "api_req_failed", "text": CANARY}, NoticeKind.API_ERROR, None),
        (say("error_retry", CANARY), NoticeKind.RETRIED, None),
        (say("condense_context", CANARY), NoticeKind.COMPACTED, None),
    ],
)
def test_what_went_wrong_is_noted(row: dict[str, Any], kind: NoticeKind, detail: str | None) -> None:
    batch = task_file([row])
    assert [(notice.kind, notice.detail) for notice in batch.notices] == [(kind, detail)]
    assert batch.generations == []


def test_prompts_are_the_task_and_what_was_said_later() -> None:
    rows = [say("text", "First words"), say("text", "An answer", START + 1), say("user_feedback", "More", START + 2)]
    batch = task_file(rows)
    assert [prompt.prompted_at for prompt in batch.prompts] == [START, START + 2]
    assert [facts.title for facts in batch.sessions] == ["First words"]


@pytest.mark.parametrize(
    ("row", "name", "kind"),
    [
        (say("tool", {"tool": "readFile", "path": "x"}), "readFile", ToolKind.READ),
        (say("tool", {"tool": "appliedDiff"}), "appliedDiff", ToolKind.EDIT),
        (say("tool", "no JSON"), "tool", ToolKind.OTHER),
        (say("command", "true"), "command", ToolKind.RUN),
        ({"ts": START, "type": "ask", "ask": "use_mcp_server", "text": "{}"}, "use_mcp_server", ToolKind.MCP),
    ],
)
def test_tools_are_known_by_their_rows(row: dict[str, Any], name: str, kind: ToolKind) -> None:
    (call,) = task_file([row]).tool_calls
    assert (call.name, call.kind, call.status) == (name, kind, None)
    assert task_file([{**row, "partial": True}]).tool_calls == []


def test_index_and_history_item_tell_folder_and_parent() -> None:
    item = {"id": "task-1", "ts": START, "task": "First words", "cwdOnTaskInitialization": "/home/person/project"}
    (facts,) = task_file([item], name="taskHistory.json").sessions
    assert (facts.session, facts.cwd, facts.title) == ("task-1", "/home/person/project", "First words")
    child = {"id": "task-2", "parentTaskId": "task-1", "workspace": "/home/person/project"}
    (facts,) = task_file(child, name="history_item.json").sessions
    assert (facts.parent, facts.relation, facts.cwd) == ("task-1", Relation.SUBAGENT, "/home/person/project")


# ---- damage, privacy


DAMAGED = [
    7, "x", None, {"ts": "x"}, {"ts": -1}, {"type": 3}, say("api_req_started", '{"tokensIn":"x"}'),
    say("api_req_started", '{"tokensIn":1e99}'),
]  # fmt: skip


@pytest.mark.parametrize("wrong", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_row_is_an_issue_and_its_neighbours_stay(wrong: Any) -> None:
    batch = task_file([request(), wrong, request(START + 1)])
    assert len(batch.generations) == 2
    assert len(batch.issues) + sum(batch.unknown.values()) == 1
    assert all(1 <= issue.line <= batch.lines for issue in batch.issues)


def test_task_that_is_cut_off_gives_what_stands_before_the_cut() -> None:
    data = json.dumps([request(), request(START + 1)]).encode()
    for length in (1, len(data) // 4, len(data) * 3 // 4, len(data) - 2):
        batch = task_file(data[:length])
        assert len(batch.issues) == 1
        assert len(batch.generations) == (length > len(data) // 2)
    assert len(task_file(b"").issues) == 1


@pytest.mark.parametrize("wrong", [7, {"role": 3}, {"metrics": {"inputTokens": "x"}}, {"content": 5}, {"ts": "x"}])
def test_damaged_message_is_an_issue_and_its_neighbours_stay(wrong: Any) -> None:
    batch = session_file(session(answer("a"), wrong, answer("b")))
    assert len(batch.generations) == 2
    assert [issue.line for issue in batch.issues] == [2]


@pytest.mark.parametrize("name", [f"{SESSION}.messages.json", f"{SESSION}.json"])
def test_damaged_session_file_is_an_issue(name: str) -> None:
    for wrong in (b"", b'{"sessionId":', b"[]", b"\xff\xfe", b'{"messages":7,"session_id":7}'):
        batch = session_file(wrong, name)
        assert [issue.line for issue in batch.issues] == [1]
    assert session_file(b"rubbish", f"{SESSION}.compaction.json").issues == []


WHATEVER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
SESSION_KEYS = ["id", "role", "content", "ts", "modelInfo", "metrics", "metadata"]
TASK_KEYS = ["ts", "type", "say", "ask", "text", "partial", "modelInfo", "id", "task", "workspace", "parentTaskId"]


@given(key=st.sampled_from(SESSION_KEYS), value=WHATEVER, top=st.sampled_from(["agent", "origin", "metadata", "cwd"]))
def test_wrong_types_anywhere_in_a_session_never_raise(key: str, value: Any, top: str) -> None:
    batch = session_file(session({**answer("a"), key: value}, {**question(), key: value}, answer("b", START + 7)))
    assert START + 7 in {call.recorded_at for call in batch.generations}
    session_file(session(answer("b"), **{top: value}))
    session_file({"session_id": SESSION, "metadata": {"title": value, "git": value}, top: value}, f"{SESSION}.json")


@given(key=st.sampled_from(TASK_KEYS), value=WHATEVER, figure=st.sampled_from(["tokensIn", "cost", "cancelReason"]))
def test_wrong_types_anywhere_in_a_task_never_raise(key: str, value: Any, figure: str) -> None:
    rows = [{**request(), key: value}, {**say("tool", {"tool": value}), key: value}, request(**{figure: value}),
            request(START + 7)]  # fmt: skip
    batch = task_file(rows)
    assert START + 7 in {call.recorded_at for call in batch.generations}
    task_file([{"id": "x", key: value}], name="taskHistory.json")


def test_no_event_holds_text() -> None:
    use = {"type": "tool_use", "id": "call_1", "name": "editor", "input": {"text": CANARY}}
    result = {"type": "tool_result", "tool_use_id": "call_1", "content": CANARY}
    told = {"id": "r", "role": "user", "content": [result]}
    asked = answer(content=[use, {"type": "text", "text": CANARY}])
    kinds = ("text", "user_feedback", "tool", "command", "error_retry", "api_req_started", "condense_context")
    folded = Folded()
    folded.add(session_file(session(question(CANARY), asked, told, system_prompt=CANARY)))
    folded.add(task_file([say(kind, CANARY, START + place) for place, kind in enumerate(kinds)]))
    events = folded.events()
    events["sessions"] = [facts._replace(title=None) for facts in folded.sessions.values()]
    assert "Zinnober" not in repr(events)
    assert CANARY in {facts.title for facts in folded.sessions.values()}


def test_readers_travel_to_other_processes() -> None:
    for source in all_sources():
        if source.key in {"cline", "roo", "kilo"}:
            for root in source.roots:
                assert pickle.loads(pickle.dumps(root.reading)) == root.reading  # noqa: S301 - our own


@pytest.mark.parametrize("key", ["cline", "roo"])
def test_fixtures_hold_only_identifiers_and_invented_text(key: str) -> None:
    texts: set[str] = set()
    for path in (HERE / key).rglob("*.json"):
        if path.name != "expected.json":
            texts |= strings_in(path)
    assert len(texts) > 10
    assert [text for text in texts if not is_ours(text)] == []
    assert not is_ours("Please look at the login page")


def strings_in(path: Path) -> set[str]:
    found: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                found.add(name)
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)
        elif isinstance(value, str) and value.startswith("{"):
            look(json.loads(value))
        elif isinstance(value, str):
            found.add(value)

    look(json.loads(path.read_text(encoding="utf-8")))
    return found
