"""One member's values: from their own rated runs to the numbers that are split into shares. They never leave whole."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.coverage import judged_runs
from goodmeasure.value.shares import tally
from goodmeasure.value.time_range import time_by_grade

_MICROS_PER_DOLLAR: Final = 1_000_000
_ASKED: Final = (AssessmentName.OUTCOME, AssessmentName.NEED, AssessmentName.REVIEW)


def member_values(runs: Sequence[RatedRun], zone: tzinfo, *, with_cost: bool = False) -> dict[str, int]:
    """Return the value of every cell of `disclosure.team.TEAM_CELLS` from the runs of one period, before any cap.

    Of a run only its answers, how well its outcome is backed up, its day (for the daily cap) and its cost are read. Who
    has no run in the period counts nowhere, as if they had abstained. `with_cost`: else the section of cost stays
    empty, as of somebody whose costs are unknown.
    """
    judged = judged_runs(runs)
    found = {"runs_members": int(bool(judged)), "runs_all": len(judged)}
    for name in _ASKED:
        counts = tally(runs, name).counts
        found[f"{name.value}_members"] = int(any(counts.values()))
        found |= {f"{name.value}_{answer}": count for answer, count in counts.items()}
    grades = time_by_grade(runs, zone)
    found["time_members"] = int(any(time.runs for time in grades.values()))
    for grade, time in grades.items():
        found[f"time_{grade.value}_runs"] = time.runs
        found[f"time_{grade.value}_low_minutes"] = time.low_minutes
        found[f"time_{grade.value}_high_minutes"] = time.high_minutes
    costs = [run.list_cost_micros for run in runs] if with_cost and judged else []
    known = [cost for cost in costs if cost is not None]
    # Half a dollar counts as one: no cent of anybody's is in a sum.
    dollars = (sum(known) + _MICROS_PER_DOLLAR // 2) // _MICROS_PER_DOLLAR
    return found | {
        "cost_members": int(bool(known)),
        "cost_dollars": dollars if known else 0,
        "cost_unpriced_runs": len(costs) - len(known) if known else 0,
    }
