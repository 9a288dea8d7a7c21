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

import zstandard

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


class Script:
    """A database as SQL text, so that a change of a fixture can be read."""

    def __init__(self, *schema: str) -> None:
        self._lines = [*schema]

    def add(self, table: str, **row: Any) -> None:
        """Add a row."""
        values = ", ".join(_literal(value) for value in row.values())
        self._lines.append(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values});")  # noqa: S608  our own rows

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if isinstance(value, dict | list):
        value = json.dumps(value, separators=(",", ":"))
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


CRUSH_SCHEMA = (
    (
        "CREATE TABLE sessions (id TEXT PRIMARY KEY, parent_session_id TEXT, title TEXT NOT NULL,"
        " message_count INTEGER, prompt_tokens INTEGER, completion_tokens INTEGER, cost REAL,"
        " updated_at INTEGER, created_at INTEGER, summary_message_id TEXT);"
    ),
    (
        "CREATE TABLE messages (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, role TEXT NOT NULL, parts TEXT,"
        " model TEXT, created_at INTEGER, updated_at INTEGER, finished_at INTEGER, provider TEXT,"
        " is_summary_message INTEGER);"
    ),
)


def crush() -> None:
    """A session with a sub-agent, whose cost the parent's holds too, and one without a known price."""
    homes = Homes("crush")
    name, at = "2026/subagent", 1791187200
    database = Script(*CRUSH_SCHEMA)
    session = {"message_count": 4, "prompt_tokens": 9000, "completion_tokens": 200, "updated_at": at + 60}
    database.add("sessions", id="s1", title="Invented title", cost=0.25, created_at=at, **session)
    database.add("sessions", id="s2", parent_session_id="s1", title="New Agent Session", cost=0.05,
                 created_at=at + 10, **session)  # fmt: skip
    database.add("sessions", id="s3", title="Untitled Session", cost=0.0, created_at=at + 20, **session)
    _crush_messages(database, at)
    homes.text(name, "project/.crush/crush.db.sql", str(database))
    projects = [{"path": "/home/person/project", "data_dir": "/home/person/project/.crush"}]
    homes.document(name, ".local/share/crush/projects.json", {"projects": projects})
    homes.expect(
        name,
        {"claude-sonnet-4-5": counted(1, 0, 0, 0, 0, 0, 0), "qwen3:8b": counted(1, 0, 0, 0, 0, 0, 0)},
        runs=2, prompts=2, tool_calls=2, flags={"residual": 2},
    )  # fmt: skip
    homes.write_truth()


def _crush_messages(database: Script, at: int) -> None:
    def add(number: int, session: str, role: str, *parts: tuple[str, dict[str, Any]], **rest: Any) -> None:
        database.add(
            "messages", id=f"m{number}", session_id=session, role=role,
            parts=[{"type": kind, "data": data} for kind, data in parts],
            created_at=at + number, updated_at=at + number, **rest,
        )  # fmt: skip

    opus = {"model": "claude-sonnet-4-5", "provider": "anthropic"}
    add(1, "s1", "user", ("text", {"text": TEXT}), ("finish", {"reason": "stop", "time": at + 1}))
    add(2, "s1", "assistant", ("tool_call", {"id": "t1", "name": "agent", "input": "{}", "finished": True}),
        ("finish", {"reason": "tool_use", "time": at + 2}), **opus)  # fmt: skip
    add(3, "s2", "user", ("text", {"text": TEXT}))
    add(4, "s2", "assistant", ("tool_call", {"id": "t2", "name": "mcp_docs_find", "input": "{}", "finished": True}),
        **opus)  # fmt: skip
    add(5, "s2", "tool", ("tool_result", {"tool_call_id": "t2", "content": TEXT, "is_error": True}))
    add(6, "s1", "tool", ("tool_result", {"tool_call_id": "t1", "content": TEXT, "is_error": False}))
    add(7, "s1", "assistant", ("finish", {"reason": "canceled", "time": at + 7}), is_summary_message=0, **opus)
    add(8, "s1", "assistant", ("text", {"text": TEXT}), is_summary_message=1, **opus)
    add(9, "s3", "user", ("text", {"text": TEXT}))
    add(10, "s3", "user", ("shell_command", {"command": TEXT, "output": TEXT, "exit_code": 0}))
    add(11, "s3", "assistant", ("finish", {"reason": "error", "time": at + 11}), model="qwen3:8b", provider="ollama")


ZED_SCHEMA = (
    (
        "CREATE TABLE threads (id TEXT PRIMARY KEY, summary TEXT NOT NULL, updated_at TEXT NOT NULL,"
        " data_type TEXT NOT NULL, data BLOB NOT NULL, parent_id TEXT, folder_paths TEXT, folder_paths_order TEXT,"
        " created_at TEXT);"
    ),
)
ZED_FOLDERS = (".local/share/zed", "Library/Application Support/Zed", "AppData/Local/Zed")


def zed() -> None:
    """Threads of the present document with a sub-agent, in all three systems' places, and of the older document."""
    homes = Homes("zed")
    name = "0.3.0/threads"
    for number, folder in enumerate(ZED_FOLDERS):
        database = Script(*ZED_SCHEMA)
        for thread, row in zed_threads(number).items():
            database.add("threads", id=thread, **row)
        homes.text(name, f"{folder}/threads/threads.db.sql", str(database))
    models = {
        "claude-sonnet-4-5": counted(3, 3000, 30000, 600, 0, 900, 0),
        "gpt-5-mini": counted(3, 300, 0, 0, 0, 90, 0),
        "llama3": counted(3, 0, 0, 0, 0, 0, 0),
    }
    homes.expect(name, models, runs=6, prompts=9, tool_calls=6, flags={"residual": 9})
    _zed_older(homes, "0.2.0/thread")
    homes.write_truth()


def zed_threads(number: int) -> dict[str, dict[str, Any]]:
    """Return rows: a thread, its sub-agent, one whose provider reports nothing, and a stranger's shared one."""
    user = {"User": {"id": f"u{number}", "content": [{"Text": TEXT}, {"Mention": {"uri": "x", "content": TEXT}}]}}
    use = {"ToolUse": {"id": "toolu_1", "name": "terminal", "raw_input": "{}", "input": {}, "is_input_complete": True}}
    result = {"tool_use_id": "toolu_1", "tool_name": "terminal", "is_error": True, "content": {"Text": TEXT}}
    agent = {"Agent": {"content": [{"Text": TEXT}, {"Thinking": {"text": TEXT}}, use], "tool_results": {}}}
    ended = {"Agent": {"content": [{"RedactedThinking": "x"}], "tool_results": {"toolu_1": result}}}
    snapshot = {
        "timestamp": "2026-10-05T07:59:00Z",
        "worktree_snapshots": [{"worktree_path": FOLDER, "git_state": {
            "remote_url": "https://example.invalid/project.git", "current_branch": "main"}}],
    }  # fmt: skip
    last = {"input_tokens": 40, "output_tokens": 30}
    main = {
        "messages": [user, agent, "Resume", ended, user],
        "model": {"provider": "anthropic", "model": "claude-sonnet-4-5"},
        "cumulative_token_usage": {"input_tokens": 1000, "output_tokens": 300, "cache_creation_input_tokens": 200,
                                   "cache_read_input_tokens": 10000},
        "request_token_usage": {f"u{number}": last}, "initial_project_snapshot": snapshot,
    }  # fmt: skip
    child = {
        "messages": [user, agent], "model": {"provider": "openai", "model": "gpt-5-mini"},
        "cumulative_token_usage": {"input_tokens": 100, "output_tokens": 30},
        "subagent_context": {"parent_thread_id": f"t{number}-main", "depth": 1},
    }  # fmt: skip
    silent = {"messages": [user, {"Agent": {"content": [{"Text": TEXT}]}}],
              "model": {"provider": "ollama", "model": "llama3"}, "cumulative_token_usage": {}}  # fmt: skip
    shared = {"messages": [], "imported": True, "model": {"provider": "anthropic", "model": "claude-sonnet-4-5"}}
    return {
        f"t{number}-main": zed_row(main, folder_paths=FOLDER),
        f"t{number}-child": zed_row(child, parent_id=f"t{number}-main"),
        f"t{number}-silent": zed_row(silent),
        f"t{number}-shared": zed_row(shared),
    }


def zed_row(document: dict[str, Any], *, packed: bool = True, **rest: Any) -> dict[str, Any]:
    """Return the cells of a thread."""
    updated = "2026-10-05T08:30:00.123456789+00:00"
    whole = {"title": "Invented title", "updated_at": updated, "version": "0.3.0", **document}
    data = json.dumps(whole, separators=(",", ":")).encode()
    return {
        "summary": "Invented title", "updated_at": updated, "created_at": "2026-10-05T08:00:00+00:00",
        "data_type": "zstd" if packed else "json",
        "data": zstandard.ZstdCompressor(level=3).compress(data) if packed else data, **rest,
    }  # fmt: skip


def _zed_older(homes: Homes, name: str) -> None:
    messages = [
        {"id": 0, "role": "user", "segments": [{"type": "text", "text": TEXT}], "tool_uses": [], "tool_results": []},
        {"id": 1, "role": "assistant", "segments": [], "tool_results": [],
         "tool_uses": [{"id": "toolu_9", "name": "read_file", "input": {}}]},
        {"id": 2, "role": "user", "segments": [], "tool_uses": [],
         "tool_results": [{"tool_use_id": "toolu_9", "is_error": False, "content": TEXT}]},
    ]  # fmt: skip
    document = {
        "version": "0.2.0", "summary": "Invented title", "messages": messages,
        "model": {"provider": "zed.dev", "model": "claude-3-7-sonnet-latest"},
        "cumulative_token_usage": {"input_tokens": 7, "output_tokens": 50, "cache_creation_input_tokens": 400,
                                   "cache_read_input_tokens": 3000},
        "request_token_usage": [{"input_tokens": 7, "output_tokens": 50}],
    }  # fmt: skip
    row = zed_row(document, packed=False)
    database = Script(
        "CREATE TABLE threads (id TEXT PRIMARY KEY, summary TEXT NOT NULL, updated_at TEXT NOT NULL,"
        " data_type TEXT NOT NULL, data BLOB NOT NULL);"
    )
    database.add("threads", id="old", **{key: row[key] for key in ("summary", "updated_at", "data_type", "data")})
    homes.text(name, ".local/share/zed/threads/threads.db.sql", str(database))
    models = {"claude-3-7-sonnet-latest": counted(1, 7, 3000, 400, 0, 50, 0)}
    homes.expect(name, models, runs=1, prompts=1, tool_calls=1, flags={"residual": 1})


COPILOT_FOLDERS = (
    ".config/Code/User",
    "Library/Application Support/Code - Insiders/User",
    "AppData/Roaming/VSCodium/User",
)


def copilot_chat() -> None:
    """A chat as a document, one as a log of operations with a request taken back, an empty and a foldless one."""
    homes = Homes("copilot-chat")
    name = "2026/chats"
    for number, user in enumerate(COPILOT_FOLDERS):
        place = f"{user}/workspaceStorage/0123abcd/chatSessions"
        chat = copilot_state(
            f"c{number}", copilot_request(1, rounds=3, tokens=(1200, 80)), copilot_request(2, rounds=1)
        )
        homes.document(name, f"{place}/c{number}.json", chat)
        homes.document(name, f"{place}/e{number}.json", copilot_state(f"e{number}"))
        homes.document(name, f"{user}/workspaceStorage/0123abcd/workspace.json", {"folder": f"file://{FOLDER}"})
        homes.lines(name, f"{place}/l{number}.jsonl", copilot_log(f"l{number}"))
        alone = copilot_state(f"a{number}", copilot_request(1, rounds=0, response=[{"kind": "markdownContent"}]))
        homes.document(name, f"{user}/globalStorage/emptyWindowChatSessions/a{number}.json", alone)
    models = {"gpt-5.4": counted(27, 3 * (1200 + 700), 0, 0, 0, 3 * (80 + 60), 0)}
    homes.expect(name, models, runs=9, prompts=18, tool_calls=9, flags={})
    homes.write_truth()


def copilot_state(session: str, *requests: dict[str, Any]) -> dict[str, Any]:
    """Return a chat."""
    return {
        "version": 3, "sessionId": session, "creationDate": 1791187200000, "lastMessageDate": 1791187260000,
        "responderUsername": "GitHub Copilot", "requests": list(requests),
    }  # fmt: skip


def copilot_request(
    number: int, *, rounds: int, tokens: tuple[int, int] | None = None, response: list[Any] | None = None
) -> dict[str, Any]:
    """Return a request."""
    metadata: dict[str, Any] = {"toolCallRounds": [{"response": TEXT, "toolCalls": [], "id": "x"}] * rounds}
    if tokens:
        metadata |= {"promptTokens": tokens[0], "outputTokens": tokens[1], "resolvedModel": "gpt-5.4"}
    return {
        "requestId": f"request_{number}", "timestamp": 1791187200000 + number, "message": {"text": TEXT, "parts": []},
        "modelId": "copilot/gpt-5.4", "agent": {"id": "github.copilot.editsAgent"},
        "response": response or [copilot_tool(number)], "result": {"timings": {}, "metadata": metadata},
    }  # fmt: skip


def copilot_tool(number: int) -> dict[str, Any]:
    """Return a tool call in a response."""
    return {
        "kind": "toolInvocationSerialized", "toolId": "copilot_readFile", "toolCallId": f"call_{number}",
        "isConfirmed": {"type": 4}, "isComplete": True, "invocationMessage": {"value": TEXT},
    }  # fmt: skip


def copilot_log(session: str) -> list[dict[str, Any]]:
    """Return operations: a request grows, a second is taken back by an edited prompt, a third stands in its place."""
    grown = copilot_request(1, rounds=2, tokens=(700, 60))
    return [
        {"kind": 0, "v": copilot_state(session)},
        {"kind": 2, "k": ["requests"], "v": [{**grown, "response": [], "result": None}]},
        {"kind": 2, "k": ["requests", 0, "response"], "v": [{"kind": "thinking", "value": TEXT}]},
        {"kind": 2, "k": ["requests", 0, "response"], "v": [copilot_tool(1)], "i": 1},
        {"kind": 1, "k": ["requests", 0, "result"], "v": grown["result"]},
        {"kind": 2, "k": ["requests"], "v": [copilot_request(2, rounds=1, response=[{"value": TEXT}])]},
        {"kind": 2, "k": ["requests"], "v": [copilot_request(3, rounds=0, response=[{"value": TEXT}])], "i": 1},
        {"kind": 1, "k": ["customTitle"], "v": "Invented title"},
        {"kind": 3, "k": ["responderUsername"]},
    ]


CURSOR_SCHEMA = (
    "CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);",
    "CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);",
)


def cursor() -> None:
    """A chat with counts of an old build, one of a present build with zeros, a very old inline one, an unused one."""
    homes = Homes("cursor")
    name = "2026/chats"
    zeros = {"inputTokens": 0, "outputTokens": 0}
    tool = {"name": "run_terminal_cmd", "status": "completed", "toolCallId": "t1", "userDecision": "accepted"}
    database = Script(*CURSOR_SCHEMA)

    def chat(session: str, **fields: Any) -> None:
        whole = {"composerId": session, "createdAt": 1791187200000, "name": "Invented title", **fields}
        database.add("cursorDiskKV", key=f"composerData:{session}", value=whole)

    def bubble(number: int, kind: int, **fields: Any) -> dict[str, Any]:
        at = f"2026-10-05T08:00:0{number}.000Z"
        return {"bubbleId": f"b{number}", "type": kind, "text": TEXT, "createdAt": at, **fields}

    def add(session: str, number: int, kind: int, **fields: Any) -> None:
        value = bubble(number, kind, **fields)
        database.add("cursorDiskKV", key=f"bubbleId:{session}:b{number}", value=value)

    headers = {"fullConversationHeadersOnly": [{"bubbleId": "b1", "type": 1}]}
    folder = {"workspaceIdentifier": {"id": "x", "uri": {"external": f"file://{FOLDER}", "scheme": "file"}}}
    chat("old", modelConfig={"modelName": "claude-4-sonnet"}, **headers, **folder)
    add("old", 1, 1, tokenCount=zeros)
    add("old", 2, 2, tokenCount=zeros, toolFormerData=tool)
    add("old", 3, 2, tokenCount={"inputTokens": 5000, "outputTokens": 300})
    chat("new", modelConfig={"modelName": "default"}, **headers)
    add("new", 1, 1)
    add("new", 2, 2, tokenCount=zeros, toolFormerData={**tool, "status": "error", "userDecision": "rejected"})
    add("new", 3, 2, tokenCount=zeros)
    inline = [bubble(1, 1), bubble(2, 2, tokenCount={"inputTokens": 700, "outputTokens": 40})]
    chat("inline", modelConfig={"modelName": "gpt-4o"}, conversation=inline)
    chat("unused", fullConversationHeadersOnly=[], conversation=[])
    database.add("cursorDiskKV", key="bubbleId:old:b9", value="null")
    database.add("cursorDiskKV", key="agentKv:blob:x", value=TEXT)
    database.add("ItemTable", key="some.other/key", value=TEXT)
    homes.text(name, ".config/Cursor/User/globalStorage/state.vscdb.sql", str(database))
    models = {
        "claude-4-sonnet": counted(1, 5000, 0, 0, 0, 300, 0),
        "gpt-4o": counted(1, 700, 0, 0, 0, 40, 0),
        "": counted(1, 0, 0, 0, 0, 0, 0),
    }
    homes.expect(name, models, runs=3, prompts=3, tool_calls=2, flags={})
    homes.write_truth()


def continue_() -> None:
    """Two runs of calls with a pause between them, the older log, and a session with its list."""
    homes = Homes("continue")
    name, base = "1.2/home", ".continue"
    rows = [
        {"eventName": "tokensGenerated", "schema": "0.2.0", "timestamp": f"2026-10-05T{at}.000Z", "userAgent": "vscode",
         "model": "claude-sonnet-4-5", "provider": "anthropic", "promptTokens": prompt, "generatedTokens": out}
        for at, prompt, out in (("08:00:00", 1000, 50), ("08:10:00", 1500, 60), ("09:00:00", 900, 40))
    ]  # fmt: skip
    homes.lines(name, f"{base}/dev_data/0.2.0/tokensGenerated.jsonl", rows)
    older = [{"model": "llama3", "provider": "ollama", "promptTokens": 10, "generatedTokens": 5}] * 2
    homes.lines(name, f"{base}/dev_data/tokens_generated.jsonl", older)
    state = {"toolCallId": "call_1", "status": "done", "toolCall": {"id": "call_1", "function": {"name": "read_file"}}}
    homes.document(name, f"{base}/sessions/5e55.json", {
        "sessionId": "5e55", "title": "Invented title", "workspaceDirectory": f"file://{FOLDER}",
        "history": [
            {"message": {"role": "user", "content": [_said()]}, "contextItems": []},
            {"message": {"role": "assistant", "content": TEXT}, "toolCallStates": [state]},
            {"message": {"role": "tool", "content": TEXT}},
            {"message": {"role": "user", "content": TEXT}, "contextItems": []},
        ],
    })  # fmt: skip
    entry = {"sessionId": "5e55", "title": "Invented title", "dateCreated": "1791187200000"}
    homes.document(name, f"{base}/sessions/sessions.json", [{**entry, "workspaceDirectory": f"file://{FOLDER}"}])
    models = {"claude-sonnet-4-5": counted(3, 3400, 0, 0, 0, 150, 0), "llama3": counted(2, 20, 0, 0, 0, 10, 0)}
    homes.expect(name, models, runs=3, prompts=2, tool_calls=1, flags={"estimated": 5})
    homes.write_truth()


def main(samples: Path) -> None:
    """Write the golden homes anew."""
    droid(samples)
    amp(samples)
    crush()
    zed()
    copilot_chat()
    cursor()
    continue_()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
