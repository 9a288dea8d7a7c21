"""Makes the golden homes of Gemini CLI, Qwen Code and Copilot CLI from recordings of the real clients.

    python -m tests.sources.make_cli_fixtures SAMPLES RECORDINGS

SAMPLES and RECORDINGS as for `make_fixtures.py`. What a home must give is what the model server sent; prompts and tool
calls are those that the scripts of the recordings make.
"""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sources.homes import HERE
from tests.sources.reduction import FOLDER, Reduction
from tests.sources.test_outside_truth import recording_truth

_CONTEXT = "<session_context>"


@dataclass(frozen=True)
class Recipe:
    """How the golden homes of one source are made."""

    samples: str
    recording: str
    places: dict[str, str]
    """Glob below a home of the logs to take, and what is done with each: `lines`, `document`, or a list of tables."""
    reduction: Reduction
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Facts of the scripts by home, that are laid over the truth."""
    untold: frozenset[str] = frozenset()
    """What the client's log does not tell of what the server sent."""


GEMINI = Reduction(
    words=frozenset(
        {"id", "timestamp", "type", "sessionId", "projectHash", "startTime", "lastUpdated", "kind", "model", "name"}
        | {"status", "agentId"}
    ),
    invented={"directories": FOLDER, "summary": "Summed up"},
    beginnings=(_CONTEXT,),
    dropped=frozenset({"memoryScratchpad", "resultDisplay"}),
)

QWEN = Reduction(
    words=frozenset(
        {"uuid", "parentUuid", "sessionId", "timestamp", "type", "subtype", "provenance", "version", "gitBranch"}
        | {"model", "agentId", "agentName", "agentRunId", "callId", "id", "name", "status", "event.name", "role"}
        | {"event.timestamp", "response_id", "prompt_id", "auth_type", "subagent_name", "subagent_id", "call_id"}
        | {"function_name", "execution_status", "decision", "error_type", "tool_type", "subagent_type"}
        | {"executionStatus", "phase", "triggerReason", "errorType"}
    ),
    invented={"cwd": FOLDER, "project": FOLDER, "gitBranch": "main"},
    beginnings=("<task-notification>",),
    dropped=frozenset({"args", "function_args", "resultDisplay", "snapshot", "snapshots", "compressedHistory"}),
)

COPILOT = Reduction(
    words=frozenset(
        {"type", "id", "timestamp", "parentId", "agentId", "sessionId", "copilotVersion", "producer", "startTime"}
        | {"resumeTime", "selectedModel", "newModel", "headCommit", "interactionId", "messageId", "turnId", "source"}
        | {"originatingMessageId", "parentAgentTaskId", "delivery", "model", "apiCallId", "toolCallId", "name"}
        | {"parentToolCallId", "toolName", "agentName", "agentType", "executionMode", "initiator", "interactionType"}
        | {"byokKind", "modelProvider", "providerType", "transport", "apiEndpoint", "sourceSessionId", "usageId"}
        | {"aiCreditsStatus", "finishReason", "hookInvocationId", "hookType", "role", "shutdownType", "currentModel"}
        | {"reason", "errorType", "requestId", "kind", "code", "result_type", "modelId", "modelDisplayName"}
        | {"session_id", "agent_id", "parent_tool_call_id", "finish_reason", "created_at", "updated_at"}
    ),
    invented={"cwd": FOLDER, "gitRoot": FOLDER, "branch": "main", "repository": "person/project"},
    dropped=frozenset(
        {"arguments", "input", "output", "toolTelemetry", "transformedContent", "contentBlocks", "metadata", "tools"}
        | {"detailedContent", "fileEdits", "shellToolInfo", "reasoningBlocks", "toolRequests", "attachments"}
        | {"reasoningText", "reasoningOpaque", "encryptedContent", "requestBodyEncoding", "toolCounts", "filesModified"}
        | {"supportedNativeDocumentMimeTypes", "toolTitle", "token_details_json", "providerModelMetrics"}
    ),
)

RECIPES = {
    "gemini-cli": Recipe(
        "gemini",
        "gemini-cli-0.61.0",
        {".gemini/tmp/*/chats/**/*.jsonl": "lines", ".gemini/tmp/*/chats/**/*.json": "document"},
        GEMINI,
        {
            "0.61.0/basic": {"prompts": 1, "tool_calls": 3, "runs": 1},
            "0.61.0/interrupt": {"prompts": 1, "tool_calls": 1, "runs": 1},
            "0.61.0/retry": {"prompts": 1, "tool_calls": 0, "runs": 1},
            "0.61.0/recorded": {"prompts": 13, "tool_calls": 10, "runs": 12},
            "0.8.2/basic": {"prompts": 1, "runs": 1},
            "0.8.2/resume": {"prompts": 1, "runs": 1},
        },
    ),
    "qwen-code": Recipe(
        "qwen",
        "qwen-code-0.24.4",
        {
            ".qwen/projects/*/chats/*.jsonl": "lines",
            ".qwen/projects/*/subagents/**/*.jsonl": "lines",
            ".qwen/usage_record.jsonl": "lines",
        },
        QWEN,
        {
            "0.24.4/basic": {"prompts": 1, "tool_calls": 3, "runs": 1},
            "0.24.4/denied": {"prompts": 1, "tool_calls": 0, "runs": 1},
            "0.24.4/interrupt": {"prompts": 1, "tool_calls": 1, "runs": 1},
            "0.24.4/resume": {"prompts": 2, "tool_calls": 1, "runs": 1},
            "0.24.4/retry": {"prompts": 1, "tool_calls": 0, "runs": 1},
            "0.24.4/subagent": {"prompts": 1, "tool_calls": 2, "runs": 1},
            "0.24.4/recorded": {"prompts": 14, "tool_calls": 9, "runs": 11},
        },
    ),
    "copilot-cli": Recipe(
        "copilot-cli",
        "copilot-1.0.102",
        {
            ".copilot/session-state/*/events.jsonl": "lines",
            ".copilot/session-store.db": "schema_version sessions assistant_usage_events",
        },
        COPILOT,
        {
            "1.0.102/anthropic": {"prompts": 1, "tool_calls": 3, "runs": 1},
            "1.0.102/interrupt": {"prompts": 1, "tool_calls": 1, "runs": 1},
            "1.0.102/kill": {"prompts": 1, "tool_calls": 2, "runs": 1},
            "1.0.102/subagent": {"prompts": 1, "tool_calls": 2, "runs": 1},
            "1.0.102/recorded": {"prompts": 14, "tool_calls": 13, "runs": 11},
        },
        untold=frozenset({"cache_write_1h"}),
    ),
}


def _truths(recipe: Recipe, samples: Path, recordings: Path) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return home and truth by the name of the golden home."""
    found = {}
    for key, expected in json.loads((samples / "expected.json").read_text(encoding="utf-8"))["samples"].items():
        agent, _, rest = key.partition("/")
        if agent == recipe.samples and rest.startswith("generated-"):
            client, _, scenario = rest.partition("/")
            truth = {name: expected[name] for name in ("totals", "models", "flags") if name in expected}
            found[f"{client.rpartition('-')[2]}/{scenario}"] = (samples / key, truth)
    folder = recordings / recipe.recording
    found[f"{folder.name.rpartition('-')[2]}/recorded"] = (folder / "home", recording_truth(folder, recipe.untold))
    return found


def _place(path: Path) -> Path:
    """Return where a log goes: in no folder named after the recording machine's folders."""
    return Path(*("project" if part.startswith("-home-") else part for part in path.parts))


def _write_home(recipe: Recipe, home: Path, target: Path) -> None:
    for pattern, how in recipe.places.items():
        for path in sorted(home.glob(pattern)):
            place = target / _place(path.relative_to(home))
            if how == "lines":
                recipe.reduction.write_lines(path, place)
            elif how == "document":
                recipe.reduction.write_document(path, place)
            else:
                recipe.reduction.write_database(path, place.with_name(place.name + ".sql"), tuple(how.split()))


def main(samples: Path, recordings: Path) -> None:
    """Write the golden homes of the three sources anew."""
    for key, recipe in RECIPES.items():
        shutil.rmtree(HERE / key, ignore_errors=True)
        expected = {}
        for name, (home, truth) in _truths(recipe, samples, recordings).items():
            _write_home(recipe, home, HERE / key / name)
            expected[name] = truth | recipe.known.get(name, {})
        (HERE / key / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
