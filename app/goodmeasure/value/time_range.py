"""Time saved and lost, as a range: the sum of the low ends to the sum of the high ends, and nothing in between."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Final

from goodmeasure.domain.assessments import AssessmentName, Confidence, TimeSaved
from goodmeasure.domain.period import moment
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.coverage import answer, judged_runs
from goodmeasure.value.taxonomy import SAVING_NEEDS, SAVING_OUTCOMES, TIME_BANDS, Band

MIN_RUNS: Final = 5
"""No range is shown of fewer runs than this."""
DAY_CAP_MINUTES: Final = 480
"""No day can save more than this."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """What the rated runs saved together; negative minutes are lost. No midpoint, no projection."""

    low_minutes: int
    high_minutes: int
    runs: int
    """Runs with a time answer."""
    losing_runs: int
    """Of those, the ones whose whole band is a loss."""
    uncounted_runs: int
    """Of those, the ones whose saved minutes do not count: `extra`, `unnecessary`, nothing kept, or not said."""
    top_coded_runs: int
    """Of those, the ones in the last, open band (counted as at most 8 hours)."""
    overlapping_runs: int
    """Of those, the ones during which another run was going on: their time is the least certain."""
    capped_days: int
    """Days on which the cap of 480 minutes cut something off."""


def time_range(runs: Sequence[RatedRun], zone: tzinfo) -> TimeRange | None:
    """Return [Σ low, Σ high] over the runs with a time answer as it may be shown; None below 5 of them."""
    total = time_total(runs, zone)
    return total if total is not None and total.runs >= MIN_RUNS else None


def time_total(runs: Sequence[RatedRun], zone: tzinfo) -> TimeRange | None:
    """Return [Σ low, Σ high] over the runs with a time answer, however few; None where there is none.

    A band counts whole where need is essential or helpful and outcome is used, informed or partial; of any other run
    only the loss counts: [min(low, 0), min(high, 0)]. A guess is widened by one neighbour on each side. Both ends are
    capped at 480 minutes for each day (of the start, in `zone`; runs of unknown start share one day).
    """
    timed = [(run, band) for run in judged_runs(runs) if (band := _band(run)) is not None]
    if not timed:
        return None
    days: dict[date | None, list[Band]] = defaultdict(list)
    for run, band in timed:
        started_on = None if run.started_at is None else moment(run.started_at, zone).date()
        days[started_on].append(
            band if _saving_counts(run) else Band(min(band.low_minutes, 0), min(band.high_minutes, 0))
        )
    lows = [sum(band.low_minutes for band in bands) for bands in days.values()]
    highs = [sum(band.high_minutes for band in bands) for bands in days.values()]
    overlapping = overlapping_run_ids(runs)
    return TimeRange(
        sum(min(low, DAY_CAP_MINUTES) for low in lows),
        sum(min(high, DAY_CAP_MINUTES) for high in highs),
        len(timed),
        sum(band.high_minutes < 0 for _, band in timed),
        sum(band.high_minutes > 0 and not _saving_counts(run) for run, band in timed),
        sum(answer(run, AssessmentName.TIME_SAVED) == TimeSaved.SAVED_240_PLUS for run, _ in timed),
        sum(run.run_id in overlapping for run, _ in timed),
        sum(high > DAY_CAP_MINUTES for high in highs),
    )


def has_time(run: RatedRun) -> bool:
    """Tell whether a run has a time answer ("unknown" is none)."""
    return _band(run) is not None


def overlapping_run_ids(runs: Sequence[RatedRun]) -> frozenset[int]:
    """Return the runs that share some stretch of time with another: each starts before the other ends.

    Runs of unknown start or end are never among them: nothing is known to overlap.
    """
    spans = sorted(
        (run.started_at, run.ended_at, run.run_id)
        for run in runs
        if run.started_at is not None and run.ended_at is not None
    )
    found: set[int] = set()
    open_spans: list[tuple[int, int, int]] = []
    for start, end, run_id in spans:
        open_spans = [earlier for earlier in open_spans if earlier[1] > start]
        touched = [earlier for earlier in open_spans if earlier[0] < end]
        if touched:
            found.add(run_id)
            found.update(earlier[2] for earlier in touched)
        open_spans.append((start, end, run_id))
    return frozenset(found)


def _band(run: RatedRun) -> Band | None:
    value = answer(run, AssessmentName.TIME_SAVED)
    if value is None or value == TimeSaved.UNKNOWN:
        return None
    band = TIME_BANDS[TimeSaved(value)]
    if answer(run, AssessmentName.CONFIDENCE) != Confidence.GUESS:
        return band
    ordered = list(TIME_BANDS.values())
    place = ordered.index(band)
    lower, upper = ordered[max(place - 1, 0)], ordered[min(place + 1, len(ordered) - 1)]
    return Band(lower.low_minutes, upper.high_minutes)


def _saving_counts(run: RatedRun) -> bool:
    outcome, need = answer(run, AssessmentName.OUTCOME), answer(run, AssessmentName.NEED)
    return outcome in SAVING_OUTCOMES and need in SAVING_NEEDS
