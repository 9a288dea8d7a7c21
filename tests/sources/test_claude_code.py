"""Claude Code rows, one behaviour at a time. All rows are invented."""

import json
from typing import Any

import pytest

from goodmeasure.domain.events import Batch, GenerationFlag, NoticeKind, TitleRank, ToolKind, ToolStatus
from goodmeasure.sources.claude_code.reader import ClaudeReader

MAIN = "11111111-0000-4000-8000-000000000001"
NOON = "2026-11-20T12:00:00.000Z"
NOON_AT = 1795176000000


def read(*rows: dict[str, Any], path: str = f"projects/p/{MAIN}.jsonl") -> Batch:
    return ClaudeReader(path, None).feed([json.dumps(row).encode() for row in rows], 1)


def row(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "sessionId": MAIN, "timestamp": NOON, "version": "2.1.330", "cwd": "/home/p/x", **fields}


def usage(output: int, **fields: Any) -> dict[str, Any]:
    return {
        "input_tokens": 3,
        "cache_read_input_tokens": 100,
        "cache_creation_input_tokens": 30,
        "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20},
        "output_tokens": output,
        **fields,
    }


def answer(message: str = "msg_1", output: int = 7, stop: str | None = "end_turn", **fields: Any) -> dict[str, Any]:
    content = fields.pop("content", [{"type": "text", "text": "Done."}])
    counts = fields.pop("usage", usage(output))
    model = fields.pop("model", "claude-opus-5")
    body = {"id": message, "model": model, "content": content, "stop_reason": stop, "usage": counts}
    return row("assistant", uuid=f"u-{message}-{output}", message=body, **fields)


def said(text: str | list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    return row("user", uuid=f"u-{json.dumps(text)}", message={"role": "user", "content": text}, **fields)


def notices(batch: Batch) -> list[tuple[str, str | None]]:
    return [(notice.kind, notice.detail) for notice in batch.notices]


def test_counters_are_disjoint() -> None:
    (call,) = read(answer()).generations
    assert call[5:10] == (3, 100, 10, 20, 7)
    assert (call.session, call.recorded_at, call.provider, call.model) == (MAIN, NOON_AT, "anthropic", "claude-opus-5")


def test_writes_without_a_lifetime_live_five_minutes() -> None:
    (call,) = read(answer(usage={"input_tokens": 1, "cache_creation_input_tokens": 30, "output_tokens": 2})).generations
    assert (call.cache_write_5m_tokens, call.cache_write_1h_tokens) == (30, None)
    assert call.cache_read_tokens is None


def test_largest_output_of_a_message_wins_with_its_whole_usage() -> None:
    (call,) = read(answer(output=1, stop=None), answer(output=9), answer(output=4, stop=None)).generations
    assert call.output_tokens == 9
    assert not call.flags


def test_a_message_that_never_ended_has_a_lower_bound() -> None:
    (call,) = read(answer(output=1, stop=None), answer(output=2, stop=None)).generations
    assert call.flags == GenerationFlag.OUTPUT_LOWER_BOUND


def test_one_ended_row_takes_the_doubt_away_even_with_less_output() -> None:
    (call,) = read(answer(output=9, stop=None), answer(output=9)).generations
    assert not call.flags


def test_messages_without_an_id_are_told_apart_by_their_rows() -> None:
    first, second = answer(), answer()
    del first["message"]["id"], second["message"]["id"]
    second["uuid"] = "another"
    assert len(read(first, second, first).generations) == 2


def test_synthetic_messages_are_no_calls() -> None:
    assert read(answer(model="<synthetic>")).generations == []


def test_each_of_several_iterations_is_booked_to_its_model() -> None:
    tries = [
        {"model": "claude-fable-5", "input_tokens": 2, "output_tokens": 2, "cache_read_input_tokens": 50},
        {"model": "claude-opus-4-8", "input_tokens": 2, "output_tokens": 136, "cache_read_input_tokens": 90},
    ]
    counts = usage(136, iterations=tries, server_tool_use={"web_search_requests": 1})
    first, second = read(answer(usage=counts), answer(usage=counts)).generations
    assert (first.model, first.output_tokens, first.web_search_requests) == ("claude-fable-5", 2, None)
    assert (second.model, second.output_tokens, second.web_search_requests) == ("claude-opus-4-8", 136, 1)


def test_a_single_iteration_repeats_the_top_level() -> None:
    (call,) = read(answer(usage=usage(7, iterations=[{"input_tokens": 3, "output_tokens": 7}]))).generations
    assert call.cache_read_tokens == 100


def test_thinking_searches_tier_and_cost_are_kept() -> None:
    counts = usage(
        7, output_tokens_details={"thinking_tokens": 5}, server_tool_use={"web_search_requests": 2}, speed="fast"
    )
    (call,) = read(answer(usage=counts, costUSD=0.125)).generations
    assert (call.reasoning_tokens, call.web_search_requests, call.service_tier) == (5, 2, "fast")
    assert call.reported_cost_micros == 125_000


@pytest.mark.parametrize(
    ("tier", "kept"), [("standard", None), ("priority", "priority"), ("batch", "batch"), (None, None)]
)
def test_only_tiers_that_change_the_price_are_kept(tier: str | None, kept: str | None) -> None:
    (call,) = read(answer(usage=usage(7, service_tier=tier))).generations
    assert call.service_tier == kept


def test_foreign_models_have_no_known_provider() -> None:
    assert [g.provider for g in read(answer("a", model="glm-4.7"), answer("b", model="claude-x@2026")).generations] == [
        None,
        None,
    ]


# ---- sub-agents


def test_subagent_file_is_a_child_session() -> None:
    batch = read(
        said("Look into it.", isSidechain=True, agentId="a1"),
        answer(isSidechain=True, agentId="a1"),
        path=f"projects/p/{MAIN}/subagents/agent-a1.jsonl",
    )
    (facts,) = batch.sessions
    assert (facts.session, facts.parent, facts.relation) == (f"{MAIN}/a1", MAIN, "subagent")
    assert batch.generations[0].session == f"{MAIN}/a1"
    assert batch.prompts == []
    assert facts.title is None


def test_subagent_file_without_session_ids_finds_its_parent_by_its_folder() -> None:
    lines = answer(isSidechain=True)
    del lines["sessionId"]
    (facts,) = read(lines, path="projects/p/parent-1/subagents/agent-b2.jsonl").sessions
    assert (facts.session, facts.parent) == ("parent-1/b2", "parent-1")


def test_subagent_file_beside_its_session_and_deeper_in_a_workflow() -> None:
    for place in ("projects/p/agent-c3.jsonl", f"projects/p/{MAIN}/subagents/workflows/w/agent-c3.jsonl"):
        (facts,) = read(answer(isSidechain=True, agentId="c3"), path=place).sessions
        assert (facts.session, facts.parent) == (f"{MAIN}/c3", MAIN)


def test_inline_sidechain_is_a_child_session() -> None:
    batch = read(said("Go."), answer("msg_a"), answer("msg_b", isSidechain=True))
    assert [(g.session) for g in batch.generations] == [MAIN, f"{MAIN}/sidechain"]
    assert {facts.session: facts.relation for facts in batch.sessions} == {MAIN: None, f"{MAIN}/sidechain": "subagent"}


def relayed(message: dict[str, Any]) -> dict[str, Any]:
    return row("progress", uuid="p1", data={"type": "agent_progress", "agentId": "d4", "message": message})


def test_relayed_rows_stand_in_for_a_lost_subagent_file() -> None:
    tool = [{"type": "tool_use", "id": "toolu_1", "name": "Grep", "input": {}}]
    result = said([{"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}])
    batch = read(relayed(answer("msg_r", stop=None, content=tool)), relayed(result))
    (call,) = batch.generations
    assert call.session == f"{MAIN}/d4"
    assert call.flags == GenerationFlag.RELAYED | GenerationFlag.OUTPUT_LOWER_BOUND
    assert [(t.name, t.status) for t in batch.tool_calls] == [("Grep", "ok")]
    assert {facts.session for facts in batch.sessions} == {MAIN, f"{MAIN}/d4"}


def test_a_relayed_row_and_the_own_row_are_one_call() -> None:
    own = read(answer("msg_r"), path=f"projects/p/{MAIN}/subagents/agent-d4.jsonl").generations[0]
    assert own.key == read(relayed(answer("msg_r", stop=None))).generations[0].key


@pytest.mark.parametrize(
    "data", [None, {"type": "bash_progress", "output": "x"}, {"type": "mcp_progress", "message": "text"}]
)
def test_other_progress_is_no_event(data: Any) -> None:
    batch = read(row("progress", data=data))
    assert (batch.generations, batch.issues, dict(batch.unknown)) == ([], [], {})


# ---- forks and resumes


def test_rows_older_than_their_file_are_copies_of_a_fork() -> None:
    start = row("queue-operation", timestamp="2026-11-20T13:00:00.000Z")
    later = "2026-11-20T13:00:01.000Z"
    batch = read(start, answer("msg_old"), answer("msg_new", timestamp=later))
    assert [g.flags for g in batch.generations] == [GenerationFlag.COPIED, 0]
    assert batch.sessions[0].started_at == NOON_AT + 3_601_000


def test_a_fork_whose_copies_keep_the_parents_id_knows_its_parent() -> None:
    start = row("queue-operation", timestamp="2026-11-20T13:00:00.000Z")
    batch = read(
        start, answer("msg_old", sessionId="parent-1"), answer("msg_new", timestamp="2026-11-20T13:00:01.000Z")
    )
    facts = {told.session: (told.parent, told.relation) for told in batch.sessions}
    assert facts == {MAIN: ("parent-1", "fork"), "parent-1": (None, None)}


def test_old_clients_resume_into_a_new_file_of_the_same_conversation() -> None:
    old: dict[str, Any] = {"version": "1.0.98"}
    first = read(answer("msg_1", **old), path="projects/p/s1.jsonl")
    second = read(
        answer("msg_1", sessionId="s2", **old), answer("msg_2", sessionId="s2", **old), path="projects/p/s2.jsonl"
    )
    roots = {told.parent for batch in (first, second) for told in batch.sessions if told.parent}
    assert roots == {"conversation/msg_1"}
    assert {told.relation for batch in (first, second) for told in batch.sessions} == {None, "resume"}


def test_newer_clients_have_no_conversation_above_the_session() -> None:
    assert [told.parent for told in read(answer(version="2.1.0")).sessions] == [None]


# ---- prompts and titles


def test_prompts_are_what_the_person_said() -> None:
    batch = read(said("  Fix\tthe  login page \nplease"), said("And the tests"))
    assert len(batch.prompts) == 2
    facts = batch.sessions[0]
    assert (facts.title, facts.title_rank) == ("Fix the login page", TitleRank.PROMPT)


NOT_PROMPTS: list[dict[str, Any]] = [
    said("Meta", isMeta=True),
    said("Summary", isCompactSummary=True),
    said("Shown only", isVisibleInTranscriptOnly=True),
    said("Agent's", isSidechain=True),
    said("System's", promptSource="system"),
    said("Task's", origin={"kind": "task-notification"}),
    said("<command-name>/clear</command-name>"),
    said("<local-command-stdout></local-command-stdout>"),
    said("<task-notification>done</task-notification>"),
    said("<system-reminder>x</system-reminder>"),
    said([{"type": "tool_result", "tool_use_id": "toolu_9", "content": "x"}]),
    said([]),
    said(" "),
]


@pytest.mark.parametrize("other", NOT_PROMPTS)
def test_what_no_person_said_is_no_prompt_and_no_title(other: dict[str, Any]) -> None:
    batch = read(other)
    assert batch.prompts == []
    assert {told.title for told in batch.sessions} == {None}


def test_a_prompt_may_stand_beside_what_the_editor_adds() -> None:
    batch = read(
        said([{"type": "text", "text": "<ide_opened_file>x</ide_opened_file>"}, {"type": "text", "text": "Why?"}])
    )
    assert [told.title for told in batch.sessions] == ["Why?"]
    assert len(batch.prompts) == 1


def test_an_image_alone_is_a_prompt_without_title() -> None:
    batch = read(said([{"type": "image", "source": {}}]))
    assert len(batch.prompts) == 1
    assert batch.sessions[0].title is None


@pytest.mark.parametrize(
    ("prompt", "mode", "expected"),
    [
        ("Next", "prompt", 1),
        ([{"type": "text", "text": "Next"}], "prompt", 1),
        ("<task-notification>x", "prompt", 0),
        ("Next", "task-notification", 0),
    ],
)
def test_prompts_typed_while_busy_count(prompt: Any, mode: str, expected: int) -> None:
    batch = read(
        row("attachment", uuid="a", attachment={"type": "queued_command", "commandMode": mode, "prompt": prompt})
    )
    assert len(batch.prompts) == expected


def test_chosen_title_beats_made_title_beats_summary_beats_prompt() -> None:
    said_first = said("Prompt")
    summary = {"type": "summary", "summary": "Summary", "leafUuid": said_first["uuid"]}
    made = {"type": "ai-title", "aiTitle": "Made", "sessionId": MAIN}
    chosen = {"type": "custom-title", "customTitle": "Chosen", "sessionId": MAIN}
    for rows, title in (([summary], "Summary"), ([made, summary], "Made"), ([chosen, made], "Chosen")):
        assert [told.title for told in read(said_first, *rows).sessions] == [title]


def test_the_last_of_equal_titles_stays() -> None:
    titles = [{"type": "ai-title", "aiTitle": text, "sessionId": MAIN} for text in ("One", "Two")]
    assert [told.title for told in read(*titles).sessions] == ["Two"]


def test_summaries_of_other_sessions_at_the_top_are_left_alone() -> None:
    batch = read({"type": "summary", "summary": "Another's", "leafUuid": "elsewhere"}, said("Mine"))
    assert [told.title for told in batch.sessions] == ["Mine"]


def test_long_titles_are_cut() -> None:
    assert [len(told.title or "") for told in read(said("word " * 100)).sessions] == [119]


# ---- tools and notices


def use(name: str, identifier: str = "toolu_1", **fields: Any) -> dict[str, Any]:
    return answer(
        content=[{"type": "tool_use", "id": identifier, "name": name, "input": {}}], stop="tool_use", **fields
    )


def result(identifier: str = "toolu_1", content: Any = "ok", **fields: Any) -> dict[str, Any]:
    block = {"type": "tool_result", "tool_use_id": identifier, "content": content}
    if "is_error" in fields:
        block["is_error"] = fields.pop("is_error")
    return said([block], timestamp="2026-11-20T12:00:05.000Z", **fields)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Read", ToolKind.READ), ("Write", ToolKind.EDIT), ("Bash", ToolKind.RUN), ("Grep", ToolKind.SEARCH),
        ("WebFetch", ToolKind.FETCH), ("WebSearch", ToolKind.FETCH), ("Task", ToolKind.AGENT),
        ("mcp__tracker__list", ToolKind.MCP), ("TodoWrite", ToolKind.OTHER),
    ],
)  # fmt: skip
def test_tool_kinds(name: str, kind: ToolKind) -> None:
    (call,) = read(use(name)).tool_calls
    assert (call.name, call.kind, call.status) == (name, kind, None)


def test_a_tool_call_is_joined_to_its_result() -> None:
    (call,) = read(use("Bash"), result()).tool_calls
    assert (call.called_at, call.finished_at, call.status) == (NOON_AT, NOON_AT + 5000, ToolStatus.OK)


def test_equal_tool_ids_of_different_messages_are_different_calls() -> None:
    batch = read(use("Bash", "Bash:0", message="m1"), result("Bash:0"), use("Bash", "Bash:0", message="m2"))
    assert [call.status for call in batch.tool_calls] == ["ok", None]


def test_a_tool_name_that_is_prose_is_unknown() -> None:
    assert [call.name for call in read(use('Task" and so on')).tool_calls] == [None]


@pytest.mark.parametrize(
    ("fields", "status", "noticed"),
    [
        ({"is_error": True}, "error", []),
        ({"is_error": False}, "ok", []),
        ({"is_error": True, "toolDenialKind": "user-rejected"}, "denied", [("denied", "person")]),
        ({"is_error": True, "toolDenialKind": "hook"}, "denied", [("denied", "rule")]),
        (
            {"is_error": True, "permissionDecision": {"decision": "reject", "source": "config"}},
            "denied",
            [("denied", "rule")],
        ),
        ({"permissionDecision": {"decision": "accept", "source": "user_temporary"}}, "ok", [("approved", "person")]),
        ({"permissionDecision": {"decision": "accept", "source": "config"}}, "ok", [("approved", "rule")]),
        (
            {"is_error": True, "content": "The user doesn't want to proceed with this tool use. x"},
            "denied",
            [("denied", "person")],
        ),
        ({"is_error": True, "content": "[Request interrupted by user for tool use]"}, "interrupted", []),
        ({"is_error": True, "content": [{"type": "text", "text": "boom"}]}, "error", []),
    ],
)
def test_how_tool_calls_end(fields: dict[str, Any], status: str, noticed: list[tuple[str, str]]) -> None:
    batch = read(use("Bash"), result(**fields))
    assert [call.status for call in batch.tool_calls] == [status]
    assert notices(batch) == noticed


def test_permission_modes_are_noticed_when_they_change() -> None:
    batch = read(
        said("a", permissionMode="default"),
        said("b", permissionMode="default"),
        {"type": "permission-mode", "permissionMode": "acceptEdits", "sessionId": MAIN},
        said("c", permissionMode="acceptEdits"),
        said("d", permissionMode="plan"),
    )
    assert [detail for _, detail in notices(batch)] == ["default", "acceptEdits", "plan"]


def test_interruptions_are_noticed_and_are_no_prompts() -> None:
    batch = read(said([{"type": "text", "text": "[Request interrupted by user]"}]))
    assert notices(batch) == [(NoticeKind.INTERRUPTED, None)]
    assert batch.prompts == []


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        ({"status": 529, "headers": {}}, "529"),
        ({"message": "x y", "connection": {"code": "ECONNRESET"}}, "ECONNRESET"),
        ({"cause": {"code": "ETIMEDOUT"}}, "ETIMEDOUT"),
        ("words", None),
    ],
)
def test_failed_requests_that_are_tried_again(error: Any, detail: str | None) -> None:
    assert notices(read(row("system", subtype="api_error", uuid="s", error=error))) == [(NoticeKind.RETRIED, detail)]


@pytest.mark.parametrize(
    ("fields", "detail"),
    [({"apiErrorStatus": 400, "error": "unknown"}, "400"), ({"error": "rate_limit"}, "rate_limit"), ({}, None)],
)
def test_requests_that_failed_for_good(fields: dict[str, Any], detail: str | None) -> None:
    batch = read(answer(model="<synthetic>", isApiErrorMessage=True, **fields))
    assert notices(batch) == [(NoticeKind.API_ERROR, detail)]


def test_compactions_and_refusals_are_noticed() -> None:
    batch = read(
        row("system", subtype="compact_boundary", uuid="c", compactMetadata={"trigger": "auto"}),
        row("system", subtype="model_refusal_fallback", uuid="r", originalModel="claude-fable-5"),
    )
    assert notices(batch) == [(NoticeKind.COMPACTED, None), (NoticeKind.REFUSED, "claude-fable-5")]


def test_session_totals_are_the_latest_of_the_file() -> None:
    def state(output: int) -> dict[str, Any]:
        usage_of = {"inputTokens": 5, "outputTokens": output, "cacheCreationInputTokens": 30, "cacheReadInputTokens": 9}
        split = {"cacheCreationEphemeral5mInputTokens": 10, "cacheCreationEphemeral1hInputTokens": 20, "costUSD": 0.5}
        return {"type": "cost-state", "sessionId": MAIN, "modelUsage": {"claude-opus-5": {**usage_of, **split}}}

    (total,) = read(state(1), state(4)).totals
    assert total == (MAIN, "claude-opus-5", 5, 9, 10, 20, 4, None, 500_000)


def test_session_facts_are_gathered_from_all_rows() -> None:
    batch = read(
        said("Go", gitBranch="main", entrypoint="cli"),
        answer(timestamp="2026-11-20T12:10:00.000Z", version="2.1.331", cwd="/elsewhere", gitBranch="topic"),
    )
    (facts,) = batch.sessions
    assert facts[3:10] == (NOON_AT, NOON_AT + 600_000, "/home/p/x", "main", None, "2.1.331", "cli")


def test_unknown_record_types_are_counted_and_needless_ones_are_not() -> None:
    batch = read(
        row("brand-new"), row("brand-new"), row("file-history-snapshot"), row("system", subtype="novel"), {"a": 1}
    )
    assert batch.unknown == {"brand-new": 2, "system/novel": 1, "(no type)": 1}
