"""The daily draw as the app makes it, on a real ledger."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from goodmeasure.domain.assessments import AssessmentName, Collected
from goodmeasure.domain.period import Span
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.services.demo import fill_demo
from goodmeasure.services.rating import Rating
from goodmeasure.services.sampling import Sampling
from goodmeasure.value.shares import tally

DAY = 86_400_000


class FixedClock(Clock):
    """Monday, 2026-11-23, 12:00 UTC; moves when told."""

    def __init__(self) -> None:
        self.at = 1_795_435_200_000

    def now(self) -> int:
        return self.at


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def demo(tmp_path: Path, clock: FixedClock) -> Iterator[Ledger]:
    ledger = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    fill_demo(ledger, tmp_path / "home", clock)
    yield ledger
    ledger.close()


def test_the_demo_has_draws_answers_and_enough_to_say(demo: Ledger) -> None:
    runs = reads.rated_runs(demo, Span(None, None))
    drawn = [run for run in runs if run.draw is not None]
    answered = [run for run in drawn if "outcome" in run.answers]
    assert 0.65 < len(answered) / len(drawn) < 0.85
    assert {run.answers["outcome"].collected for run in answered} <= {Collected.SAMPLED, Collected.SELF_SELECTED}
    assert [run for run in runs if run.draw is None and "outcome" in run.answers]
    days = demo.raw().execute("SELECT draw_id, sum(drawn) FROM draw_run GROUP BY 1").fetchall()
    assert max(count for _, count in days) == 5
    estimate = tally(runs, AssessmentName.OUTCOME).estimate
    assert estimate is not None
    judged = [run for run in drawn if run.answers.get("outcome") is None or run.answers["outcome"].value != "excluded"]
    assert estimate.drawn == len(judged)
    assert sum(interval.share for interval in estimate.intervals.values()) == pytest.approx(1)


def test_one_draw_a_day_and_no_run_twice(demo: Ledger, clock: FixedClock) -> None:
    sampling = Sampling(demo, UTC, clock)
    before = set(sampling.waiting())
    assert sampling.draw_today()
    first = sampling.waiting()
    assert not sampling.draw_today()
    assert sampling.waiting() == first
    new = set(first) - before
    assert 1 <= len(new) <= 5
    clock.at += DAY
    assert sampling.draw_today()  # nothing has ended since: an empty frame is a draw, too
    assert set(sampling.waiting()) <= set(first)
    clock.at += 7 * DAY
    assert sampling.waiting() == []


def test_an_answer_about_a_drawn_run_is_a_sampled_one_and_a_batch_never_is(demo: Ledger, clock: FixedClock) -> None:
    sampling, rating = Sampling(demo, UTC, clock), Rating(demo, clock)
    sampling.draw_today()
    drawn = sampling.waiting()[-1]
    (said,) = rating.rate_run(drawn, {AssessmentName.OUTCOME: "used"}).assessments
    assert said.collected is Collected.SAMPLED
    assert said.inclusion_probability is not None
    assert drawn not in sampling.waiting()
    (batch,) = rating.rate_run(drawn, {AssessmentName.OUTCOME: "used"}, batch=True).assessments
    assert (batch.collected, batch.inclusion_probability) == (Collected.BATCH, None)
    other = next(run.run_id for run in reads.rated_runs(demo, Span(None, None)) if run.draw is None)
    (own,) = rating.rate_run(other, {AssessmentName.OUTCOME: "used"}).assessments
    assert (own.collected, own.inclusion_probability) == (Collected.SELF_SELECTED, None)
