"""Detectors of cost with little to show: `low_yield`, `cost_outlier`, `idle_run`, `unaccounted_cost`, `low_need`."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import groupby

from goodmeasure.domain.assessments import Need, Outcome
from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.domain.findings import Detector, Finding, LookedAtRun, Saving
from goodmeasure.findings.going_round import RETRIES, first_time_right
from goodmeasure.findings.stretches import (
    DAY_MS,
    MINUTE_MS,
    Reserve,
    by_project,
    called_in,
    edited,
    finding,
    known_cost,
    retries,
    turns,
)

DOLLAR = 1_000_000
YIELD_COST = 2 * DOLLAR
YIELD_COST_WITHOUT_EDIT = 3 * DOLLAR
YIELD_RETRIES = 2
OUTLIER_RATIO = 2.0
OUTLIER_COST = DOLLAR
OUTLIER_RUNS = 3
IDLE_IN_A_ROW = 3
IDLE_QUIET_MS = 60 * MINUTE_MS
UNACCOUNTED_COST = 5 * DOLLAR
UNACCOUNTED_AFTER_MS = 14 * DAY_MS
NEED_ANSWERS = 20
NEED_SHARE = 0.2
_WORTH_SOMETHING = frozenset({Outcome.USED, Outcome.INFORMED})
_USED_SOMEHOW = _WORTH_SOMETHING | {Outcome.PARTIAL}


def low_yield(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find dear runs that delivered nothing that is known.

    A run that cost $2 or more, whose outcome is not used or informed, that neither committed, pushed, nor opened or
    merged a pull request, and on which no commit hangs; and either it changed nothing and cost $3 or more, or it made
    3 or more retries, or it made 2 or more and no turn with changes went without. Needs the log and the cost.
    """
    found = []
    for project, here in by_project(runs).items():
        factor = reserve(Detector.LOW_YIELD, project)
        low = sorted((run for run in here if _yields_little(run, factor)), key=lambda run: -known_cost(run))
        if low:
            cost = sum(map(known_cost, low))
            seen = {"runs": len(low), "cost_micros": cost}
            found.append(finding(Detector.LOW_YIELD, low, seen, Saving(0, cost)))
    return found


def _yields_little(run: LookedAtRun, factor: float) -> bool:
    cost = known_cost(run)
    if run.acts is None or cost < YIELD_COST * factor or run.outcome in _WORTH_SOMETHING or run.linked:
        return False
    if any(act.delivers and not act.failed for act in called_in(run)):
        return False
    if not edited(run):
        return cost >= YIELD_COST_WITHOUT_EDIT * factor
    again = sum(map(retries, turns(run)))
    changing, at_once = first_time_right([run])
    return again >= RETRIES or (changing > 0 and at_once == 0 and again >= YIELD_RETRIES)


def cost_outliers(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find runs that cost far more than the project's others.

    More than twice the mean of the other runs of the project, at least $1, in a project of 3 or more runs of known
    cost in the period.
    """
    found = []
    for project, here in by_project(runs).items():
        priced = [run for run in here if run.cost_micros is not None and run.calls]
        if len(priced) < OUTLIER_RUNS:
            continue
        factor, total = reserve(Detector.COST_OUTLIER, project), sum(map(known_cost, priced))

        def others(run: LookedAtRun, total: int = total, count: int = len(priced) - 1) -> float:
            return (total - known_cost(run)) / count

        dear = [
            run
            for run in priced
            if known_cost(run) >= OUTLIER_COST and known_cost(run) > OUTLIER_RATIO * factor * others(run)
        ]
        if dear:
            dear.sort(key=lambda run: -known_cost(run))
            seen = {
                "runs": len(dear),
                "cost_micros": known_cost(dear[0]),
                "mean_of_others_micros": round(others(dear[0])),
            }
            high = sum(round(known_cost(run) - others(run)) for run in dear)
            found.append(finding(Detector.COST_OUTLIER, dear, seen, Saving(0, high)))
    return found


def idle_runs(runs: Sequence[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find runs that nobody started and nobody needed.

    3 or more in a row of a project's runs that a program started: no file changed (or the outcome says not used), no
    commit, push, pull request or call of another service, no outcome that says it was good for something, and no
    prompt by the person in any run from 60 minutes before to 60 minutes after it.
    """
    prompts = sorted(at for run in runs if not run.unattended for at in run.prompted_at if at is not None)
    found = []
    for project, here in by_project(runs).items():
        started = sorted(
            (run for run in here if run.unattended and run.started_at is not None), key=lambda run: run.started_at or 0
        )
        chains = [list(chain) for idle, chain in groupby(started, key=lambda run: _idle(run, prompts)) if idle]
        longest = max(chains, key=len, default=[])
        if len(longest) >= IDLE_IN_A_ROW * reserve(Detector.IDLE_RUN, project):
            about = [run for chain in chains if len(chain) >= IDLE_IN_A_ROW for run in chain]
            cost = sum(map(known_cost, about))
            seen = {"runs": len(about), "in_a_row": len(longest), "cost_micros": cost}
            found.append(finding(Detector.IDLE_RUN, about, seen, Saving(0, cost)))
    return found


def _idle(run: LookedAtRun, prompts: Sequence[int]) -> bool:
    if run.outcome in _USED_SOMEHOW or run.linked or run.started_at is None or run.ended_at is None:
        return False
    if edited(run) and run.outcome not in {Outcome.DISCARDED, Outcome.HARMFUL}:
        return False
    done = [use for use in run.tools if use.status in {None, ToolStatus.OK}]
    if any(use.kind in {ToolKind.MCP, None} for use in done):
        return False
    if run.acts is None and any(use.kind == ToolKind.RUN for use in done):
        return False  # what its commands did cannot be told
    nearest = bisect_left(prompts, run.started_at - IDLE_QUIET_MS)
    return nearest == len(prompts) or prompts[nearest] > run.ended_at + IDLE_QUIET_MS


def unaccounted_cost(runs: Iterable[LookedAtRun], reserve: Reserve, now: int) -> list[Finding]:
    """Find cost of which nothing is known but that it is gone.

    A range: from the cost of runs whose outcome is not used or made it worse, to that and the cost of runs that ended
    more than 14 days ago without an outcome. Asked from $5 of the upper end on, over all projects.
    """
    lost = [run for run in runs if run.outcome in {Outcome.DISCARDED, Outcome.HARMFUL}]
    unsaid = [
        run
        for run in runs
        if run.outcome is None and run.ended_at is not None and now - run.ended_at > UNACCOUNTED_AFTER_MS
    ]
    low = sum(map(known_cost, lost))
    high = low + sum(map(known_cost, unsaid))
    if high < UNACCOUNTED_COST * reserve(Detector.UNACCOUNTED_COST, None):
        return []
    about = sorted((run for run in [*lost, *unsaid] if known_cost(run)), key=lambda run: -known_cost(run))
    seen: dict[str, int | float | str] = {
        "runs_not_used": len(lost),
        "runs_not_rated": len(unsaid),
        "from_micros": low,
        "to_micros": high,
    }
    ids = tuple(run.run_id for run in about)
    return [Finding(Detector.UNACCOUNTED_COST, None, None, ids, seen, Saving(0, high))]


def low_need(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find that much was done which the person says they would have done as well without.

    Need is `unnecessary` in 20 % or more of 20 or more answers in the period, over all projects; runs that are not to
    be judged are left out.
    """
    answered = [run for run in runs if run.need is not None and run.outcome != Outcome.EXCLUDED]
    spare = sorted((run for run in answered if run.need == Need.UNNECESSARY), key=lambda run: -known_cost(run))
    share = len(spare) / len(answered) if answered else 0.0
    if len(answered) < NEED_ANSWERS or share < min(1.0, NEED_SHARE * reserve(Detector.LOW_NEED, None)):
        return []
    cost = sum(map(known_cost, spare))
    seen: dict[str, int | float | str] = {"answers": len(answered), "unnecessary": len(spare), "cost_micros": cost}
    ids = tuple(run.run_id for run in spare)
    return [Finding(Detector.LOW_NEED, None, None, ids, seen, Saving(0, cost))]
