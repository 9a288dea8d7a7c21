"""The discrete Laplace sampler: its distribution, against the formula and against OpenDP."""

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterable
from math import exp
from secrets import randbelow

import pytest

from goodmeasure.disclosure.noise import Below, discrete_laplace, keyed

KEY = bytes(range(32))
DRAWS = 20_000
UNLIKELY = 60.0
"""Chi-squared of 21 bins beyond this happens by chance once in a hundred thousand."""


def _chance_of(x: int, epsilon: float) -> float:
    q = exp(-epsilon)
    return (1 - q) / (1 + q) * q ** abs(x)


def _chi_squared(draws: Iterable[int], epsilon: float) -> float:
    """Return how far draws are from the formula: bins -10 … 10, the tails beyond in the outermost."""
    width = 10
    seen = Counter(max(-width, min(width, draw)) for draw in draws)
    tail = sum(_chance_of(x, epsilon) for x in range(width, 2000))
    expected = {x: _chance_of(x, epsilon) if abs(x) < width else tail for x in range(-width, width + 1)}
    total = sum(seen.values())
    return sum((seen[x] - total * chance) ** 2 / (total * chance) for x, chance in expected.items())


@pytest.mark.parametrize("tenths", [3, 5, 7])
def test_draws_follow_the_formula(tenths: int) -> None:
    # Numbers from a fixed key: the same draws each time, so that this cannot fail by chance.
    below = keyed(KEY, b"test")
    draws = [discrete_laplace(tenths, below) for _ in range(DRAWS)]
    assert _chi_squared(draws, tenths / 10) < UNLIKELY


def _twice_as_many_zeros(tenths: int, below: Below) -> int:
    draw = discrete_laplace(tenths, below)
    return draw or discrete_laplace(tenths, below) * below(2)


@pytest.mark.parametrize(
    "wrong",
    [
        _twice_as_many_zeros,
        lambda tenths, below: discrete_laplace(tenths + 1, below),
        lambda tenths, below: abs(discrete_laplace(tenths, below)),
        lambda tenths, below: discrete_laplace(tenths, below) + below(2),
    ],
)
def test_a_wrong_sampler_would_be_found(wrong: Callable[[int, Below], int]) -> None:
    below = keyed(KEY, b"test")
    assert _chi_squared([wrong(5, below) for _ in range(DRAWS)], 0.5) > UNLIKELY


def test_real_chance_serves_as_well() -> None:
    draws = [discrete_laplace(20, randbelow) for _ in range(200)]
    assert -30 < sum(draws) / len(draws) < 30
    assert len(set(draws)) > 2


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 10, 256, 1000])
def test_keyed_numbers_are_uniform_and_their_own(limit: int) -> None:
    below = keyed(KEY, b"one")
    seen = Counter(below(limit) for _ in range(limit * 200))
    assert set(seen) == set(range(limit))
    assert all(90 < times < 330 for times in seen.values())
    again, other = keyed(KEY, b"one"), keyed(KEY, b"two")
    first = [again(2**64) for _ in range(5)]
    assert first == [same(2**64) for same in [keyed(KEY, b"one")] for _ in range(5)]
    assert first != [other(2**64) for _ in range(5)]


def test_it_is_what_opendp_draws() -> None:
    if importlib.util.find_spec("opendp") is None:
        pytest.skip("LEFT OUT: OpenDP, 265 MB, is not installed; the formula stands in for it")
    import opendp.prelude as dp  # noqa: PLC0415 - only where somebody installed it

    dp.enable_features("contrib")
    oracle = dp.m.make_laplace(dp.atom_domain(T=int), dp.absolute_distance(T=int), scale=2.0)
    theirs = [oracle(0) for _ in range(DRAWS)]
    assert _chi_squared(theirs, 0.5) < UNLIKELY, "then the formula is wrong"
    ours = Counter(discrete_laplace(5, randbelow) for _ in range(DRAWS))
    told = Counter(theirs)
    for x in range(-5, 6):
        # Six standard deviations of a count of twenty thousand.
        assert abs(ours[x] - told[x]) < 6 * (2 * DRAWS * _chance_of(x, 0.5)) ** 0.5
