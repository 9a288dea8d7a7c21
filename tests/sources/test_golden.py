"""Every golden home gives the counters that the model server sent."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.sources.base import Source

HERE = Path(__file__).parent
MEGABYTE = 1_000_000


def make_fixtures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_fixtures", HERE / "make_fixtures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_totals_and_models_are_exact(golden: tuple[Source, str, dict[str, Any]], fold: Any, home: Any) -> None:
    source, name, truth = golden
    folded = fold(source, home(source.key, name))
    assert folded.sums() == truth["totals"]
    assert folded.sums_by_model() == truth.get("models", {})


def test_lower_bounds_are_flagged(golden: tuple[Source, str, dict[str, Any]], fold: Any, home: Any) -> None:
    source, name, truth = golden
    folded = fold(source, home(source.key, name))
    expected = truth.get("flags", {}).get("output_lower_bound", 0)
    assert folded.flagged(GenerationFlag.OUTPUT_LOWER_BOUND) == expected


def test_every_line_is_read_and_known(golden: tuple[Source, str, dict[str, Any]], fold: Any, home: Any) -> None:
    source, name, _ = golden
    logs = home(source.key, name)
    folded = fold(source, logs)
    assert folded.issues == []
    assert folded.unknown == {}
    assert folded.lines == sum(data.count(b"\n") for _, data in logs)


def test_every_event_hangs_on_a_session_that_is_told(
    golden: tuple[Source, str, dict[str, Any]], fold: Any, home: Any
) -> None:
    source, name, _ = golden
    folded = fold(source, home(source.key, name))
    events = [
        *folded.generations.values(),
        *folded.tool_calls.values(),
        *folded.prompts.values(),
        *folded.notices.values(),
    ]
    assert {event.session for event in events} <= set(folded.sessions)


def strings_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(strings_in(inner) for inner in value.values())) | set(value)
    if isinstance(value, list):
        return set().union(*(strings_in(inner) for inner in value))
    return {value} if isinstance(value, str) else set()


def test_fixtures_hold_only_identifiers_and_invented_text(source: Source) -> None:
    is_ours = make_fixtures().is_ours
    texts = set()
    for path in (HERE / source.key).rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts |= strings_in(json.loads(line))
    assert len(texts) > 100
    assert [text for text in texts if not is_ours(text)] == []


def test_fixtures_stay_small(source: Source) -> None:
    assert sum(path.stat().st_size for path in (HERE / source.key).rglob("*.jsonl")) < 2 * MEGABYTE


def test_the_check_for_foreign_text_can_fail() -> None:
    assert not make_fixtures().is_ours("Please look at the login page")


@pytest.mark.parametrize(
    ("key", "name", "runs"),
    [
        ("claude-code", "1.0.17/resume_fork", 1),  # a resume, which that client wrote into a second file
        ("claude-code", "2.1.59/resume_fork", 2),  # a resume in the same file, and a fork
        ("claude-code", "2.1.112/resume_fork", 2),
        ("claude-code", "2.1.226/resume_fork", 2),
        ("claude-code", "2.1.330/resume_fork", 2),
        ("claude-code", "2.1.330/subagent", 1),
        ("claude-code", "2.0.14/subagent", 1),
        ("codex", "0.80.0/fork", 2),
        ("codex", "0.115.0/fork", 2),
        ("codex", "0.161.0/fork", 2),
        ("codex", "0.115.0/subagent", 1),
        ("codex", "0.161.0/subagent", 1),
        ("codex", "0.169.0/subagent", 1),
    ],
)
def test_resumed_sessions_and_subagents_fold_into_one_run_and_forks_do_not(
    key: str, name: str, runs: int, fold: Any, home: Any
) -> None:
    from goodmeasure.sources.registry import all_sources  # noqa: PLC0415 - beside its only use

    source = next(source for source in all_sources() if source.key == key)
    assert len(fold(source, home(key, name)).runs) == runs
