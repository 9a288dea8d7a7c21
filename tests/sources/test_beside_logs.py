"""Golden homes with the telemetry that their agents would have sent beside them: every call counts once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.telemetry_writer import Sent, TelemetryWriter
from goodmeasure.sources.base import Source
from goodmeasure.sources.otlp.decoding import decoded_json
from goodmeasure.sources.otlp.mapping import told
from tests.sources.homes import golden_homes, import_into, lay_out, scratch_ledger

VERSIONS = {
    "claude-code": ("2.1.330",),
    "codex": ("0.115.0", "0.169.0"),
    "gemini-cli": ("0.61.0",),
    "qwen-code": ("0.24.4",),
    "copilot-cli": ("1.0.102",),
    "opencode": ("1.18.33",),
}
HOMES = [
    (source, name)
    for source, name, truth in golden_homes()
    if name.partition("/")[0] in VERSIONS.get(source.key, ()) and truth["totals"]["generations"]
]
every_home = pytest.mark.parametrize(("owner", "name"), HOMES, ids=[f"{source.key}-{name}" for source, name in HOMES])
Row = tuple[Any, ...]
_CALLS = """SELECT s.native_id, root.native_id, m.name, g.recorded_at, coalesce(g.input_tokens, 0),
 coalesce(g.cache_read_tokens, 0), coalesce(g.cache_write_5m_tokens, 0) + coalesce(g.cache_write_1h_tokens, 0),
 coalesce(g.output_tokens, 0), coalesce(g.reasoning_tokens, 0), g.id
 FROM generation g JOIN session s ON s.id = g.session_id LEFT JOIN model m ON m.id = g.model_id
 JOIN run r ON r.id = g.run_id JOIN session root ON root.id = r.root_session_id ORDER BY g.id"""
STATE = {
    "calls": "SELECT s.native_id, key, output_tokens, input_tokens, cache_read_tokens, flags & ~32, recorded_at"
    " FROM generation g JOIN session s ON s.id = g.session_id ORDER BY key",
    "tools": "SELECT key, status FROM tool_call ORDER BY key",
    "prompts": "SELECT key FROM prompt ORDER BY key",
    "notices": "SELECT key FROM notice ORDER BY key",
    "runs": "SELECT key FROM run WHERE merged_into_id IS NULL ORDER BY key",
}


def pairs(sent: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {str: "stringValue", int: "intValue", float: "doubleValue", bool: "boolValue"}
    return [{"key": key, "value": {kinds[type(value)]: value}} for key, value in sent.items()]


def event(scope: str, service: str, at: int, sent: dict[str, Any]) -> dict[str, Any]:
    record = {"timeUnixNano": str(at * 1_000_000), "attributes": pairs(sent)}
    resource = {"attributes": pairs({"service.name": service})}
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [{"scope": {"name": scope}, "logRecords": [record]}]}]}


def span(scope: str, service: str, at: int, number: int, sent: dict[str, Any]) -> dict[str, Any]:
    record = {
        "traceId": "cd" * 16,
        "spanId": f"{number + 1:016x}",
        "startTimeUnixNano": str((at - 900) * 1_000_000),
        "endTimeUnixNano": str(at * 1_000_000),
        "attributes": pairs(sent),
    }
    resource = {"attributes": pairs({"service.name": service, "service.version": "1.18.33"})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": scope}, "spans": [record]}]}]}


def spoken(source: str, call: Row, number: int) -> dict[str, Any]:
    """Say a call (session, root session, model, instant, five counters) as its agent sends it."""
    session, root, model, at, uncached, read, written, output, reasoning = call
    at += 1500
    if source == "claude-code":
        sent = {"event.name": "api_request", "session.id": root, "request_id": f"req_{number}", "model": model}
        sent |= {"input_tokens": uncached, "cache_read_tokens": read, "cache_creation_tokens": written}
        return event("com.anthropic.claude_code.events", "claude-code", at, {**sent, "output_tokens": output})
    if source == "codex":
        sent = {"event.name": "codex.sse_event", "event.kind": "response.completed", "conversation.id": session}
        sent |= {"input_token_count": str(uncached + read + written), "output_token_count": str(output)}
        sent |= {"cached_token_count": read, "cache_write_token_count": written, "reasoning_token_count": reasoning}
        return event("codex_otel.log_only", "codex_exec", at, {**sent, "model": model})
    if source in {"gemini-cli", "qwen-code"}:
        inside = source == "qwen-code"
        prefix = "qwen-code." if inside else "gemini_cli."
        sent = {"event.name": f"{prefix}api_response", "session.id": root, "model": model, "prompt_id": f"p{number}"}
        sent |= {"input_token_count": uncached + read, "cached_content_token_count": read}
        sent |= {"output_token_count": output if inside else output - reasoning, "thoughts_token_count": reasoning}
        return event(source, source, at, {**sent, "total_token_count": uncached + read + output})
    if source == "copilot-cli":
        sent = {"gen_ai.operation.name": "chat", "gen_ai.conversation.id": root, "gen_ai.response.model": model}
        sent |= {"gen_ai.usage.input_tokens": uncached + read + written, "gen_ai.usage.output_tokens": output}
        sent |= {"gen_ai.usage.cache_read.input_tokens": read, "gen_ai.usage.cache_write.input_tokens": written}
        return span("github.copilot", "github-copilot", at, number, sent)
    sent = {"ai.operationId": "ai.streamText.doStream", "session.id": session, "ai.model.id": model}
    sent |= {"ai.usage.inputTokens": uncached + read + written, "ai.usage.outputTokens": output}
    sent |= {"ai.usage.inputTokenDetails.noCacheTokens": uncached, "ai.usage.cachedInputTokens": read}
    sent |= {"ai.usage.inputTokenDetails.cacheWriteTokens": written}
    return span("opencode", "opencode", at, number, sent)


def hear(ledger: Ledger, bodies: list[dict[str, Any]]) -> None:
    writer = TelemetryWriter(ledger, lambda _: (None, "unknown"), lambda cwd: (cwd, cwd))
    for body in bodies:
        groups = decoded_json(json.dumps(body).encode())
        writer.write([Sent(one.source, one.batch, 0, 1) for one in told(groups)], {}, 1)
    writer.finish()


def state(ledger: Ledger) -> dict[str, list[Row]]:
    return {what: list(ledger.raw().execute(question)) for what, question in STATE.items()}


@every_home
def test_log_and_telemetry_count_once_in_any_order(owner: Source, name: str, tmp_path: Path) -> None:
    home = lay_out(owner, name, tmp_path / "home")

    def ledger_after(*steps: Callable[[Ledger], object]) -> dict[str, list[Row]]:
        folder = tmp_path / f"ledger{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        with scratch_ledger(folder) as ledger:
            for step in steps:
                step(ledger)
            return state(ledger)

    def read(ledger: Ledger) -> object:
        return import_into(ledger, owner, home)

    with scratch_ledger(tmp_path) as ledger:
        read(ledger)
        alone = state(ledger)
        calls = [row[:-1] for row in ledger.raw().execute(_CALLS)]
    bodies = [spoken(owner.key, call, number) for number, call in enumerate(calls)]

    def listen(ledger: Ledger) -> None:
        hear(ledger, bodies)

    def mixed(ledger: Ledger) -> None:
        hear(ledger, bodies[::2])
        read(ledger)
        hear(ledger, bodies[1::2])

    assert ledger_after(listen)["calls"] != [], "telemetry alone is told"
    assert len(ledger_after(listen)["calls"]) == len(calls)
    assert ledger_after(read, listen) == alone
    assert ledger_after(listen, read) == alone
    assert ledger_after(listen, read, listen) == alone
    assert ledger_after(mixed) == alone
