"""The scripted model: what it puts on the wire is what it writes down as the truth."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.clients.model_server import Stage, serving
from tests.clients.scripts import SCRIPTS, Setting, prompt

pytestmark = pytest.mark.loopback


def ask(base: str, path: str, body: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """Post and return the status and the events of the stream (or the one document)."""
    place = urlsplit(base)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    if text.startswith("event:"):
        return response.status, [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    return response.status, [json.loads(text)]


def messages(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "a-model", "stream": True, "messages": [{"role": "user", "content": text}], **more}


READ_TOOL = {
    "name": "Read",
    "input_schema": {"properties": {"file_path": {"type": "string"}}, "required": ["file_path"]},
}


def test_streamed_messages_tell_the_true_counts_only_at_the_end() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    with serving(stage) as base:
        status, events = ask(base, "/v1/messages", messages(prompt("think")))
    assert status == 200
    row = stage.truth[0]
    first, last = events[0]["message"]["usage"], events[-2]["usage"]
    assert first["output_tokens"] == 1
    assert first["input_tokens"] == last["input_tokens"] == row["counts"]["input_tokens"]
    assert last["output_tokens"] == row["counts"]["output_tokens"]
    assert last["output_tokens_details"]["thinking_tokens"] == row["counts"]["reasoning_tokens"] > 0
    written = row["counts"]["cache_write_5m_tokens"] + row["counts"]["cache_write_1h_tokens"]
    assert last["cache_creation_input_tokens"] == written
    assert row["finished"]


def test_responses_count_cached_tokens_within_the_input() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    with serving(stage) as base:
        _, events = ask(base, "/v1/responses", {"model": "m", "stream": True, "input": prompt("plain")})
    usage, counts = events[-1]["response"]["usage"], stage.truth[0]["counts"]
    assert usage["input_tokens"] == counts["input_tokens"] + counts["cache_read_tokens"]
    assert usage["output_tokens_details"]["reasoning_tokens"] == counts["reasoning_tokens"]


def test_a_script_goes_on_where_the_conversation_stands() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    begun = messages(prompt("read"), tools=[READ_TOOL], stream=False)
    with serving(stage) as base:
        _, (first,) = ask(base, "/v1/messages", begun)
        result = [{"type": "tool_result", "tool_use_id": first["content"][-1]["id"], "content": "tea"}]
        going_on = [
            *begun["messages"],
            {"role": "assistant", "content": first["content"]},
            {"role": "user", "content": result},
        ]
        _, (second,) = ask(base, "/v1/messages", {**begun, "messages": going_on})
    assert first["content"][-1]["input"] == {"file_path": "/home/sam/notes.txt"}
    assert second["content"] == [{"type": "text", "text": SCRIPTS["read"][1].say}]
    assert [row["tools"] for row in stage.truth] == [["read"], []]


def test_a_refusal_is_given_as_often_as_the_script_says_and_counts_nothing() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    with serving(stage) as base:
        statuses = [ask(base, "/v1/messages", messages(prompt("busy")))[0] for _ in range(2)]
    assert statuses == [429, 200]
    assert [row["counts"] is None for row in stage.truth] == [True, False]


def test_every_answer_has_counts_of_its_own() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    with serving(stage) as base:
        for _ in range(3):
            ask(base, "/v1/messages", messages(prompt("plain")))
    assert len({tuple(row["counts"].values()) for row in stage.truth}) == 3
    assert len({row["response_id"] for row in stage.truth}) == 3


def chat(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "a-model", "stream": True, "messages": [{"role": "user", "content": text}], **more}


def ask_lines(base: str, path: str, body: dict[str, Any]) -> list[str]:
    """Post and return what follows `data: ` in every frame of the stream."""
    place = urlsplit(base)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=10)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        lines = connection.getresponse().read().decode().splitlines()
    finally:
        connection.close()
    return [line.removeprefix("data: ") for line in lines if line]


def test_chat_completions_tell_usage_only_to_who_asks() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    with serving(stage) as base:
        silent = ask_lines(base, "/v1/chat/completions", chat(prompt("plain")))
        told = ask_lines(base, "/v1/chat/completions", chat(prompt("plain"), stream_options={"include_usage": True}))
        (whole,) = ask_lines(base, "/v1/chat/completions", chat(prompt("plain"), stream=False))
    assert silent[-1] == told[-1] == "[DONE]"
    assert not any("usage" in json.loads(line) for line in silent[:-1])
    usages = [json.loads(told[-2])["usage"], json.loads(whole)["usage"]]
    assert stage.truth[0]["counts"] is None
    for usage, row in zip(usages, stage.truth[1:], strict=True):
        counts = row["counts"]
        assert usage["prompt_tokens"] == counts["input_tokens"] + counts["cache_read_tokens"]
        assert usage["prompt_tokens_details"]["cached_tokens"] == counts["cache_read_tokens"]
        assert usage["completion_tokens"] == counts["output_tokens"]
        assert usage["completion_tokens_details"]["reasoning_tokens"] == counts["reasoning_tokens"] > 0


def test_gemini_counts_thoughts_beside_the_output_and_names_the_model_in_the_path() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    read = {"name": "read_file", "parametersJsonSchema": {"properties": {"absolute_path": {"type": "string"}}}}
    body = {
        "contents": [{"role": "user", "parts": [{"text": prompt("read")}]}],
        "tools": [{"functionDeclarations": [read]}],
    }
    with serving(stage) as base:
        lines = ask_lines(base, "/v1beta/models/gemini-tea:streamGenerateContent?alt=sse", body)
    pieces = [json.loads(line) for line in lines]
    usage, row = pieces[-1]["usageMetadata"], stage.truth[0]
    assert row["model"] == "gemini-tea"
    assert usage["promptTokenCount"] == row["counts"]["input_tokens"] + row["counts"]["cache_read_tokens"]
    assert usage["candidatesTokenCount"] + usage["thoughtsTokenCount"] == row["counts"]["output_tokens"]
    parts = [part for piece in pieces for part in piece["candidates"][0]["content"]["parts"]]
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    assert calls == [{"name": "read_file", "args": {"absolute_path": "/home/sam/notes.txt"}}]


def test_a_request_for_a_form_gets_one_and_no_scene() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    schema = {"properties": {"choice": {"type": "STRING", "enum": ["small", "big"]}, "score": {"type": "integer"}}}
    wanted = {"responseMimeType": "application/json", "responseSchema": schema}
    body = {"contents": [{"role": "user", "parts": [{"text": prompt("busy")}]}], "generationConfig": wanted}
    with serving(stage) as base:
        status, (answer,) = ask(base, "/v1beta/models/m:generateContent", body)
    assert status == 200
    assert json.loads(answer["candidates"][0]["content"]["parts"][0]["text"]) == {"choice": "small", "score": 1}
    assert stage.truth[0]["script"] == "form"


def test_each_format_refuses_in_its_own_words() -> None:
    stage = Stage(Setting("/home/sam/notes.txt"))
    gemini = {"contents": [{"role": "user", "parts": [{"text": prompt("overloaded")}]}]}
    with serving(stage) as base:
        status, (said,) = ask(base, "/v1beta/models/m:generateContent", gemini)
        stage.scene = "another"
        chat_status, (chat_said,) = ask(base, "/v1/chat/completions", chat(prompt("overloaded")))
    assert (status, said["error"]["status"]) == (503, "UNAVAILABLE")
    assert (chat_status, chat_said["error"]["type"]) == (503, "server_error")
