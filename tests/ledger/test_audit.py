"""The audit log week by week: blinded links that nobody can rewrite, and that say nothing."""

import pytest

from goodmeasure.domain.audit_trail import AUDIT_WEEKS, followed, week_before, weeks_between
from goodmeasure.ledger.audit import append_audit, audit_head, audit_trail, verify_audit
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.opening import Ledger


def test_weeks_are_counted_over_the_turn_of_the_year() -> None:
    assert week_before("2026-W01") == "2025-W52"
    assert week_before("2021-W01") == "2020-W53"
    assert weeks_between("2020-W52", "2021-W02") == ["2020-W53", "2021-W01", "2021-W02"]
    assert weeks_between("2026-W10", "2026-W10") == weeks_between("2026-W11", "2026-W10") == []


def test_a_later_trail_leads_back_to_an_earlier_one(ledger: Ledger) -> None:
    append_audit(ledger, 1, "release", bytes(32))
    first = audit_trail(ledger, "2026-W48")
    assert audit_trail(ledger, "2026-W48") == first, "the same week says the same"
    append_audit(ledger, 2, "assessment", bytes(32))
    assert audit_trail(ledger, "2026-W48") == first, "a closed week does not change"
    later = audit_trail(ledger, "2027-W02")
    weeks = weeks_between("2026-W47", "2027-W01")
    assert followed(first.head, zip(weeks, later.links[-len(weeks) :], strict=True)) == later.head
    assert len(first.links) == len(later.links) == len(set(later.links)) == AUDIT_WEEKS
    assert verify_audit(ledger) is None


def test_a_log_of_one_day_and_an_empty_one_look_alike(ledger: Ledger) -> None:
    empty = audit_trail(ledger, "2026-W48")
    assert len(set(empty.links)) == AUDIT_WEEKS
    append_audit(ledger, 1, "release", bytes(32))
    # Nothing was entered in the second week, and its link looks like any other.
    trail = audit_trail(ledger, "2026-W50")
    assert len(set(trail.links)) == AUDIT_WEEKS


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET subject = zeroblob(32) WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 1",
        "UPDATE audit_week SET link = zeroblob(32) WHERE week = '2026-W47'",
        "UPDATE audit_week SET salt = zeroblob(32) WHERE week = '2026-W47'",
        "UPDATE audit_week SET head = zeroblob(32) WHERE week = '2026-W40'",
        "UPDATE audit_week SET up_to = 0 WHERE week = '2026-W47'",
        "DELETE FROM audit_week WHERE week = '2026-W20'",
    ],
)
def test_what_was_rewritten_is_found(ledger: Ledger, change: str) -> None:
    for at in (1, 2):
        append_audit(ledger, at, "release", bytes([at]) * 32)
    audit_trail(ledger, "2026-W48")
    assert verify_audit(ledger) is None
    connection = ledger.raw()
    connection.execute("INSERT INTO meta VALUES ('forgetting', '1')")
    connection.execute(change)
    assert verify_audit(ledger) is not None


def test_a_week_cannot_be_closed_twice_nor_before_the_log(ledger: Ledger) -> None:
    audit_trail(ledger, "2026-W48")
    with pytest.raises(LedgerError, match="begins after week 2026-W30: set this computer's clock"):
        audit_trail(ledger, "2026-W30")
    assert audit_head(ledger) == bytes(32)
