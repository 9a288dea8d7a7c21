"""One member's values: from their own rated runs to the numbers that are split into shares. They never leave whole."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from goodmeasure.disclosure.team import TEAM_CELLS
from goodmeasure.domain.runs import RatedRun
from goodmeasure.reports.exact import exact_numbers
from goodmeasure.value.coverage import judged_runs

_MICROS_PER_DOLLAR: Final = 1_000_000


def member_values(runs: Sequence[RatedRun], zone: tzinfo, *, with_cost: bool = False) -> dict[str, int]:
    """Return the value of every cell of `disclosure.team.TEAM_CELLS` from the runs of one period, before any cap.

    They are the exact numbers from which reports are rounded. Who has no run in the period counts nowhere, as if they
    had abstained. `with_cost`: else the section of cost stays empty, as of somebody whose costs are unknown.
    """
    exact = exact_numbers(runs, {}, zone)
    found = dict.fromkeys((cell.name for cell in TEAM_CELLS), 0)
    found |= {"runs_members": int(exact.runs > 0), "runs_all": exact.runs}
    for name, answers in exact.tallies.items():
        found[f"{name.value}_members"] = int(answers.rated > 0)
        found |= {f"{name.value}_{answer}": count for answer, count in answers.counts.items()}
    found["time_members"] = int(bool(exact.times))
    for grade, time in exact.times.items():
        found[f"time_{grade.value}_runs"] = time.runs
        found[f"time_{grade.value}_low_minutes"] = time.low_minutes
        found[f"time_{grade.value}_high_minutes"] = time.high_minutes
    return found | (_cost(judged_runs(runs)) if with_cost else {})


def _cost(runs: Sequence[RatedRun]) -> dict[str, int]:
    known = [run.list_cost_micros for run in runs if run.list_cost_micros is not None]
    if not known:
        return {}
    # Half a dollar counts as one: no cent of anybody's is in a sum.
    dollars = (sum(known) + _MICROS_PER_DOLLAR // 2) // _MICROS_PER_DOLLAR
    return {"cost_members": 1, "cost_dollars": dollars, "cost_unpriced_runs": len(runs) - len(known)}
