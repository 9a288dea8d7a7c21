"""Sessions and the runs they are folded into, while an import writes. Raw driver only."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.domain.events import Relation
from goodmeasure.ledger.codes import BUCKET_MS, UNKNOWN_BUCKET
from goodmeasure.ledger.merging import earlier, larger

FOLDED = (Relation.SUBAGENT, Relation.RESUME)
"""How a session hangs on its parent where it belongs to the parent's run."""
ProjectOf = Callable[[str], tuple[str, str]]
"""A working folder → the project's root path (its identity) and name."""
_MOVED = ("generation", "tool_call", "prompt", "notice")
_FACTS = (
    "started_at, ended_at, cwd, git_branch, git_repository, agent_version, entrypoint, title, title_rank, project_id"
)
_NO_FACTS = (None, None, None, None, None, None, None, None, 0, None)
_SUBTREE = """WITH RECURSIVE tree(id) AS (VALUES(?) UNION SELECT s.id FROM session s JOIN tree ON s.parent_id = tree.id
 WHERE s.relation IN ('subagent', 'resume')) SELECT id FROM tree"""


def run_key(source: str, native_id: str) -> str:
    """Return a run's stable name: 16 hex digits hashed from its source and its root session."""
    text = f"{source}\x1f{native_id}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=8).hexdigest()


class Sessions:
    """Sessions by native id within one transaction: finds, makes, merges and re-roots them.

    What was learned of them is written by `flush`. `dirty` collects the runs whose summary is out of date.
    """

    def __init__(self, connection: dbapi2.Connection, project_of: ProjectOf) -> None:
        self._connection = connection
        self._project_of = project_of
        self._ids: dict[tuple[str, str], tuple[int, int]] = {}
        self._projects: dict[str, int] = {}
        self._facts: dict[int, tuple[Any, ...]] = {}
        self._learned: set[int] = set()
        self._files: dict[tuple[int, int], None] = {}
        self._newest: int | None = None
        self.dirty: set[int] = set()

    def ids(self, source: str, native_id: str) -> tuple[int, int]:
        """Return (session id, run id), making a session without facts where there is none."""
        return self._known(source, native_id) or self._made(source, native_id)

    def _known(self, source: str, native_id: str) -> tuple[int, int] | None:
        name = (source, native_id)
        found = self._ids.get(name)
        if found is None:
            row = self._connection.execute(
                "SELECT id, run_id FROM session WHERE source = ? AND native_id = ?", name
            ).fetchone()
            if row:
                found = self._ids[name] = row
        return found

    def touched(self, source: str, native_id: str) -> tuple[int, int]:
        """Return (session id, run id) of a session of which an event is told."""
        found = self.ids(source, native_id)
        self.dirty.add(found[1])
        return found

    def learn(self, source: str, facts: Sequence[Any], file_id: int) -> None:
        """Merge `SessionFacts` (plain, in field order) into the session, and remember that the file speaks of it."""
        native_id, parent, relation = facts[0], facts[1], facts[2]
        known_ids = self._known(source, native_id)
        if parent is None or relation is None or parent == native_id:
            session_id, run_id = known_ids or self._made(source, native_id)
        elif known_ids is None:
            session_id, run_id = self._made_below(source, native_id, parent, relation)
        else:
            self._hang(source, native_id, known_ids[0], parent, relation)
            session_id, run_id = self.ids(source, native_id)
        known = self._facts.get(session_id) or self._known_facts(session_id)
        started, ended, cwd, branch, repository, version, entrypoint, title, rank = facts[3:12]
        keeps_title = title is None or rank < known[8]
        project_id = known[9]
        if project_id is None and cwd:
            project_id = self._project(cwd)
        row = (
            earlier(known[0], started),
            larger(known[1], ended),
            known[2] or cwd,
            known[3] or branch,
            known[4] or repository,
            known[5] or version,
            known[6] or entrypoint,
            known[7] if keeps_title else title,
            known[8] if keeps_title else rank,
            project_id,
        )
        if row != known:
            self._learned.add(session_id)
        self._facts[session_id] = row
        self._files[session_id, file_id] = None
        self.dirty.add(run_id)

    def flush(self) -> None:
        """Write what was learned."""
        self._connection.executemany(
            f"UPDATE session SET ({_FACTS}) = (?,?,?,?,?,?,?,?,?,?) WHERE id = ?",  # noqa: S608 - constant columns
            [(*self._facts[session_id], session_id) for session_id in self._learned],
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO session_file(session_id, source_file_id) VALUES (?, ?)", list(self._files)
        )
        self._learned.clear()
        self._files.clear()

    def _known_facts(self, session_id: int) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._connection.execute(
            f"SELECT {_FACTS} FROM session WHERE id = ?",  # noqa: S608 - constant columns
            (session_id,),
        ).fetchone()
        return found

    def _made(self, source: str, native_id: str) -> tuple[int, int]:
        session_id = self._new_id()
        run_id = self._new_run(source, native_id, session_id, None)
        return self._put(source, native_id, session_id, run_id, None, None)

    def _made_below(self, source: str, native_id: str, parent: str, relation: str) -> tuple[int, int]:
        """Make a session where it hangs: what is new has nothing that would have to move to its parent's run."""
        parent_id, parent_run = self.ids(source, parent)
        session_id = self._new_id()
        folded = relation in FOLDED
        own_run = self._new_run(source, native_id, session_id, parent_run if folded else None)
        return self._put(source, native_id, session_id, parent_run if folded else own_run, parent_id, relation)

    def _new_id(self) -> int:
        if self._newest is None:
            self._newest = int(self._connection.execute("SELECT coalesce(max(id), 0) FROM session").fetchone()[0])
        self._newest += 1
        return self._newest

    def _new_run(self, source: str, native_id: str, session_id: int, merged_into: int | None) -> int:
        made: int = self._connection.execute(
            "INSERT INTO run(key, source, root_session_id, merged_into_id) VALUES (?, ?, ?, ?)",
            (run_key(source, native_id), source, session_id, merged_into),
        ).lastrowid
        return made

    def _put(
        self, source: str, native_id: str, session_id: int, run_id: int, parent_id: int | None, relation: str | None
    ) -> tuple[int, int]:
        self._connection.execute(
            "INSERT INTO session(id, source, native_id, run_id, parent_id, relation, title_rank)"
            " VALUES (?, ?, ?, ?, ?, ?, 0)",
            (session_id, source, native_id, run_id, parent_id, relation),
        )
        self._facts[session_id] = _NO_FACTS
        found = self._ids[source, native_id] = (session_id, run_id)
        return found

    def _hang(self, source: str, native_id: str, session_id: int, parent: str, relation: str) -> None:
        execute = self._connection.execute
        if execute("SELECT parent_id FROM session WHERE id = ?", (session_id,)).fetchone()[0] is not None:
            return
        parent_id, _ = self.ids(source, parent)
        if self._is_above(session_id, parent_id):
            return  # two files that each call the other its parent: the first one stands
        execute("UPDATE session SET parent_id = ?, relation = ? WHERE id = ?", (parent_id, relation, session_id))
        old_run = self.ids(source, native_id)[1]
        self.dirty.add(old_run)
        if relation in FOLDED:
            new_run = self.ids(source, parent)[1]
            self._move(session_id, old_run, new_run)

    def _is_above(self, session_id: int, other_id: int) -> bool:
        """Whether `session_id` is `other_id` or one of its ancestors."""
        row = self._connection.execute(
            "WITH RECURSIVE up(id) AS (VALUES(?) UNION SELECT s.parent_id FROM session s JOIN up ON s.id = up.id"
            " WHERE s.parent_id IS NOT NULL) SELECT 1 FROM up WHERE id = ?",
            (other_id, session_id),
        ).fetchone()
        return row is not None

    def _move(self, session_id: int, old_run: int, new_run: int) -> None:
        """Give a session, with what is folded into it, to another run, into which its old one is merged."""
        execute = self._connection.execute
        moved = [row[0] for row in execute(_SUBTREE, (session_id,))]
        mark_buckets_of_run(self._connection, old_run)
        for one in moved:
            execute("UPDATE session SET run_id = ? WHERE id = ?", (new_run, one))
            for table in _MOVED:
                execute(f"UPDATE {table} SET run_id = ? WHERE run_id = ? AND session_id = ?", (new_run, old_run, one))  # noqa: S608 - constant tables
        execute("UPDATE run SET merged_into_id = ? WHERE id = ? OR merged_into_id = ?", (new_run, old_run, old_run))
        self._ids.clear()
        self.dirty.update((old_run, new_run))

    def _project(self, cwd: str) -> int:
        found = self._projects.get(cwd)
        if found is None:
            root, name = self._project_of(cwd)
            self._connection.execute("INSERT OR IGNORE INTO project(root, name) VALUES (?, ?)", (root, name))
            row = self._connection.execute("SELECT id FROM project WHERE root = ?", (root,)).fetchone()
            found = self._projects[cwd] = row[0]
        return found


def mark_buckets_of_run(connection: dbapi2.Connection, run_id: int) -> None:
    """Mark every quarter hour in which the run used tokens as out of date."""
    connection.execute(
        "INSERT OR IGNORE INTO dirty_bucket SELECT DISTINCT iif(recorded_at >= 0, recorded_at / ?, ?)"
        " FROM generation WHERE run_id = ?",
        (BUCKET_MS, UNKNOWN_BUCKET, run_id),
    )
