"""Runs with news that may hold a pause before something else, and splitting them. Raw driver only."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlcipher3 import dbapi2

from goodmeasure.ledger.arranging import edits, family_of
from goodmeasure.ledger.codes import PAUSE_MS
from goodmeasure.ledger.edits import place_part, split
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import ProjectOf
from goodmeasure.ledger.summaries import refresh

_DUE = (
    "SELECT d.run_id, coalesce(s.ended_at, 0), coalesce(root.run_id, d.run_id) FROM split_due d"
    " LEFT JOIN run_summary s ON s.run_id = d.run_id LEFT JOIN run ON run.id = d.run_id"
    " LEFT JOIN session root ON root.id = run.root_session_id"
    " WHERE coalesce(s.ended_at, 0) < ? ORDER BY s.started_at, d.run_id"
)
_SESSIONS = "SELECT native_id FROM session WHERE run_id = ?"
_WORKED = (
    "SELECT recorded_at FROM generation WHERE run_id = ?1 AND recorded_at IS NOT NULL UNION"
    " SELECT coalesce(called_at, finished_at) FROM tool_call WHERE run_id = ?1"
    " AND coalesce(called_at, finished_at) IS NOT NULL UNION"
    " SELECT finished_at FROM tool_call WHERE run_id = ?1 AND finished_at IS NOT NULL"
)
_PROMPTED = (
    "SELECT prompted_at FROM prompt JOIN session ON session.id = prompt.session_id"
    " WHERE prompt.run_id = ? AND prompted_at IS NOT NULL"
)
_SAID = """SELECT 1 FROM run WHERE (id = ?1 OR merged_into_id = ?1) AND (
 EXISTS (SELECT 1 FROM assessment WHERE run_id = run.id) OR EXISTS (SELECT 1 FROM guess WHERE run_id = run.id)
 OR EXISTS (SELECT 1 FROM draw_run WHERE run_id = run.id AND drawn)
 OR EXISTS (SELECT 1 FROM released_run WHERE run_id = run.id)
 OR EXISTS (SELECT 1 FROM receipt_run WHERE run_id = run.id))"""


class DueRun(NamedTuple):
    """A silent run that has not been looked through for pauses."""

    run_id: int
    ended_at: int
    """Milliseconds since 1970 UTC; 0: unknown, or it stands no more for itself."""
    first_part: int
    """Run whose logs tell of this one: itself, or the one that it was split from."""


class Cut(NamedTuple):
    """Where a later part begins."""

    from_at: int
    """Milliseconds since 1970 UTC."""
    folder: str | None
    branch: str | None


class Signs(NamedTuple):
    """When a run showed signs of work, and when the person prompted; milliseconds since 1970 UTC."""

    worked_at: list[int]
    prompted_at: list[int]


def due_runs(ledger: Ledger, now: int) -> list[DueRun]:
    """Return the runs to look through: with news, and silent for over 30 minutes. Raises LedgerError."""
    with told(ledger.path):
        return [DueRun(*row) for row in ledger.raw().execute(_DUE, (now - PAUSE_MS,))]


def signs_of(ledger: Ledger, run_id: int) -> Signs:
    """Return when a run was at work. Raises LedgerError."""
    with told(ledger.path):
        asked = ledger.raw().execute
        return Signs(*([at for (at,) in asked(question, (run_id,))] for question in (_WORKED, _PROMPTED)))


def sessions_of(ledger: Ledger, run_id: int) -> frozenset[str]:
    """Return the agent's own ids of a run's sessions. Raises LedgerError."""
    with told(ledger.path):
        return frozenset(name for (name,) in ledger.raw().execute(_SESSIONS, (run_id,)))


def is_the_persons(ledger: Ledger, run_id: int) -> bool:
    """Say whether a run is as the person wants it, so that the app leaves it whole. Raises LedgerError.

    It was judged, drawn, guessed about or shared; or it, or a part of it, was merged or split by hand, or a split of it
    was undone.
    """
    with told(ledger.path):
        return _is_the_persons(ledger.raw(), run_id)


def split_at_pauses(ledger: Ledger, run_id: int, cuts: Iterable[Cut], project_of: ProjectOf, at: int) -> int:
    """Split a run here, the earliest first and each later part once more; return how many splits were made.

    None where the person has said something about it meanwhile. The app's splits can be undone like those by hand.
    `at`: ms UTC. Raises LedgerError.
    """
    made = 0
    with ledger.writing(lasting=True) as connection:
        if _is_the_persons(connection, run_id):
            return 0
        for cut in cuts:
            try:
                run_id = split(connection, run_id, cut.from_at, at, by_app=True)
            except LedgerError:
                continue  # events moved meanwhile: nothing lies on one side any more
            project = None if cut.folder is None else project_of(cut.folder)
            place_part(connection, run_id, cut.folder, cut.branch, project)
            made += 1
    refresh(ledger)
    return made


def looked_through(ledger: Ledger, run_ids: Iterable[int]) -> None:
    """Keep that these runs, and the parts that they became, need no look until they have news. Raises LedgerError."""
    with ledger.writing() as connection:
        made = edits(connection)
        whole = family_of(connection, run_ids, made)
        connection.executemany("DELETE FROM split_due WHERE run_id = ?", [(run_id,) for run_id in whole])


def _is_the_persons(connection: dbapi2.Connection, run_id: int) -> bool:
    if connection.execute(_SAID, (run_id,)).fetchone():
        return True
    made = edits(connection)
    family = family_of(connection, [run_id], made)
    return any((not edit.by_app or not edit.holds) and family.intersection(edit[2:4]) for edit in made)
