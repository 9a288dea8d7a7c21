"""Amp: threads as they were kept on this machine."""

import json
from typing import Any

import pytest

from goodmeasure.domain.events import TitleRank
from goodmeasure.sources.base import Document
from tests.sources.conftest import Folded
from tests.sources.readings import reading_of, taught

THREAD = reading_of("amp", Document)
PLACE = "threads/T-1.json"
COUNTS = {"inputTokens": 1, "outputTokens": 2, "cacheCreationInputTokens": 3, "cacheReadInputTokens": 4}


def thread(*messages: Any, **fields: Any) -> Folded:
    return taught(THREAD, PLACE, json.dumps({"id": "T-1", "messages": list(messages), **fields}).encode())


def answer(number: int = 1, **fields: Any) -> dict[str, Any]:
    usage = {"model": "claude-opus-4-6", "timestamp": "2026-02-05T08:00:00.000Z", **COUNTS}
    return {"role": "assistant", "messageId": number, "state": {"type": "complete"}, "usage": usage, **fields}


def test_counters_are_disjoint_and_the_sum_the_client_wrote_is_not_added() -> None:
    (call,) = thread(answer(usage={**COUNTS, "totalInputTokens": 8, "model": "m"})).generations.values()
    assert call[5:11] == (1, 4, 3, None, 2, None)


def test_grown_thread_gives_the_old_calls_the_same_keys() -> None:
    before, after = thread(answer(1)), thread(answer(1), answer(3))
    assert set(before.generations) < set(after.generations)
    assert len(after.generations) == 2


def test_uncached_prompt_of_gpt_models_is_input() -> None:
    (call,) = thread(answer(usage={**COUNTS, "model": "gpt-5.4"})).generations.values()
    assert call[5:9] == (4, 4, 0, None)


@pytest.mark.parametrize(
    ("state", "flags", "notices"),
    [("complete", 0, []), ("streaming", 1, []), ("cancelled", 1, ["interrupted"]), ("error", 1, ["api_error"])],
)
def test_answers_that_did_not_end_are_marked(state: str, flags: int, notices: list[str]) -> None:
    seen = thread(answer(state={"type": state}))
    assert [call.flags for call in seen.generations.values()] == [flags]
    assert [notice.kind for notice in seen.notices.values()] == notices


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("done", "ok"),
        ("error", "error"),
        ("cancelled", "interrupted"),
        ("rejected-by-user", "denied"),
        ("queued", None),
    ],
)
def test_tool_calls_are_joined_to_their_results(status: str, ours: str | None) -> None:
    result = {"type": "tool_result", "toolUseID": "t1", "run": {"status": status}}
    seen = thread(
        answer(1, content=[{"type": "tool_use", "id": "t1", "name": "edit_file"}]),
        {"role": "user", "messageId": 2, "content": [result]},
    )
    assert [(call.name, call.kind, call.status) for call in seen.tool_calls.values()] == [("edit_file", "edit", ours)]
    assert not seen.prompts


def test_thread_knows_its_folder_branch_repository_and_client() -> None:
    tree = {
        "uri": "file:///home/person/project",
        "repository": {"url": "https://example.invalid/p", "ref": "refs/heads/main"},
    }
    platform = {"clientVersion": "0.0.1", "clientType": "cli"}
    facts = thread(answer(), title="Made up", env={"initial": {"trees": [tree], "platform": platform}}).sessions["T-1"]
    assert facts[5:10] == ("/home/person/project", "main", "https://example.invalid/p", "0.0.1", "cli")
    assert (facts.title, facts.title_rank) == ("Made up", TitleRank.GENERATED)


def test_thread_without_title_is_named_after_its_first_prompt() -> None:
    prompts = [
        {"role": "user", "messageId": n, "content": [{"type": "text", "text": f"Ask {n}\nmore"}]} for n in (0, 2)
    ]
    seen = thread(*prompts)
    assert (seen.sessions["T-1"].title, seen.sessions["T-1"].title_rank) == ("Ask 0", TitleRank.PROMPT)
    assert len(seen.prompts) == 2


def test_stub_of_a_thread_kept_on_the_server_has_no_calls() -> None:
    seen = taught(THREAD, PLACE, b'{"id":"T-1","v":3,"messages":[]}')
    assert (seen.generations, seen.issues) == ({}, [])


def test_damaged_message_is_told_and_its_neighbours_are_read() -> None:
    seen = thread(answer(1), {"role": 7}, answer(3, usage={"outputTokens": -5}), answer(5))
    assert [issue.line for issue in seen.issues] == [2, 3]
    assert len(seen.generations) == 2


@pytest.mark.parametrize("env", [7, {"initial": 7}, {"initial": {"trees": [7]}}, None])
def test_damaged_surroundings_cost_no_call(env: Any) -> None:
    seen = thread(answer(), env=env)
    assert (len(seen.generations), seen.sessions["T-1"].cwd) == (1, None)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"id":"T-1","messages":', b'{"messages":{}}', b"\xff\xfe"])
def test_damaged_thread_is_told(data: bytes) -> None:
    seen = taught(THREAD, PLACE, data)
    assert [issue.line for issue in seen.issues] == [1]


def test_damaged_ledger_is_told_and_the_messages_are_read() -> None:
    seen = thread(answer(), usageLedger={"events": 7})
    assert (len(seen.generations), len(seen.issues)) == (1, 1)
    one = thread(answer(), usageLedger={"events": [{"tokens": 7}, {"toMessageId": 9, "tokens": {"output": 1}}]})
    assert (len(one.generations), len(one.issues)) == (2, 1)
