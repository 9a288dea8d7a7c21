"""Merging and splitting runs by hand, written: append-only, with undo. Raw driver only."""

from sqlcipher3 import dbapi2

from goodmeasure.domain.period import Span
from goodmeasure.ledger.arranging import Edit, arrange, edits, family_of
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import run_key
from goodmeasure.ledger.summaries import refresh

_INSERT = (
    "INSERT INTO run_edit(kind, run_id, other_id, from_at, undoes_id, edited_at, by_app) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def merge_runs(ledger: Ledger, run_id: int, into_id: int, at: int) -> None:
    """Make two runs of one agent one: `run_id` is taken over by `into_id`. Raises LedgerError, and changes nothing."""
    with ledger.writing(lasting=True) as connection:
        _demand_unshared(connection, run_id, into_id)
        merge(connection, run_id, into_id, at)
    refresh(ledger)


def split_run(ledger: Ledger, run_id: int, from_at: int, at: int) -> int:
    """Make what a run did from an instant on (ms UTC) a run of its own, and return its id.

    Raises LedgerError, and changes nothing, where nothing was before or after.
    """
    with ledger.writing(lasting=True) as connection:
        _demand_unshared(connection, run_id)
        later = split(connection, run_id, from_at, at)
    refresh(ledger)
    return later


def undo_edit(ledger: Ledger, run_id: int | None, at: int) -> Edit:
    """Undo the latest merge or split that holds, and return it: of this run and its parts; None: the person's latest.

    Raises LedgerError where there is none.
    """
    with ledger.writing(lasting=True) as connection:
        made = edits(connection)
        family = None if run_id is None else family_of(connection, [run_id], made)
        holding = [
            edit for edit in made if edit.holds and (not edit.by_app if family is None else edit.run_id in family)
        ]
        if not holding:
            raise LedgerError("Nothing was merged or split by hand here: there is nothing to undo.")
        edit = holding[-1]
        _demand_unshared(connection, edit.run_id, edit.other_id)
        undo(connection, edit, at)
    refresh(ledger)
    return edit


def edits_of(ledger: Ledger) -> list[Edit]:
    """Return every merge and split, oldest first, undone ones included. Raises LedgerError."""
    with told(ledger.path):
        return edits(ledger.raw())


def merge(connection: dbapi2.Connection, run_id: int, into_id: int, at: int) -> None:
    """Merge two runs within the caller's transaction. Raises LedgerError where they cannot be one."""
    (source, _), (other, _) = _whole(connection, run_id), _whole(connection, into_id)
    if run_id == into_id:
        raise LedgerError("These are one run already: name two.")
    if source != other:
        raise LedgerError(f"Runs of two agents ({source} and {other}) cannot be one: their totals would be mixed up.")
    connection.execute(_INSERT, ("merge", run_id, into_id, None, None, at, False))
    _arrange(connection, [run_id, into_id])


def split(
    connection: dbapi2.Connection, run_id: int, from_at: int, at: int, *, key: str | None = None, by_app: bool = False
) -> int:
    """Split a run within the caller's transaction, and return the later part. Raises LedgerError.

    `key`: the name that the later part has in another ledger. `by_app`: the app found the instant, not the person.
    """
    source, root = _whole(connection, run_id)
    span = _span(connection, run_id)
    if span.since is None or span.until is None or not span.since < from_at <= span.until:
        raise LedgerError("Nothing of this run lies on one side of that instant: choose one between two of its calls.")
    number = connection.execute("SELECT count(*) FROM run_edit WHERE kind = 'split'").fetchone()[0]
    name = connection.execute("SELECT key FROM run WHERE id = ?", (run_id,)).fetchone()[0]
    key = key or run_key(source, f"{name}@{from_at}")
    if connection.execute("SELECT 1 FROM run WHERE key = ?", (key,)).fetchone():
        key = run_key(source, f"{name}@{from_at}#{number}")  # it was split here before, and that was undone
    later = connection.execute(
        "INSERT INTO run(key, source, root_session_id) VALUES (?, ?, ?)", (key, source, root)
    ).lastrowid
    connection.execute(_INSERT, ("split", run_id, later, from_at, None, at, by_app))
    connection.execute(
        "INSERT INTO run_part SELECT ?, cwd, git_branch, project_id FROM run_part WHERE run_id = ?", (later, run_id)
    )
    _arrange(connection, [run_id])
    return int(later)


def place_part(
    connection: dbapi2.Connection, run_id: int, folder: str | None, branch: str | None, project: tuple[str, str] | None
) -> None:
    """Keep where a later part began: what is unknown of the folder is taken from its session, the branch is not.

    `project`: root and name. Within the caller's transaction.
    """
    if project is not None:
        connection.execute("INSERT OR IGNORE INTO project(root, name) VALUES (?, ?)", project)
    connection.execute(
        "INSERT OR REPLACE INTO run_part VALUES (?, ?, ?, (SELECT id FROM project WHERE root = ?))",
        (run_id, folder, branch, project and project[0]),
    )
    connection.execute("INSERT OR IGNORE INTO dirty_run VALUES (?)", (run_id,))


def undo(connection: dbapi2.Connection, edit: Edit, at: int) -> None:
    """Undo a merge or split that holds, within the caller's transaction."""
    connection.execute(_INSERT, ("undo", edit.run_id, edit.other_id, edit.from_at, edit.id, at, False))
    _arrange(connection, [edit.run_id, edit.other_id])


def _demand_unshared(connection: dbapi2.Connection, *run_ids: int) -> None:
    """Raise LedgerError where a released report counts one of these runs: what it is of must not count in another."""
    for run_id in run_ids:
        if connection.execute("SELECT 1 FROM released_run WHERE run_id = ?", (run_id,)).fetchone():
            raise LedgerError(
                "A run that counts in a report you shared stays as it is: a part of it would count again in the next."
            )


def _arrange(connection: dbapi2.Connection, run_ids: list[int]) -> None:
    """Arrange these runs, and have their commits looked for anew: each part has its own."""
    family = arrange(connection, run_ids)
    connection.executemany("DELETE FROM evidence_check WHERE run_id = ?", [(run_id,) for run_id in family])


def _whole(connection: dbapi2.Connection, run_id: int) -> tuple[str, int]:
    """Return source and root session of a run that stands for itself."""
    row = connection.execute(
        "SELECT source, root_session_id FROM run WHERE id = ? AND merged_into_id IS NULL", (run_id,)
    ).fetchone()
    if row is None:
        raise LedgerError(f"There is no run {run_id}: goodmeasure runs lists them.")
    return row[0], row[1]


def _span(connection: dbapi2.Connection, run_id: int) -> Span:
    """Return the first and the last instant (both inclusive) that is known of a run's events."""
    return Span(
        *connection.execute(
            "SELECT min(at), max(at) FROM ("
            "SELECT recorded_at AS at FROM generation WHERE run_id = ?1 UNION ALL"
            " SELECT coalesce(called_at, finished_at) FROM tool_call WHERE run_id = ?1 UNION ALL"
            " SELECT prompted_at FROM prompt WHERE run_id = ?1 UNION ALL"
            " SELECT noticed_at FROM notice WHERE run_id = ?1)",
            (run_id,),
        ).fetchone()
    )
