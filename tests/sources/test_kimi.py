"""Kimi Code and Kimi CLI: one behaviour at a time."""

import io
import json
from typing import Any

import pytest

from goodmeasure.domain.events import Batch, NoticeKind, TitleRank
from goodmeasure.sources.kimi.reader import KimiReader, read_state, sessions_of_path

MAIN = "sessions/wd_p/session_1/agents/main/wire.jsonl"
HELPER = "sessions/wd_p/session_1/agents/agent-0/wire.jsonl"
FORK = "sessions/wd_p/session_2/agents/main/wire.jsonl"
OLD = "sessions/0123/s1/wire.jsonl"
START = 1_780_000_000_000
USAGE = {"inputOther": 1, "output": 2, "inputCacheRead": 3, "inputCacheCreation": 4}
OLD_USAGE = {"input_other": 1, "output": 2, "input_cache_read": 3, "input_cache_creation": 4}


def row(kind: str, second: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": kind, "time": START + second * 1000} | more


def used(second: int = 0, **more: Any) -> dict[str, Any]:
    return row("usage.record", second, model="fast", usage=USAGE, usageScope="turn") | more


def happened(second: int, **event: Any) -> dict[str, Any]:
    return row("context.append_loop_event", second, event=event)


def old(kind: str, second: float = 0, **payload: Any) -> dict[str, Any]:
    return {"timestamp": START / 1000 + second, "message": {"type": kind, "payload": payload}}


def feed(*rows: dict[str, Any], path: str = MAIN) -> Batch:
    return KimiReader(path, None).feed([json.dumps(line).encode() for line in rows], 1)


def test_counters_stay_as_they_are_since_they_are_disjoint() -> None:
    (call,) = feed(row("llm.request", provider="openai", model="m", modelAlias="fast"), used(1)).generations
    assert call[5:11] == (1, 3, 4, None, 2, None)
    assert (call.provider, call.model, call.session, call.recorded_at) == ("openai", "m", "session_1", START + 1000)


def test_a_model_that_no_request_named_keeps_its_alias() -> None:
    requested = row("llm.request", provider="openai", model="m", modelAlias="fast")
    batch = feed(used(0), requested, used(1), used(2, model="slow"))
    assert [call.model for call in batch.generations] == ["fast", "m", "slow"]


def test_an_answer_that_was_broken_off_before_its_usage_came_is_no_call_of_zero_tokens() -> None:
    batch = feed(row("turn.cancel", reason="user_cancelled"), used(1, usage=dict.fromkeys(USAGE, 0)), used(2))
    assert [call.recorded_at for call in batch.generations] == [START + 2000]


def test_repeats_of_a_call_are_left_out() -> None:
    ended = happened(1, type="step.end", uuid="u", usage=USAGE, messageId="chatcmpl-1")
    message = row("agent.message.appended", 1, message={"meta": {"usage": USAGE}})
    told = row("subagent.completed", 1, subagentId="agent-0", usage=USAGE)
    assert len(feed(used(), ended, message, told).generations) == 1


def test_a_fork_copies_calls_prompts_and_tools_that_stay_the_same() -> None:
    rows = [
        row("turn.prompt", 0, input="Invented text.", origin={"kind": "user"}, promptId="p"),
        used(1),
        happened(2, type="tool.call", uuid="u", name="Bash"),
        row("turn.ended", 3, reason="cancelled"),
    ]  # fmt: skip
    first, fork = feed(*rows), feed(*rows, row("forked", 9), used(10), path=FORK)
    assert {call.key for call in first.generations} < {call.key for call in fork.generations}
    assert [prompt.key for prompt in first.prompts] == [prompt.key for prompt in fork.prompts]
    assert [call.key for call in first.tool_calls] == [call.key for call in fork.tool_calls]
    assert [notice.key for notice in first.notices] == [notice.key for notice in fork.notices]


def test_helpers_hang_on_their_session_and_ask_nothing_of_the_person() -> None:
    asked = row("turn.prompt", input=[{"type": "text", "text": "Invented text."}], origin={"kind": "system_trigger"})
    old_form = row("turn.prompt", 1, input=[])
    batch = feed(asked, old_form, used(1), path=HELPER)
    told = {facts.session: facts for facts in batch.sessions}
    assert (told["session_1/agent-0"].parent, told["session_1/agent-0"].relation) == ("session_1", "subagent")
    assert [call.session for call in batch.generations] == ["session_1/agent-0"]
    assert batch.prompts == []


@pytest.mark.parametrize("kind", ["injection", "hook_result", "cron_job", "task", "retry", "system_trigger"])
def test_only_the_person_prompts(kind: str) -> None:
    assert feed(row("turn.prompt", input=[], origin={"kind": kind})).prompts == []
    assert len(feed(row("turn.steer", input=[], origin={"kind": "user"})).prompts) == 1


def test_title_is_the_first_prompt_and_state_tells_more() -> None:
    entered = [{"type": "text", "text": "\nFirst  words\nmore"}]
    batch = feed(row("turn.prompt", input=entered, origin={"kind": "user"}))
    assert (batch.sessions[0].title, batch.sessions[0].title_rank) == ("First words", TitleRank.PROMPT)
    state = {"id": "session_2", "cwd": "/p", "title": "Chosen", "isCustomTitle": True, "forkedFrom": "session_1"}
    (batch,) = read_state("sessions/wd_p/session_2/state.json", io.BytesIO(json.dumps(state).encode()))
    (facts,) = batch.sessions
    assert (facts.session, facts.parent, facts.relation, facts.cwd) == ("session_2", "session_1", "fork", "/p")
    assert (facts.title, facts.title_rank) == ("Chosen", TitleRank.CHOSEN)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"cwd": 5}'])
def test_a_damaged_state_is_an_issue(damage: bytes) -> None:
    (batch,) = read_state("sessions/wd_p/session_2/state.json", io.BytesIO(damage))
    assert (len(batch.issues), batch.sessions) == (1, [])


def test_tool_calls_meet_their_results() -> None:
    batch = feed(
        happened(1, type="tool.call", uuid="a", name="Read", toolCallId="c0"),
        happened(1, type="tool.call", uuid="b", name="mcp__x", toolCallId="c0"),
        happened(1, type="tool.call", uuid="c", name="Agent", toolCallId="c2"),
        happened(2, type="tool.result", parentUuid="a", toolCallId="c0", result={"output": "x"}),
        happened(2, type="tool.result", parentUuid="b", toolCallId="c0", result={"output": "x", "isError": True}),
    )
    assert [(call.name, call.kind, call.status) for call in batch.tool_calls] == [
        ("Read", "read", "ok"),
        ("mcp__x", "mcp", "error"),
        ("Agent", "agent", None),
    ]


def test_notices() -> None:
    failed = {"code": "provider.api_error", "details": {"statusCode": 400}}
    batch = feed(
        row("permission.set_mode", 0, mode="auto"),
        row("permission.set_mode", 1, mode="auto"),
        row("turn.step.retrying", 2, errorName="APIConnectionError"),
        row("turn.step.retrying", 3, errorName="APIStatusError", statusCode=500),
        row(
            "permission.record_approval_result", 4, toolCallId="c", result={"decision": "approved", "scope": "session"}
        ),
        row("permission.record_approval_result", 5, toolCallId="d", result={"decision": "rejected"}),
        row("full_compaction.complete", 6),
        row("turn.ended", 7, reason="failed", error=failed),
        row("turn.ended", 8, reason="failed", error={"code": "context.overflow"}),
        row("turn.ended", 9, reason="cancelled"),
        row("turn.ended", 9, reason="completed"),
    )
    assert [(notice.kind, notice.detail) for notice in batch.notices] == [
        (NoticeKind.PERMISSION_MODE, "auto"),
        (NoticeKind.RETRIED, "APIConnectionError"),
        (NoticeKind.RETRIED, "500"),
        (NoticeKind.APPROVED, "person"),
        (NoticeKind.DENIED, "person"),
        (NoticeKind.COMPACTED, None),
        (NoticeKind.API_ERROR, "400"),
        (NoticeKind.API_ERROR, "context.overflow"),
        (NoticeKind.INTERRUPTED, None),
    ]


def test_messages_of_the_older_client() -> None:
    batch = feed(
        {"type": "metadata", "protocol_version": "1.9"},
        old("TurnBegin", 0, user_input="Invented text."),
        old("ToolCall", 1, id="c", function={"name": "Shell"}),
        old("ApprovalResponse", 2, request_id="r", response="reject"),
        old("ToolResult", 3, tool_call_id="c", return_value={"is_error": True}),
        old("StatusUpdate", 4, token_usage=OLD_USAGE, message_id="m1"),
        old("StatusUpdate", 5, token_usage=OLD_USAGE, message_id="m1"),
        old("StatusUpdate", 6, token_usage=OLD_USAGE),
        old("StatusUpdate", 7, token_usage=None),
        old("StepRetry", 8, status_code=429, error_type="E"),
        old("StepInterrupted", 9),
        old("CompactionEnd", 10),
        path=OLD,
    )
    assert [(call[5:11], call.model, call.session) for call in batch.generations] == [
        ((1, 3, 4, None, 2, None), None, "s1")
    ] * 2
    assert [(call.name, call.kind, call.status) for call in batch.tool_calls] == [("Shell", "run", "error")]
    assert [notice.kind for notice in batch.notices] == ["denied", "retried", "interrupted", "compacted"]
    assert (len(batch.prompts), batch.sessions[0].title) == (1, "Invented text.")
    assert batch.unknown == {}


def test_new_kinds_are_counted() -> None:
    batch = feed(row("novelty.begin"), old("Novelty"), row("turn.novelty"))
    assert batch.unknown == {"novelty.begin": 1, "message/Novelty": 1}


@pytest.mark.parametrize("number", ['"5"', "-1", "9007199254740993", "1.5", "[]", "true"])
def test_impossible_numbers_are_issues_between_good_neighbours(number: str) -> None:
    lines = [json.dumps(used(second)).encode() for second in range(3)]
    lines[1] = lines[1].replace(b'"output": 2', b'"output": ' + number.encode())
    batch = KimiReader(MAIN, None).feed(lines, 1)
    assert [issue.line for issue in batch.issues] == [2]
    assert len(batch.generations) == 2


def test_growing_in_pieces_teaches_the_same() -> None:
    rows = [
        row("llm.request", provider="openai", model="m", modelAlias="fast"),
        used(1),
        old("ToolCall", 1, id="c", function={"name": "Shell"}),
        old("ToolResult", 3, tool_call_id="c", return_value={}),
        used(4),
    ]
    lines = [json.dumps(line).encode() for line in rows]
    whole = KimiReader(MAIN, None).feed(lines, 1)
    for cut in range(1, len(lines)):
        first = KimiReader(MAIN, None)
        before = first.feed(lines[:cut], 1)
        after = KimiReader(MAIN, first.state()).feed(lines[cut:], cut + 1)
        assert before.generations + after.generations == whole.generations
        assert {call.key for call in before.tool_calls + after.tool_calls} == {call.key for call in whole.tool_calls}
        assert after.sessions[-1].started_at == whole.sessions[-1].started_at


@pytest.mark.parametrize(
    ("path", "session", "parent"),
    [
        (MAIN, "session_1", None),
        (HELPER, "session_1/agent-0", "session_1"),
        (OLD, "s1", None),
        ("sessions/0123/s1/subagents/a1/wire.jsonl", "s1/a1", "s1"),
        ("wire.jsonl", "wire.jsonl", None),
    ],
)
def test_sessions_are_known_by_their_folders(path: str, session: str, parent: str | None) -> None:
    assert sessions_of_path(path) == (session, parent)
