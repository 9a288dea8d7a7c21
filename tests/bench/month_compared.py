"""Every figure of the rated month beside the one made by hand: draws, pure functions, and what the Value page shows."""

from collections import Counter, defaultdict
from dataclasses import replace

from goodmeasure.domain.assessments import AssessmentName, Stratum
from goodmeasure.domain.period import days_span
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.coverage import coverage, response
from goodmeasure.value.shares import tally
from goodmeasure.value.time_range import time_range
from goodmeasure.viewmodels.overview import Stretch
from goodmeasure.viewmodels.value import ValueView
from tests.bench import month_by_hand as by_hand
from tests.bench.month_life import ZONE
from tests.bench.month_rated import Month

_NEAR = 1e-9
_GRADES = {
    "landed and stayed": "verified",
    "with a commit": "linked",
    "your own word": "self_reported",
    "reverted or gone since": "contradicted",
}


def differences(month: Month) -> list[str]:
    """Return each figure that is not the one made by hand: the draws, the pure functions, and what the page shows."""
    return [*_of_draws(month), *_of_functions(month), *_of_page(month)]


def _drawn(month: Month) -> dict[int, by_hand.Draw]:
    """Return the frames made by hand, with what chance decided: that only the ledger knows."""
    found = by_hand.frames(month.life.runs, month.life.days)
    for run in _rated_runs(month):
        found[month.by_run_id[run.run_id].number].drawn = run.draw is not None
    return found


def _rated_runs(month: Month) -> list[RatedRun]:
    queries = month.window._session.desk.queries
    return queries.rated_runs(days_span(month.life.days[0], month.life.days[-1], queries.zone))


def _of_draws(month: Month) -> list[str]:
    wrong, draws = [], _drawn(month)
    for day in month.life.days:
        of_day = [one for one in draws.values() if one.run.day == day]
        drawn = Counter(one.costly for one in of_day if one.drawn)
        if drawn != by_hand.places(of_day):
            wrong.append(f"{day}: drawn {drawn}")
    for run in _rated_runs(month):
        one = draws[month.by_run_id[run.run_id].number]
        if run.draw is not None and (
            abs(run.draw.inclusion_probability - float(one.chance)) > _NEAR
            or (run.draw.stratum is Stratum.COSTLY) is not one.costly
        ):
            wrong.append(f"run {one.run.number}: {run.draw}")
        if run.list_cost_micros != one.run.cost_micros:
            wrong.append(f"run {one.run.number}: cost {run.list_cost_micros}")
    return wrong


def _of_functions(month: Month) -> list[str]:
    wrong: list[str] = []
    runs, life = _rated_runs(month), month.life.runs
    found = coverage(runs)
    rated, every, by_runs, by_cost = by_hand.coverage(life)
    if (found.rated, found.runs) != (rated, every):
        wrong.append(f"coverage {found}")
    if abs((found.by_runs or 0) - float(by_runs)) > _NEAR or abs((found.by_cost or 0) - float(by_cost)) > _NEAR:
        wrong.append(f"coverage {found}")
    for name in (AssessmentName.OUTCOME, AssessmentName.NEED, AssessmentName.REVIEW):
        expected, said = by_hand.counts(life, name.value), tally(runs, name)
        if {**said.counts, "not_rated": said.not_rated} != expected:
            wrong.append(f"{name}: {said.counts}, by hand {expected}")
        wrong += _of_estimate(month, runs, name)
    span, hand = time_range(runs, ZONE), by_hand.time_range(life)
    if span is None or (span.low_minutes, span.high_minutes, span.runs) != hand:
        wrong.append(f"time {span}, by hand {hand}")
    return wrong


def _of_estimate(month: Month, runs: list[RatedRun], name: AssessmentName) -> list[str]:
    said, rate = tally(runs, name).estimate, response(runs, name)
    hand = by_hand.intervals(_drawn(month).values(), name.value)
    if hand is None or said is None or rate is None:
        return [] if (hand is None) is (said is None) else [f"{name}: {said}, by hand {hand}"]
    drawn, answered, ends_of = hand
    wrong = [] if (rate.drawn, rate.answered) == (drawn, answered) else [f"{name}: response {rate}"]
    for answer, ends in ends_of.items():
        one = said.intervals[answer]
        if max(abs(a - b) for a, b in zip((one.low, one.share, one.high), ends, strict=True)) > _NEAR:
            wrong.append(f"{name} {answer}: {one}, by hand {ends}")
    return wrong


def _of_page(month: Month) -> list[str]:
    """Compare what the Value page shows, and the runs that open behind its numbers."""
    window = month.window
    if window.pages is None:
        return ["the window is closed"]
    page = window.pages.value
    window.go_to("value")
    page.period.value = replace(page.period.value, stretch=Stretch.QUARTER, on=month.life.days[0])
    page.refresh()
    month.settle()
    view = page._view
    if view is None:
        return ["the page says nothing"]
    wrong = _of_bars(month, view) + _of_grades(month, view)
    low, high, timed = by_hand.time_range(month.life.runs)
    if (view.time.low, view.time.high, len(view.timed)) != (low, high, timed):
        wrong.append(f"time {view.time}, by hand {(low, high, timed)}")
    return wrong


def _of_bars(month: Month, view: ValueView) -> list[str]:
    wrong = []
    for question, bar in view.bars.items():
        expected = by_hand.counts(month.life.runs, question)
        every = sum(expected.values())
        for part in bar.parts:
            behind = view.behind.get((question, part.value), ())
            if part.count != f"{expected[part.value]:,}" or len(behind) != expected[part.value]:
                wrong.append(f"{question} {part.value}: {part.count}, {len(behind)} runs behind it")
            low, high = expected[part.value], expected[part.value] + expected["not_rated"]
            if part.worst and part.worst != f"{_percent(low, every).removesuffix(' %')} – {_percent(high, every)}":
                wrong.append(f"{question} {part.value}: {part.worst} at the worst")
    return wrong


def _of_grades(month: Month, view: ValueView) -> list[str]:
    numbers = {run_id: run.number for run_id, run in month.by_run_id.items()}
    grades, shown = by_hand.evidence(month.life.runs), defaultdict[tuple[str, str], set[int]](set)
    for row in view.evidence:
        for count in row.counts:
            shown[row.value, _GRADES[count.words]] = {numbers[run_id] for run_id in count.run_ids}
    return [f"{key}: {shown[key] ^ grades[key]}" for key in {*shown, *grades} if shown[key] != grades[key]]


def _percent(part: int, whole: int) -> str:
    share = part / whole
    return "< 1 %" if 0 < share < 0.005 else f"{share * 100:.0f} %"
