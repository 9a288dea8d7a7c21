"""Makes the golden homes of this folder from recordings of real clients, with every text replaced by invented text.

    python tests/sources/make_fixtures.py SAMPLES RECORDINGS

SAMPLES holds `<agent>/generated-<client>-<version>/<scenario>/` with the homes that clients wrote against a scripted
model, and `expected.json` with what the model server sent; RECORDINGS holds `<client>-<version>/home` and its
`expected.json`. Structure, identifiers, instants and numbers stay; of texts only the fixed words that clients
themselves put at their start.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
AGENTS = {"claude": "claude-code", "codex": "codex"}
LOG_FOLDERS = {"claude": "projects", "codex": "sessions"}
RECORDINGS = {"claude": "claude-code-2.1.330", "codex": "codex-0.169.0"}

WORDS = frozenset({
    "type", "subtype", "uuid", "parentUuid", "logicalParentUuid", "leafUuid", "sessionId", "agentId", "timestamp",
    "version", "userType", "entrypoint", "id", "model", "role", "stop_reason", "requestId", "tool_use_id", "name",
    "service_tier", "speed", "permissionMode", "mode", "promptSource", "kind", "toolDenialKind", "decision",
    "reasonType", "ruleSource", "operation", "commandMode", "apiErrorType", "code", "originalModel",
    "fallbackModel", "trigger", "session_id", "parent_thread_id", "forked_from_id", "thread_id", "turn_id",
    "root_turn_id", "response_id", "call_id", "originator", "cli_version", "thread_source", "model_provider",
    "approval_policy", "history_mode", "namespace", "codex_error_info", "record_type", "source", "subagent",
    "status", "other", "reason",
})  # fmt: skip
"""Keys whose short values are words and identifiers of the client itself."""

INVENTED = {
    "cwd": "/home/person/project",
    "gitBranch": "main",
    "branch": "main",
    "repository_url": "https://example.invalid/project.git",
    "customTitle": "Chosen title",
    "aiTitle": "Made title",
    "summary": "Summed up",
    "thread_name": "Named thread",
    "arguments": '{"invented":true}',
}
"""Keys whose values are replaced by one value."""

TEXTS = frozenset({"content", "text", "prompt", "message", "output", "lastPrompt"})
"""Keys whose texts are replaced, their fixed beginnings kept."""

STRUCTURE = frozenset({
    "message", "content", "usage", "cache_creation", "iterations", "server_tool_use", "output_tokens_details",
    "modelUsage", "attachment", "data", "error", "connection", "cause", "permissionDecision", "origin", "payload",
    "info", "total_token_usage", "last_token_usage", "thread_token_usage", "turn_token_usage", "item", "git",
    "history_base", "sandbox_policy", "source", "subagent", "thread_spawn", "result",
})  # fmt: skip
"""Keys under which objects and lists are walked into; others are left out."""

PLAIN = re.compile(r"[A-Za-z0-9_.:+@/<>|-]{0,160}")
TEXT = "Invented text."
ESCALATED = '{"sandbox_permissions":"require_escalated"}'
BEGINNINGS = (
    "<command-name>", "<command-message>", "<local-command-stdout>", "<local-command-caveat>", "<task-notification>",
    "<system-reminder>", "<environment_context>", "<user_instructions>", "<turn_aborted>",
    "[Request interrupted by user",
    "The user doesn't want to proceed with this tool use", "# AGENTS.md instructions",
)  # fmt: skip
ENDS = (re.compile(r"Process exited with code -?\d+"), re.compile(r"Exit code: -?\d+"))
JSON_END = re.compile(r'"exit_code":(-?\d+)')


def reduced(value: Any, key: str = "") -> Any:
    """Return a JSON value with its structure, numbers and identifiers, and invented text."""
    if isinstance(value, dict):
        return {name: reduced(inner, name) for name, inner in value.items() if _kept(name, inner, key)}
    if isinstance(value, list):
        return [reduced(inner, key) for inner in value]
    return _text(value, key) if isinstance(value, str) else value


def _kept(name: str, value: Any, parent: str) -> bool:
    if isinstance(value, dict | list):
        return name in STRUCTURE or parent == "modelUsage"
    if isinstance(value, str):
        return name in WORDS or name in INVENTED or name in TEXTS
    return True


def _text(text: str, key: str) -> str:
    if key in INVENTED:
        return ESCALATED if key == "arguments" and "require_escalated" in text else INVENTED[key]
    if key in WORDS and PLAIN.fullmatch(text):
        return text
    found = JSON_END.search(text[-200:])
    if key == "output" and found:
        return f'{{"output":"{TEXT}","metadata":{{"exit_code":{found[1]}}}}}'
    for pattern in ENDS:
        if key == "output" and (match := pattern.search(text[:1000])):
            return f"{match[0]} {TEXT}"
    return next((f"{beginning} {TEXT}" for beginning in BEGINNINGS if text.startswith(beginning)), TEXT if text else "")


def is_ours(text: str) -> bool:
    """Tell whether a string of a fixture is an identifier or invented."""
    rest = text.removesuffix(TEXT).rstrip()
    known = {*BEGINNINGS, *INVENTED.values(), ESCALATED}
    output = re.fullmatch(r'\{"output":"Invented text\.","metadata":\{"exit_code":-?\d+\}\}', text)
    return rest in known or output is not None or any(pattern.fullmatch(rest) for pattern in (PLAIN, *ENDS))


def write_log(source: Path, target: Path) -> None:
    """Write one log, reduced line by line. Lines that are no JSON are refused: recordings hold none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8", newline="\n") as out:
        for line in lines:
            out.write(json.dumps(reduced(json.loads(line)), separators=(",", ":"), ensure_ascii=False) + "\n")


def generated(samples: Path, agent: str) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Yield name, home and truth of every scenario of every recorded client version."""
    truth = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["samples"]
    for key, expected in truth.items():
        if key.startswith(f"{agent}/generated-"):
            _, client, scenario = key.split("/")
            yield f"{client.rpartition('-')[2]}/{scenario}", samples / key, expected


def recorded(recordings: Path, agent: str) -> tuple[str, Path, dict[str, Any]]:
    """Return name, home and truth of the recording: what the model server sent and the client wrote down."""
    folder = recordings / RECORDINGS[agent]
    answers = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["answers"]
    seen = [answer for answer in answers if answer["records_on_disk"]]
    models: dict[str, dict[str, int]] = {}
    for answer in seen:
        _add(models.setdefault(answer["model"], {}), answer["counts"])
    totals: dict[str, int] = {}
    for answer in seen:
        _add(totals, answer["counts"])
    return f"{folder.name.rpartition('-')[2]}/recorded", folder / "home", {"totals": totals, "models": models}


def _place(path: Path) -> str:
    """Return where a log goes: in no folder named after the recording machine's folders."""
    parts = list(path.parts)
    if "projects" in parts:
        parts[parts.index("projects") + 1] = "project"
    return "/".join(parts)


def _add(sums: dict[str, int], counts: dict[str, int]) -> None:
    names = {
        "input_tokens": "input_uncached",
        "cache_read_tokens": "cache_read",
        "cache_write_5m_tokens": "cache_write_5m",
        "cache_write_1h_tokens": "cache_write_1h",
        "output_tokens": "output",
        "reasoning_tokens": "reasoning",
    }
    sums["generations"] = sums.get("generations", 0) + 1
    for ours, theirs in names.items():
        sums[ours] = sums.get(ours, 0) + counts[theirs]


def main(samples: Path, recordings: Path) -> None:
    """Write the golden homes of both agents anew."""
    for agent, key in AGENTS.items():
        folder = HERE / key
        shutil.rmtree(folder, ignore_errors=True)
        truth = {}
        for name, home, expected in [*generated(samples, agent), recorded(recordings, agent)]:
            logs = [path for path in home.rglob("*.jsonl") if LOG_FOLDERS[agent] in path.relative_to(home).parts]
            for path in sorted(logs):
                write_log(path, folder / name / _place(path.relative_to(home)))
            for marker in home.glob("*/.claude.json"):  # it marks a second configuration folder
                (folder / name / marker.relative_to(home)).write_text("{}\n", encoding="utf-8")
            truth[name] = {field: expected[field] for field in ("totals", "models", "flags") if field in expected}
        (folder / "expected.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
