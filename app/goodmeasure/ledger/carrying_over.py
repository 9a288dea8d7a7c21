"""What another ledger knows beside events and judgements: work, checks, dismissals, guesses, rules. Each comes once.

Raw driver only, within the caller's transaction.
"""

from collections.abc import Sequence
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.ledger.releases import RELEASED_ELSEWHERE
from goodmeasure.ledger.rules import apply_rules
from goodmeasure.ledger.salts import EVIDENCE

_RULE = "fact, value, folder, repository, branch, source, tool"
_SALT = "SELECT value FROM meta WHERE key = ?"


def carry_over(connection: dbapi2.Connection, other: dbapi2.Connection, runs: dict[int, int], at: int) -> int:
    """Take over what is not here, and return how much that was. `runs`: which of ours each run of the other is.

    `at`: milliseconds since 1970 UTC.
    """
    return (
        _work(connection, other, runs)
        + _checks(connection, other, runs)
        + _guesses(connection, other, runs)
        + _dismissals(connection, other)
        + _rules(connection, other, at)
        + _released(connection, other, runs)
    )


def _work(connection: dbapi2.Connection, other: dbapi2.Connection, runs: dict[int, int]) -> int:
    """Take over what runs wrote, where it is unknown here, with the salt under which it can be compared."""
    own, theirs = (_first(one.execute(_SALT, (EVIDENCE,)).fetchone()) for one in (connection, other))
    salts = dict(other.execute("SELECT run_id, salt FROM run_work_salt").fetchall())
    known = {row[0] for row in connection.execute("SELECT DISTINCT run_id FROM run_work")}
    taken: dict[int, int] = {}
    for run_id, *row in other.execute("SELECT run_id, path, line_hashes, commits FROM run_work ORDER BY run_id"):
        here = runs.get(run_id)
        salt = salts.get(run_id) or (bytes.fromhex(theirs) if theirs else None)
        if here is None or here in known or salt is None or taken.setdefault(here, run_id) != run_id:
            continue
        connection.execute("INSERT INTO run_work VALUES (?, ?, ?, ?)", (here, *row))
        if own is None or salt != bytes.fromhex(own):
            connection.execute("INSERT OR IGNORE INTO run_work_salt VALUES (?, ?)", (here, salt))
    return len(taken)


def _checks(connection: dbapi2.Connection, other: dbapi2.Connection, runs: dict[int, int]) -> int:
    rows = other.execute("SELECT run_id, checked_at, state FROM evidence_check ORDER BY checked_at DESC").fetchall()
    return _insert(
        connection,
        "INSERT OR IGNORE INTO evidence_check VALUES (?, ?, ?)",
        [(runs[run_id], *row) for run_id, *row in rows if run_id in runs],
    )


def _guesses(connection: dbapi2.Connection, other: dbapi2.Connection, runs: dict[int, int]) -> int:
    rows = other.execute("SELECT run_id, question, value, said_at FROM guess ORDER BY id").fetchall()
    return _insert(
        connection,
        "INSERT INTO guess(run_id, question, value, said_at) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
        " (SELECT 1 FROM guess JOIN run ON run.id = run_id WHERE coalesce(run.merged_into_id, run.id) = ?1"
        " AND question = ?2 AND value IS ?3 AND said_at = ?4)",
        [(runs[run_id], *row) for run_id, *row in rows if run_id in runs],
    )


def _dismissals(connection: dbapi2.Connection, other: dbapi2.Connection) -> int:
    """Take over dismissals of all projects, and of those that are here, too."""
    ids = dict(connection.execute("SELECT root, id FROM project").fetchall())
    rows = other.execute(
        "SELECT detector, dismissed_at, root FROM finding_dismissal LEFT JOIN project ON project.id = project_id"
        " ORDER BY finding_dismissal.id"
    ).fetchall()
    return _insert(
        connection,
        "INSERT INTO finding_dismissal(detector, project_id, dismissed_at) SELECT ?1, ?2, ?3 WHERE NOT EXISTS"
        " (SELECT 1 FROM finding_dismissal WHERE detector = ?1 AND project_id IS ?2 AND dismissed_at = ?3)",
        [(detector, ids.get(root), when) for detector, when, root in rows if root is None or root in ids],
    )


def _rules(connection: dbapi2.Connection, other: dbapi2.Connection, at: int) -> int:
    """Put the rules that are not here behind our own, in their order: of those that fit, ours still come first."""
    same = " AND ".join(f"{name} IS ?{number}" for number, name in enumerate(_RULE.split(", "), 1))
    added = _insert(
        connection,
        f"INSERT INTO rule({_RULE}, made_at, position)"  # noqa: S608 - constant names
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT count(*) FROM rule)"
        f" WHERE NOT EXISTS (SELECT 1 FROM rule WHERE {same})",
        [(*row, at) for row in other.execute(f"SELECT {_RULE} FROM rule ORDER BY position, id")],  # noqa: S608 - same
    )
    if added:
        apply_rules(connection)
    return added


def _released(connection: dbapi2.Connection, other: dbapi2.Connection, runs: dict[int, int]) -> int:
    """Mark the runs that the other ledger's reports count: counted here once more, the two could be subtracted."""
    rows = other.execute("SELECT run_id FROM released_run ORDER BY run_id").fetchall()
    return _insert(
        connection,
        "INSERT OR IGNORE INTO released_run SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM run WHERE id = ?1)",
        [(runs[run_id], RELEASED_ELSEWHERE) for (run_id,) in rows if run_id in runs],
    )


def _insert(connection: dbapi2.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Return how many rows were new; one after the other, since each may make the next an old one."""
    return sum(connection.execute(statement, row).rowcount for row in rows)


def _first(row: Sequence[Any] | None) -> str | None:
    return None if row is None else str(row[0])
