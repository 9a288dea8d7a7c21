"""Exact numbers of made-up periods: few runs and many, lopsided and even, as chance has it."""

from random import Random

from goodmeasure.domain.assessments import AssessmentName, Collected, Need, Outcome, Review
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.facts import Autonomy, DataClass, ExternalAction
from goodmeasure.domain.numbers import Checks, ExactNumbers, ExactTime
from goodmeasure.domain.shares import Tally
from goodmeasure.domain.usage import Counters

ANSWERS: dict[AssessmentName, list[str]] = {
    AssessmentName.OUTCOME: [Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL, Outcome.DISCARDED, Outcome.HARMFUL],
    AssessmentName.NEED: list(Need),
    AssessmentName.REVIEW: list(Review),
}
MODELS = ("claude-sonnet-5", "gpt-6-codex", "gemini-4-pro", "house-model", None)


def exact_period(chance: Random, runs: int | None = None) -> ExactNumbers:
    """Return the numbers of a period with so many runs (None: any number, few more often than many)."""
    total = int(10 ** chance.uniform(1, 3)) if runs is None else runs
    acting = chance.randint(0, total)
    checks = _split(chance, acting, 3)
    return ExactNumbers(
        runs=total,
        tallies={name: _tally(chance, name, total) for name in ANSWERS},
        times=_times(chance, total),
        autonomy=dict(zip(Autonomy, _split(chance, total, 5), strict=False)),
        data_class=dict(zip(DataClass, _split(chance, total, 5), strict=False)),
        actions={action: chance.choice([0, chance.randint(0, acting)]) for action in ExternalAction},
        checks=Checks(*checks),
        usage=tuple(
            (run, chance.choice(MODELS), Counters(3, 1000, 20, None, 5, chance.randint(0, 900), 0, 123_456, 0, 0, 0))
            for run in range(total)
        ),
    )


def _split(chance: Random, total: int, parts: int) -> list[int]:
    """Return parts that make up the total; some of them often tiny, or nothing."""
    weights = [chance.choice([0, 0.02, 0.1, 1, 3]) * chance.random() for _ in range(parts)]
    if not sum(weights):
        weights[0] = 1
    chosen = chance.choices(range(parts), weights, k=total)
    return [chosen.count(part) for part in range(parts)]


def _tally(chance: Random, name: AssessmentName, total: int) -> Tally:
    *counts, not_rated = _split(chance, total, len(ANSWERS[name]) + 1)
    collected = dict.fromkeys(Collected, 0)
    collected[Collected.SELF_SELECTED] = sum(counts)
    return Tally(name, dict(zip(map(str, ANSWERS[name]), counts, strict=True)), not_rated, collected, None)


def _times(chance: Random, total: int) -> dict[Grade, ExactTime]:
    found = {}
    for grade, runs in zip((Grade.VERIFIED, Grade.LINKED, Grade.SELF_REPORTED), _split(chance, total, 4), strict=False):
        if runs:
            low = sum(chance.choice([-120, -30, 5, 60]) for _ in range(runs))
            found[grade] = ExactTime(low, low + 60 * runs, runs, chance.randint(0, runs))
    return found
