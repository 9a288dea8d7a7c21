"""The daily draw, and the proof that its answers speak for all runs."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.assessments import (
    Assessment,
    AssessmentName,
    AssessmentSource,
    Collected,
    Stratum,
)
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.sampling import Candidate, FrameEntry, costly_from, draw_for_day
from goodmeasure.value.shares import tally
from goodmeasure.value.taxonomy import TAXONOMY_VERSION

SEED = b"a seed of sixteen"


def frame(*costs: int | None) -> list[Candidate]:
    return [Candidate(number, f"{number:016x}", cost) for number, cost in enumerate(costs, 1)]


def test_percentile_is_by_nearest_rank_over_the_known() -> None:
    assert costly_from([*range(1, 11), None]) == 9
    assert costly_from([7]) == 7
    assert costly_from([None]) is None
    assert costly_from([]) is None


def test_two_costly_and_three_of_the_rest() -> None:
    entries = draw_for_day(frame(*[100] * 6, *[1] * 12), 100, SEED)
    assert Counter((entry.draw.stratum, entry.drawn) for entry in entries) == {
        (Stratum.COSTLY, True): 2,
        (Stratum.COSTLY, False): 4,
        (Stratum.REST, True): 3,
        (Stratum.REST, False): 9,
    }
    assert {(entry.draw.stratum, entry.draw.inclusion_probability) for entry in entries} == {
        (Stratum.COSTLY, 2 / 6),
        (Stratum.REST, 3 / 12),
    }


def test_places_of_missing_costly_runs_go_to_the_rest_and_not_the_other_way() -> None:
    assert sum(entry.drawn for entry in draw_for_day(frame(*[1] * 9), 100, SEED)) == 5
    assert sum(entry.drawn for entry in draw_for_day(frame(*[100] * 9), 100, SEED)) == 2


def test_few_runs_are_all_drawn_for_certain() -> None:
    entries = draw_for_day(frame(None, 1, 100), 100, SEED)
    assert [(entry.run_id, entry.drawn, entry.draw.inclusion_probability) for entry in entries] == [
        (1, True, 1.0),
        (2, True, 1.0),
        (3, True, 1.0),
    ]
    assert draw_for_day([], None, SEED) == []


def test_a_draw_can_be_repeated_from_its_seed_for_ever() -> None:
    entries = draw_for_day(frame(*[1] * 12), None, SEED)
    assert [entry.run_id for entry in entries if entry.drawn] == [3, 5, 7, 8, 11]
    assert draw_for_day(frame(*[1] * 12)[::-1], None, SEED) == entries
    assert draw_for_day(frame(*[1] * 12), None, b"another") != entries


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9)), max_size=40), st.binary(min_size=1, max_size=32))
def test_the_frame_comes_back_whole_and_the_limits_hold(costs: list[int | None], seed: bytes) -> None:
    entries = draw_for_day(frame(*costs), costly_from(costs), seed)
    assert sorted(entry.run_id for entry in entries) == list(range(1, len(costs) + 1))
    drawn = [entry for entry in entries if entry.drawn]
    assert len(drawn) <= 5
    assert sum(entry.draw.stratum is Stratum.COSTLY for entry in drawn) <= 2
    assert all(0 < entry.draw.inclusion_probability <= 1 for entry in entries if entry.drawn)
    assert sum(entry.draw.inclusion_probability for entry in entries) == pytest.approx(len(drawn))


def test_every_run_of_a_stratum_is_drawn_equally_often() -> None:
    drawn = Counter(
        entry.run_id
        for number in range(4000)
        for entry in draw_for_day(frame(*[1] * 20), None, number.to_bytes(8, "big"))
        if entry.drawn
    )
    assert set(drawn) == set(range(1, 21))
    # 4,000 draws at 1/4: mean 1,000, standard deviation 27; five of them are not met by chance in a lifetime.
    assert all(abs(times - 1000) < 5 * 27.4 for times in drawn.values())


class _Life:
    """Forty days of one person's runs: costly ones go wrong more often, and who volunteers tells what went well."""

    def __init__(self, random: Random) -> None:
        self.costs = [round(random.lognormvariate(13, 1.5)) for _ in range(40 * 12)]
        dear = costly_from(self.costs)
        assert dear is not None
        self.good = [random.random() < (0.30 if cost >= dear else 0.4667) for cost in self.costs]
        self.runs = [
            Candidate(number, f"{random.getrandbits(64):016x}", cost) for number, cost in enumerate(self.costs)
        ]

    @property
    def truth(self) -> float:
        return sum(self.good) / len(self.good)

    def drawn(self, seed: int) -> list[RatedRun]:
        rated = []
        for day in range(40):
            some = self.runs[day * 12 : day * 12 + 12]
            entries = draw_for_day(some, costly_from(self.costs), (seed * 100 + day).to_bytes(8, "big"))
            rated += [self._answered(entry) for entry in entries]
        return rated

    def volunteered(self, random: Random) -> list[bool]:
        return [good for good in self.good if random.random() < (0.40 if good else 0.12)]

    def _answered(self, entry: FrameEntry) -> RatedRun:
        number = entry.run_id
        if not entry.drawn:
            return RatedRun(number, "source", None, None, None, self.costs[number], {}, None)
        said = Assessment(
            id=number,
            run_id=number,
            name=AssessmentName.OUTCOME,
            value="used" if self.good[number] else "discarded",
            source=AssessmentSource.HUMAN,
            collected=Collected.SAMPLED,
            inclusion_probability=entry.draw.inclusion_probability,
            assessed_at=0,
            answer_seconds=None,
            suggested=None,
            supersedes_id=None,
            taxonomy_version=TAXONOMY_VERSION,
        )
        return RatedRun(number, "source", None, None, None, self.costs[number], {"outcome": said}, entry.draw)


def test_drawn_answers_cover_the_truth_where_volunteered_ones_mislead() -> None:
    random = Random(20)  # noqa: S311 - a simulation must repeat
    life = _Life(random)
    assert life.truth == pytest.approx(0.45, abs=0.02)
    volunteered = [good for _ in range(100) for good in life.volunteered(random)]
    assert sum(volunteered) / len(volunteered) == pytest.approx(0.73, abs=0.02)

    covered, middle = 0, 0.0
    for seed in range(1000):
        estimate = tally(life.drawn(seed), AssessmentName.OUTCOME).estimate
        assert estimate is not None
        used = estimate.intervals["used"]
        covered += used.low <= life.truth <= used.high
        middle += used.share / 1000
    assert middle == pytest.approx(life.truth, abs=0.01)
    # 1,000 draws at 80 %: standard deviation 13.
    assert abs(covered - 800) < 3 * 13
