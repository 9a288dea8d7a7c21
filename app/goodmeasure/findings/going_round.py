"""Detectors of work that goes round: `tool_loop`, `no_progress`, `repeat_prompt`, `retry_heavy`, `rereads`."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from goodmeasure.domain.assessments import Outcome
from goodmeasure.domain.events import ToolKind
from goodmeasure.domain.findings import Detector, Finding, LookedAtRun
from goodmeasure.domain.work import Asked, Called
from goodmeasure.findings.stretches import DAY_MS, Reserve, by_project, finding, retries, turns

LOOP_REPEATS = 5
FAILED_REPEATS = 3
LONGEST_CYCLE = 5
EXPLORING_CALLS = 12
SAME_PROMPTS = 3
PROMPT_OVERLAP = 0.9
RETRIES = 3
REREADS = 5
SIDE_READS = 3
_ANSWER_USED = frozenset({Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL})
_SIDE_FOLDER = re.compile(r"(?:^|[/\\])(?:node_modules|\.git|dist|build|__pycache__|\.venv|venv|\.cache|coverage)[/\\]")


def longest_repetition(marks: Sequence[Hashable], longest_cycle: int = LONGEST_CYCLE) -> tuple[int, int, int]:
    """Return (repeats, length of the cycle, where it begins) of what is repeated most often in a row.

    A cycle is up to `longest_cycle` marks long; of equal counts the shorter cycle stands. (0, 0, 0) for no marks.
    """
    best = (1, 1, 0) if marks else (0, 0, 0)
    for length in range(1, longest_cycle + 1):
        same = 0
        for place in range(length, len(marks)):
            same = same + 1 if marks[place] == marks[place - length] else 0
            repeats = same // length + 1
            if repeats > best[0]:
                best = (repeats, length, place - same - length + 1)
    return best


def tool_loops(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find the same tool with the same arguments again and again.

    Within a turn: one call, or a cycle of up to 5 calls, 5 times or more in a row; 3 times or more where every one
    failed. Calls that wait for something are passed over. Needs the log.
    """
    found = []
    for project, here in by_project(runs).items():
        factor = reserve(Detector.TOOL_LOOP, project)
        looping = [(most, run) for run in here if (most := _looping(run, factor))]
        if looping:
            looping.sort(key=lambda pair: -pair[0])
            seen = {"runs": len(looping), "repeats": looping[0][0]}
            found.append(finding(Detector.TOOL_LOOP, [run for _, run in looping], seen))
    return found


def _looping(run: LookedAtRun, factor: float) -> int:
    """Return how often a run repeated itself at most; 0 where that is no loop."""
    most = 0
    for turn in turns(run):
        calls = [act for act in turn if act.fingerprint is not None]
        repeats, _, _ = longest_repetition([act.fingerprint for act in calls])
        if repeats >= LOOP_REPEATS * factor:
            most = max(most, repeats)
        # A call that did not fail is unlike every other: only failures can repeat.
        failures = [act.fingerprint if act.failed else place for place, act in enumerate(calls)]
        repeats, _, _ = longest_repetition(failures)
        if repeats >= FAILED_REPEATS * factor:
            most = max(most, repeats)
    return most


def no_progress(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find long looking around that led to nothing that is known.

    Between two prompts: 12 or more read and search calls in a row, sub-agents included, and no edit until the next
    prompt, in a run whose outcome is not used, informed or partial.
    """
    found = []
    for project, here in by_project(runs).items():
        factor = reserve(Detector.NO_PROGRESS, project)
        wandering = [(most, run) for run in here if (most := _exploring(run)) >= EXPLORING_CALLS * factor]
        if wandering:
            wandering.sort(key=lambda pair: -pair[0])
            seen = {"runs": len(wandering), "calls": wandering[0][0]}
            found.append(finding(Detector.NO_PROGRESS, [run for _, run in wandering], seen))
    return found


def _exploring(run: LookedAtRun) -> int:
    """Return the most read and search calls in a row in a stretch without an edit; 0 where it cannot be told."""
    if run.outcome in _ANSWER_USED or None in run.prompted_at or any(use.at is None for use in run.tools):
        return 0
    prompts = sorted(at for at in run.prompted_at if at is not None)
    stretches: dict[int, list[str | None]] = defaultdict(list)
    for use in sorted(run.tools, key=lambda use: use.at or 0):
        stretches[bisect_right(prompts, use.at or 0)].append(use.kind)
    patched = {bisect_right(prompts, act.at or 0) for act in run.acts or () if _patches(act)}
    most = 0
    for stretch, kinds in stretches.items():
        if ToolKind.EDIT in kinds or stretch in patched:
            continue
        in_a_row = 0
        for kind in kinds:
            in_a_row = in_a_row + 1 if kind in {ToolKind.READ, ToolKind.SEARCH} else 0
            most = max(most, in_a_row)
    return most


def _patches(act: object) -> bool:
    return isinstance(act, Called) and act.kind == ToolKind.EDIT


def repeat_prompts(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find the same prompt again and again.

    In one project, 3 or more within 24 hours: the same words (small letters, single blanks, every number alike), or
    nine tenths of all five-word groups shared. Prompts of fewer than five words ("go on") are left out. Needs the log.
    """
    found = []
    for project, here in by_project(runs).items():
        asked = sorted(
            (
                (act.at, number, act)
                for number, run in enumerate(here)
                for act in run.acts or ()
                if isinstance(act, Asked) and act.at is not None and act.grams
            ),
            key=lambda one: one[:2],
        )
        most, numbers = _same_within_a_day([(at, number, act) for at, number, act in asked if at is not None])
        if most >= SAME_PROMPTS * reserve(Detector.REPEAT_PROMPT, project):
            about = [here[number] for number in dict.fromkeys(numbers)]
            found.append(finding(Detector.REPEAT_PROMPT, about, {"prompts": most, "runs": len(about)}))
    return found


def _same_within_a_day(asked: Sequence[tuple[int, int, Asked]]) -> tuple[int, list[int]]:
    """Return the largest count of alike prompts in 24 hours, and in which runs they were asked."""
    best: tuple[int, list[int]] = (0, [])
    for place, (first_at, _, first) in enumerate(asked):
        alike = []
        for at, number, other in asked[place:]:
            if at - first_at > DAY_MS:
                break
            if other.fingerprint == first.fingerprint or overlap(first.grams, other.grams) >= PROMPT_OVERLAP:
                alike.append(number)
        if len(alike) > best[0]:
            best = (len(alike), alike)
    return best


def overlap(first: frozenset[bytes], second: frozenset[bytes]) -> float:
    """Return the share of two sets' members that they have in common (Jaccard's index), 0 to 1; 0 for no members."""
    either = len(first | second)
    return len(first & second) / either if either else 0.0


def retry_heavy(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find files that were changed, tried out, and changed again.

    In one run 3 or more retries; a retry is a change of a file after a command that followed an earlier change of the
    same file in the same turn. Beside it: the share of the turns with changes that needed none. Needs the log.
    """
    found = []
    for project, here in by_project(runs).items():
        factor = reserve(Detector.RETRY_HEAVY, project)
        counted = {run.run_id: sum(map(retries, turns(run))) for run in here}
        heavy = [run for run in here if counted[run.run_id] >= RETRIES * factor]
        if heavy:
            heavy.sort(key=lambda run: -counted[run.run_id])
            changing, at_once = first_time_right(heavy)
            seen = {
                "runs": len(heavy),
                "retries": counted[heavy[0].run_id],
                "turns": changing,
                "turns_without_retry": at_once,
            }
            found.append(finding(Detector.RETRY_HEAVY, heavy, seen))
    return found


def first_time_right(runs: Iterable[LookedAtRun]) -> tuple[int, int]:
    """Return how many turns changed files, and how many of these needed no retry."""
    needed = [
        retries(turn) for run in runs for turn in turns(run) if any(_patches(act) and not act.failed for act in turn)
    ]
    return len(needed), needed.count(0)


def rereads(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find files that were read again though nothing had changed them, and reading where nobody works.

    In a project, over the period: 5 or more readings of the same part of a file in the same session, each beyond the
    first and without a change of it in between; or 3 or more readings inside `node_modules`, `.git`, `dist` and other
    folders that programs fill. Needs the log.
    """
    found = []
    for project, here in by_project(runs).items():
        factor = reserve(Detector.REREADS, project)
        again = {run.run_id: _read_again(run) for run in here}
        aside = {run.run_id: _read_aside(run) for run in here}
        total, side = sum(again.values()), sum(aside.values())
        if total >= REREADS * factor or side >= SIDE_READS * factor:
            about = sorted(
                (run for run in here if again[run.run_id] + aside[run.run_id]),
                key=lambda run: -again[run.run_id] - aside[run.run_id],
            )
            seen = {"runs": len(about), "read_again": total, "read_aside": side}
            found.append(finding(Detector.REREADS, about, seen))
    return found


def _read_again(run: LookedAtRun) -> int:
    count = 0
    known: dict[str, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    for act in run.acts or ():
        if not isinstance(act, Called) or act.failed or act.fingerprint is None:
            continue
        files = known[act.session]
        for path in act.paths:
            if act.kind == ToolKind.EDIT:
                files.pop(path, None)
            elif act.kind == ToolKind.READ:
                count += act.fingerprint in files[path]
                files[path].add(act.fingerprint)
    return count


def _read_aside(run: LookedAtRun) -> int:
    reading = (act for act in run.acts or () if isinstance(act, Called) and act.kind == ToolKind.READ)
    return sum(any(_SIDE_FOLDER.search(path) for path in act.paths) for act in reading)
