"""Judgements on runs: appended, never changed. What `append_assessments` returned survives a power cut."""

import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from hashlib import sha256
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.summaries import refresh_runs

COLUMNS = (
    "id, run_id, name, value, source, collected, inclusion_probability, assessed_at, answer_seconds, suggested,"
    " supersedes_id, taxonomy_version"
)
_LAST = (
    "SELECT id, assessed_at FROM assessment WHERE name = ?1 AND source = ?2"
    " AND run_id IN (SELECT id FROM run WHERE id = ?3 OR merged_into_id = ?3)"
    " ORDER BY assessed_at DESC, id DESC LIMIT 1"
)
_INSERT = f"INSERT INTO assessment({COLUMNS}) VALUES ({','.join('?' * 12)})"  # noqa: S608 - constant names


def append_assessments(ledger: Ledger, assessments: Sequence[Assessment]) -> list[Assessment]:
    """Append judgements in one transaction that outlives a power cut, and return them as written.

    They then have their ids and say what each supersedes (the latest of the same run, name and source). The runs'
    summaries and the audit log change with them. Raises LedgerError, and writes none, where a run does not exist.
    """
    with ledger.writing(lasting=True) as connection:
        written = [_appended(connection, ledger, assessment) for assessment in assessments]
        refresh_runs(connection, sorted({assessment.run_id for assessment in written}))
    return written


def history(ledger: Ledger, run_id: int) -> list[Assessment]:
    """Return every judgement on a run, oldest first; superseded ones included. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            f"SELECT {COLUMNS} FROM assessment"  # noqa: S608 - constant names
            " WHERE run_id IN (SELECT id FROM run WHERE id = ?1 OR merged_into_id = ?1) ORDER BY assessed_at, id",
            (run_id,),
        )
        return [assessment_of(row) for row in rows]


def assessment_of(row: Sequence[Any]) -> Assessment:
    """Return a row in the order of `COLUMNS` as a record."""
    id_, run_id, name, value, source, collected, *rest = row
    return Assessment(id_, run_id, AssessmentName(name), value, AssessmentSource(source), Collected(collected), *rest)


def _appended(connection: dbapi2.Connection, ledger: Ledger, assessment: Assessment) -> Assessment:
    row = connection.execute(
        "SELECT coalesce(merged_into_id, id) FROM run WHERE id = ?", (assessment.run_id,)
    ).fetchone()
    if row is None:
        raise LedgerError(f"There is no run {assessment.run_id} in {ledger.path}: look at goodmeasure runs.")
    run_id = row[0]
    last = connection.execute(_LAST, (assessment.name, assessment.source, run_id)).fetchone()
    id_ = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM assessment").fetchone()[0]
    supersedes, earliest = last or (None, assessment.assessed_at)
    # Time tells which one is current: what supersedes is never older than it, even where a clock was set back.
    assessed_at = max(assessment.assessed_at, earliest)
    written = replace(assessment, id=id_, run_id=run_id, assessed_at=assessed_at, supersedes_id=supersedes)
    values = astuple(written)
    connection.execute(_INSERT, values)
    subject = sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).digest()
    chain_on(connection, written.assessed_at, "assessment", subject)
    return written
