"""The promise: nothing private has any influence on what leaves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from goodmeasure.disclosure.writing import Header, TypedWords
from goodmeasure.domain.assessments import AssessmentSource, Draw
from goodmeasure.domain.period import period_named
from goodmeasure.domain.runs import RatedRun
from goodmeasure.reports.files import ReportFiles, report_files
from tests.reports.made import story_of

MONTH = period_named("2026-11")
Typed = tuple[TypedWords, Header]


def test_the_report_of_a_fixed_month(files: ReportFiles, snapshot: SnapshotAssertion) -> None:
    assert files.report.decode() == snapshot


_PRIVATE: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "run_id": st.integers(1),
        "source": st.text(),
        "project": st.none() | st.text(),
        "started_at": st.none() | st.integers(0, 2**41),
        "ended_at": st.none() | st.integers(0, 2**41),
        "list_cost_micros": st.none() | st.integers(0),
    }
)
_PRIVATE_ANSWER: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "id": st.integers(1),
        "run_id": st.integers(1),
        "source": st.sampled_from(AssessmentSource),
        "assessed_at": st.integers(0, 2**41),
        "answer_seconds": st.none() | st.floats(0, 1000),
        "suggested": st.none() | st.text(),
        "supersedes_id": st.none() | st.integers(1),
    }
)


@settings(max_examples=25)
@given(data=st.data())
def test_changing_everything_private_does_not_change_one_byte(
    data: st.DataObject, rated_runs: list[RatedRun], files: ReportFiles, key: Ed25519PrivateKey, typed: Typed
) -> None:
    changed = [
        replace(
            run,
            **data.draw(_PRIVATE),
            answers={
                name: replace(answer, **data.draw(_PRIVATE_ANSWER)) for name, answer in reversed(run.answers.items())
            },
        )
        for run in data.draw(st.permutations(rated_runs[:12]))
    ]
    assert report_files(story_of([*rated_runs[12:], *changed], MONTH, *typed), key) == files


def test_time_answers_and_confidence_stay_here(
    rated_runs: list[RatedRun], files: ReportFiles, key: Ed25519PrivateKey, typed: Typed
) -> None:
    def with_private_answers(run: RatedRun) -> RatedRun:
        if "outcome" not in run.answers:
            return run
        outcome = run.answers["outcome"]
        private = {"time_saved": "saved_240_plus", "confidence": "guess", "second_person": "yes"}
        return replace(
            run, answers={**run.answers, **{name: replace(outcome, value=value) for name, value in private.items()}}
        )

    changed = [with_private_answers(run) for run in rated_runs]
    assert changed != rated_runs
    assert report_files(story_of(changed, MONTH, *typed), key) == files


def test_runs_left_out_leave_no_count(
    rated_runs: list[RatedRun], files: ReportFiles, key: Ed25519PrivateKey, typed: Typed
) -> None:
    excluded = next(
        run for run in rated_runs if "outcome" in run.answers and run.answers["outcome"].value == "excluded"
    )
    more = [replace(excluded, run_id=1000 + number) for number in range(500)]
    assert report_files(story_of([*rated_runs, *more], MONTH, *typed), key) == files


def test_it_does_depend_on_what_it_is_about(
    rated_runs: list[RatedRun], files: ReportFiles, key: Ed25519PrivateKey, typed: Typed
) -> None:
    """The tests above could pass on a constant."""
    changes: list[Callable[[RatedRun], RatedRun]] = [
        lambda run: replace(run, answers={}),
        lambda run: replace(run, draw=Draw(run.draw.stratum, 0.01) if run.draw and run.run_id % 3 else run.draw),
    ]
    for change in changes:
        assert report_files(story_of([change(run) for run in rated_runs], MONTH, *typed), key).report != files.report
