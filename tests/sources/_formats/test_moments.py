"""Instants written as numbers."""

import pytest

from goodmeasure.sources._formats.moments import moment_of


@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (1791187200, 1791187200000),
        (1791187200000, 1791187200000),
        (1791187200.25, 1791187200250),
        (0, None),
        (-5, None),
        (None, None),
        (2**60, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_moment_of_a_number(number: float | None, moment: int | None) -> None:
    assert moment_of(number) == moment
