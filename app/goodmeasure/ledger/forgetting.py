"""Forgetting: runs and all that is known of them go for good; marks stay, so that no import brings them back.

A mark is the hash that names a session's run (`sessions.run_key`). The audit log notes that something was forgotten,
not what. Signed reports stay: they are the record of what others hold; only `forget_everything` takes them too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.domain.events import Batch
from goodmeasure.ledger.arranging import edits
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.files import BatchLike
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import FOLDED, mark_buckets_of_run, run_key
from goodmeasure.ledger.summaries import refresh

_MARK = "forgotten:"
_GOING = "SELECT id FROM temp.going"
_GONE_WITH_THEIR_RUN = (
    "generation",
    "tool_call",
    "prompt",
    "notice",
    "evidence",
    "evidence_check",
    "run_work_salt",
    "run_work",
    "assessment",
    "guess",
    "draw_run",
    "run_fact",
    "run_part",
    "released_run",
    "receipt_run",
    "run_summary",
)
_HELD_BY_THE_WHOLE_LEDGER = (
    "telemetry_call", "telemetry_event", "telemetry_feed", "telemetry_refusal", "generation_copy", "session_total",
    "session_file", "generation", "tool_call", "prompt", "notice", "evidence", "evidence_check", "run_work_salt",
    "run_work", "assessment", "guess", "draw_run", "draw", "run_fact", "rule", "run_edit", "run_summary",
    "run_part", "released_run", "frozen_period", "receipt_run", "receipt_leaf", "receipt", "audit_week",
    "usage_bucket", "dirty_run", "dirty_bucket", "split_due", "session", "run",
    "file_issue", "unknown_record", "source_file", "finding_dismissal", "project", "model", "tool", "release",
    "received_report", "roll_up", "known_signer", "team_file", "team_roster", "audit_entry",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten."""

    runs: int
    calls: int


def forget_runs(ledger: Ledger, run_ids: Sequence[int], at: int) -> Forgotten:
    """Delete these runs, sub-agents and judgements included, so that nothing of them can be read from the file.

    `at`: the instant for the audit log. Ids that no longer exist are passed over. Raises LedgerError.
    """
    overwrite_what_is_deleted(ledger)
    with ledger.writing(lasting=True) as connection:
        execute = connection.execute
        execute("CREATE TEMP TABLE IF NOT EXISTS going(id INTEGER PRIMARY KEY)")
        execute("DELETE FROM temp.going")
        execute(
            "INSERT INTO temp.going SELECT id FROM run WHERE id IN (SELECT value FROM json_each(?1))"
            " OR merged_into_id IN (SELECT value FROM json_each(?1))",
            (json.dumps(list(run_ids)),),
        )
        _refuse_parts(connection)
        keys = _marked(connection, f" WHERE run_id IN ({_GOING})")
        runs = execute(f"SELECT count(*) FROM run_summary WHERE run_id IN ({_GOING})").fetchone()[0]  # noqa: S608 - constant parts
        calls = execute(f"SELECT count(*) FROM generation WHERE run_id IN ({_GOING})").fetchone()[0]  # noqa: S608 - constant parts
        for (run_id,) in execute(_GOING).fetchall():
            mark_buckets_of_run(connection, run_id)
        _delete_runs(connection)
        if keys:
            _note(connection, at, keys)
    refresh(ledger)
    leave_no_trace(ledger)
    return Forgotten(runs, calls)


def forget_everything(ledger: Ledger, at: int) -> Forgotten:
    """Empty the ledger: runs, judgements, reports, received reports, signers, names of files. Raises LedgerError."""
    overwrite_what_is_deleted(ledger)
    with ledger.writing(lasting=True) as connection:
        execute = connection.execute
        runs = execute("SELECT count(*) FROM run_summary").fetchone()[0]
        calls = execute("SELECT count(*) FROM generation").fetchone()[0]
        keys = _marked(connection, "")
        execute("UPDATE session SET parent_id = NULL")
        execute("UPDATE run SET merged_into_id = NULL")
        execute("INSERT INTO meta VALUES ('forgetting', '1')")
        execute("UPDATE run_edit SET undoes_id = NULL")
        for table in _HELD_BY_THE_WHOLE_LEDGER:
            execute(f"DELETE FROM {table}")  # noqa: S608 - constant names
        execute("DELETE FROM run_text")
        execute("DELETE FROM meta WHERE key IN ('forgetting', 'reading-key')")
        _note(connection, at, keys)
    with told(ledger.path):
        ledger.raw().execute("VACUUM")
    leave_no_trace(ledger)
    return Forgotten(runs, calls)


def with_all_parts(ledger: Ledger, run_ids: Sequence[int]) -> list[int]:
    """Return these runs without those of which another part, split off, is not among them. Raises LedgerError."""
    with told(ledger.path):
        pairs = [(edit.run_id, edit.other_id) for edit in edits(ledger.raw()) if edit.kind == "split" and edit.holds]
    kept = set(run_ids)
    while torn := {one for pair in pairs if len(kept.intersection(pair)) == 1 for one in pair} & kept:
        kept -= torn
    return [run_id for run_id in run_ids if run_id in kept]


class Marks:
    """The sessions that must not come back, while an import writes."""

    def __init__(self, connection: dbapi2.Connection) -> None:
        self._connection = connection
        # Every text that begins with the mark sorts before the same text with the colon's successor.
        rows = connection.execute("SELECT key FROM meta WHERE key >= 'forgotten:' AND key < 'forgotten;'")
        self._keys = {key.removeprefix(_MARK) for (key,) in rows}

    def without(self, source: str, batch: BatchLike) -> BatchLike:
        """Return a batch without what belongs to forgotten sessions and to what is folded into them."""
        if not self._keys:
            return batch
        for session, parent, relation, *_ in batch.sessions:
            if parent is not None and relation in FOLDED and run_key(source, parent) in self._keys:
                self._add(run_key(source, session))

        def kept(events: Sequence[Sequence[Any]], place: int) -> list[Any]:
            return [event for event in events if run_key(source, event[place]) not in self._keys]

        return Batch(
            batch.lines,
            kept(batch.sessions, 0),
            kept(batch.generations, 1),
            kept(batch.tool_calls, 1),
            kept(batch.prompts, 1),
            kept(batch.notices, 1),
            kept(batch.totals, 0),
            list(batch.issues),  # type: ignore[arg-type]  # plain lists from another process
            batch.unknown,  # type: ignore[arg-type]  # same
        )

    def _add(self, key: str) -> None:
        self._keys.add(key)
        self._connection.execute("INSERT OR IGNORE INTO meta VALUES (?, '')", (_MARK + key,))


def _refuse_parts(connection: dbapi2.Connection) -> None:
    """Raise LedgerError where a part of a split run is to go and another to stay: an import would bring it back."""
    for edit in edits(connection):
        ends = f"SELECT count(*) FROM ({_GOING}) WHERE id IN (?, ?)"  # noqa: S608 - constant parts
        if edit.kind == "split" and connection.execute(ends, (edit.run_id, edit.other_id)).fetchone()[0] == 1:
            key = connection.execute("SELECT key FROM run WHERE id = ?", (edit.run_id,)).fetchone()[0]
            raise LedgerError(
                f"A part of run {key[:8]}, which was split, would stay: undo that (goodmeasure runs undo {key[:8]}),"
                " or forget all its parts together."
            )


def _marked(connection: dbapi2.Connection, which: str) -> list[str]:
    """Mark sessions as forgotten and return their marks."""
    rows = connection.execute(f"SELECT source, native_id FROM session{which}").fetchall()  # noqa: S608 - constant parts
    keys = sorted(run_key(source, native_id) for source, native_id in rows)
    connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, '')", [(_MARK + key,) for key in keys])
    return keys


def _delete_runs(connection: dbapi2.Connection) -> None:
    execute = connection.execute
    sessions = f"SELECT id FROM session WHERE run_id IN ({_GOING})"  # noqa: S608 - constant parts
    # A fork of a forgotten session stays, as a run that hangs on nothing.
    execute(f"UPDATE session SET parent_id = NULL, relation = NULL WHERE parent_id IN ({sessions})")  # noqa: S608 - constant parts
    execute("INSERT INTO meta VALUES ('forgetting', '1')")
    calls = f"SELECT id FROM generation WHERE run_id IN ({_GOING})"  # noqa: S608 - constant parts
    for table in ("generation_copy", "telemetry_call"):
        execute(f"DELETE FROM {table} WHERE generation_id IN ({calls})")  # noqa: S608 - constant parts
    for table in ("session_total", "session_file", "telemetry_event"):
        execute(f"DELETE FROM {table} WHERE session_id IN ({sessions})")  # noqa: S608 - constant parts
    for table in _GONE_WITH_THEIR_RUN:
        execute(f"DELETE FROM {table} WHERE run_id IN ({_GOING})")  # noqa: S608 - constant parts
    execute(f"DELETE FROM run_text WHERE rowid IN ({_GOING})")  # noqa: S608 - constant parts
    for table in ("dirty_run", "split_due"):
        execute(f"DELETE FROM {table} WHERE run_id IN ({_GOING})")  # noqa: S608 - constant parts
    edited = f"WHERE run_id IN ({_GOING}) OR other_id IN ({_GOING})"
    execute(f"UPDATE run_edit SET undoes_id = NULL {edited}")  # noqa: S608 - constant parts
    execute(f"DELETE FROM run_edit {edited}")  # noqa: S608 - constant parts
    execute(f"DELETE FROM session WHERE run_id IN ({_GOING})")  # noqa: S608 - constant parts
    execute(f"DELETE FROM run WHERE id IN ({_GOING})")  # noqa: S608 - constant parts
    execute("DELETE FROM meta WHERE key = 'forgetting'")
    empty = (
        "id NOT IN (SELECT project_id FROM run WHERE project_id IS NOT NULL)"
        " AND id NOT IN (SELECT project_id FROM session WHERE project_id IS NOT NULL)"
        " AND id NOT IN (SELECT project_id FROM run_part WHERE project_id IS NOT NULL)"
    )
    execute(f"DELETE FROM finding_dismissal WHERE project_id IN (SELECT id FROM project WHERE {empty})")  # noqa: S608 - constant parts
    execute(f"DELETE FROM project WHERE {empty}")  # noqa: S608 - constant parts
    # What was logged by hand has no file that could be read again.
    execute(
        "DELETE FROM source_file WHERE source = 'manual' AND id NOT IN (SELECT source_file_id FROM session_file)"
        " AND id NOT IN (SELECT source_file_id FROM file_issue)"
    )


def _note(connection: dbapi2.Connection, at: int, keys: Sequence[str]) -> None:
    chain_on(connection, at, "forgotten", sha256("\n".join(keys).encode()).digest())


def overwrite_what_is_deleted(ledger: Ledger) -> None:
    """From now on, let this thread's deletions overwrite what they delete. Raises LedgerError."""
    with told(ledger.path):
        ledger.raw().execute("PRAGMA secure_delete=ON")


def leave_no_trace(ledger: Ledger) -> None:
    """Empty the journal, in which deleted pages live on. Where another program reads, it is emptied later."""
    with told(ledger.path):
        ledger.raw().execute("PRAGMA wal_checkpoint(TRUNCATE)")
