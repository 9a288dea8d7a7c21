"""Sealed records: opened ones fit, and nothing else shows, not even how many there are."""

import hashlib
from itertools import product

import msgspec
import pytest

from goodmeasure.disclosure.sealing import PLACES, SealedWeek, holds, sealed, sealed_week
from goodmeasure.disclosure.single_runs import TREE_DEPTH, OpenedRun, RunRecord
from goodmeasure.domain.assessments import Need, Outcome
from tests.disclosure.samples import RECORD, RUN

SALT = bytes(range(32))


def _record(**changed: object) -> RunRecord:
    return msgspec.convert({**RECORD, **changed}, RunRecord, strict=True)


@pytest.fixture(scope="module")
def lonely() -> SealedWeek:
    """A week with one run."""
    return sealed_week({5: sealed(_record(), SALT)}, b"f" * 32)


def test_one_run_and_a_full_week_look_alike(lonely: SealedWeek) -> None:
    full = sealed_week({place: sealed(_record(), bytes([place % 256]) * 32) for place in range(3000)}, b"g" * 32)
    for week in (lonely, full):
        assert [len(row) for row in week.rows] == [PLACES >> step for step in range(TREE_DEPTH + 1)]
        path = week.path(5)
        assert len(path) == TREE_DEPTH
        # No place that nobody took looks empty: every hash is its own, and none can be guessed.
        assert len(set(week.rows[0])) == PLACES or week is full
        assert len(set(path)) == TREE_DEPTH
    other = sealed_week({5: sealed(_record(), SALT)}, b"h" * 32)
    assert not set(other.path(5)) & set(lonely.path(5)), "what fills the places is not the same in two weeks"


def test_a_record_cannot_be_guessed_from_its_leaf(lonely: SealedWeek) -> None:
    guesses = {
        hashlib.sha256(prefix + msgspec.json.encode(_record(outcome=outcome, need=need), order="sorted")).digest()
        for prefix, outcome, need in product((b"", b"\x00"), (None, *Outcome), (None, *Need))
    }
    assert not guesses & set(lonely.rows[0])
    assert sealed(_record(), SALT) != sealed(_record(), SALT[::-1])


def test_an_opened_run_fits_and_a_changed_one_does_not() -> None:
    run = msgspec.convert(RUN, OpenedRun, strict=True)
    assert holds(run)
    for step in range(TREE_DEPTH):
        assert not holds(msgspec.structs.replace(run, place=run.place ^ (1 << step)))
        path = [*run.path[:step], run.salt, *run.path[step + 1 :]]
        assert not holds(msgspec.structs.replace(run, path=tuple(path)))
    for changed in (_record(outcome=None), _record(need="essential"), _record(run_week="2026-W46")):
        assert not holds(msgspec.structs.replace(run, record=changed))


def test_a_node_does_not_pass_as_a_leaf(lonely: SealedWeek) -> None:
    # A node's bytes begin otherwise than a leaf's: no two hashes can be taken for a record.
    left, right = lonely.rows[0][:2]
    assert lonely.rows[1][0] == hashlib.sha256(b"\x01" + left + right).digest()
    assert lonely.rows[1][0] != hashlib.sha256(b"\x00" + left + right).digest()
