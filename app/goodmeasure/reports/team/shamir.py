"""Secret sharing after Shamir (1979), two of three: a value is the height at 0 of a random straight line.

Each steward gets the line's height at their own number. One height is uniformly distributed whatever the value is; two
heights give the line. Heights add up: the sum of everybody's heights at 2 lies on the sum of everybody's lines.
"""

from collections.abc import Mapping
from itertools import combinations
from secrets import randbelow
from typing import Final

from goodmeasure.disclosure.team import STEWARDS, THRESHOLD
from goodmeasure.domain.errors import Refusal

PRIME: Final = 2**61 - 1
"""A Mersenne prime: a share fits into eight bytes."""


def shares_of(value: int) -> tuple[int, ...]:
    """Return one share for each steward, in order, each from 0 to PRIME - 1; `value` may be negative."""
    slope = randbelow(PRIME)
    return tuple((value + slope * number) % PRIME for number in range(1, STEWARDS + 1))


def value_of(shares: Mapping[int, int]) -> int:
    """Return the value whose shares these are, by the number of their steward; negative for the upper half.

    Raises Refusal below two shares, and where three do not lie on one line.
    """
    if len(shares) < THRESHOLD:
        raise Refusal(f"It takes the answers of {THRESHOLD} stewards, not of {len(shares)}: wait for another.")
    found = {_height_at_zero(shares, *pair) for pair in combinations(sorted(shares), THRESHOLD)}
    if len(found) != 1:
        raise Refusal(
            "The stewards' answers do not agree, so no sum can be trusted: a file was made by another program."
        )
    (value,) = found
    return value if value <= PRIME // 2 else value - PRIME


def _height_at_zero(shares: Mapping[int, int], first: int, second: int) -> int:
    slope = (shares[second] - shares[first]) * pow(second - first, -1, PRIME)
    return (shares[first] - slope * first) % PRIME
