from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.usage import NOTHING, Counters, counters_sum, known_sum, total_of

COUNT = st.none() | st.integers(0, 10**12)
ROWS = st.builds(Counters, *[st.integers(0, 10**6), *[COUNT] * 7, *[st.integers(0, 10**6)] * 3])


def test_unknown_and_known_make_known_and_two_unknowns_stay_unknown() -> None:
    assert known_sum(None, None) is None
    assert known_sum(None, 0) == 0
    assert known_sum(3, None) == 3
    assert known_sum(3, 4) == 7


def test_nothing_used_is_a_measured_zero() -> None:
    assert total_of([]) == NOTHING
    assert NOTHING.list_cost_micros == 0


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_the_order_of_rows_does_not_change_their_sum(rows: list[Counters]) -> None:
    total = total_of(rows)
    assert total_of(rows[::-1]) == total
    assert counters_sum(rows[0], total_of(rows[1:])) == total if len(rows) > 1 else total == rows[0]


@given(ROWS)
def test_one_row_is_its_own_total_unknowns_included(row: Counters) -> None:
    assert total_of([row]) == row
