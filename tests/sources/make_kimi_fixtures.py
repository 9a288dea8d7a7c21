"""Makes the golden homes of Kimi: one from a recording of Kimi Code, one of Kimi CLI after its source.

python tests/sources/make_kimi_fixtures.py RECORDINGS
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.sources.invented import (
    FOLDER,
    TEXT,
    Counts,
    Words,
    answers_of,
    invented,
    tool_calls_of,
    truth_of,
    write_lines,
    write_truth,
)

HERE = Path(__file__).parent / "kimi"
CLIENT = "kimi-code-2.1.0"
WORDS = Words(
    kept=frozenset({
        "type", "protocol_version", "workspaceId", "runtimeId", "agentId", "modelAlias", "model", "provider", "mode",
        "kind", "promptId", "role", "id", "uuid", "parentUuid", "stepUuid", "turnId", "toolCallId", "name",
        "finishReason", "messageId", "reason", "stepId", "errorName", "code", "subagentId", "parentAgentId",
        "callerAgentId", "parentToolCallId", "usageScope", "turnStep", "variant", "outcome", "queueItemId",
        "userMessageId", "source",
    }),
    dropped=frozenset({
        "tools", "systemPrompt", "systemPromptHash", "toolsHash", "display", "agentsMdPaths", "activeToolNames",
        "subagents", "hash", "agents", "custom",
    }),
    replaced={"cwd": FOLDER, "args": {"invented": True}, "title": TEXT},
)  # fmt: skip
CLI = "1.0-after-its-source/basic"
START = 1_780_000_000.5


def untold(counts: Counts) -> Counts:
    """Return an answer's counters without reasoning and the lifetime of cache writes."""
    writes = counts["cache_write_5m"] + counts["cache_write_1h"]
    return counts | {"reasoning": 0, "cache_write_5m": writes, "cache_write_1h": 0}


def recorded(recording: Path) -> dict[str, Any]:
    """Write the home of Kimi Code and return what it must give."""
    home = recording / "home"
    for path in sorted((home / ".kimi-code/sessions").rglob("*")):
        target = HERE / "2.1.0/recorded" / path.relative_to(home)
        if path.name == "wire.jsonl":
            write_lines(path, target, WORDS)
        elif path.name == "state.json" and (path.parent / "agents").exists():
            state = invented(json.loads(path.read_text(encoding="utf-8")), WORDS)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(state) + "\n", encoding="utf-8")
    answers = answers_of(recording, lambda answer: bool(answer["records_on_disk"]))
    lines = (recording / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()
    scenarios = [json.loads(line) for line in lines]
    return truth_of(answers, untold) | {
        "runs": len({row["sid"] for row in scenarios if row["sid"]}),
        "prompts": len(scenarios),
        "tool_calls": tool_calls_of(recording, answers),
    }


def after_the_source() -> dict[str, Any]:
    """Write a home of Kimi CLI as its source describes it: a session with a sub-agent, and a copy of the session."""
    usage = {"input_other": 10, "output": 3, "input_cache_read": 20, "input_cache_creation": 4}
    messages: list[tuple[str, dict[str, Any]]] = [
        ("TurnBegin", {"user_input": TEXT}),
        ("StepBegin", {"n": 1}),
        ("ToolCall", {"type": "function", "id": "call_0", "function": {"name": "Shell", "arguments": "{}"}}),
        ("StatusUpdate", {"context_usage": 0.1, "token_usage": usage, "message_id": "msg_1"}),
        (
            "ApprovalRequest",
            {"id": "r1", "tool_call_id": "call_0", "sender": "Shell", "action": "run", "description": TEXT},
        ),
        ("ApprovalResponse", {"request_id": "r1", "response": "approve"}),
        ("ToolResult", {"tool_call_id": "call_0", "return_value": {"is_error": False, "output": TEXT}}),
        ("SubagentEvent", {"agent_id": "a1", "event": {"type": "StatusUpdate", "payload": {"token_usage": usage}}}),
        ("StatusUpdate", {"context_usage": 0.2, "token_usage": None}),
        ("StepBegin", {"n": 2}),
        ("ContentPart", {"type": "text", "text": TEXT}),
        ("StatusUpdate", {"context_usage": 0.2, "token_usage": usage | {"output": 5}, "message_id": None}),
        ("TurnEnd", {}),
    ]
    helper = [
        ("TurnBegin", {"user_input": TEXT}),
        ("StatusUpdate", {"token_usage": usage | {"output": 7}, "message_id": "msg_2"}),
    ]
    folder = HERE / CLI / ".kimi/sessions/0123456789abcdef0123456789abcdef"
    session, copy = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
    for place, told in ((session, messages), (f"{session}/subagents/a1", helper), (copy, messages)):
        rows: list[dict[str, Any]] = [{"type": "metadata", "protocol_version": "1.9"}]
        rows += [
            {"timestamp": START + number, "message": {"type": kind, "payload": payload}}
            for number, (kind, payload) in enumerate(told)
        ]
        (folder / place).mkdir(parents=True)
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / place / "wire.jsonl").write_text(text, encoding="utf-8", newline="\n")
    sums = {
        "generations": 3, "input_tokens": 30, "cache_read_tokens": 60, "cache_write_5m_tokens": 12,
        "cache_write_1h_tokens": 0, "output_tokens": 15, "reasoning_tokens": 0,
    }  # fmt: skip
    return {"totals": sums, "models": {"": sums}, "runs": 1, "prompts": 1, "tool_calls": 1}


def main(recordings: Path) -> None:
    """Write the golden homes anew."""
    shutil.rmtree(HERE, ignore_errors=True)
    truth = {"2.1.0/recorded": recorded(recordings / CLIENT), CLI: after_the_source()}
    write_truth(HERE, truth)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
