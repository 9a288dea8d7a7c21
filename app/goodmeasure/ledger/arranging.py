"""Which events belong to which run: as the log tells, then as a person merged and split. Raw driver only.

The person's edits are kept in order and never changed; an undo is an edit, too. From them and the log the arrangement
can be made anew at any time, and it is, whenever an import touches such a run.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlcipher3 import dbapi2

from goodmeasure.ledger.sessions import FOLDED, mark_buckets_of_run

_INSTANTS = {
    "generation": "recorded_at",
    "tool_call": "coalesce(called_at, finished_at)",
    "prompt": "prompted_at",
    "notice": "noticed_at",
}
"""Tables of events, and when each event was."""
_FAR = 10_000
LATER_PARTS = """id FROM run WHERE id IN (SELECT other_id FROM run_edit WHERE kind = 'split')
 AND root_session_id IN (SELECT id FROM session WHERE run_id"""
"""The start of a question for the later parts of the run that a root session is in: `SELECT … = 1)`."""

_LINKED = """WITH fresh(id) AS (SELECT value FROM json_each(?))
 SELECT id FROM run WHERE merged_into_id IN fresh
 UNION SELECT merged_into_id FROM run WHERE id IN fresh AND merged_into_id IS NOT NULL
 UNION SELECT p.run_id FROM session s JOIN session p ON p.id = s.parent_id
  WHERE s.run_id IN fresh AND s.relation IN ('subagent', 'resume')
 UNION SELECT c.run_id FROM session s JOIN session c ON c.parent_id = s.id
  WHERE s.run_id IN fresh AND c.relation IN ('subagent', 'resume')"""


class Edit(NamedTuple):
    """One merge or split."""

    id: int
    kind: str
    """`merge` or `split`."""
    run_id: int
    """Run that was merged or split."""
    other_id: int
    """Run that took it over, or that its later part became."""
    from_at: int | None
    """Where it was split, milliseconds since 1970 UTC."""
    edited_at: int
    by_app: bool
    """The app found where to split it; else a person did it."""
    holds: bool
    """False: undone."""


@dataclass(slots=True)
class _Session:
    """A session, and the run that the log made for it."""

    parent: int | None
    own_run: int


def edits(connection: dbapi2.Connection) -> list[Edit]:
    """Return every merge and split, oldest first, undone ones included."""
    rows = connection.execute(
        "SELECT id, kind, run_id, other_id, from_at, edited_at, by_app,"
        " NOT EXISTS (SELECT 1 FROM run_edit u WHERE u.undoes_id = e.id)"
        " FROM run_edit e WHERE kind <> 'undo' ORDER BY id"
    )
    return [Edit._make((*row[:6], bool(row[6]), bool(row[7]))) for row in rows]


def split_runs(connection: dbapi2.Connection) -> frozenset[int]:
    """Return the runs of which a part is elsewhere: their sessions' start and end say nothing of their own."""
    rows = connection.execute(
        "SELECT r.id, coalesce(r.merged_into_id, r.id) FROM run_edit e JOIN run r ON r.id IN (e.run_id, e.other_id)"
        " WHERE e.kind = 'split' AND NOT EXISTS (SELECT 1 FROM run_edit u WHERE u.undoes_id = e.id)"
    )
    return frozenset(run_id for row in rows for run_id in row)


def rearrange(connection: dbapi2.Connection, touched: Collection[int]) -> set[int]:
    """Bring the person's merges and splits back into what an import touched; return the runs it concerned."""
    made = edits(connection)
    if not made:
        return set()
    edited = {run_id for edit in made for run_id in (edit.run_id, edit.other_id)}
    edited |= {
        row[0]
        for row in connection.execute(
            "SELECT merged_into_id FROM run WHERE merged_into_id IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            (_listed(edited),),
        )
    }
    concerned = edited.intersection(touched)
    return arrange(connection, concerned) if concerned else set()


def arrange(connection: dbapi2.Connection, run_ids: Iterable[int]) -> set[int]:
    """Give every event of these runs, and of all that hang together with them, to the run that it belongs to.

    Returns all those runs: their summaries are out of date. Their buckets are marked here.
    """
    made = edits(connection)
    family = family_of(connection, run_ids, made)
    for run_id in family:
        mark_buckets_of_run(connection, run_id)
    homes = _homes(connection, family, made)
    for session_id, home in homes.items():
        _give_session(connection, family, session_id, home)
    into: dict[int, int] = {}
    for edit in made:
        if edit.run_id not in family or not edit.holds:
            continue
        if edit.kind == "merge":
            into[edit.run_id] = edit.other_id
            _give_run(connection, edit.run_id, edit.other_id)
        else:
            _give_later_part(connection, edit)
    _name_successors(connection, family, homes, into, made)
    for run_id in family:
        mark_buckets_of_run(connection, run_id)
    connection.executemany("INSERT OR IGNORE INTO dirty_run VALUES (?)", [(run_id,) for run_id in family])
    return family


def family_of(connection: dbapi2.Connection, run_ids: Iterable[int], made: Iterable[Edit]) -> set[int]:
    """Return these runs with all that were folded, merged or split from them, or they from."""
    pairs = [(edit.run_id, edit.other_id) for edit in made]
    family: set[int] = set()
    fresh = set(run_ids)
    while fresh:
        family |= fresh
        linked = connection.execute(_LINKED, (_listed(fresh),))
        found = {row[0] for row in linked}
        found |= {other for pair in pairs if family.intersection(pair) for other in pair}
        fresh = found - family
    return family


def _homes(connection: dbapi2.Connection, family: set[int], made: Iterable[Edit]) -> dict[int, int]:
    """Return the run of each session as the log tells it; what a person arranged is not folded elsewhere."""
    born = {edit.other_id for edit in made if edit.kind == "split"}
    placed = {run_id for edit in made if edit.holds for run_id in (edit.run_id, edit.other_id)}
    own = {
        root: run_id
        for run_id, root in connection.execute(
            "SELECT id, root_session_id FROM run WHERE id IN (SELECT value FROM json_each(?))", (_listed(family),)
        )
        if run_id not in born
    }
    rows = connection.execute(
        "SELECT id, parent_id, relation FROM session WHERE run_id IN (SELECT value FROM json_each(?))",
        (_listed(family),),
    ).fetchall()
    sessions = {
        id_: _Session(parent if relation in FOLDED else None, own[id_]) for id_, parent, relation in rows if id_ in own
    }

    def home(session_id: int) -> int:
        one = sessions[session_id]
        for _ in range(_FAR):
            if one.own_run in placed or one.parent is None or one.parent not in sessions:
                break
            one = sessions[one.parent]
        return one.own_run

    return {session_id: home(session_id) for session_id in sessions}


def _give_session(connection: dbapi2.Connection, family: set[int], session_id: int, run_id: int) -> None:
    others = _listed(family - {run_id})
    connection.execute("UPDATE session SET run_id = ? WHERE id = ? AND run_id <> ?", (run_id, session_id, run_id))
    for table in _INSTANTS:
        connection.execute(
            f"UPDATE {table} SET run_id = ?1 WHERE run_id IN (SELECT value FROM json_each(?2)) AND session_id = ?3",  # noqa: S608 - constant names
            (run_id, others, session_id),
        )


def _give_run(connection: dbapi2.Connection, run_id: int, other_id: int) -> None:
    for table in ("session", *_INSTANTS):
        connection.execute(f"UPDATE {table} SET run_id = ? WHERE run_id = ?", (other_id, run_id))  # noqa: S608 - constant names


def _give_later_part(connection: dbapi2.Connection, edit: Edit) -> None:
    for table, instant in _INSTANTS.items():
        connection.execute(
            f"UPDATE {table} SET run_id = ? WHERE run_id = ? AND {instant} >= ?",  # noqa: S608 - constant names
            (edit.other_id, edit.run_id, edit.from_at),
        )
    here, there = (
        " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE run_id = {run} AND session_id = s.id" for table in _INSTANTS)  # noqa: S608 - constant names
        for run in ("?1", "?2")
    )
    # Sub-agents that worked only later belong there whole.
    connection.execute(
        "UPDATE session AS s SET run_id = ?2 WHERE run_id = ?1"  # noqa: S608 - constant names
        " AND id <> (SELECT root_session_id FROM run WHERE id = ?2)"
        f" AND NOT EXISTS ({here}) AND EXISTS ({there})",
        (edit.run_id, edit.other_id),
    )


def _name_successors(
    connection: dbapi2.Connection, family: set[int], homes: dict[int, int], into: dict[int, int], made: list[Edit]
) -> None:
    """Note of each run which one took it over, so that its judgements and its name lead there."""
    undone = {edit.other_id: edit.run_id for edit in made if edit.kind == "split" and not edit.holds}
    born = {edit.other_id for edit in made if edit.kind == "split"}
    roots = dict(
        connection.execute(
            "SELECT id, root_session_id FROM run WHERE id IN (SELECT value FROM json_each(?))", (_listed(family),)
        ).fetchall()
    )

    def last(run_id: int) -> int:
        for _ in range(_FAR):
            following = into.get(run_id) or undone.get(run_id)
            if following is None and run_id not in born:
                following = homes.get(roots.get(run_id, -1), run_id)
            if following is None or following == run_id:
                break
            run_id = following
        return run_id

    connection.executemany(
        "UPDATE run SET merged_into_id = ? WHERE id = ?",
        [(None if last(run_id) == run_id else last(run_id), run_id) for run_id in family],
    )


def _listed(ids: Iterable[int]) -> str:
    return json.dumps(sorted(ids))
