"""Makes the golden homes of Cline and Roo Code: sessions from a recording, with every text replaced; tasks invented.

    python -m tests.sources.make_cline_fixtures RECORDINGS

No client that writes tasks was at hand: they are made after the extensions' source, and what they must give is summed
up here, apart from any reader. `make_opencode_fixtures.py` makes Kilo's tasks with the same hands.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TEXT = "Invented text."
FOLDER = "/home/person/project"
RECORDING = "cline-3.0.65"
EXTENSIONS = {
    "cline": "saoudrizwan.claude-dev",
    "roo": "rooveterinaryinc.roo-cline",
    "kilo": "kilocode.kilo-code",
}
LEFT_OUT = frozenset({"system_prompt", "systemPrompt", "checkpoint", "hook_path", "prompt", "team_name", "pid"})
INVENTED = {"cwd": FOLDER, "workspace_root": FOLDER, "messages_path": "", "input": {"invented": True}, "query": TEXT}
PLAIN = re.compile(r"[A-Za-z0-9_.:+@/<>-]{0,80}")
OLD, NEW = 1_756_700_000_000, 1_763_000_000_000
"""Before and after the day on which Roo Code began to count cached tokens as input."""
NAMES = (
    "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens",
)  # fmt: skip


def reduced(value: Any, key: str = "") -> Any:
    """Return a JSON value with its structure, numbers and identifiers, and invented text."""
    if key in INVENTED:
        return INVENTED[key]
    if isinstance(value, dict):
        return {name: reduced(inner, name) for name, inner in value.items() if name not in LEFT_OUT}
    if isinstance(value, list):
        return [reduced(inner, key) for inner in value]
    return value if not isinstance(value, str) or PLAIN.fullmatch(value) else TEXT


def is_ours(text: str) -> bool:
    """Tell whether a string of a fixture is an identifier or invented."""
    return text == TEXT or PLAIN.fullmatch(text) is not None


def write_sessions(recording: Path, target: Path) -> dict[str, Any]:
    """Write the recorded sessions; return what the model server sent. Reasoning is not in these logs."""
    below = Path(".cline/data/sessions")
    for path in sorted((recording / "home" / below).rglob("*.json")):
        place = target / path.relative_to(recording / "home")
        place.parent.mkdir(parents=True, exist_ok=True)
        record = reduced(json.loads(path.read_text(encoding="utf-8")))
        place.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    answers = json.loads((recording / "expected.json").read_text(encoding="utf-8"))["answers"]
    served = [json.loads(line) for line in (recording / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    blocks = {answer["n"]: answer.get("blocks", []) for answer in served}
    seen = [answer for answer in answers if answer["records_on_disk"]]
    models = {
        model: sums_of(
            (
                counts["input_uncached"],
                counts["cache_read"],
                counts["cache_write_5m"] + counts["cache_write_1h"],
                counts["output"],
            )
            for counts in (answer["counts"] for answer in seen if answer["model"] == model)
        )
        for model in sorted({answer["model"] for answer in seen})
    }
    asked = (recording / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        "totals": {name: sum(sums[name] for sums in models.values()) for name in ("generations", *NAMES)},
        "models": models,
        "prompts": sum("fake-script" in line for line in asked),
        "tool_calls": sum(block.startswith("tool") for answer in seen for block in blocks[answer["n"]]),
    }


def sums_of(calls: Any) -> dict[str, int]:
    """Sum up calls: uncached input, cache reads, cache writes, output."""
    rows = list(calls)
    asked, read, written, output = (sum(row[place] for row in rows) for place in range(4))
    return dict(zip(("generations", *NAMES), (len(rows), asked, read, written, 0, output, 0), strict=True))


Call = tuple[int, int, int, int]
"""tokensIn, cacheReads, cacheWrites and tokensOut, as a task writes them."""


def task_rows(start: int, calls: list[Call], protocol: str | None, model: str | None) -> list[dict[str, Any]]:
    """Return the screen of one task: a prompt, calls with a tool after each, an interruption, a word more."""
    rows: list[dict[str, Any]] = [{"ts": start, "type": "say", "say": "text", "text": TEXT}]
    at = start
    for asked, read, written, output in calls:
        at += 1000
        figures: dict[str, Any] = {
            "tokensIn": asked,
            "tokensOut": output,
            "cacheReads": read,
            "cacheWrites": written,
            "cost": 0.125,
        }
        if protocol:
            figures |= {"apiProtocol": protocol}
        row = {"ts": at, "type": "say", "say": "api_req_started", "text": json.dumps({"request": TEXT, **figures})}
        if model:
            row["modelInfo"] = {"providerId": "some-provider", "modelId": model, "mode": "act"}
        tool = {"ts": at + 500, "type": "ask", "ask": "tool", "text": json.dumps({"tool": "readFile", "path": TEXT})}
        rows += [row, {"ts": at + 200, "type": "say", "say": "text", "text": TEXT, "partial": False}, tool]
    stopped = {"request": TEXT, "tokensIn": 0, "tokensOut": 0, "cost": 0, "cancelReason": "user_cancelled"}
    rows += [
        {"ts": at + 1000, "type": "say", "say": "api_req_started", "text": json.dumps(stopped)},
        {"ts": at + 2000, "type": "say", "say": "user_feedback", "text": TEXT},
        {"ts": at + 3000, "type": "ask", "ask": "command", "text": "true"},
        {"ts": at + 4000, "type": "say", "say": "api_req_started", "text": json.dumps({"request": TEXT})},
    ]
    return rows


TASKS: dict[str, list[tuple[str, int, list[Call], str | None, str | None, list[Call]]]] = {
    "cline": [
        ("1763000000000", NEW, [(100, 900, 50, 40), (20, 950, 0, 30)], None, "some-model",
         [(100, 900, 50, 40), (20, 950, 0, 30)]),
        ("1756700000000", OLD, [(700, 0, 0, 9)], None, None, [(700, 0, 0, 9)]),
    ],
    "roo": [
        ("1f6f-old-anthropic", OLD, [(1000, 900, 50, 40)], "anthropic", None, [(1000, 900, 50, 40)]),
        ("2f6f-old-openai", OLD, [(1000, 900, 50, 40)], "openai", None, [(50, 900, 50, 40)]),
        ("3f6f-new", NEW, [(1000, 900, 50, 40), (10, 900, 0, 5)], "anthropic", None,
         [(50, 900, 50, 40), (10, 900, 0, 5)]),
    ],
    "kilo": [("4f6f-old", OLD, [(1000, 0, 0, 40)], None, None, [(1000, 0, 0, 40)])],
}  # fmt: skip
"""Per source: task, start, calls as written, protocol, model, and calls as they must be read."""


def write_tasks(key: str, target: Path) -> dict[str, Any]:
    """Write invented tasks of one extension; return what they must give."""
    folder = target / f".config/Code/User/globalStorage/{EXTENSIONS[key]}"
    index: list[dict[str, Any]] = []
    models: dict[str, list[Call]] = {}
    for task, start, calls, protocol, model, read in TASKS[key]:
        models.setdefault(model or "", []).extend(read)
        item = {"id": task, "ts": start + 9000, "task": TEXT, "tokensIn": 1, "tokensOut": 1}
        _write(folder / "tasks" / task / "ui_messages.json", task_rows(start, calls, protocol, model))
        if key == "cline":
            index.append({**item, "cwdOnTaskInitialization": FOLDER})
        else:
            _write(folder / "tasks" / task / "history_item.json", {**item, "workspace": FOLDER})
    if index:
        _write(folder / "state/taskHistory.json", index)
    every = TASKS[key]
    return {
        "totals": sums_of(call for one in every for call in one[5]),
        "models": {model: sums_of(calls) for model, calls in models.items()},
        "runs": len(every),
        "prompts": 2 * len(every),
        "tool_calls": sum(len(one[2]) + 1 for one in every),
    }


def _write(path: Path, record: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def main(recordings: Path) -> None:
    """Write the golden homes of Cline and Roo Code anew."""
    for key in ("cline", "roo"):
        folder = HERE / key
        shutil.rmtree(folder, ignore_errors=True)
        truth = {"tasks/invented": write_tasks(key, folder / "tasks/invented")}
        if key == "cline":
            truth["3.0.65/recorded"] = write_sessions(recordings / RECORDING, folder / "3.0.65/recorded")
        (folder / "expected.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
