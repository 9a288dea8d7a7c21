"""Codex rows, one behaviour at a time. All rows are invented."""

import json
from typing import Any

import pytest

from goodmeasure.domain.events import Batch, Generation, GenerationFlag, NoticeKind, TitleRank, ToolKind
from goodmeasure.sources.codex.reader import CodexReader
from goodmeasure.sources.codex.threads import made_at, thread_of_path

NOON_AT = 1795176000000


def uuid7(prefix: str, number: int = 1) -> str:
    return f"{prefix[:8]}-{prefix[8:]}-7000-8000-{number:012x}"


def thread(minutes: int) -> str:
    return uuid7(f"{NOON_AT + minutes * 60_000:012x}")


def turn(minutes: int) -> str:
    return uuid7(f"{NOON_AT + minutes * 60_000 + 50:012x}", 2)


def clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"2026-11-20T{12 + seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}Z"


def row(kind: str, payload: dict[str, Any], at: int = 0) -> dict[str, Any]:
    return {"timestamp": clock(at), "type": kind, "payload": payload}


def meta(identifier: str, at: int = 0, **fields: Any) -> dict[str, Any]:
    base = {"id": identifier, "timestamp": clock(at), "cwd": "/home/p/x", "cli_version": "0.118.0", "source": "cli"}
    return row("session_meta", {**base, "model_provider": "openai", **fields}, at)


def context(turn_id: str | None = None, at: int = 0, model: str = "gpt-5.4", **fields: Any) -> dict[str, Any]:
    return row("turn_context", {"model": model, **({"turn_id": turn_id} if turn_id else {}), **fields}, at)


def event(name: str, at: int = 0, **fields: Any) -> dict[str, Any]:
    return row("event_msg", {"type": name, **fields}, at)


def figures(whole: int, output: int, cached: int = 0, written: int = 0, reasoning: int = 0) -> dict[str, int]:
    return {
        "input_tokens": whole,
        "cached_input_tokens": cached,
        "cache_write_input_tokens": written,
        "output_tokens": output,
        "reasoning_output_tokens": reasoning,
        "total_tokens": whole + output,
    }


def count(total: tuple[int, int], last: tuple[int, int], at: int = 0) -> dict[str, Any]:
    return event("token_count", at, info={"total_token_usage": figures(*total), "last_token_usage": figures(*last)})


def read(*rows: dict[str, Any], path: str = "sessions/2026/11/20/rollout-x.jsonl") -> Batch:
    return CodexReader(path, None).feed([json.dumps(line).encode() for line in rows], 1)


def outputs(batch: Batch) -> list[int | None]:
    return [generation.output_tokens for generation in batch.generations]


def keys(batch: Batch) -> list[bytes]:
    return [generation.key for generation in batch.generations]


def notices(batch: Batch) -> list[tuple[str, str | None]]:
    return [(notice.kind, notice.detail) for notice in batch.notices]


def test_counters_are_disjoint() -> None:
    info = {"total_token_usage": figures(1000, 50, 700, 100, 20), "last_token_usage": figures(1000, 50, 700, 100, 20)}
    (call,) = read(meta(thread(0)), context(turn(0)), event("token_count", info=info)).generations
    assert call[5:11] == (200, 700, 100, None, 50, 20)
    assert (call.session, call.provider, call.model) == (thread(0), "openai", "gpt-5.4")


def test_model_is_that_of_the_latest_turn() -> None:
    batch = read(context(model="a"), count((9, 1), (9, 1)), context(model="b"), count((19, 2), (10, 1)))
    assert [generation.model for generation in batch.generations] == ["a", "b"]


# ---- which events are calls


def test_repeated_totals_and_rate_limits_are_no_calls() -> None:
    batch = read(
        event("token_count", info=None),
        count((9, 1), (9, 1)),
        count((9, 1), (9, 1)),
        context(turn(1)),
        count((9, 1), (9, 1)),
        count((20, 3), (11, 2)),
    )
    assert outputs(batch) == [1, 2]


def test_the_fictitious_event_after_compaction_is_no_call() -> None:
    assert outputs(read(count((9, 1), (9, 1)), count((9, 1), (0, 0)))) == [1]


def test_growth_beyond_the_last_call_is_a_call_without_its_own_event() -> None:
    batch = read(count((9, 1), (9, 1)), count((100, 10), (20, 2)))
    assert [(g.input_tokens, g.output_tokens, g.flags) for g in batch.generations] == [
        (9, 1, 0),
        (71, 7, GenerationFlag.RESIDUAL),
        (20, 2, 0),
    ]


def test_a_second_process_with_an_older_total_adds_only_its_own_calls() -> None:
    batch = read(
        count((100, 10), (100, 10)),
        count((200, 20), (100, 10)),
        count((300, 30), (100, 10)),
        count((150, 15), (50, 5)),  # went on from the first total
        count((320, 33), (20, 3)),  # the first process again
        count((160, 16), (10, 1)),
        count((320, 33), (20, 3)),  # repeats
    )
    assert outputs(batch) == [10, 10, 10, 5, 3, 1]
    assert {generation.flags for generation in batch.generations} == {0}


def test_a_new_process_that_starts_at_zero_adds_its_calls() -> None:
    assert outputs(read(count((4000, 30), (4000, 30)), count((4268, 30), (4268, 30)))) == [30, 30]


def test_the_first_total_of_a_thread_is_no_residual() -> None:
    assert outputs(read(meta(thread(0), forked_from_id=thread(-5)), count((900, 90), (9, 1)))) == [1]


def record(response: str, total: tuple[int, int] | None, last: tuple[int, int], **fields: Any) -> dict[str, Any]:
    running = {"thread_token_usage": figures(*total)} if total else {}
    return row("token_usage_record", {"response_id": response, "usage": figures(*last), **running, **fields})


@pytest.mark.parametrize("total", [(9, 1), None])
def test_a_usage_record_and_its_echo_are_one_call(total: tuple[int, int] | None) -> None:
    batch = read(record("resp_1", total, (9, 1)), count((9, 1), (9, 1)), count((9, 1), (9, 1)))
    assert outputs(batch) == [1]


def test_older_events_and_newer_records_of_one_thread_both_count() -> None:
    batch = read(count((9, 1), (9, 1)), record("resp_1", (20, 3), (11, 2)), count((20, 3), (11, 2)))
    assert outputs(batch) == [1, 2]


def test_a_response_is_one_call_in_every_file() -> None:
    first = read(meta(thread(0)), record("resp_1", (9, 1), (9, 1), thread_id=thread(0)))
    second = read(meta(thread(1)), record("resp_1", (9, 1), (9, 1), thread_id=thread(0)))
    assert keys(first) == keys(second)
    assert second.generations[0].session == thread(0)
    assert second.generations[0].flags == GenerationFlag.COPIED


def test_the_copy_of_a_record_in_a_compaction_is_no_call() -> None:
    copy = record("resp_1", (9, 1), (9, 1))["payload"]
    batch = read(row("compacted", {"message": "x", "latest_token_usage_record": copy}))
    assert batch.generations == []
    assert notices(batch) == [(NoticeKind.COMPACTED, None)]


# ---- copies

PARENT = [
    meta(thread(0)),
    event("task_started", turn_id=turn(0)),
    context(turn(0), approval_policy="never", sandbox_policy={"type": "read-only"}),
    event("user_message", message="Parent's prompt"),
    row("response_item", {"type": "function_call", "name": "spawn_agent", "call_id": "call_1", "arguments": "{}"}),
    count((100, 10), (100, 10)),
]


def stamped(rows: list[dict[str, Any]], at: int) -> list[dict[str, Any]]:
    return [{**line, "timestamp": clock(at + number // 4)} for number, line in enumerate(rows)]


def spawned(
    identifier: str, minutes: int, parent: str, rows: list[dict[str, Any]], base: tuple[int, int] = (100, 10)
) -> list[dict[str, Any]]:
    at = minutes * 60_000
    own = [
        event("task_started", at + 40, turn_id=turn(minutes)),
        context(turn(minutes), at + 41),
        event("user_message", at + 42, message="Agent's prompt"),
        count(base, (100, 10), at + 43),  # repeats what the copy ended with
        count((base[0] + minutes, base[1] + minutes), (minutes, minutes), at + 50),
    ]
    source = {"subagent": {"thread_spawn": {"parent_thread_id": parent, "depth": 1}}}
    return [meta(identifier, at, forked_from_id=parent, source=source), *stamped(rows, at), *own]


def test_a_copied_history_has_the_parents_keys_and_the_childs_own_calls_are_its_own() -> None:
    parent, child = read(*PARENT), read(*spawned(thread(10), 10, thread(0), PARENT))
    copied, own = child.generations
    assert [copied.key] == keys(parent)
    assert (copied.session, copied.flags) == (thread(0), GenerationFlag.COPIED)
    assert (own.session, own.flags, own.output_tokens) == (thread(10), 0, 10)
    assert [call.key for call in child.tool_calls] == [call.key for call in parent.tool_calls]
    assert [prompt.key for prompt in child.prompts] == [prompt.key for prompt in parent.prompts]
    assert {notice.key for notice in child.notices} >= {notice.key for notice in parent.notices}
    facts = {told.session: told for told in child.sessions}
    assert facts[thread(10)][1:4] == (thread(0), "subagent", NOON_AT + 600_000)
    assert facts[thread(10)].title is None


def test_a_copied_call_is_stamped_later_than_the_call_itself_so_that_the_earlier_instant_is_right() -> None:
    (call,) = read(*PARENT).generations
    copied = read(*spawned(thread(10), 10, thread(0), PARENT)).generations[0]
    assert call.recorded_at is not None
    assert copied.recorded_at is not None
    assert call.recorded_at < copied.recorded_at


def test_siblings_share_the_history_of_a_deleted_parent() -> None:
    families = [read(*spawned(thread(minutes), minutes, thread(0), PARENT)) for minutes in (10, 20)]
    assert len({key for family in families for key in keys(family)}) == 3


def test_a_copy_of_a_copy_has_the_same_keys() -> None:
    child = spawned(thread(10), 10, thread(0), PARENT)
    grandchild = read(*spawned(thread(20), 20, thread(10), child, base=(110, 20)))
    assert set(keys(read(*child))) < set(keys(grandchild))
    assert [(g.session, g.flags) for g in grandchild.generations] == [
        (thread(0), GenerationFlag.COPIED),
        (thread(10), GenerationFlag.COPIED),
        (thread(20), 0),
    ]


def without_turns(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = [line for line in rows if line["payload"].get("type") != "task_started"]
    return [{**line, "payload": {k: v for k, v in line["payload"].items() if k != "turn_id"}} for line in kept]


def test_forks_of_clients_without_turn_ids_are_told_by_the_pause_after_the_copy() -> None:
    parent_rows = without_turns(PARENT)
    own = [
        row("response_item", {"type": "message", "role": "user"}, 600_040),
        event("user_message", 600_041, message="Fork's prompt"),
        count((100, 10), (100, 10), 600_042),
        count((130, 13), (30, 3), 600_050),
    ]
    fork = read(meta(thread(10), 600_000), *stamped(parent_rows, 600_000), *own)
    parent = read(*parent_rows)
    copied, new = fork.generations
    assert [copied.key] == keys(parent)
    assert [(g.session, g.flags) for g in (copied, new)] == [(thread(0), GenerationFlag.COPIED), (thread(10), 0)]
    facts = {told.session: told for told in fork.sessions}
    assert facts[thread(10)][1:3] == (thread(0), "fork")
    assert facts[thread(10)].title == "Fork's prompt"
    assert [prompt.session for prompt in fork.prompts] == [thread(0), thread(10)]


def test_repeated_metas_of_one_thread_are_no_copy() -> None:
    batch = read(
        meta(thread(0)), count((9, 1), (9, 1)), meta(thread(0), cli_version="0.120.0"), count((20, 3), (11, 2))
    )
    assert [(told.parent, told.agent_version) for told in batch.sessions] == [(None, "0.120.0")]
    assert {generation.flags for generation in batch.generations} == {0}


def test_an_archived_and_a_compressed_copy_have_equal_keys() -> None:
    places = [f"sessions/2026/11/20/rollout-x-{thread(0)}.jsonl", f"archived_sessions/rollout-x-{thread(0)}.jsonl"]
    batches = [read(*PARENT, path=place) for place in (*places, f"{places[0]}.zst")]
    assert batches[0] == batches[1] == batches[2]


def test_a_file_without_meta_is_named_by_its_file() -> None:
    batch = read(count((9, 1), (9, 1)), path=f"sessions/2026/11/20/rollout-x-{thread(3)}.jsonl.zst")
    assert [generation.session for generation in batch.generations] == [thread(3)]
    assert [told.session for told in batch.sessions] == [thread(3)]


@pytest.mark.parametrize(
    ("fields", "hangs"),
    [
        ({}, (None, None)),
        ({"forked_from_id": "p"}, ("p", "fork")),
        ({"source": {"subagent": "review"}, "parent_thread_id": "p"}, ("p", "subagent")),
        ({"source": {"subagent": {"other": "guardian"}}, "session_id": "p"}, ("p", "subagent")),
        ({"thread_source": "guardian_review", "session_id": "p"}, ("p", "subagent")),
        (
            {"source": {"subagent": {"thread_spawn": {"parent_thread_id": "q"}}}, "forked_from_id": "p"},
            ("q", "subagent"),
        ),
        ({"source": {"subagent": "review"}}, (None, None)),
        ({"source": 5}, (None, None)),
        ({"thread_source": "user", "session_id": "p"}, (None, None)),
    ],
)
def test_how_threads_hang_together(fields: dict[str, Any], hangs: tuple[str | None, str | None]) -> None:
    (facts,) = read(meta(thread(0), **fields)).sessions
    assert (facts.parent, facts.relation) == hangs


# ---- prompts, tools, notices


def test_prompts_are_the_persons() -> None:
    batch = read(
        meta(thread(0)),
        row("response_item", {"type": "message", "role": "user", "content": [{"text": "<environment_context>"}]}),
        event("user_message", message="Context\n## My request for Codex:\n Fix it ", kind="plain"),
        event("user_message", message="<user_instructions>", kind="user_instructions"),
        event(
            "item_completed", item={"type": "UserMessage", "id": "i1", "content": [{"type": "text", "text": "More"}]}
        ),
    )
    assert len(batch.prompts) == 2
    assert [(told.title, told.title_rank) for told in batch.sessions] == [("Fix it", TitleRank.PROMPT)]


def test_a_threads_name_beats_its_prompt() -> None:
    batch = read(
        meta(thread(0)), event("user_message", message="Prompt"), event("thread_name_updated", thread_name="Name")
    )
    assert [told.title for told in batch.sessions] == ["Name"]


def call(name: str, arguments: str = "{}", kind: str = "function_call", **fields: Any) -> dict[str, Any]:
    return row("response_item", {"type": kind, "name": name, "arguments": arguments, "call_id": "call_1", **fields})


def output(text: Any, at: int = 5000, kind: str = "function_call_output") -> dict[str, Any]:
    return row("response_item", {"type": kind, "call_id": "call_1", "output": text}, at)


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (call("exec_command"), ToolKind.RUN),
        (call("apply_patch", kind="custom_tool_call"), ToolKind.EDIT),
        (call("view_image"), ToolKind.READ),
        (call("spawn_agent", namespace="multi_agent_v1"), ToolKind.AGENT),
        (call("list_issues", namespace="tracker"), ToolKind.MCP),
        (call("mcp__tracker__list"), ToolKind.MCP),
        (call("update_plan"), ToolKind.OTHER),
        (row("response_item", {"type": "tool_search_call", "call_id": "c"}), ToolKind.SEARCH),
        (row("response_item", {"type": "local_shell_call", "call_id": "c"}), ToolKind.RUN),
        (row("response_item", {"type": "web_search_call", "status": "completed"}), ToolKind.FETCH),
    ],
)
def test_tool_kinds(item: dict[str, Any], kind: ToolKind) -> None:
    assert [tool.kind for tool in read(item).tool_calls] == [kind]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Process exited with code 0\nx", "ok"),
        ("Wall time: 1\nProcess exited with code 127\nx", "error"),
        ("Exit code: 0\nWall time: 0", "ok"),
        ("Exit code: -1\nWall time: 0", "error"),
        ('{"output":"x","metadata":{"exit_code":0,"duration_seconds":0.1}}', "ok"),
        ('{"output":"x","metadata":{"exit_code":1,"duration_seconds":0.1}}', "error"),
        ("exec_command failed: no such file", "error"),
        ("exec_command failed: rejected by user", "denied"),
        ("aborted by user after 3s", "interrupted"),
        ("", "ok"),
        ([{"type": "input_text", "text": "x"}], "ok"),
    ],
)
def test_how_tool_calls_end(text: Any, status: str) -> None:
    (tool,) = read(call("exec_command"), output(text)).tool_calls
    assert (tool.status, tool.called_at, tool.finished_at) == (status, NOON_AT, NOON_AT + 5000)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (event("exec_command_end", call_id="call_1", exit_code=2), "error"),
        (event("exec_command_end", call_id="call_1", exit_code=0), "ok"),
        (event("patch_apply_end", call_id="call_1", success=False), "error"),
        (event("mcp_tool_call_end", call_id="call_1", result={"Err": "x"}), "error"),
        (event("mcp_tool_call_end", call_id="call_1", result={"Ok": {}}), "ok"),
        (event("item_completed", item={"type": "CommandExecution", "id": "call_1", "exit_code": 3}), "error"),
        (event("item_completed", item={"type": "CommandExecution", "id": "call_1", "status": "declined"}), "denied"),
    ],
)
def test_events_beside_the_output_know_how_a_call_ended(end: dict[str, Any], status: str) -> None:
    assert [tool.status for tool in read(call("x"), end, output("x")).tool_calls] == [status]


def test_a_command_that_outlives_its_output_is_settled_later() -> None:
    late = event("exec_command_end", 9000, call_id="call_1", exit_code=1)
    assert [tool.status for tool in read(call("x"), output("still running"), late).tool_calls] == ["error"]


def test_commands_inside_another_call_are_not_counted() -> None:
    inner = event("item_completed", item={"type": "CommandExecution", "id": "exec-7", "exit_code": 0})
    assert len(read(call("exec"), inner, output("x")).tool_calls) == 1


ESCALATED = '{"sandbox_permissions":"require_escalated","justification":"x"}'


@pytest.mark.parametrize(
    ("policy", "text", "noticed"),
    [
        ("on-request", "Process exited with code 0", [(NoticeKind.APPROVED, None)]),
        ("on-request", "exec_command failed: rejected by user", [(NoticeKind.DENIED, "person")]),
        ("never", "Process exited with code 0", []),
    ],
)
def test_escalations_leave_a_notice(policy: str, text: str, noticed: list[Any]) -> None:
    batch = read(context(approval_policy=policy), call("exec_command", ESCALATED), output(text))
    assert [notice for notice in notices(batch) if notice[0] != NoticeKind.PERMISSION_MODE] == noticed


def test_permission_modes_are_noticed_when_they_change() -> None:
    def policy(word: Any, **sandbox: str) -> dict[str, Any]:
        return context(approval_policy=word, sandbox_policy=sandbox)

    batch = read(
        policy("never", type="read-only"),
        policy("never", type="read-only"),
        policy("on-request", mode="workspace-write"),
    )
    assert notices(batch) == [
        (NoticeKind.PERMISSION_MODE, "never/read-only"),
        (NoticeKind.PERMISSION_MODE, "on-request/workspace-write"),
    ]


def test_interruptions_and_failures_are_noticed() -> None:
    batch = read(
        event("turn_aborted", turn_id=turn(0), reason="interrupted"),
        event("task_complete", turn_id=turn(1), error={"message": "x y", "codex_error_info": "other"}),
        event(
            "task_complete", turn_id=turn(2), error={"codex_error_info": {"http_connection_failed": {"status": 500}}}
        ),
        event("task_complete", turn_id=turn(3), error=None),
        event("stream_error", 7, message="x y"),
    )
    assert notices(batch) == [
        (NoticeKind.INTERRUPTED, None),
        (NoticeKind.API_ERROR, "other"),
        (NoticeKind.API_ERROR, "http_connection_failed"),
        (NoticeKind.RETRIED, None),
    ]


def test_facts_of_a_thread() -> None:
    git = {"branch": "main", "repository_url": "https://example.invalid/x.git"}
    (facts,) = read(meta(thread(0), git=git), event("task_started", 60_000)).sessions
    expected = (NOON_AT, NOON_AT + 60_000, "/home/p/x", "main", git["repository_url"], "0.118.0", "cli")
    assert facts[3:10] == expected


def test_bare_records_of_the_first_clients_are_runs_without_tokens() -> None:
    environment = "<environment_context>\n  <cwd>/home/p/x</cwd>\n</environment_context>"
    batch = read(
        {"id": "thread-1", "timestamp": clock(0), "instructions": None, "git": {"branch": "main"}},
        {"record_type": "state"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": environment}]},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "List files"}]},
        {"type": "function_call", "name": "shell", "arguments": "{}", "call_id": "c"},
        {"type": "function_call_output", "call_id": "c", "output": '{"output":"","metadata":{"exit_code":1}}'},
        {"type": "reasoning", "summary": []},
    )
    (facts,) = batch.sessions
    assert (facts.session, facts.cwd, facts.git_branch, facts.title) == ("thread-1", "/home/p/x", "main", "List files")
    assert (len(batch.prompts), [tool.status for tool in batch.tool_calls]) == (1, ["error"])
    assert (batch.generations, dict(batch.unknown)) == ([], {})


def test_unknown_record_types_are_counted() -> None:
    batch = read(
        row("novel", {}),
        event("novel"),
        row("response_item", {"type": "novel"}),
        event("agent_message"),
        {"type": "odd"},
    )
    assert batch.unknown == {"novel": 1, "event_msg/novel": 1, "response_item/novel": 1, "odd": 1}


def test_instants_inside_identifiers() -> None:
    assert made_at(thread(0)) == NOON_AT
    assert made_at("9d82aec6-eb06-4864-86b9-b7bdd599d2bc") is None
    assert made_at("turn-1") is None
    assert made_at("x" * 36) is None
    assert thread_of_path(f"rollout-2026-11-20T12-00-00-{thread(0)}") == thread(0)
    assert thread_of_path("session-alpha") == "session-alpha"


def test_turn_ids_that_are_no_uuid_are_unique_only_in_their_thread() -> None:
    first, second = (read(meta(thread(m)), context("turn-1"), count((9, 1), (9, 1))) for m in (0, 1))
    assert not set(keys(first)) & set(keys(second))


def test_keys_never_change() -> None:
    """A key written to ledgers stays for ever: this one was made by the first version."""
    generation: Generation = read(meta(thread(0)), record("resp_1", (9, 1), (9, 1))).generations[0]
    assert generation.key.hex() == "60b6ccd9959c4d0ed66131848b78622e"
