"""Replaces what persons and models wrote in a recording by invented text: shared by the makers of golden homes.

Structure, numbers, instants and identifiers stay. A string stays where its key is one of the agent's own words and its
value looks like one; every other string becomes invented text.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COUNTERS = {
    "input_tokens": "input_uncached",
    "cache_read_tokens": "cache_read",
    "cache_write_5m_tokens": "cache_write_5m",
    "cache_write_1h_tokens": "cache_write_1h",
    "output_tokens": "output",
    "reasoning_tokens": "reasoning",
}
"""Our counters, and what a recording's truth calls them."""

PLAIN = re.compile(r"[A-Za-z0-9_.:+@/|-]{0,100}")
TEXT = "Invented text."
FOLDER = "/home/person/project"
Counts = dict[str, int]


@dataclass(frozen=True)
class Words:
    """Which strings of an agent's log are its own."""

    kept: frozenset[str]
    """Keys whose values stay."""
    dropped: frozenset[str] = frozenset()
    """Keys that are left out with all below them."""
    replaced: dict[str, Any] = field(default_factory=dict)
    """Keys whose values become one value, or what a function makes of them."""


def invented(value: Any, words: Words, key: str = "") -> Any:
    """Return a JSON value with invented text."""
    if key in words.replaced:
        new = words.replaced[key]
        return new(value) if callable(new) else new
    if isinstance(value, dict):
        return {name: invented(inner, words, name) for name, inner in value.items() if name not in words.dropped}
    if isinstance(value, list):
        return [invented(inner, words, key) for inner in value]
    if not isinstance(value, str) or (key in words.kept and PLAIN.fullmatch(value)):
        return value
    return TEXT if value else ""


def write_lines(source: Path, target: Path, words: Words) -> None:
    """Write a log of JSON lines with invented text. A recording holds no damaged line."""
    rows = [invented(json.loads(line), words) for line in source.read_text(encoding="utf-8").splitlines()]
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows]
    target.write_text("".join(lines), encoding="utf-8", newline="\n")


def answers_of(recording: Path, logged: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Return what the model server answered, as far as the client logged it."""
    answers = json.loads((recording / "expected.json").read_text(encoding="utf-8"))["answers"]
    return [answer for answer in answers if logged(answer)]


def truth_of(answers: list[dict[str, Any]], untold: Callable[[Counts], Counts]) -> dict[str, Any]:
    """Return sums of answers, in all and by model; `untold` takes from one answer's counters what no log tells."""
    truth: dict[str, Any] = {"totals": dict.fromkeys(("generations", *COUNTERS), 0), "models": {}}
    for answer in answers:
        counts = untold(dict(answer["counts"]))
        model = truth["models"].setdefault(answer["model"], dict.fromkeys(truth["totals"], 0))
        for sums in (truth["totals"], model):
            sums["generations"] += 1
            for ours, theirs in COUNTERS.items():
                sums[ours] += counts[theirs]
    return truth


def tool_calls_of(recording: Path, answers: list[dict[str, Any]]) -> int:
    """Return how many tool calls the given answers asked for."""
    served = (json.loads(line) for line in (recording / "ledger.jsonl").read_text(encoding="utf-8").splitlines())
    blocks = {row["n"]: row.get("blocks") or [] for row in served if "n" in row}
    asked = frozenset({"tool", "tool_use", "function_call", "functionCall"})
    return sum(block in asked for answer in answers for block in blocks[answer["n"]])


def write_truth(folder: Path, truth: dict[str, Any]) -> None:
    """Write what the golden homes of one source must give."""
    (folder / "expected.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
