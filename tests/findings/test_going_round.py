"""The arithmetic of what goes round."""

from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.work import Called
from goodmeasure.findings.going_round import longest_repetition, overlap
from goodmeasure.findings.stretches import retries

GRAMS = st.frozensets(st.binary(min_size=1, max_size=1))


def plainly(marks: list[int], longest: int) -> int:
    """Count repetitions as one would by hand: at every place, with every length of a cycle."""
    best = 1 if marks else 0
    for length in range(1, longest + 1):
        for start in range(len(marks)):
            cycle, repeats = marks[start : start + length], 1
            while len(cycle) == length and marks[start + repeats * length : start + (repeats + 1) * length] == cycle:
                repeats += 1
            best = max(best, repeats)
    return best


@given(st.lists(st.integers(0, 2), max_size=30), st.integers(1, 5))
def test_repetitions_are_those_counted_by_hand(marks: list[int], longest: int) -> None:
    repeats, length, start = longest_repetition(marks, longest)
    assert repeats == plainly(marks, longest)
    assert marks[start : start + repeats * length] == marks[start : start + length] * repeats


@given(st.lists(st.integers(), min_size=1, max_size=6, unique=True), st.integers(1, 9))
def test_a_cycle_is_found_up_to_its_longest_length(cycle: list[int], times: int) -> None:
    expected = times if len(cycle) <= 5 else 1
    assert longest_repetition(cycle * times)[0] == expected


@given(GRAMS, GRAMS)
def test_overlap_is_a_share_that_does_not_depend_on_the_order(
    first: frozenset[bytes], second: frozenset[bytes]
) -> None:
    assert overlap(first, second) == overlap(second, first)
    assert 0 <= overlap(first, second) <= 1
    assert (overlap(first, second) == 1) is (first == second != frozenset())


def act(kind: str, *paths: str, failed: bool = False) -> Called:
    return Called("s", None, kind, None, paths, failed, False)


@given(
    st.lists(st.sampled_from([act("edit", "a"), act("edit", "b"), act("edit", "a", "b"), act("run"), act("read", "a")]))
)
def test_retries_never_outnumber_changes_after_the_first_nor_commands(turn: list[Called]) -> None:
    changes = [one for one in turn if one.kind == "edit"]
    runs = [one for one in turn if one.kind == "run"]
    assert 0 <= retries(turn) <= max(0, len(changes) - 1)
    assert (retries(turn) == 0) or runs
    assert retries([one for one in turn if one.kind != "run"]) == 0


def test_retries_by_hand() -> None:
    edit, other, run = act("edit", "a"), act("edit", "b"), act("run")
    assert retries([edit, run, edit]) == 1
    assert retries([edit, run, run, edit, edit]) == 1
    assert retries([edit, run, other, edit]) == 1
    assert retries([edit, run, act("edit", "a", failed=True), edit]) == 1
    assert retries([edit, edit, run, other]) == 0
