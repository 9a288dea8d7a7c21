"""What several detectors need: runs by project, the stretches between prompts, and what a log tells of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.domain.findings import Detector, Finding, LookedAtRun, Saving
from goodmeasure.domain.work import Act, Asked, Called

Reserve = Callable[[Detector, int | None], float]
"""By how much a detector's counts must exceed their thresholds in a project: 1, and more after each dismissal."""

MINUTE_MS = 60_000
DAY_MS = 86_400_000


def by_project(runs: Iterable[LookedAtRun]) -> dict[int | None, list[LookedAtRun]]:
    """Return the runs of each project, in their order."""
    found: dict[int | None, list[LookedAtRun]] = defaultdict(list)
    for run in runs:
        found[run.project_id].append(run)
    return found


def finding(
    detector: Detector,
    runs: Sequence[LookedAtRun],
    seen: Mapping[str, int | float | str],
    saving: Saving | None = None,
) -> Finding:
    """Return a finding about runs of one project, the plainest case first."""
    first = runs[0]
    return Finding(detector, first.project_id, first.project, tuple(run.run_id for run in runs), seen, saving)


def edited(run: LookedAtRun) -> bool:
    """Return whether a run changed files, by its tools or by patches inside commands, or made a commit."""
    if any(use.kind == ToolKind.EDIT and use.status != ToolStatus.ERROR for use in run.tools):
        return True
    return any(isinstance(act, Called) and not act.failed and _changes(act) for act in run.acts or ())


def _changes(act: Called) -> bool:
    return act.kind == ToolKind.EDIT or act.delivers


def called_in(run: LookedAtRun) -> list[Called]:
    """Return the tool calls that a run's logs tell."""
    return [act for act in run.acts or () if isinstance(act, Called)]


def turns(run: LookedAtRun) -> list[list[Called]]:
    """Return the tool calls between one prompt and the next, of each session for itself; empty turns are left out."""
    sessions: dict[str, list[Act]] = defaultdict(list)
    for act in run.acts or ():
        sessions[act.session].append(act)
    found: list[list[Called]] = []
    for acts in sessions.values():
        found.append([])
        for act in acts:
            if isinstance(act, Asked):
                found.append([])
            elif isinstance(act, Called):
                found[-1].append(act)
    return [turn for turn in found if turn]


def retries(turn: Sequence[Called]) -> int:
    """Return how often a turn changed a file, ran a command, and changed the same file again.

    Changes that failed do not count.
    """
    count = 0
    ran_since: dict[str, bool] = {}
    for act in turn:
        if act.kind == ToolKind.RUN:
            ran_since = dict.fromkeys(ran_since, True)
        elif act.kind == ToolKind.EDIT and not act.failed:
            count += any(ran_since.get(path) for path in act.paths)
            ran_since.update(dict.fromkeys(act.paths, False))
    return count


def changes_files(turn: Sequence[Called]) -> bool:
    """Return whether a turn changed a file whose name is known."""
    return any(act.kind == ToolKind.EDIT and not act.failed and act.paths for act in turn)


def known_cost(run: LookedAtRun) -> int:
    """Return what is known of a run's cost, in micro-USD."""
    return run.cost_micros or 0
