"""The demo: some months of one invented person's logs, and what they said about their runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected, Draw
from goodmeasure.domain.runs import Run
from goodmeasure.intake.synthetic import write_home
from goodmeasure.intake.synthetic_work import DAY, Truth
from goodmeasure.value.taxonomy import TAXONOMY_VERSION

_HOUR = DAY // 24

_ANSWERED = 0.74
"""Share of the drawn runs that are answered."""
_VOLUNTEERED = 0.13
"""Share of the other runs that the person rates unasked: those that went well, more often than not."""
_CORRECTED = 0.03
"""Share of outcomes that are changed some days later."""
_SECOND_PERSON = 0.22

_OUTCOMES = {"used": 44, "partial": 19, "informed": 17, "discarded": 13, "harmful": 2, "excluded": 4, "pending": 1}
_VOLUNTEERED_OUTCOMES = {"used": 74, "partial": 9, "informed": 10, "discarded": 6, "harmful": 1}
_NEEDS = {
    "used": {"helpful": 60, "essential": 21, "extra": 15, "unnecessary": 4},
    "partial": {"helpful": 66, "essential": 12, "extra": 14, "unnecessary": 8},
    "informed": {"helpful": 55, "essential": 15, "extra": 25, "unnecessary": 5},
    "discarded": {"helpful": 45, "essential": 4, "extra": 31, "unnecessary": 20},
    "harmful": {"helpful": 70, "extra": 15, "unnecessary": 15},
}
_TIMES = {
    "used": {
        "saved_5_15": 20,
        "saved_15_30": 24,
        "saved_30_60": 22,
        "saved_60_120": 12,
        "saved_120_240": 4,
        "same": 10,
        "lost_5_30": 5,
        "unknown": 3,
    },
    "partial": {
        "saved_5_15": 24,
        "saved_15_30": 17,
        "saved_30_60": 7,
        "same": 25,
        "lost_5_30": 19,
        "lost_30_plus": 4,
        "unknown": 4,
    },
    "informed": {"saved_5_15": 34, "saved_15_30": 21, "saved_30_60": 8, "same": 22, "lost_5_30": 8, "unknown": 7},
    "discarded": {"same": 26, "lost_5_30": 52, "lost_30_plus": 15, "unknown": 7},
    "harmful": {"lost_5_30": 35, "lost_30_plus": 60, "same": 5},
}
_REVIEWS = {
    "used": {"accepted": 41, "light_edits": 42, "heavy_edits": 7, "none": 10},
    "partial": {"heavy_edits": 60, "light_edits": 32, "accepted": 8},
    "informed": {"accepted": 52, "light_edits": 14, "none": 34},
    "discarded": {"rejected": 84, "none": 16},
    "harmful": {"rejected": 34, "none": 38, "accepted": 28},
}  # fmt: skip
_CONFIDENCE = {"sure": 34, "fairly": 48, "guess": 18}


class _Asked(NamedTuple):
    """How one run came to be rated."""

    collected: Collected
    probability: float | None
    at: int


def write_demo_home(folder: Path, *, now: int, seed: int = 7, days: int = 240, sessions: int = 420) -> Truth:
    """Write the invented person's logs under `folder`, the last of them shortly before `now` (ms UTC).

    A few megabytes: texts are short, agents are recent, and nothing is broken. Raises OSError.
    """
    return write_home(
        folder, seed=seed, days=days, sessions=sessions, ends_at=now, text_scale=0.02, traps=False, newest_eras=2
    )


def demo_ratings(
    runs: Sequence[Run], drawn: Mapping[int, tuple[int, Draw]], *, seed: int = 1, now: int
) -> list[Assessment]:
    """Return what the invented person said about `runs`, oldest first, nothing later than `now` (ms UTC).

    `drawn`: per drawn run the instant and the draw. About three quarters of those are answered, within two days, and a
    few others. The same runs, draws, seed and moment give the same judgements.
    """
    random = Random(seed)  # noqa: S311  invented data: reproducible is the point
    said: list[Assessment] = []
    for run in sorted(runs, key=lambda run: run.key):
        said += _about(run, drawn.get(run.id), random, now)
    return sorted(said, key=lambda assessment: (assessment.assessed_at, assessment.run_id, assessment.name))


def _about(run: Run, drawn: tuple[int, Draw] | None, random: Random, now: int) -> list[Assessment]:
    ended_at = run.ended_at or run.started_at
    asked = None if ended_at is None else _asked(random, ended_at, drawn)
    if asked is None or asked.at > now:
        return []
    outcomes = _OUTCOMES if asked.collected is Collected.SAMPLED else _VOLUNTEERED_OUTCOMES
    outcome = _one_of(random, outcomes)
    answers = {AssessmentName.OUTCOME: outcome}
    if outcome in _NEEDS:
        answers[AssessmentName.NEED] = _one_of(random, _NEEDS[outcome])
        if asked.collected is Collected.SAMPLED:
            answers[AssessmentName.TIME_SAVED] = _one_of(random, _TIMES[outcome])
            answers[AssessmentName.REVIEW] = _one_of(random, _REVIEWS[outcome])
            answers[AssessmentName.CONFIDENCE] = _one_of(random, _CONFIDENCE)
            if random.random() < _SECOND_PERSON:
                answers[AssessmentName.SECOND_PERSON] = "yes"
    said = [_assessment(run, name, value, asked, random) for name, value in answers.items()]
    later = asked.at + random.randrange(2, 9) * DAY
    if outcome == "used" and random.random() < _CORRECTED and later < now:
        correction = _Asked(Collected.SELF_SELECTED, None, later)
        said.append(_assessment(run, AssessmentName.OUTCOME, "partial", correction, random))
    return said


def _asked(random: Random, ended_at: int, drawn: tuple[int, Draw] | None) -> _Asked | None:
    """Decide whether, how and when a run is rated: a drawn one soon after the draw, another sometimes unasked."""
    fate, waited = random.random(), random.randrange(_HOUR // 12, 40 * _HOUR)
    if drawn is not None:
        drawn_at, draw = drawn
        answered = _Asked(Collected.SAMPLED, draw.inclusion_probability, drawn_at + waited)
        return answered if fate < _ANSWERED else None
    return _Asked(Collected.SELF_SELECTED, None, ended_at + waited) if fate < _VOLUNTEERED else None


def _assessment(run: Run, name: AssessmentName, value: str, asked: _Asked, random: Random) -> Assessment:
    return Assessment(
        id=None,
        run_id=run.id,
        name=name,
        value=value,
        source=AssessmentSource.HUMAN,
        collected=asked.collected,
        inclusion_probability=asked.probability,
        assessed_at=asked.at,
        answer_seconds=round(random.lognormvariate(0.9, 0.5), 1),
        suggested=None,
        supersedes_id=None,
        taxonomy_version=TAXONOMY_VERSION,
    )


def _one_of(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), weights=list(weights.values()))[0]
