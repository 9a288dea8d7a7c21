"""Makes the golden homes of pi from recordings of its two clients.

python tests/sources/make_pi_fixtures.py RECORDINGS
"""

import json
import re
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
    tool_calls_of,
    truth_of,
    write_lines,
    write_truth,
)

HERE = Path(__file__).parent / "pi"
CLIENTS = ("pi-0.73.1", "pi-earendil-0.87.1")
TELLS_MORE = "pi-earendil-0.87.1"
"""The client that logs reasoning and the lifetime of cache writes."""


def _error(text: str) -> str:
    status = re.match(r"\d{3}\b", text)
    return f"{status[0]} {TEXT}" if status else text if text.isalpha() else TEXT


WORDS = Words(
    kept=frozenset({
        "type", "id", "parentId", "targetId", "timestamp", "provider", "modelId", "thinkingLevel", "role", "api",
        "model", "responseId", "stopReason", "rawStopReason", "toolCallId", "toolName", "name",
    }),
    dropped=frozenset({"sections", "toolsAdded", "thinkingSignature", "textSignature"}),
    replaced={
        "cwd": FOLDER,
        "arguments": {"invented": True},
        "errorMessage": _error,
        "parentSession": lambda path: f"/home/person/.pi/agent/sessions/project/{Path(path).name}",
    },
)  # fmt: skip


def untold_by(client: str) -> Any:
    """Return what takes from an answer's counters what a client's log does not tell."""

    def untold(counts: Counts) -> Counts:
        if client == TELLS_MORE:
            return counts
        writes = counts["cache_write_5m"] + counts["cache_write_1h"]
        return counts | {"reasoning": 0, "cache_write_5m": writes, "cache_write_1h": 0}

    return untold


def main(recordings: Path) -> None:
    """Write the golden homes anew."""
    shutil.rmtree(HERE, ignore_errors=True)
    truth = {}
    for client in CLIENTS:
        recording = recordings / client
        name = f"{client.rpartition('-')[2]}/recorded"
        for path in sorted((recording / "home").rglob("*.jsonl")):
            write_lines(path, HERE / name / ".pi/agent/sessions/--home-person-project--" / path.name, WORDS)
        answers = answers_of(recording, lambda answer: bool(answer["records_on_disk"]))
        lines = (recording / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()
        scenarios = [row for row in map(json.loads, lines) if row["name"] != "nosession"]
        answered = {answer["scenario"] for answer in answers}
        truth[name] = truth_of(answers, untold_by(client)) | {
            "runs": len({row["sid"] for row in scenarios if row["name"] in answered}),
            "prompts": len(scenarios),
            "tool_calls": tool_calls_of(recording, answers),
        }
    write_truth(HERE, truth)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
