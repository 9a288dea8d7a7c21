"""Guesses beside what came of them: counted by hand, and silent below ten runs."""

from itertools import count

import pytest

from goodmeasure.domain.calibration import GuessedRun, GuessName
from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.value.calibration import (
    EFFORT_BANDS,
    GUESSES,
    GuessError,
    calibration,
    checked_guess,
    drift,
    forecasts,
    impossible,
    is_asked,
    was_kept,
)

NUMBERS = count(1)


def guessed(saved: str | None = None, evidence: tuple[CommitEvidence, ...] = (), **said: str) -> GuessedRun:
    return GuessedRun(next(NUMBERS), {GuessName(name): value for name, value in said.items()}, saved, evidence)


def commit(
    survival: float | None, *, link: Link = Link.CONTENT, reverted: int | None = None, landed: int | None = 1
) -> CommitEvidence:
    return CommitEvidence("c0ffee", "/repo", link, 1.0, landed, reverted, survival, None)


def test_drift_by_hand() -> None:
    runs = [
        *(guessed(effort_before="under_5", effort_after="from_5_to_15") for _ in range(5)),
        *(guessed(effort_before="over_240", effort_after="over_240") for _ in range(3)),
        guessed(effort_before="from_60_to_120", effort_after="from_30_to_60"),
        guessed(effort_before="from_60_to_120", effort_after="unknown"),
        guessed(effort_before="unknown", effort_after="under_5"),
        guessed(effort_before="under_5"),
    ]
    assert drift(runs) is None
    found = drift([*runs, guessed(effort_before="from_15_to_30", effort_after="from_15_to_30")])
    assert found is not None
    assert (found.runs, found.higher, found.same, found.lower) == (10, 5, 4, 1)


def test_forecasts_by_hand() -> None:
    runs = [
        *(guessed(kept="yes", evidence=(commit(0.5),)) for _ in range(6)),
        guessed(kept="yes", evidence=(commit(0.49),)),
        guessed(kept="yes", evidence=(commit(0.9, reverted=5),)),
        guessed(kept="no", evidence=(commit(None, reverted=5), commit(0.8))),
        guessed(kept="yes", evidence=(commit(None),)),
        guessed(kept="unsure"),
    ]
    assert forecasts(runs) is None
    found = forecasts([*runs, guessed(kept="no", evidence=(commit(0.0),))])
    assert found is not None
    assert [(one.answer, one.waiting, one.resolved, one.kept) for one in found] == [
        ("yes", 1, 8, 6),
        ("unsure", 1, 0, 0),
        ("no", 0, 2, 1),
    ]


def test_only_commits_that_count_tell() -> None:
    assert was_kept([commit(0.9, link=Link.CANDIDATE)]) is None
    assert was_kept([commit(0.9, link=Link.CANDIDATE), commit(0.1)]) is False


def test_what_cannot_be_by_hand() -> None:
    runs = [
        *(guessed("saved_30_60", effort_before="under_5") for _ in range(2)),
        *(guessed("saved_30_60", effort_before="from_15_to_30") for _ in range(4)),  # exactly as long: it can be
        *(guessed("saved_5_15", effort_before="from_60_to_120") for _ in range(3)),
        guessed("lost_5_30", effort_before="under_5"),
        guessed("unknown", effort_before="under_5"),
        guessed("saved_240_plus", effort_before="over_240"),
    ]
    assert impossible(runs) is None
    found = impossible([*runs, guessed("saved_120_240", effort_before="from_60_to_120")])
    assert found is not None
    assert (found.runs, found.beyond) == (10, 2)


def test_one_run_in_ten_whatever_it_is_about() -> None:
    keys = [f"{number:016x}" for number in range(5000)]
    asked = [key for key in keys if is_asked(key, b"a" * 32)]
    assert 430 < len(asked) < 570
    assert asked == [key for key in keys if is_asked(key, b"a" * 32)]
    assert asked != [key for key in keys if is_asked(key, b"b" * 32)]


def test_the_questions_are_whole() -> None:
    assert list(GUESSES) == ["effort_before", "kept", "effort_after"]
    bands = [band for band in EFFORT_BANDS.values() if band is not None]
    assert [band.high_minutes for band in bands[:-1]] == [band.low_minutes for band in bands[1:]]
    for question in GUESSES.values():
        assert len({choice.key for choice in question.choices}) == len(question.choices)
    with pytest.raises(GuessError, match="use one of yes, unsure, no"):
        checked_guess(GuessName.KEPT, "maybe")
    assert calibration([]).guessed == 0
