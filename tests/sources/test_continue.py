"""Continue: its own estimates, and sessions without counts."""

import json
from typing import Any

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.sources.base import Document, Lines
from tests.sources.conftest import Folded
from tests.sources.readings import reading_of, taught

TOKENS, SESSION = reading_of("continue", Lines), reading_of("continue", Document)
PLACE = "dev_data/0.2.0/tokensGenerated.jsonl"


def row(at: str | None, prompt: int = 10, output: int = 5) -> dict[str, Any]:
    stamp = {"timestamp": f"2026-10-05T{at}.000Z"} if at else {}
    return {"model": "gpt-5.4", "provider": "openai", "promptTokens": prompt, "generatedTokens": output, **stamp}


def log(*rows: Any) -> Folded:
    return taught(TOKENS, PLACE, "".join(json.dumps(one) + "\n" for one in rows).encode())


def session(*history: Any, **fields: Any) -> Folded:
    whole = {"sessionId": "s1", "history": list(history), **fields}
    return taught(SESSION, "sessions/s1.json", json.dumps(whole).encode())


def said(text: Any, role: str = "user", **rest: Any) -> dict[str, Any]:
    return {"message": {"role": role, "content": text}, **rest}


def test_calls_are_estimates() -> None:
    (call,) = log(row("08:00:00")).generations.values()
    assert call.flags == GenerationFlag.ESTIMATED
    assert call[5:11] == (10, None, None, None, 5, None)


def test_a_longer_pause_begins_a_new_run() -> None:
    seen = log(row("08:00:00"), row("08:29:00"), row("08:59:00"), row("09:29:01"))
    assert [call.session for call in seen.generations.values()] == ["tokens/1791187200000"] * 3 + [
        "tokens/1791192541000"
    ]


def test_log_in_pieces_and_copied_teaches_the_same() -> None:
    rows = [json.dumps(one).encode() for one in (row("08:00:00"), row("08:10:00"), row("09:00:00"), row(None))]
    whole = log(*(json.loads(one) for one in rows))
    for cut in range(1, len(rows)):
        pieces = Folded()
        first = TOKENS.reader(PLACE, None)
        pieces.add(first.feed(rows[:cut], 1))
        pieces.add(TOKENS.reader(PLACE, first.state()).feed(rows[cut:], cut + 1))
        assert pieces.events() == whole.events()


def test_rows_without_an_instant_are_told_apart_by_their_place() -> None:
    seen = log(row(None), row(None))
    assert (len(seen.generations), len(seen.sessions)) == (2, 1)


def test_rows_without_counts_are_unknown_and_damaged_ones_are_told() -> None:
    seen = taught(TOKENS, PLACE, b'{"model":"x"}\n{"promptTokens":-1}\n' + json.dumps(row("08:00:00")).encode() + b"\n")
    assert (len(seen.generations), seen.unknown, [issue.line for issue in seen.issues]) == (1, {"(no type)": 1}, [2])


def test_session_tells_prompts_tools_and_folder_but_no_call() -> None:
    use = {"id": "t1", "function": {"name": "run_terminal_command"}}
    seen = session(
        said([{"type": "text", "text": "Ask\nmore"}]),
        said("x", "assistant", toolCallStates=[{"toolCallId": "t1", "status": "errored", "toolCall": use}]),
        said("x", "tool"),
        said(""),
        said("x"),
        workspaceDirectory="file:///home/person/project",
        title="New Session",
    )
    assert (len(seen.prompts), seen.generations) == (2, {})
    assert [(call.kind, call.status) for call in seen.tool_calls.values()] == [("run", "error")]
    assert (seen.sessions["s1"].cwd, seen.sessions["s1"].title) == ("/home/person/project", "Ask")


def test_list_of_sessions_dates_them() -> None:
    entries = [{"sessionId": "s1", "title": "Made up", "dateCreated": "1791187200000", "workspaceDirectory": "/a/b"}, 7]
    seen = taught(SESSION, "sessions/sessions.json", json.dumps(entries).encode())
    facts = seen.sessions["s1"]
    assert (facts.started_at, facts.cwd, facts.title) == (1791187200000, "/a/b", "Made up")
    assert [issue.line for issue in seen.issues] == [2]


def test_session_without_history_is_none() -> None:
    assert session().sessions == {}


@pytest.mark.parametrize("data", [b"", b"[]", b'{"history":7}', b'{"history":['])
def test_damaged_session_is_told(data: bytes) -> None:
    assert len(taught(SESSION, "sessions/s1.json", data).issues) == 1
