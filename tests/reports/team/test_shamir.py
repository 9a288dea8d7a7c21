"""Shares: exact in a field small enough to try everything, and whole in the real one."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.team import shamir
from goodmeasure.reports.team.shamir import PRIME, shares_of, value_of

SMALL = 13


def every_way_to_share(value: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """All that `shares_of` can return, each as often as chance would have it, in a field of 13."""
    monkeypatch.setattr(shamir, "PRIME", SMALL)
    found = []
    for slope in range(SMALL):
        monkeypatch.setattr(shamir, "randbelow", {SMALL: slope}.__getitem__)
        found.append(shares_of(value))
    return found


@pytest.mark.parametrize("value", range(-6, 7))
def test_one_share_is_the_same_for_every_value(value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the value, each steward gets each number of the field exactly once in all throws of chance."""
    ways = every_way_to_share(value, monkeypatch)
    for steward in range(3):
        assert Counter(shares[steward] for shares in ways) == dict.fromkeys(range(SMALL), 1)


@pytest.mark.parametrize("value", range(-6, 7))
def test_any_two_shares_give_the_value(value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for shares in every_way_to_share(value, monkeypatch):
        numbered = dict(enumerate(shares, 1))
        for pair in combinations(numbered, 2):
            assert value_of({number: numbered[number] for number in pair}) == value
        assert value_of(numbered) == value


def test_three_shares_off_one_line_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {shares for value in range(-6, 7) for shares in every_way_to_share(value, monkeypatch)}
    for shares in product(range(SMALL), repeat=3):
        numbered = dict(enumerate(shares, 1))
        if shares in good:
            value_of(numbered)
        else:
            with pytest.raises(Refusal, match="do not agree"):
                value_of(numbered)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=50))
def test_sums_of_shares_are_shares_of_the_sum(values: list[int]) -> None:
    columns = [shares_of(value) for value in values]
    summed = {number: sum(shares[number - 1] for shares in columns) % PRIME for number in (1, 2, 3)}
    assert value_of(summed) == sum(values)


def test_one_share_opens_nothing() -> None:
    with pytest.raises(Refusal, match="answers of 2 stewards, not of 1"):
        value_of({2: 5})
