"""A year of sharing as chance has it: whatever is rated, shared and restated in whatever order, the rules hold."""

import shutil
import tempfile
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from goodmeasure.disclosure.levels import Numbers, Story
from goodmeasure.disclosure.numbers import NoisyRuns
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import period_named, week_of
from goodmeasure.ledger.releases import frozen_periods, released_runs, releases
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.reports.opening import open_report
from tests.services.sharing_world import World

FIRST = date(2026, 9, 2)
DAYS = st.integers(0, 90).map(lambda days: FIRST + timedelta(days=days))
PERIODS = st.sampled_from(
    [*(week_of(FIRST + timedelta(weeks=weeks)).name for weeks in range(13)), "2026-09", "2026-10", "2026-11"]
)
ANSWERS = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["used", "informed", "partial", "discarded", "harmful", "excluded"]),
        "need": st.sampled_from(["essential", "helpful", "extra", "unnecessary"]),
        "review": st.sampled_from(["none", "accepted", "rejected"]),
        "time_saved": st.sampled_from(["lost_5_30", "saved_30_60"]),
    }
)
SECTIONS = ("outcome", "need", "review", "counts", "time", "cost", "oversight")


class Sharing(RuleBasedStateMachine):
    """Acts as a person does; remembers what each period's readers were shown first."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="goodmeasure-machine-"))
        self.world = World(self.folder / "ledger.sqlite")
        self.shown: dict[str, dict[str, object]] = {}
        """Section by section, what was shown first of a period since it was last restated."""
        self.corrects: dict[str, str] = {}
        self.noise: dict[str, NoisyRuns] = {}
        self.spent = 0
        self.runs: list[int] = []

    @rule(day=DAYS, number=st.integers(1, 12), answers=ANSWERS)
    def work(self, day: date, number: int, answers: dict[str, str]) -> None:
        self.runs += self.world.runs(day, number, answers)

    @rule(place=st.integers(0, 10**6), answers=ANSWERS)
    def judge_again(self, place: int, answers: dict[str, str]) -> None:
        if self.runs:
            self.world.say(self.runs[place % len(self.runs)], answers)

    @rule(
        period=PERIODS,
        level=st.sampled_from(["L1", "L2"]),
        cost=st.booleans(),
        oversight=st.booleans(),
        noise=st.sampled_from([None, None, 5, 10]),
        restate=st.sampled_from([False, False, False, True]),
        only_look=st.booleans(),
    )
    def share(
        self, period: str, level: str, noise: int | None, *, cost: bool, oversight: bool, restate: bool, only_look: bool
    ) -> None:
        rich = {"cost": cost, "oversight": oversight, "noise_tenths": noise} if level == "L2" else {}
        try:
            drafted = self.world.draft(period, level, restate=restate, **rich)
        except Refusal as refusal:
            self._refused_rightly(period, str(refusal), restate=restate)
            return
        assert not self._overlapping(period)
        if drafted.freezing is not None:
            counted = released_runs(self.world.ledger)
            assert all(counted.get(run_id, period) == period for run_id in drafted.freezing.run_ids)
        again = self.world.draft(period, level, restate=restate, **rich)
        assert canonical_bytes(again.report) == canonical_bytes(drafted.report)
        if only_look:
            return
        if restate:
            assert period in self.shown
            assert drafted.changes
            newest = [one for one in releases(self.world.ledger) if one.period == period][-1]
            self.corrects[period] = sha256(newest.body).hexdigest()
            self.shown.pop(period)
            self.noise.pop(period, None)
        self.world.keep(drafted)
        self._remember(period, drafted.report)

    def _remember(self, period: str, report: object) -> None:
        assert isinstance(report, Story | Numbers)
        assert report.restates == self.corrects.get(period)
        shown = self.shown.setdefault(period, {})
        for section in SECTIONS:
            value = getattr(report, section, None)
            if value is not None:
                assert shown.setdefault(section, value) == value, f"{section} of {period} changed"
        noisy = getattr(report, "noisy_runs", None)
        if noisy is not None:
            self.spent += 0 if period in self.noise else noisy.epsilon_tenths
            assert self.noise.setdefault(period, noisy) == noisy

    def _refused_rightly(self, period: str, words: str, *, restate: bool) -> None:
        if "shares days with it" in words:
            assert self._overlapping(period)
        elif "there is nothing to restate" in words:
            assert restate
        elif "was shared with epsilon" in words:
            assert period in self.noise
        else:
            assert "There is no run in" in words
            assert period not in self.shown

    def _overlapping(self, period: str) -> bool:
        one = period_named(period)
        others = [period_named(name) for name in self.shown if name != period]
        return any(other.first_on <= one.last_on and one.first_on <= other.last_on for other in others)

    @invariant()
    def no_day_is_in_two_frozen_periods(self) -> None:
        held = sorted((period_named(name) for name in frozen_periods(self.world.ledger)), key=lambda one: one.first_on)
        assert all(one.last_on < other.first_on for one, other in pairwise(held))
        assert {one.name for one in held} == set(self.shown)

    @invariant()
    def a_run_counts_for_one_period_from_its_own_on(self) -> None:
        counted = released_runs(self.world.ledger)
        assert set(counted.values()) <= set(self.shown)
        for run_id, name in counted.items():
            started = self.world.days[run_id]
            assert started <= period_named(name).last_on

    @invariant()
    def the_price_of_noise_is_kept(self) -> None:
        assert self.world.drafting.epsilon_tenths() == self.spent

    @invariant()
    def every_release_opens_as_it_was_written(self) -> None:
        made = releases(self.world.ledger)
        if made:
            assert canonical_bytes(open_report(made[-1].body)) == made[-1].body

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.close()
            shutil.rmtree(self.folder)


@pytest.mark.usefixtures("home")
def test_whatever_is_shared_in_whatever_order() -> None:
    """Twenty people of twenty-five acts each; about ten seconds, which a ledger on disk costs."""
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415 - as Hypothesis documents it

    run_state_machine_as_test(
        Sharing,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
