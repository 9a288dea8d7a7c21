"""What guesses say about one's own sense: of time, and of what will last. For the person alone.

Nothing here is a verdict on a person: these are counts of one's own guesses beside what came of them, shown from ten on
(the smallest number of which the app shows a share).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from goodmeasure.domain.assessments import TimeSaved
from goodmeasure.domain.calibration import Effort, GuessedRun, GuessName, Kept
from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.domain.shares import MIN_ANSWERS
from goodmeasure.value.evidence import VERIFIED_FROM
from goodmeasure.value.taxonomy import TIME_BANDS, Band, Choice

ASKED_ONE_IN: Final = 10
"""One run in so many is asked about."""


class GuessError(ValueError):
    """A guess that this version does not know."""


@dataclass(frozen=True, slots=True)
class GuessQuestion:
    """One guess asked for, with its answers in order."""

    name: GuessName
    text: str
    choices: tuple[Choice, ...]


_EFFORTS: Final = (
    Choice(Effort.UNDER_5, "1", "Under 5 min", "Hardly any time."),
    Choice(Effort.FROM_5_TO_15, "2", "5–15 min", "A quarter of an hour at most."),
    Choice(Effort.FROM_15_TO_30, "3", "15–30 min", "Half an hour at most."),
    Choice(Effort.FROM_30_TO_60, "4", "30–60 min", "An hour at most."),
    Choice(Effort.FROM_60_TO_120, "5", "1–2 h", "Two hours at most."),
    Choice(Effort.FROM_120_TO_240, "6", "2–4 h", "Half a day at most."),
    Choice(Effort.OVER_240, "7", "Over 4 h", "More than half a day."),
    Choice(Effort.UNKNOWN, "0", "Cannot say", "Counts as not guessed."),
)
EFFORT_BANDS: Final[dict[Effort, Band | None]] = {
    Effort.UNDER_5: Band(0, 5),
    Effort.FROM_5_TO_15: Band(5, 15),
    Effort.FROM_15_TO_30: Band(15, 30),
    Effort.FROM_30_TO_60: Band(30, 60),
    Effort.FROM_60_TO_120: Band(60, 120),
    Effort.FROM_120_TO_240: Band(120, 240),
    Effort.OVER_240: None,
}
"""Minutes of each band, shortest first; the last is open."""

GUESSES: Final[dict[GuessName, GuessQuestion]] = {
    question.name: question
    for question in (
        GuessQuestion(
            GuessName.EFFORT_BEFORE, "Before you think about it: without AI, this would have taken…", _EFFORTS
        ),
        GuessQuestion(
            GuessName.KEPT,
            "Will it still be there in two weeks?",
            (
                Choice(Kept.YES, "1", "Yes", "Most of what it made will be there."),
                Choice(Kept.UNSURE, "2", "Unsure", "It may go either way."),
                Choice(Kept.NO, "3", "No", "Most of it will be gone, or it made nothing to keep."),
            ),
        ),
        GuessQuestion(
            GuessName.EFFORT_AFTER, "Now that you see what it took: without AI, this would have taken…", _EFFORTS
        ),
    )
}
"""Every guess, in the order in which they are asked: the first before the outcome, the others after all answers."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How the sense of time moved between before and after, over runs with both guesses."""

    runs: int
    higher: int
    """Runs whose second guess is a longer band …"""
    same: int
    lower: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What came of one answer to "will it still be there in two weeks?"."""

    answer: Kept
    waiting: int
    """Runs of which nothing can be said: two weeks have not passed, or no commit tells."""
    resolved: int
    kept: int
    """Of the resolved ones, those that are there."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """Runs that were said to have saved more time than the task would have taken."""

    runs: int
    """Runs with a guess before and a saving."""
    beyond: int
    """Of those, the ones whose least saving is more than the longest that the task would have taken."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that one's guesses say; a part is None where there are fewer than ten runs to say it of."""

    guessed: int
    """Runs with any guess."""
    drift: Drift | None
    forecasts: tuple[Forecast, ...] | None
    impossible: Impossible | None


def is_asked(run_key: str, salt: bytes) -> bool:
    """Say whether a run is among the one in ten of which guesses are asked.

    BLAKE2b of the run's key under the ledger's `salt`, modulo ten, is zero: the same for a run whenever it is asked
    about, and nothing about the run itself decides.
    """
    return int.from_bytes(blake2b(run_key.encode(), key=salt, digest_size=8).digest()) % ASKED_ONE_IN == 0


def checked_guess(name: GuessName, value: str) -> str:
    """Return a guess that may be kept. Raises GuessError with the values that there are."""
    known = [choice.value for choice in GUESSES[name].choices]
    if value not in known:
        raise GuessError(f"{value!r} is no answer to {name.value}: use one of {', '.join(known)}.")
    return value


def calibration(runs: Sequence[GuessedRun]) -> Calibration:
    """Lay guesses beside what came of them."""
    return Calibration(sum(bool(run.guesses) for run in runs), drift(runs), forecasts(runs), impossible(runs))


def drift(runs: Iterable[GuessedRun]) -> Drift | None:
    """Count the runs whose second guess of the effort is a longer, the same, or a shorter band than the first.

    None below ten runs with both ("cannot say" is no guess).
    """
    order = list(EFFORT_BANDS)
    moves = [
        order.index(after) - order.index(before)
        for run in runs
        for before, after in [(_effort(run, GuessName.EFFORT_BEFORE), _effort(run, GuessName.EFFORT_AFTER))]
        if before is not None and after is not None
    ]
    if len(moves) < MIN_ANSWERS:
        return None
    return Drift(len(moves), sum(move > 0 for move in moves), moves.count(0), sum(move < 0 for move in moves))


def forecasts(runs: Iterable[GuessedRun]) -> tuple[Forecast, ...] | None:
    """Count for each answer to "still there in two weeks?" how many runs are.

    A run is resolved once a commit that counts (no candidate) was reverted, or landed 14 days ago; it is kept where one
    of them was not reverted and has at least half of the run's lines. None below ten resolved runs in all.
    """
    answered = [
        (Kept(run.guesses[GuessName.KEPT]), was_kept(run.evidence)) for run in runs if GuessName.KEPT in run.guesses
    ]
    if sum(fate is not None for _, fate in answered) < MIN_ANSWERS:
        return None
    found = []
    for answer in Kept:
        fates = [fate for said, fate in answered if said is answer]
        found.append(Forecast(answer, fates.count(None), len(fates) - fates.count(None), fates.count(True)))
    return tuple(found)


def was_kept(evidence: Iterable[CommitEvidence]) -> bool | None:
    """Return whether a run's work is there after two weeks; None where no commit tells yet."""
    fates = [
        one.reverted_at is None and (one.survival_14_days or 0) >= VERIFIED_FROM
        for one in evidence
        if one.link is not Link.CANDIDATE and (one.reverted_at is not None or one.survival_14_days is not None)
    ]
    return any(fates) if fates else None


def impossible(runs: Iterable[GuessedRun]) -> Impossible | None:
    """Count the runs of which the least saving is more than the longest that the task would have taken.

    Low end of `time_saved` > high end of the guess before. None below ten runs with a guess that has an upper end and a
    band of saved time.
    """
    pairs = [
        (saved.low_minutes, guessed.high_minutes)
        for run in runs
        for saved, guessed in [(_saved(run), _band(run))]
        if saved is not None and guessed is not None and saved.high_minutes > 0
    ]
    if len(pairs) < MIN_ANSWERS:
        return None
    return Impossible(len(pairs), sum(low > high for low, high in pairs))


def _effort(run: GuessedRun, name: GuessName) -> Effort | None:
    said = run.guesses.get(name)
    return None if said is None or said == Effort.UNKNOWN else Effort(said)


def _band(run: GuessedRun) -> Band | None:
    effort = _effort(run, GuessName.EFFORT_BEFORE)
    return None if effort is None else EFFORT_BANDS[effort]


def _saved(run: GuessedRun) -> Band | None:
    if run.time_saved is None or run.time_saved == TimeSaved.UNKNOWN:
        return None
    return TIME_BANDS[TimeSaved(run.time_saved)]
