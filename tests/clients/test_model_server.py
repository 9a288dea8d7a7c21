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
