"""All detectors over all runs: who is exempt, what was dismissed."""

from collections.abc import Mapping, Sequence

from goodmeasure.domain.assessments import Outcome
from goodmeasure.domain.findings import Detector, Dismissals, Finding, LookedAtRun
from goodmeasure.findings.carrying import cold_cache, context_heavy, oversized_models, tool_overhead
from goodmeasure.findings.going_round import no_progress, repeat_prompts, rereads, retry_heavy, tool_loops
from goodmeasure.findings.stretches import DAY_MS, edited
from goodmeasure.findings.yielding import cost_outliers, idle_runs, low_need, low_yield, unaccounted_cost

DISMISSED_FOR_MS = 30 * DAY_MS
RESERVE_STEP = 0.5
EVERYWHERE = frozenset({Detector.OVERSIZED_MODEL, Detector.UNACCOUNTED_COST, Detector.LOW_NEED})
"""Detectors that look at all projects together."""

_BY_PROJECT = {
    Detector.TOOL_LOOP: tool_loops,
    Detector.NO_PROGRESS: no_progress,
    Detector.REPEAT_PROMPT: repeat_prompts,
    Detector.RETRY_HEAVY: retry_heavy,
    Detector.LOW_YIELD: low_yield,
    Detector.CONTEXT_HEAVY: context_heavy,
    Detector.COST_OUTLIER: cost_outliers,
    Detector.COLD_CACHE: cold_cache,
    Detector.REREADS: rereads,
    Detector.TOOL_OVERHEAD: tool_overhead,
    Detector.IDLE_RUN: idle_runs,
    Detector.OVERSIZED_MODEL: oversized_models,
}

Said = Mapping[tuple[Detector, int | None], Dismissals]
"""What the person dismissed, by detector and project's number (None: no project, or all of them)."""


def exempt(run: LookedAtRun) -> bool:
    """Return whether a run is no detector's business: it answered a question, as the person says, and only read."""
    return run.outcome == Outcome.INFORMED and not edited(run)


def look_for(runs: Sequence[LookedAtRun], said: Said, now: int) -> list[Finding]:
    """Return what all detectors find in these runs, in the order of `Detector`, without what is dismissed.

    A dismissal silences a detector in that project for 30 days; for each one ever made there, its threshold is half
    again as high from then on. Judgements of need and unaccounted cost are asked of all runs, exempt ones too.
    """

    def reserve(detector: Detector, project_id: int | None) -> float:
        dismissals = said.get((detector, project_id))
        return 1.0 + RESERVE_STEP * (dismissals.count if dismissals else 0)

    open_to_question = [run for run in runs if not exempt(run)]
    found = [one for detect in _BY_PROJECT.values() for one in detect(open_to_question, reserve)]
    found += unaccounted_cost(runs, reserve, now)
    found += low_need(runs, reserve)
    return [one for one in found if not _dismissed(said.get((one.detector, one.project_id)), now)]


def _dismissed(dismissals: Dismissals | None, now: int) -> bool:
    return dismissals is not None and now - dismissals.latest_at < DISMISSED_FOR_MS
