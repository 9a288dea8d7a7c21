"""Judgements are appended, survive everything, and cannot be changed behind the app's back."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.releases import Release
from goodmeasure.ledger.assessments import append_assessments, history
from goodmeasure.ledger.audit import NO_ENTRIES, append_audit, audit_entries, audit_head, verify_audit
from goodmeasure.ledger.errors import LedgerError
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.releases import record_release, releases
from goodmeasure.ledger.signers import KnownSigner, known_signers, remember_signer

TRIALS = 20


def judged(run_id: int, name: str = "outcome", value: str | None = "used", **known: Any) -> Assessment:
    plain: dict[str, Any] = {
        "source": AssessmentSource.HUMAN,
        "collected": Collected.SAMPLED,
        "inclusion_probability": 0.25,
        "assessed_at": 1000,
        "answer_seconds": 2.5,
        "suggested": None,
        "supersedes_id": None,
        "taxonomy_version": 1,
    }
    return Assessment(id=None, run_id=run_id, name=AssessmentName(name), value=value, **(plain | known))


@pytest.fixture
def run_id(teller: Any) -> int:
    teller.write(teller.session(), teller.call("c1"))
    return int(teller.rows("SELECT run_id FROM run_summary")[0][0])


def test_what_was_appended_comes_back_and_is_current(teller: Any, run_id: int) -> None:
    first, need = append_assessments(teller.ledger, [judged(run_id), judged(run_id, "need", "helpful")])
    assert (first.id, first.supersedes_id) == (1, None)
    (second,) = append_assessments(teller.ledger, [judged(run_id, value="discarded", assessed_at=2000)])
    assert second.supersedes_id == first.id
    assert history(teller.ledger, run_id) == [first, need, second]
    assert teller.rows("SELECT outcome, outcome_at, need FROM run_summary") == [("discarded", 2000, "helpful")]
    append_assessments(teller.ledger, [judged(run_id, value=None)])
    assert teller.rows("SELECT outcome, outcome_at, need FROM run_summary") == [(None, None, "helpful")]


def test_only_a_person_judges(teller: Any, run_id: int) -> None:
    append_assessments(teller.ledger, [judged(run_id, source=AssessmentSource.CODE)])
    assert teller.rows("SELECT outcome FROM run_summary") == [(None,)]
    (own,) = append_assessments(teller.ledger, [judged(run_id)])
    assert own.supersedes_id is None


def test_none_is_written_where_one_run_does_not_exist(teller: Any, run_id: int) -> None:
    with pytest.raises(LedgerError, match="There is no run 99"):
        append_assessments(teller.ledger, [judged(run_id), judged(99)])
    assert history(teller.ledger, run_id) == []
    assert audit_head(teller.ledger) == NO_ENTRIES


def test_a_judgement_follows_its_run_into_a_greater_one(teller: Any) -> None:
    teller.write(teller.session("child"), teller.call("c1", "child"))
    (child,) = teller.rows("SELECT id FROM run")[0]
    append_assessments(teller.ledger, [judged(child)])
    teller.write(teller.session("child", parent="root", relation="subagent"), teller.call("c2", "root"))
    (root,) = teller.rows("SELECT run_id FROM run_summary")[0]
    assert root != child
    assert teller.rows("SELECT outcome FROM run_summary") == [("used",)]
    assert [assessment.value for assessment in history(teller.ledger, root)] == ["used"]
    (later,) = append_assessments(teller.ledger, [judged(child, value="partial")])
    assert (later.run_id, later.supersedes_id) == (root, 1)
    assert teller.rows("SELECT outcome FROM run_summary") == [("partial",)]


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["assessment", "release", "audit_entry"])
def test_the_past_can_neither_be_changed_nor_deleted(teller: Any, run_id: int, table: str, statement: str) -> None:
    append_assessments(teller.ledger, [judged(run_id)])
    record_release(teller.ledger, released())
    before = teller.rows(f"SELECT * FROM {table}")  # noqa: S608 - constant names
    assert before
    with pytest.raises(dbapi2.IntegrityError, match="append-only"):
        teller.ledger.raw().execute(statement.format(table))
    assert teller.rows(f"SELECT * FROM {table}") == before  # noqa: S608 - constant names
    with pytest.raises(LedgerError), teller.ledger.writing() as connection:
        connection.execute(statement.format(table))


def test_an_impossible_probability_is_refused(teller: Any, run_id: int) -> None:
    for impossible in (0.0, 1.5, -1.0):
        with pytest.raises(LedgerError):
            append_assessments(teller.ledger, [judged(run_id, inclusion_probability=impossible)])


def released(body: bytes = b'{"a":1}') -> Release:
    return Release(None, "L1", "2026-W46", "Lead", "Monthly talk", "2027-W06", body, b"signature", 5000)


def test_releases_are_kept_byte_for_byte(ledger: Ledger) -> None:
    first = record_release(ledger, released())
    second = record_release(ledger, released(b"\x00\xff"))
    assert (first.id, second.id) == (1, 2)
    assert releases(ledger) == [first, second]
    assert [entry.kind for entry in audit_entries(ledger)] == ["release", "release"]


def test_the_audit_chain_shows_a_rewritten_past(ledger: Ledger) -> None:
    heads = [append_audit(ledger, at, "release", bytes([at]) * 32) for at in range(1, 4)]
    assert len(set(heads)) == 3
    assert audit_head(ledger) == heads[-1]
    assert verify_audit(ledger) is None
    with ledger.writing() as connection:
        connection.execute("INSERT INTO meta VALUES ('forgetting', 'a test')")
        connection.execute("UPDATE audit_entry SET entered_at = 7 WHERE id = 2")
        connection.execute("DELETE FROM meta")
    assert verify_audit(ledger) == "entry 2"


def test_signers_are_trusted_from_first_sight(ledger: Ledger) -> None:
    first = KnownSigner("Robin", "SHA256:abc", b"k" * 32, 10, None)
    assert remember_signer(ledger, first) == first
    again = remember_signer(ledger, KnownSigner("Somebody else", "SHA256:abc", b"x" * 32, 20, 30))
    assert again == KnownSigner("Robin", "SHA256:abc", b"k" * 32, 10, 30)
    other = remember_signer(ledger, KnownSigner("Robin", "SHA256:other", b"o" * 32, 40, None))
    assert known_signers(ledger) == [again, other]


RATE = """
import sys
from pathlib import Path
from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.ledger.assessments import append_assessments
from goodmeasure.ledger.opening import open_ledger
ledger = open_ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
for at in range(int(sys.argv[3]), 10**9):
    human, sampled = AssessmentSource.HUMAN, Collected.SAMPLED
    judged = Assessment(None, 1, AssessmentName.OUTCOME, f"value {at}", human, sampled, 0.5, at, 1.0, None, None, 1)
    (written,) = append_assessments(ledger, [judged])
    print(written.id, written.value, flush=True)
"""


def test_nothing_acknowledged_is_lost_when_the_app_is_killed(path: Path, key: bytes, teller: Any, run_id: int) -> None:
    assert run_id == 1
    teller.ledger.close()
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    acknowledged: list[str] = []
    for trial in range(TRIALS):
        with subprocess.Popen(
            [sys.executable, "-c", RATE, str(path), key.hex(), str(trial * 1_000_000)],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            acknowledged.append(child.stdout.readline().strip())
            time.sleep(chance.random() * 0.05)
            os.kill(child.pid, signal.SIGKILL)
            lines = child.stdout.read().splitlines(keepends=True)
            acknowledged += [line.rstrip() for line in lines if line.endswith("\n")]  # else killed while it spoke
        assert child.returncode == -signal.SIGKILL
        ledger = open_ledger(path, key)
        kept = {f"{assessment.id} {assessment.value}": assessment for assessment in history(ledger, run_id)}
        assert [line for line in acknowledged if line not in kept] == []
        newest = max(kept.values(), key=lambda assessment: assessment.id or 0)
        assert ledger.raw().execute("SELECT outcome FROM run_summary").fetchone() == (newest.value,)
        assert verify_audit(ledger) is None
        ledger.close()
    assert len(acknowledged) > TRIALS
