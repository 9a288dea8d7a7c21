"""Copilot Chat: a document, or a log of operations that builds it."""

import json
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.sources.base import Document
from goodmeasure.sources.copilot_chat.workspace import folder_of
from tests.sources.conftest import Folded
from tests.sources.homes import import_into, lay_out, scratch_ledger
from tests.sources.make_unrecorded_fixtures import copilot_log, copilot_request, copilot_state, copilot_tool
from tests.sources.readings import reading_of, source_of, taught

CHAT = reading_of("copilot-chat", Document)


def document(*requests: Any, **fields: Any) -> Folded:
    return taught(CHAT, "ab12/chatSessions/s1.json", json.dumps(copilot_state("s1", *requests) | fields).encode())


def replayed(*operations: Any) -> Folded:
    data = "".join(json.dumps(operation) + "\n" for operation in operations).encode()
    return taught(CHAT, "ab12/chatSessions/s1.jsonl", data)


def test_each_round_is_a_call_and_only_the_last_has_tokens() -> None:
    calls = list(document(copilot_request(1, rounds=3, tokens=(1200, 80))).generations.values())
    assert [(call.input_tokens, call.output_tokens) for call in calls] == [(None, None), (None, None), (1200, 80)]
    assert {call[6:9] for call in calls} == {(None, None, None)}


@pytest.mark.parametrize(
    ("named", "resolved", "model"),
    [
        ("copilot/gpt-5.4", None, "gpt-5.4"),
        ("copilot/auto", None, None),
        ("copilot/auto", "claude-sonnet-4-5", "claude-sonnet-4-5"),
        (None, None, None),
    ],
)
def test_model_is_the_one_that_answered(named: str | None, resolved: str | None, model: str | None) -> None:
    request = copilot_request(1, rounds=1) | {"modelId": named}
    request["result"]["metadata"]["resolvedModel"] = resolved
    assert [call.model for call in document(request).generations.values()] == [model]


def test_request_that_failed_at_once_is_a_prompt_and_an_error_but_no_call() -> None:
    failed = {**copilot_request(1, rounds=0), "response": [], "result": {"errorDetails": {"message": "x", "code": 429}}}
    seen = document(failed)
    assert (len(seen.prompts), len(seen.generations)) == (1, 0)
    assert [(notice.kind, notice.detail) for notice in seen.notices.values()] == [("api_error", "429")]


def test_canceled_request_is_an_interruption_and_no_error() -> None:
    seen = document(copilot_request(1, rounds=1) | {"isCanceled": True, "response": []})
    assert [notice.kind for notice in seen.notices.values()] == ["interrupted"]


@pytest.mark.parametrize(
    ("confirmed", "complete", "status", "notices"),
    [
        ({"type": 4}, True, "ok", [("approved", "person")]),
        ({"type": 2}, True, "ok", [("approved", "rule")]),
        ({"type": 1}, True, "ok", []),
        ({"type": 0}, True, "denied", [("denied", "person")]),
        (False, True, "denied", [("denied", "person")]),
        (True, True, "ok", []),
        (None, False, None, []),
    ],
)
def test_tool_calls_say_how_they_ended_and_who_allowed_them(
    confirmed: Any, complete: Any, status: str | None, notices: Any
) -> None:
    tool = copilot_tool(1) | {"isConfirmed": confirmed, "isComplete": complete}
    seen = document(copilot_request(1, rounds=1, response=[tool]))
    assert [(call.name, call.kind, call.status) for call in seen.tool_calls.values()] == [
        ("copilot_readFile", "read", status)
    ]
    assert [(notice.kind, notice.detail) for notice in seen.notices.values()] == notices


def test_chat_without_requests_is_no_session() -> None:
    assert document().sessions == {}


def test_log_gives_what_the_document_gives() -> None:
    request = copilot_request(1, rounds=2, tokens=(700, 60))
    built = replayed(
        {"kind": 0, "v": copilot_state("s1")},
        {"kind": 2, "k": ["requests"], "v": [{**request, "response": [], "result": None}]},
        {"kind": 2, "k": ["requests", 0, "response"], "v": request["response"]},
        {"kind": 1, "k": ["requests", 0, "result"], "v": request["result"]},
    )
    assert built.events() == document(request).events()


def test_request_taken_back_was_made() -> None:
    seen = replayed(*copilot_log("s1"))
    assert (len(seen.prompts), len(seen.generations)) == (3, 4)


def test_log_that_was_written_anew_and_grows_keeps_its_keys() -> None:
    log = copilot_log("s1")
    first, later = replayed(*log[:6]), replayed(*log)
    assert set(first.generations) <= set(later.generations)


def test_operations_that_do_not_fit_are_told_and_the_rest_is_applied() -> None:
    seen = replayed(
        {"kind": 0, "v": copilot_state("s1")},
        {"kind": 1, "k": ["requests", 7, "result"], "v": 1},
        {"kind": 2, "k": ["version"], "v": [1]},
        {"kind": 9, "k": ["version"]},
        {"kind": 3, "k": []},
        {"kind": "x"},
        {"kind": 2, "k": ["requests"], "v": [copilot_request(1, rounds=1)]},
    )
    assert [issue.line for issue in seen.issues] == [2, 3, 4, 5, 6]
    assert len(seen.generations) == 1


def test_damaged_request_is_told_and_its_neighbours_are_read() -> None:
    seen = document({"requestId": 7}, copilot_request(2, rounds=1), 5)
    assert [issue.line for issue in seen.issues] == [1, 3]
    assert len(seen.generations) == 1


@pytest.mark.parametrize("kind", [[], {}, None, 7])
def test_part_of_any_kind_is_passed_by(kind: Any) -> None:
    assert document(copilot_request(1, rounds=1, response=[{"kind": kind}])).tool_calls == {}


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b'{"requests":7}', b'{"requests":['])
def test_damaged_chat_is_told(data: bytes) -> None:
    assert len(taught(CHAT, "ab12/chatSessions/s1.json", data).issues) == 1


@pytest.mark.parametrize(
    ("workspace", "folder"),
    [
        ({"folder": "file:///home/person/project"}, "/home/person/project"),
        ({"workspace": "file:///home/person/two.code-workspace"}, "/home/person"),
        ({"workspace": "file:///c%3A/work/two.code-workspace"}, "c:\\work"),
        ({"folder": "vscode-remote://ssh-remote%2Bhost/srv/app"}, "/srv/app"),
        ({"folder": 7}, None),
        ({}, None),
    ],
)
def test_workspace_names_the_folder(workspace: Any, folder: str | None) -> None:
    assert folder_of(json.dumps(workspace).encode()) == folder


def test_chats_of_a_workspace_belong_to_its_folder_and_others_to_none(tmp_path: Path) -> None:
    home = lay_out(source_of("copilot-chat"), "2026/chats", tmp_path / "home")
    (home / ".config/Code/User/workspaceStorage/0123abcd/workspace.json").write_bytes(b"\xff")
    with scratch_ledger(tmp_path) as ledger:
        import_into(ledger, source_of("copilot-chat"), home)
        told = dict(ledger.raw().execute("SELECT native_id, cwd FROM session"))
    assert told == {
        **dict.fromkeys(("c1", "l1", "c2", "l2"), "/home/person/project"),
        **dict.fromkeys(("c0", "l0", "a0", "a1", "a2"), None),
    }
