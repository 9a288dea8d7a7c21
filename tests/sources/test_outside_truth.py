"""Real logs against what is known of them, through the real import.

Runs only where GOODMEASURE_SAMPLES names a folder of sample homes (`<folder>/<sample>/…` and `expected.json`), and
GOODMEASURE_RECORDINGS one of recordings of real clients (`<recording>/home` and `expected.json`). Real logs are other
people's; they are measured, never kept here. A new source adds an entry to `AGENTS`; what is disputed stands in
`DISPUTED`, with the reason.
"""

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.intake.find import find_files
from goodmeasure.sources.base import Capability, Lines, Source
from goodmeasure.sources.registry import all_sources
from tests.sources.conftest import fold_logs, lines_of, logs_in
from tests.sources.homes import COUNTERS, import_into, scratch_ledger

SAMPLES = Path(os.environ["GOODMEASURE_SAMPLES"]) if "GOODMEASURE_SAMPLES" in os.environ else None
RECORDINGS = Path(os.environ["GOODMEASURE_RECORDINGS"]) if "GOODMEASURE_RECORDINGS" in os.environ else None
NOT_LOGS = frozenset({"SERVED.jsonl", "session_index.jsonl", "history.jsonl", "expected.json"})
BY_KEY = {source.key: source for source in all_sources()}
SERVED_NAMES = ("input_uncached", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
"""The counters of a recording's truth, in the order of `COUNTERS`."""


@dataclass(frozen=True)
class Agent:
    """Where the truth about one source lies."""

    key: str
    samples: str | None = None
    """Folder of its sample homes."""
    recordings: tuple[str, ...] = ()
    loose: str = ""
    """Where in a home those logs go that a sample keeps outside a home."""
    flags: dict[str, GenerationFlag] = field(default_factory=dict)
    """The truth's names of doubts."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Folders of a sample that is no home, and what they are called there."""
    untold: dict[str, frozenset[str]] = field(default_factory=dict)
    """Per recording: what its client's log does not tell. `cache_write_1h`: all writes count as five minutes."""


AGENTS = (
    Agent(
        "claude-code",
        "claude",
        ("claude-code-2.1.330",),
        ".claude/projects",
        {
            "output_lower_bound": GenerationFlag.OUTPUT_LOWER_BOUND,
            "only_in_agent_progress_rows": GenerationFlag.RELAYED,
        },
    ),
    Agent(
        "codex",
        "codex",
        ("codex-0.169.0",),
        ".codex/sessions",
        {"residual_of_totals": GenerationFlag.RESIDUAL},
    ),
    Agent("droid", "droid", flags={"session cumulative": GenerationFlag.RESIDUAL}),
    Agent("amp", "amp"),
    Agent("copilot-cli", "copilot-cli", ("copilot-1.0.102",), ".copilot/session-state"),
    Agent("qwen-code", "qwen", ("qwen-code-0.24.4",), ".qwen/projects/project/chats"),
    Agent("gemini-cli", "gemini", ("gemini-cli-0.61.0",), ".gemini/tmp/project/chats"),
    Agent(
        "opencode",
        "opencode",
        ("opencode-1.18.33",),
        ".local/share/opencode",
        renamed={
            "opencode-sqlite-empty/opencode": "opencode-empty",
            "opencode-sqlite/": "",
            "opencode-storage/": "storage/",
        },
    ),
    Agent("kilo", "kilo", ("kilocode-7.7.9",)),
    Agent("aider", recordings=("aider-0.86.2",)),
    Agent("goose", recordings=("goose-0.20.1",)),
    Agent("kimi", recordings=("kimi-code-2.1.0",)),
    Agent("llm", recordings=("llm-0.36",)),
    Agent("cline", None, ("cline-3.0.65",)),
    Agent(
        "pi",
        recordings=("pi-0.73.1", "pi-earendil-0.87.1"),
        untold={"pi-0.73.1": frozenset({"reasoning", "cache_write_1h"})},
    ),
)
KNOWN = [agent for agent in AGENTS if agent.key in BY_KEY]
"""Those whose source exists already."""

GEMINI = {
    "generations": 16,
    "input_tokens": 43497,
    "cache_read_tokens": 161019,
    "cache_write_5m_tokens": 0,
    "cache_write_1h_tokens": 0,
    "output_tokens": 2267,
    "reasoning_tokens": 1447,
}
QWEN = {
    "generations": 2,
    "input_tokens": 1050,
    "cache_read_tokens": 50,
    "cache_write_5m_tokens": 0,
    "cache_write_1h_tokens": 0,
    "output_tokens": 25,
    "reasoning_tokens": 0,
}
_SUMMED = ("generations", *COUNTERS)
_AIDER = dict(zip(_SUMMED, (7, 25_884, 0, 0, 0, 282, 0), strict=True))
DISPUTED: dict[str, dict[str, Any]] = {
    # aider 0.86 logs what the server counted without streaming only: one call of 21,234 and 234 tokens. The six others
    # it counted itself. It hides the names of models that it does not know.
    "aider-0.86.2": {"totals": _AIDER, "models": {"": _AIDER}},
    # goose 1.34 logs one running total per session, with cached tokens in the input and without the calls that name
    # sessions. The truth lists only those answers that were a session's last. These are the sums of all answers that
    # were offered tools, by session.
    "goose-0.20.1": {
        "totals": dict(zip(_SUMMED, (10, 387_252, 0, 0, 0, 7616, 0), strict=True)),
        "models": {
            "gpt-4.1": dict(zip(_SUMMED, (9, 336_177, 0, 0, 0, 6077, 0), strict=True)),
            "claude-sonnet-4-6": dict(zip(_SUMMED, (1, 51_075, 0, 0, 0, 1539, 0), strict=True)),
        },
    },
    # The truth file gives a shared call to the file whose name sorts first; where that is the fork, the parent's run
    # is lost.
    "claude/generated-claude-code-2.1.112/resume_fork": {"runs": 2},
    "claude/generated-claude-code-2.1.226/resume_fork": {"runs": 2},
    # A thread whose source says `subagent` belongs to its parent's run; the same scenario of 0.161 and 0.169 says 1.
    "codex/generated-codex-0.115.0/subagent": {"runs": 1},
    # 35 session ids with calls of their own; four logs without session ids; ten threads and five reviews of five
    # others.
    "claude/entireio-cli": {"runs": 35},
    "claude/kenn-io-agentsview": {"runs": 4},
    "codex/entireio-git-sync": {"runs": 15},
    # One of the 17 messages has zeros only: it holds the end of a tool call, whose id bears the millisecond of the
    # answer before it.
    "gemini/entireio-cli": {"totals": GEMINI, "models": {"gemini-2.5-flash": GEMINI}},
    # The truth file counts sessions; a sub-agent's session belongs to its parent's run.
    "opencode/generated-opencode-1.1.53/subagent": {"runs": 1},
    "opencode/generated-opencode-1.18.34/subagent": {"runs": 1},
    # Two answers of different instants and counts, for before and after a tool call; the test server behind them gives
    # every answer the same id.
    "qwen/Piebald-splitrail": {"totals": QWEN, "models": {"coder-model": QWEN}},
}

needs_samples = pytest.mark.skipif(SAMPLES is None, reason="GOODMEASURE_SAMPLES names no folder of sample homes")
needs_recordings = pytest.mark.skipif(RECORDINGS is None, reason="GOODMEASURE_RECORDINGS names no recordings")


def samples() -> list[tuple[Agent, str]]:
    """Return every sample of the known agents; one that does not exist where there are none, to be skipped."""
    if SAMPLES is None:
        return [(KNOWN[0], "none")]
    names = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["samples"]
    return [(agent, name) for agent in KNOWN for name in names if name.partition("/")[0] == agent.samples]


def recordings() -> list[tuple[Agent, str]]:
    return [(agent, name) for agent in KNOWN for name in agent.recordings]


def sample_truth(name: str) -> dict[str, Any]:
    assert SAMPLES is not None
    truth: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["samples"][name]
    return truth | DISPUTED.get(name, {})


def told(counts: dict[str, int], untold: frozenset[str]) -> dict[str, int]:
    """Return one answer's counters without what the client's log does not tell.

    Where it does not tell how long cache writes live, they are all taken as five minutes.
    """
    counts = counts | {name: 0 for name in untold if name == "reasoning"}
    if "cache_write_1h" in untold:
        counts |= {"cache_write_5m": counts["cache_write_5m"] + counts["cache_write_1h"], "cache_write_1h": 0}
    return counts


def untold_by(agent: Agent, recording: str) -> frozenset[str]:
    """Return what a recording's log does not tell: what its source never tells, and what that client did not."""
    able = BY_KEY[agent.key].capabilities
    never = {theirs for ours, theirs in zip(COUNTERS, SERVED_NAMES, strict=True) if able[ours] is Capability.NO}
    return agent.untold.get(recording, frozenset()) | never


def recording_truth(folder: Path, untold: frozenset[str]) -> dict[str, Any]:
    """Return what the model server sent, as far as the client wrote it down anywhere."""
    answers = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["answers"]
    truth: dict[str, Any] = {"totals": dict.fromkeys(("generations", *COUNTERS), 0), "models": {}}
    for answer in answers:
        if answer["records_on_disk"]:
            counts = told(answer["counts"], untold)
            model = truth["models"].setdefault(answer["model"], dict.fromkeys(truth["totals"], 0))
            for sums in (truth["totals"], model):
                sums["generations"] += 1
                for ours, theirs in zip(COUNTERS, SERVED_NAMES, strict=True):
                    sums[ours] += counts[theirs]
    return truth | DISPUTED.get(folder.name, {})


def home_of(agent: Agent, sample: str, scratch: Path) -> Path:
    """Return the sample's home; where it is only a heap of logs, a home with the logs in their place."""
    assert SAMPLES is not None
    folder = SAMPLES / sample
    if find_files([BY_KEY[agent.key]], folder).files:
        return folder
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in NOT_LOGS:
            place = path.relative_to(folder).as_posix()
            for theirs, ours in agent.renamed.items():
                place = ours + place.removeprefix(theirs) if place.startswith(theirs) else place
            target = scratch / "home" / agent.loose / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return scratch / "home"


def named(models: dict[str, Any]) -> dict[str, Any]:
    return {"" if name in {"unknown", "None"} else name: sums for name, sums in models.items()}


@needs_samples
@pytest.mark.parametrize(("agent", "sample"), samples(), ids=lambda value: value if isinstance(value, str) else "")
def test_sample_equals_its_truth(agent: Agent, sample: str, tmp_path: Path) -> None:
    expected = sample_truth(sample)
    home = home_of(agent, sample, tmp_path)
    with scratch_ledger(tmp_path) as ledger:
        imported = import_into(ledger, BY_KEY[agent.key], home)
        again = import_into(ledger, BY_KEY[agent.key], home)
    assert imported.totals == expected["totals"]
    assert imported.models == named(expected.get("models", {}))
    assert {name: imported.flags.get(flag.name.lower(), 0) for name, flag in agent.flags.items() if flag.name} == {
        name: expected.get("flags", {}).get(name, 0) for name in agent.flags
    }
    assert imported.runs == expected.get("runs", 0)
    assert (again.totals, again.runs, again.prompts) == (imported.totals, imported.runs, imported.prompts)


@needs_recordings
@pytest.mark.parametrize(
    ("agent", "recording"), recordings(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_recording_equals_what_the_model_server_sent(agent: Agent, recording: str, tmp_path: Path) -> None:
    assert RECORDINGS is not None
    expected = recording_truth(RECORDINGS / recording, untold_by(agent, recording))
    with scratch_ledger(tmp_path) as ledger:
        imported = import_into(ledger, BY_KEY[agent.key], RECORDINGS / recording / "home")
    assert imported.totals == expected["totals"]
    assert imported.models == expected["models"]
    assert [row.issues for row in imported.report.sources if row.issues] == []
    assert [row.unknown for row in imported.report.sources if row.unknown] == []


def pieces_of(source: Source, home: Path) -> None:
    """Assert that every log of lines in a home teaches the same whole and in two pieces."""
    for file in find_files([source], home).files:
        reading = source.roots[file.root].reading
        if not isinstance(reading, Lines) or file.path.endswith(".zst"):
            continue
        lines = lines_of(Path(file.path).read_bytes())
        whole = folded_pieces(reading, file.place, lines, len(lines))
        for cut in {len(lines) // 7, len(lines) // 3, len(lines) // 2, len(lines) * 9 // 10}:
            assert folded_pieces(reading, file.place, lines, cut).events() == whole.events(), (file.place, cut)


def folded_pieces(reading: Lines, place: str, lines: list[bytes], cut: int) -> Any:
    pieces = fold_logs(all_sources()[0], [])
    first = reading.reader(place, None)
    pieces.add(first.feed(lines[:cut], 1))
    if cut < len(lines):
        pieces.add(reading.reader(place, first.state()).feed(lines[cut:], cut + 1))
    return pieces


@needs_samples
@pytest.mark.parametrize(("agent", "sample"), samples(), ids=lambda value: value if isinstance(value, str) else "")
def test_sample_in_two_pieces_teaches_the_same(agent: Agent, sample: str, tmp_path: Path) -> None:
    pieces_of(BY_KEY[agent.key], home_of(agent, sample, tmp_path))


@needs_recordings
@pytest.mark.parametrize(
    ("agent", "recording"), recordings(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_recording_in_two_pieces_teaches_the_same(agent: Agent, recording: str) -> None:
    assert RECORDINGS is not None
    pieces_of(BY_KEY[agent.key], RECORDINGS / recording / "home")


@needs_samples
def test_family_without_its_parent_counts_the_shared_history_once() -> None:
    assert SAMPLES is not None
    files = logs_in(SAMPLES / "codex/entireio-git-sync")
    whole = fold_logs(BY_KEY["codex"], files)
    parent = "019d7d08-46c9-7f73-affe-4e6ca9852d56"
    orphans = fold_logs(BY_KEY["codex"], [(path, data) for path, data in files if not path.endswith(f"{parent}.jsonl")])
    assert set(orphans.generations) < set(whole.generations)
    copied = [g for g in orphans.generations.values() if g.flags & GenerationFlag.COPIED]
    assert len(copied) == 127
    assert {generation.session for generation in copied} == {parent}
    assert whole.flagged(GenerationFlag.COPIED) == 0
