"""What a reader of the logs is expected to find: taken from what the model server sent, never from a reader."""

from collections import defaultdict
from typing import Any

from tests.clients.scenes import Agent, Counts, Scene, Truth
from tests.clients.scripts import Counts as Counters

FIELDS = Counters._fields


def told(agent: Agent, counts: Counts) -> dict[str, int | None]:
    """Return an answer's counts as far as the agent's logs tell them; None: not told."""
    seen: dict[str, int | None] = dict(counts)
    if agent.input_is_whole:
        inputs = [name for name in FIELDS if name.startswith(("input", "cache"))]
        seen |= dict.fromkeys(inputs) | {"input_tokens": sum(counts[name] for name in inputs)}
    if "cache_write_1h_tokens" in agent.untold:
        seen["cache_write_5m_tokens"] = counts["cache_write_5m_tokens"] + counts["cache_write_1h_tokens"]
    return seen | {name: None for name in agent.untold if name != "cache_write_5m_tokens" or not seen[name]}


def is_logged(agent: Agent, row: dict[str, Any], logs: str) -> bool:
    """Tell whether an answer stands in the logs: by its id, or, where ids are not logged, by its counts."""
    if agent.sign is None:
        return row["response_id"] in logs
    return row["counts"] is not None and agent.sign(row["counts"]) in logs


def expectation(agent: Agent, version: str, scenes: list[Scene], truth: Truth, logs: str) -> dict[str, Any]:
    """Say what the logs can show: each answer that stands in them, once, as far as it was told.

    `unlogged`: billed, but nowhere in the logs. `unfinished`: broken off; where logged, their output is a lower bound.
    """
    models: dict[str, list[dict[str, int | None]]] = defaultdict(list)
    unlogged, unfinished, tools = [], [], 0
    for row in truth:
        if row["status"] != 200:
            continue
        logged = is_logged(agent, row, logs)
        if not row["finished"]:
            unfinished.append({"n": row["n"], "scene": row["scene"], "logged": logged})
        if row["counts"] is not None and logged:
            models[agent.called(row["model"])].append(told(agent, row["counts"]))
            tools += len(row["tools"])
        elif row["finished"]:
            unlogged.append({"n": row["n"], "scene": row["scene"], "model": row["model"], "counts": row["counts"]})
    left = [scene for scene in scenes if not scene.leaves_nothing]
    return {
        "source": agent.key,
        "version": version,
        "models": {
            model: {"generations": len(rows), **{name: summed([row[name] for row in rows]) for name in FIELDS}}
            for model, rows in sorted(models.items())
        },
        "runs": sum(scene.goes_on is None for scene in left),
        "prompts": sum(scene.prompts for scene in left),
        "tool_calls": tools,
        "unlogged": unlogged,
        "unfinished": unfinished,
    }


def summed(values: list[int | None]) -> int | None:
    """Return the sum of what is told; None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
