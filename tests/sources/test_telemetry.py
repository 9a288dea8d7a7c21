"""What agents send as telemetry is mapped exactly, and nothing else of it is read."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from goodmeasure.domain.events import Batch, GenerationFlag
from goodmeasure.sources.otlp.decoding import decoded_json, decoded_protobuf
from goodmeasure.sources.otlp.mapping import Told, told
from tests.sources.telemetry import TRUTH, Capture, captures

TELEMETRY = int(GenerationFlag.TELEMETRY)
SOURCES = {"kilocode": "kilo", "copilot": "copilot-cli"}
every_capture = pytest.mark.parametrize("name", TRUTH)
Row = tuple[Any, ...]


def source_of(name: str) -> str:
    client = name.rpartition("/")[0].rpartition("-")[0]
    return SOURCES.get(client, client)


def calls_of(batches: list[Batch]) -> Counter[Row]:
    """Model and counters of every call, each key once."""
    calls = {call.key: call for batch in batches for call in batch.generations}
    return Counter((call.model, *call[5:11]) for call in calls.values())


def expected_of(name: str) -> Counter[Row]:
    return Counter(told_by(source_of(name), *call) for call in TRUTH[name])


def told_by(source: str, *call: Any) -> Row:
    """Return what an agent tells of a call.

    Claude Code does not tell the reasoning in its output; it alone tells how long cache writes live, and Gemini CLI and
    its descendant nothing of writing at all.
    """
    model, uncached, read, short, long, output, reasoning = call
    if source == "claude-code":
        return (model, uncached, read, short, long, output, None)
    return (model, uncached, read, None if source in {"gemini-cli", "qwen-code"} else short, None, output, reasoning)


@every_capture
def test_calls_are_exact(name: str) -> None:
    batches = [one.batch for request in captures(name) for one in request.told()]
    assert calls_of(batches) == expected_of(name)


@every_capture
def test_everything_is_booked_to_the_agent_that_sent_it(name: str) -> None:
    assert {one.source for request in captures(name) for one in request.told()} == {source_of(name)}


@every_capture
def test_calls_say_that_only_telemetry_tells_them(name: str) -> None:
    flags = {call.flags for request in captures(name) for one in request.told() for call in one.batch.generations}
    assert flags <= {TELEMETRY}


@every_capture
def test_nothing_is_unknown(name: str) -> None:
    assert not sum((one.batch.unknown for request in captures(name) for one in request.told()), Counter[str]())


@every_capture
def test_every_event_has_its_instant_and_session(name: str) -> None:
    for request in captures(name):
        for one in request.told():
            assert all(call.recorded_at and call.session for call in one.batch.generations)
            assert all(tool.finished_at and tool.name for tool in one.batch.tool_calls)
            named = {facts.session for facts in one.batch.sessions}
            events = (*one.batch.generations, *one.batch.tool_calls, *one.batch.prompts, *one.batch.notices)
            assert {event[1] for event in events} <= named


def test_the_same_in_both_encodings() -> None:
    def events(name: str) -> list[Any]:
        return sorted((one.source, one.batch.lines) for request in captures(name) for one in request.told())

    assert events("copilot-1.0.102/http-protobuf") == events("copilot-1.0.102/http-json-default")


@pytest.mark.parametrize("name", ["codex-0.169.0/http-binary", "copilot-1.0.102/http-protobuf"])
def test_which_message_it_is_can_be_seen_from_the_bytes(name: str) -> None:
    for request in captures(name):
        assert told(decoded_protobuf(request.plain, None)) == request.told(), request.signal


def with_canary(request: Capture) -> Capture:
    return replace(request, plain=request.plain.replace(b"Invented text.", b"Zinnober Kumq."))


@every_capture
def test_texts_are_dropped_unread(name: str) -> None:
    said: list[Told] = []
    seen = 0
    for request in captures(name):
        marked = with_canary(request)
        seen += marked.plain.count(b"Zinnober")
        groups = decoded_json(marked.plain) if marked.is_json else decoded_protobuf(marked.plain, marked.signal)
        assert "Zinnober" not in repr(groups)
        said += told(groups)
    assert seen, "there was something to drop"
    assert "Zinnober" not in repr(said)


def test_a_long_text_under_a_name_that_is_read_is_no_name() -> None:
    body = claude_event(model="Zinnober " * 40, input_tokens=1, output_tokens=2)
    (call,) = told(decoded_json(body))[0].batch.generations
    assert call.model is None
    assert "Zinnober" not in repr(decoded_json(body))


def claude_event(name: str = "api_request", **attributes: Any) -> bytes:
    sent = {"event.name": name, "session.id": "s1", "event.sequence": 4, **attributes}
    kinds = {str: "stringValue", int: "intValue", float: "doubleValue", bool: "boolValue"}
    record = {
        "timeUnixNano": "1795420606000000000",
        "attributes": [{"key": key, "value": {kinds[type(value)]: value}} for key, value in sent.items()],
    }
    scope = {"scope": {"name": "com.anthropic.claude_code.events"}, "logRecords": [record]}
    return json.dumps({"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [scope]}]}).encode()


def test_a_renamed_service_is_known_by_its_scope() -> None:
    (one,) = told(decoded_json(claude_event(input_tokens="5", output_tokens="7", request_id="req_1")))
    assert (one.source, one.batch.generations[0].output_tokens) == ("claude-code", 7), "numbers may be texts"


def test_without_a_request_id_the_number_in_the_session_tells_calls_apart() -> None:
    first = told(decoded_json(claude_event(output_tokens=1)))[0].batch.generations
    same = told(decoded_json(claude_event(output_tokens=1)))[0].batch.generations
    next_one: dict[str, Any] = {"output_tokens": 1, "event.sequence": 5}
    other = told(decoded_json(claude_event(**next_one)))[0].batch.generations
    assert first[0].key == same[0].key != other[0].key


def test_an_event_that_is_new_is_noticed() -> None:
    (one,) = told(decoded_json(claude_event("time_travel")))
    assert one.batch.unknown == {"time_travel": 1}


@pytest.mark.parametrize(
    ("name", "sent", "kind", "detail"),
    [
        ("tool_decision", {"decision": "accept", "source": "config"}, "approved", "rule"),
        ("tool_decision", {"decision": "reject", "source": "user_reject"}, "denied", "person"),
        ("api_error", {"status_code": 529}, "api_error", "529"),
        ("api_refusal", {"model": "opus"}, "refused", "opus"),
        ("compaction", {}, "compacted", None),
        ("permission_mode_changed", {"to_mode": "plan"}, "permission_mode", "plan"),
    ],
)
def test_notices_of_claude_code(name: str, sent: dict[str, Any], kind: str, detail: str | None) -> None:
    (one,) = told(decoded_json(claude_event(name, **sent)))
    assert [(notice.kind, notice.detail) for notice in one.batch.notices] == [(kind, detail)]


def span(span_id: int, parent: int | None = None, service: str = "some-app", **attributes: Any) -> dict[str, Any]:
    kinds = {str: "stringValue", int: "intValue"}
    return {
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
        "scopeSpans": [
            {
                "scope": {"name": "some.instrumentation"},
                "spans": [
                    {
                        "traceId": "ab" * 16,
                        "spanId": f"{span_id:016x}",
                        "parentSpanId": "" if parent is None else f"{parent:016x}",
                        "name": "chat",
                        "startTimeUnixNano": "1795420606000000000",
                        "endTimeUnixNano": "1795420607000000000",
                        "attributes": [
                            {"key": key.replace("__", "."), "value": {kinds[type(value)]: value}}
                            for key, value in attributes.items()
                        ],
                    }
                ],
            }
        ],
    }


def calls(*spans: dict[str, Any]) -> list[tuple[Any, ...]]:
    document = json.dumps({"resourceSpans": spans}).encode()
    batches = [one.batch for one in told(decoded_json(document))]
    return [(call.session, call.model, *call[5:11]) for batch in batches for call in batch.generations]


CHAT: dict[str, Any] = {
    "gen_ai__operation__name": "chat",
    "gen_ai__request__model": "m",
    "gen_ai__usage__output_tokens": 9,
}


def test_another_sender_of_the_conventions_is_its_own_source() -> None:
    document = json.dumps({"resourceSpans": [span(1, **CHAT, gen_ai__usage__input_tokens=5)]}).encode()
    (one,) = told(decoded_json(document))
    assert (one.source, one.batch.generations[0].input_tokens) == ("otlp", 5)


def test_the_sum_of_an_agent_is_not_counted() -> None:
    agent: dict[str, Any] = {**CHAT, "gen_ai__operation__name": "invoke_agent"}
    assert len(calls(span(1, **agent), span(2, 1, **CHAT), span(3, 1, **CHAT))) == 2


def test_of_nested_calls_the_innermost_counts() -> None:
    spans = [span(1, **CHAT), span(2, 1), span(3, 2, **CHAT)]
    assert len(calls(*spans)) == 1


def test_a_retrieved_answer_is_no_call() -> None:
    assert calls(span(1, **{**CHAT, "gen_ai__operation__name": "fetch_response"})) == []


def test_older_names_of_the_conventions() -> None:
    older: dict[str, Any] = {"gen_ai__system": "openai", "gen_ai__request__model": "m"}
    sent = span(1, **older, gen_ai__usage__prompt_tokens=7, gen_ai__usage__completion_tokens=3)
    assert calls(sent) == [(f"trace/{'ab' * 16}", "m", 7, 0, 0, None, 3, None)]


@pytest.mark.parametrize(
    ("provider", "whole", "read", "uncached"),
    [("openai", 100, 40, 60), ("anthropic", 100, 140, 100), ("anthropic", 100, 40, None), ("anthropic", 100, 0, 100)],
)
def test_input_with_and_without_the_cache(provider: str, whole: int, read: int, uncached: int | None) -> None:
    usage: dict[str, Any] = {"gen_ai__usage__input_tokens": whole, "gen_ai__usage__cache_read__input_tokens": read}
    ((_, _, found, found_read, *_),) = calls(span(1, **CHAT, **usage, gen_ai__provider__name=provider))
    assert (found, found_read) == (uncached, read)


def test_kilo_calls_itself_opencode() -> None:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "opencode"}}]}
    for version, source in (("1.18.33", "opencode"), ("7.7.9", "kilo"), ("", "opencode")):
        part = {
            **resource,
            "attributes": [*resource["attributes"], {"key": "service.version", "value": {"stringValue": version}}],
        }
        document = {"resourceSpans": [{"resource": part, "scopeSpans": [{"spans": []}]}]}
        assert [one.source for one in told(decoded_json(json.dumps(document).encode()))] == [source]
