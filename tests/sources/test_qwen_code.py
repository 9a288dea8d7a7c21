"""Qwen Code: what each kind of row teaches."""

import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import Batch, GenerationFlag, NoticeKind, TitleRank, ToolStatus
from goodmeasure.ledger.reads import unlogged
from goodmeasure.sources.qwen_code.reader import QwenReader, TotalsReader
from tests.sources.conftest import Folded
from tests.sources.homes import import_into, lay_out, scratch_ledger
from tests.sources.readings import source_of

PLACE = "projects/project/chats/s1.jsonl"
numbers = iter(range(10**6))


def row(kind: str, **more: Any) -> dict[str, Any]:
    common = {"sessionId": "s1", "timestamp": "2026-11-20T10:00:00.000Z", "cwd": "/home/person/project"}
    return {"uuid": f"u{next(numbers)}", "type": kind, "version": "0.24.4", "gitBranch": "main"} | common | more


def said(text: str = "Do it.", **more: Any) -> dict[str, Any]:
    return row("user", message={"role": "user", "parts": [{"text": text}]}, **more)


def event(name: str, **more: Any) -> dict[str, Any]:
    told = {"event.name": f"qwen-code.{name}", "event.timestamp": "2026-11-20T10:00:01.000Z"}
    outer = more.pop("outer", {})
    return row("system", subtype="ui_telemetry", systemPayload={"uiEvent": told | more}, **outer)


def response(number: int = 1, **more: Any) -> dict[str, Any]:
    counts = {"input_token_count": 100, "cached_content_token_count": 60, "output_token_count": 20}
    own = {
        "response_id": f"r{number}",
        "model": "qwen3-coder-plus",
        "thoughts_token_count": 7,
        "prompt_id": "s1########0",
    }
    return event("api_response", **(counts | own | more))


def answer(parts: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    usage = {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 60,
        "candidatesTokenCount": 20,
        "thoughtsTokenCount": 7,
    }
    return row(
        "assistant", model="qwen3-coder-plus", message={"parts": parts or []}, **({"usageMetadata": usage} | more)
    )


def system(subtype: str, payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    return row("system", subtype=subtype, systemPayload=payload, **more)


def fed(*rows: Any, place: str = PLACE) -> Batch:
    return QwenReader(place, None).feed([json.dumps(each).encode() for each in rows], 1)


def folded(*batches: Batch) -> Folded:
    whole = Folded()
    for batch in batches:
        whole.add(batch)
    return whole


def kinds(batch: Batch) -> list[tuple[str, str | None]]:
    return [(notice.kind, notice.detail) for notice in batch.notices]


def test_cached_is_taken_out_of_input_and_thoughts_are_inside_output() -> None:
    (told,) = fed(response()).generations
    assert told[5:11] == (40, 60, None, None, 20, 7)
    assert (told.provider, told.model, told.session) == (None, "qwen3-coder-plus", "s1")


def test_usage_beside_the_message_repeats_telemetry_and_counts_only_without_it() -> None:
    assert len(fed(response(), answer(), response(2), answer()).generations) == 2
    (told,) = fed(answer()).generations
    assert told[5:11] == (40, 60, None, None, 20, 7)


def test_that_telemetry_exists_is_remembered_between_readings() -> None:
    first = QwenReader(PLACE, None)
    first.feed([json.dumps(response()).encode()], 1)
    later = QwenReader(PLACE, first.state()).feed([json.dumps(answer()).encode()], 2)
    assert (later.generations, later.notices) == ([], [])


def test_one_id_for_all_answers_hides_none() -> None:
    later: dict[str, Any] = {"event.timestamp": "2026-11-20T10:00:09.000Z"}
    assert len(fed(response(), response(), response(**later)).generations) == 2


def test_an_answer_without_any_count_is_a_call_of_unknown_usage() -> None:
    none = dict.fromkeys(("input_token_count", "cached_content_token_count", "output_token_count"), 0)
    (told,) = fed(response(thoughts_token_count=0, **none)).generations
    assert (told.input_tokens, told.cache_read_tokens, told.output_tokens, told.reasoning_tokens) == (None,) * 4


def test_subagents_are_sessions_under_the_one_that_started_them() -> None:
    agent = {"prompt_id": "s1#explore-c1#0", "subagent_id": "explore-c1"}
    main = fed(said(), response(1, **agent), event("tool_call", call_id="c9", prompt_id="s1#explore-c1#0"))
    own: dict[str, Any] = {"agentId": "explore-c1", "isSidechain": True}
    asked = answer([{"functionCall": {"id": "c9", "name": "read_file"}}], **own)
    child = fed(said(**own), asked, place="projects/project/subagents/s1/agent-explore-c1.jsonl")
    whole = folded(main, child)
    assert [told.session for told in whole.generations.values()] == ["s1/explore-c1"]
    assert (whole.sessions["s1/explore-c1"].parent, whole.sessions["s1/explore-c1"].relation) == ("s1", "subagent")
    assert [(call.session, call.name, call.kind) for call in whole.tool_calls.values()] == [
        ("s1/explore-c1", "read_file", "read")
    ]
    assert len(whole.prompts) == 1


def test_a_branch_repeats_its_parent_under_the_parents_name() -> None:
    original = [said("First."), response(), answer()]
    fork = {"sessionId": "s2", "forkedFrom": {"sessionId": "s1", "messageUuid": "x"}}
    branch = fed(
        *(each | fork for each in original),
        said("Second.", sessionId="s2"),
        response(2, outer={"sessionId": "s2"}),
        place="projects/project/chats/s2.jsonl",
    )
    alone, both = folded(branch), folded(branch, fed(*original))
    assert both.sums()["generations"] == 2
    assert len(both.prompts) == 2
    assert alone.flagged(GenerationFlag.COPIED) == 1
    assert both.flagged(GenerationFlag.COPIED) == 0
    assert sorted(told.session for told in alone.generations.values()) == ["s1", "s2"]
    assert (alone.sessions["s2"].parent, alone.sessions["s2"].relation) == ("s1", "fork")
    assert alone.sessions["s2"].title == "Second."


def test_a_session_started_by_an_agent_belongs_to_it() -> None:
    (facts,) = fed(system("parent_session", {"parentSessionId": "s0"}), said()).sessions
    assert (facts.parent, facts.relation) == ("s0", "subagent")


def test_only_what_the_person_typed_is_a_prompt() -> None:
    result = row("tool_result", message={"parts": [{"functionResponse": {"id": "c"}}]})
    batch = fed(
        said(provenance="real_user"),
        said(subtype="mid_turn_user_message"),
        said("<task-notification>", provenance="system", subtype="notification"),
        said(provenance="goal_control"),
        result,
    )
    assert len(batch.prompts) == 2
    assert (batch.sessions[0].title, batch.sessions[0].title_rank) == ("Do it.", TitleRank.PROMPT)


def test_titles_made_and_chosen_outrank_the_first_prompt() -> None:
    made = system("custom_title", {"customTitle": "Made", "titleSource": "auto"})
    chosen = system("custom_title", {"customTitle": "Chosen"})
    assert fed(said(), made).sessions[0].title_rank is TitleRank.GENERATED
    assert [facts.title for facts in fed(said(), made, chosen, made).sessions] == ["Chosen"]


@pytest.mark.parametrize(
    ("decision", "status", "ended", "noted"),
    [
        ("auto_accept", "success", ToolStatus.OK, (NoticeKind.APPROVED, "rule")),
        ("accept", "error", ToolStatus.ERROR, (NoticeKind.APPROVED, "person")),
        ("modify", "success", ToolStatus.OK, (NoticeKind.APPROVED, "person")),
        ("reject", "cancelled", ToolStatus.DENIED, (NoticeKind.DENIED, "person")),
        (None, "cancelled", ToolStatus.INTERRUPTED, None),
    ],
)
def test_a_tool_call_is_asked_for_decided_and_ended(
    decision: str | None, status: str, ended: ToolStatus, noted: tuple[NoticeKind, str] | None
) -> None:
    asked = answer([{"text": "x"}, {"functionCall": {"id": "c1", "name": "run_shell_command", "args": {}}}])
    own = {"call_id": "c1", "function_name": "run_shell_command", "duration_ms": 500, "prompt_id": "s1########0"}
    batch = fed(response(), asked, event("tool_call", decision=decision, status=status, **own))
    (told,) = batch.tool_calls
    assert (told.name, told.kind, told.status) == ("run_shell_command", "run", ended)
    assert kinds(batch) == ([noted] if noted else [])


def test_old_clients_name_the_end_of_a_tool_call_only_in_its_result() -> None:
    asked = answer([{"functionCall": {"id": "c1", "name": "glob"}}])
    result = row("tool_result", toolCallResult={"callId": "c1", "status": "error"})
    unnamed = event("tool_call", function_name="glob", status="error")
    (told,) = fed(response(), asked, unnamed, result).tool_calls
    assert (told.name, told.kind, told.status) == ("glob", "search", ToolStatus.ERROR)


def test_errors_interruptions_compressions_and_modes_are_noted() -> None:
    batch = fed(
        event("api_error", error_type="BadRequestError", status_code=400),
        event("api_error", error_type="TypeError:UND_ERR_SOCKET"),
        event("api_error", error_type="APIUserAbortError"),
        system("chat_compression", {"info": {"compressionStatus": 1}}),
        system("chat_compression", {"info": {"compressionStatus": 2}}),
        system("session_approval_mode", {"mode": "yolo"}),
        system("session_approval_mode", {"mode": "yolo"}),
    )
    assert kinds(batch) == [
        (NoticeKind.API_ERROR, "400"),
        (NoticeKind.API_ERROR, "TypeError:UND_ERR_SOCKET"),
        (NoticeKind.INTERRUPTED, None),
        (NoticeKind.COMPACTED, None),
        (NoticeKind.PERMISSION_MODE, "yolo"),
    ]


def test_a_message_without_usage_or_telemetry_was_interrupted() -> None:
    cut = answer(usageMetadata=None)
    assert kinds(fed(response(), answer(), cut)) == [(NoticeKind.INTERRUPTED, None)]
    assert kinds(fed(response(), cut)) == []
    assert kinds(fed(response(), answer(), event("api_error", error_type="APIUserAbortError"), cut)) == [
        (NoticeKind.INTERRUPTED, None)
    ]


def test_a_damaged_telemetry_row_is_an_issue() -> None:
    batch = fed(response(), response(2, duration_ms="long"), response(3))
    assert len(batch.generations) == 2
    assert [issue.line for issue in batch.issues] == [2]
    assert "long" not in batch.issues[0].what


def test_unknown_kinds_are_counted() -> None:
    assert fed(row("novelty"), system("novelty", {}), system("slash_command", {})).unknown == {
        "novelty": 1,
        "system/novelty": 1,
    }


def test_the_clients_own_totals_are_told_apart_and_the_last_holds() -> None:
    def ended(at: int, tokens: int) -> bytes:
        models = {"qwen3-max": {"inputTokens": tokens, "cachedTokens": 10, "outputTokens": 5, "thoughtsTokens": 2}}
        return json.dumps({"sessionId": "s1", "startTime": at - 5, "timestamp": at, "models": models}).encode()

    batch = TotalsReader("usage_record.jsonl", None).feed([ended(1000, 30), ended(2000, 70), b"{}"], 1)
    assert [total[1:8] for total in batch.totals] == [("qwen3-max", 60, 10, None, None, 5, 2)]
    assert [(facts.started_at, facts.ended_at) for facts in batch.sessions] == [(995, 2000)]
    assert batch.generations == []
    assert batch.unknown == {"(no type)": 1}
    with pytest.raises(ValueError, match="no state"):
        TotalsReader("usage_record.jsonl", b"x")


def test_what_stands_only_in_the_clients_totals_is_unlogged(tmp_path: Path) -> None:
    """The recording has one session that was not kept: two answers."""
    home = lay_out(source_of("qwen-code"), "0.24.4/recorded", tmp_path / "home")
    with scratch_ledger(tmp_path) as ledger:
        import_into(ledger, source_of("qwen-code"), home)
        assert list(map(astuple, unlogged(ledger))) == [("qwen-code", "qwen3-coder-plus", 2497, 47810, 0, 0, 1607)]
