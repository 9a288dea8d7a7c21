"""Makes the golden homes of agents that could not be run here.

    python tests/sources/make_unrecorded_fixtures.py SAMPLES

Some come from logs in public repositories (SAMPLES holds `droid/…` and `amp/…` and `expected.json`), with every text
replaced. The others are written from the description of the format, with round numbers; their truth stands beside
them here, worked out by hand from what the description says about each field, and not by the reader.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COUNTERS = (
    "generations",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)
TEXT = "Invented text."
FOLDER = "/home/person/project"

DROPPED = frozenset({
    "owner", "hostId", "todos", "input", "result", "progress", "trackFiles", "thinking", "installationID",
    "deviceFingerprint", "tags", "platform", "~debug", "userState", "thinkingBlocks", "displayName", "draft",
})  # fmt: skip
"""Keys that no reader needs."""
REPLACED = {
    "cwd": FOLDER,
    "text": TEXT,
    "content": TEXT,
    "title": "Invented title",
    "uri": f"file://{FOLDER}",
    "url": "https://example.invalid/project",
    "sha": "0" * 40,
    "summaryText": TEXT,
}


def reduced(value: Any, key: str = "") -> Any:
    """Return a JSON value with its structure, numbers and identifiers, and invented text."""
    if isinstance(value, dict):
        return {name: reduced(inner, name) for name, inner in value.items() if name not in DROPPED}
    if isinstance(value, list):
        return [reduced(inner, key) for inner in value]
    return REPLACED[key] if isinstance(value, str) and key in REPLACED else value


def counted(*numbers: int) -> dict[str, int]:
    """Return a truth's counters, in the order of `COUNTERS`."""
    return dict(zip(COUNTERS, numbers, strict=True))


class Homes:
    """The golden homes of one source: files, and what they must give."""

    def __init__(self, key: str) -> None:
        self._folder = HERE / key
        self._truth: dict[str, Any] = {}
        shutil.rmtree(self._folder, ignore_errors=True)

    def expect(self, name: str, models: dict[str, dict[str, int]], **rest: Any) -> None:
        """Note what a home must give; its totals are the sum of its models."""
        totals = {counter: sum(model[counter] for model in models.values()) for counter in COUNTERS}
        self._truth[name] = {"totals": totals, "models": models, **rest}

    def lines(self, name: str, place: str, rows: list[Any]) -> None:
        """Write a log of JSON lines."""
        self.text(name, place, "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))

    def document(self, name: str, place: str, document: Any) -> None:
        """Write a log that is one JSON document."""
        self.text(name, place, json.dumps(document, indent=1) + "\n")

    def text(self, name: str, place: str, text: str) -> None:
        """Write any file."""
        path = self._folder / name / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def write_truth(self) -> None:
        """Write `expected.json`."""
        self.text("", "expected.json", json.dumps(self._truth, indent=1) + "\n")


def droid(samples: Path) -> None:
    """A public session, and from the description: a sub-agent, a session in two folders, one without totals."""
    homes = Homes("droid")
    sample = samples / "droid" / "git-ai" / ".factory" / "sessions" / "-tmp-demo"
    name, place = "2026-01/public", ".factory/sessions/-home-person-project/droid-session"
    rows = (sample / "droid-session.jsonl").read_text(encoding="utf-8").splitlines()
    homes.lines(name, f"{place}.jsonl", [reduced(json.loads(row)) for row in rows])
    settings = json.loads((sample / "droid-session.settings.json").read_text(encoding="utf-8"))
    homes.document(name, f"{place}.settings.json", reduced(settings))
    homes.expect(
        name,
        {"custom:BYOK-GPT-5-MINI-0": counted(1, 6743, 42496, 0, 0, 1450, 1088)},
        runs=1, prompts=1, tool_calls=5, flags={"residual": 1},
    )  # fmt: skip
    _droid_family(homes, "0.231/subagent")
    _droid_moved(homes, "0.231/moved")
    _droid_unknown(homes, "0.56/no_totals")
    homes.write_truth()


def droid_message(number: int, at: str, role: str, *blocks: Any, **rest: Any) -> dict[str, Any]:
    """Return a row of a Droid log."""
    return {
        "type": "message",
        "id": f"00000000-0000-4000-8000-{number:012}",
        "timestamp": f"2026-10-05T{at}.000Z",
        "message": {"role": role, "content": list(blocks), **rest},
    }


def droid_total(*numbers: int) -> dict[str, int]:
    """Return a running total: input, output, cache writes, cache reads, thinking."""
    names = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "thinkingTokens")
    return dict(zip(names, numbers, strict=True))


def _said(text: str = TEXT) -> dict[str, str]:
    return {"type": "text", "text": text}


def _droid_family(homes: Homes, name: str) -> None:
    """The parent's inclusive total holds the child's too; both have their own."""
    place = ".factory/sessions/-home-person-project/"
    parent, child = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
    start = {"type": "session_start", "version": 2, "cwd": FOLDER, "sessionTitle": "New Session"}
    call = {"type": "tool_use", "id": "call_1", "name": "Task"}
    result = {"type": "tool_result", "tool_use_id": "call_1", "content": TEXT}
    notice = droid_message(4, "08:01:06", "user", _said(), visibility="user_only")
    homes.lines(name, f"{place}{parent}.jsonl", [
        {**start, "id": parent, "title": "Invented title"},
        droid_message(1, "08:00:00", "user", _said("<system-reminder>Invented text."), visibility="llm_only"),
        droid_message(2, "08:00:00", "user", _said()),
        droid_message(3, "08:00:10", "assistant", call, modelId="claude-opus-4-6"),
        droid_message(5, "08:01:05", "user", result),
        notice,
        {"type": "agent_turn_outcome", "id": "o1", "turnId": "t1", "reason": "error", "resultKind": "provider_error"},
        {"type": "compaction_state", "id": "c1", "timestamp": "2026-10-05T08:02:00.000Z", "summaryText": TEXT},
        droid_message(6, "08:03:00", "user", _said()),
        {"type": "agent_turn_outcome", "id": "o2", "turnId": "t2", "reason": "cancelled"},
    ])  # fmt: skip
    homes.document(name, f"{place}{parent}.settings.json", {
        "model": "auto", "effectiveFactoryRouterModel": {"modelId": "claude-opus-4-6"}, "providerLock": "anthropic",
        "providerLockTimestamp": "2026-10-05T08:00:02.000Z", "autonomyLevel": "auto-low",
        "tokenUsage": droid_total(1000, 200, 300, 4000, 50),
        "inclusiveTokenUsage": droid_total(1100, 220, 330, 4400, 55),
        "childInclusiveTokenUsageBySessionId": {child: droid_total(100, 20, 30, 400, 5)},
        "lastCallTokenUsage": droid_total(10, 2, 0, 40, 0),
    })  # fmt: skip
    homes.text(name, f"{place}{parent}.settings.json.bak", '{"tokenUsage":{"inputTokens":1}}\n')
    homes.lines(name, f"{place}{child}.jsonl", [
        {**start, "id": child, "title": "Invented title", "callingSessionId": parent, "callingToolUseId": "call_1"},
        droid_message(11, "08:00:20", "user", _said()),
        droid_message(12, "08:00:30", "assistant", _said(), modelId="claude-haiku-4-5"),
    ])  # fmt: skip
    homes.document(name, f"{place}{child}.settings.json", {
        "model": "claude-haiku-4-5", "providerLock": "anthropic",
        "providerLockTimestamp": "2026-10-05T08:00:21.000Z", "tokenUsage": droid_total(100, 20, 30, 400, 5),
    })  # fmt: skip
    homes.expect(
        name,
        {
            "claude-opus-4-6": counted(1, 1000, 4000, 300, 0, 200, 50),
            "claude-haiku-4-5": counted(1, 100, 400, 30, 0, 20, 5),
        },
        runs=1, prompts=2, tool_calls=1, flags={"residual": 2},
    )  # fmt: skip


def _droid_moved(homes: Homes, name: str) -> None:
    """One session in two folders: the larger total counts, once."""
    session = "22222222-0000-4000-8000-000000000001"
    rows = [
        {"type": "session_start", "id": session, "title": "Invented title", "version": 2, "cwd": FOLDER},
        droid_message(21, "09:00:00", "user", _said()),
        droid_message(22, "09:00:10", "assistant", _said()),
    ]
    for folder, total in (
        ("-home-person-project", (500, 50, 0, 900, 0)),
        ("-home-person-moved", (700, 70, 0, 1900, 0)),
    ):
        place = f".factory/sessions/{folder}/{session}"
        homes.lines(name, f"{place}.jsonl", rows)
        homes.document(name, f"{place}.settings.json", {"model": "gpt-5.4", "tokenUsage": droid_total(*total)})
    homes.expect(name, {"gpt-5.4": counted(1, 700, 1900, 0, 0, 70, 0)}, runs=1, prompts=1, flags={"residual": 1})


def _droid_unknown(homes: Homes, name: str) -> None:
    """A client that wrote no totals: one entry whose tokens are unknown."""
    session = "33333333-0000-4000-8000-000000000001"
    place = f".factory/sessions/-home-person-project/{session}"
    homes.lines(name, f"{place}.jsonl", [
        {"type": "session_start", "id": session, "title": "Invented title", "version": 2, "cwd": FOLDER},
        droid_message(31, "10:00:00", "user", _said()),
        droid_message(32, "10:00:10", "assistant", _said()),
    ])  # fmt: skip
    homes.document(name, f"{place}.settings.json", {"model": "gpt-5.4"})
    homes.expect(name, {"": counted(1, 0, 0, 0, 0, 0, 0)}, runs=1, prompts=1, flags={"residual": 1})


def amp(samples: Path) -> None:
    """Two public threads, and from the description: an older one with a ledger, one cancelled, a GPT one."""
    homes = Homes("amp")
    folder = samples / "amp" / "git-ai" / ".local" / "share" / "amp" / "threads"
    name = "2026-02/public"
    for path in sorted(folder.glob("*.json")):
        place = f".local/share/amp/threads/{path.name}"
        homes.document(name, place, reduced(json.loads(path.read_text(encoding="utf-8"))))
    homes.expect(name, {"claude-opus-4-6": counted(6, 10, 67841, 24937, 0, 825, 0)}, runs=2, prompts=2, tool_calls=6)
    _amp_ledger(homes, "2025/ledger")
    _amp_states(homes, "2026-02/states")
    homes.write_truth()


def amp_answer(number: int, model: str, state: str, *numbers: int) -> dict[str, Any]:
    """Return an answer: input, output, cache writes, cache reads."""
    names = ("inputTokens", "outputTokens", "cacheCreationInputTokens", "cacheReadInputTokens")
    usage = {
        "model": model,
        "timestamp": f"2026-02-05T08:00:{number:02}.000Z",
        **dict(zip(names, numbers, strict=True)),
    }
    content = [{"type": "tool_use", "complete": True, "id": f"toolu_{number}", "name": "Bash"}]
    return {
        "role": "assistant", "messageId": number, "content": content, "state": {"type": state}, "usage": usage,
    }  # fmt: skip


def amp_prompt(number: int) -> dict[str, Any]:
    """Return a message of the person."""
    return {
        "role": "user", "messageId": number, "content": [_said()], "meta": {"sentAt": 1770278400000 + number},
    }  # fmt: skip


def _amp_ledger(homes: Homes, name: str) -> None:
    """The ledger's event for message 1 repeats the message's usage; that for message 3 is all there is."""
    thread = "T-44444444-0000-4000-8000-000000000001"
    events = [
        {"id": "e1", "timestamp": "2025-10-05T08:00:01.000Z", "model": "claude-sonnet-4-5", "credits": 1.5,
         "tokens": {"input": 10, "output": 20}, "operationType": "inference", "toMessageId": 1},
        {"id": "e2", "timestamp": "2025-10-05T08:01:00.000Z", "model": "claude-sonnet-4-5", "credits": 2.5,
         "tokens": {"input": 300, "output": 40}, "operationType": "inference", "toMessageId": 3},
    ]  # fmt: skip
    homes.document(name, f".local/share/amp/threads/{thread}.json", {
        "v": 12, "id": thread, "created": 1759651200000, "title": "Invented title",
        "messages": [
            amp_prompt(0), amp_answer(1, "claude-sonnet-4-5", "complete", 10, 20, 500, 6000), amp_prompt(2),
            {"role": "assistant", "messageId": 3, "content": [_said()], "state": {"type": "complete"}},
        ],
        "usageLedger": {"events": events},
    })  # fmt: skip
    models = {"claude-sonnet-4-5": counted(2, 310, 6000, 500, 0, 60, 0)}
    homes.expect(name, models, runs=1, prompts=2, tool_calls=1)


def _amp_states(homes: Homes, name: str) -> None:
    """A cancelled answer's output is at least what stands there; GPT threads book uncached input as cache writes."""
    thread = "T-44444444-0000-4000-8000-000000000002"
    homes.document(name, f".local/share/amp/threads/{thread}.json", {
        "v": 40, "id": thread, "created": 1770278400000, "title": "Invented title",
        "messages": [
            amp_prompt(0), amp_answer(1, "gpt-5.4", "complete", 0, 30, 2000, 10000), amp_prompt(2),
            amp_answer(3, "gpt-5.4", "cancelled", 5, 7, 0, 12000),
        ],
    })  # fmt: skip
    models = {"gpt-5.4": counted(2, 2005, 22000, 0, 0, 37, 0)}
    homes.expect(name, models, runs=1, prompts=2, tool_calls=2, flags={"output_lower_bound": 1})


def main(samples: Path) -> None:
    """Write the golden homes anew."""
    droid(samples)
    amp(samples)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
