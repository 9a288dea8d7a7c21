"""Evidence for runs: what they wrote (as salted hashes), the commits that hang on them, and when it was looked for."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

HASH_BYTES = 8
_COLUMNS = "reference, repository, link, containment, landed_at, reverted_at, survival_14_days, survival_30_days"

_CUTS = """SELECT run.root_session_id, e.run_id, e.other_id, e.from_at FROM run_edit e JOIN run ON run.id = e.run_id
 WHERE e.kind = 'split' AND NOT EXISTS (SELECT 1 FROM run_edit u WHERE u.undoes_id = e.id)"""


@dataclass(frozen=True, slots=True)
class RunWork:
    """What a run wrote and committed, as its logs told it once."""

    files: dict[str, frozenset[bytes]]
    """Per file, as the agent named it, the hashes of the lines that it wrote there."""
    commits: tuple[str, ...]
    """Abbreviated names of the commits made inside the run."""
    salt: bytes | None = None
    """The other ledger's, where another ledger hashed it; None: this one's."""


class RunPlace(NamedTuple):
    """Where and when a run took place, to look for its evidence."""

    run_id: int
    cwd: str | None
    started_at: int
    ended_at: int
    sessions: tuple[str, ...]
    """The agent's own ids of the run's sessions; of a part also those of the run that it was split from."""
    first_part: int
    """Run whose logs tell of this one: itself, or the one that it was split from."""
    since: int | None = None
    """A later part: what was before this instant is another part's (ms UTC)."""
    until: int | None = None
    """An earlier part: what was at this instant or later is another part's (ms UTC)."""

    @property
    def is_part(self) -> bool:
        """Say whether the run is a part of a session that was split."""
        return self.since is not None or self.until is not None

    def holds(self, at: int | None) -> bool:
        """Say whether what was at an instant (ms UTC) is this run's; what was at an unknown one is the first part's."""
        if at is None:
            return self.since is None
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


class LogFile(NamedTuple):
    """One log that speaks of a run."""

    source: str
    path: str


def run_places(ledger: Ledger, since: int, until: int) -> list[RunPlace]:
    """Return the runs that ended in [since, until] (ms UTC), by their end. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT run_summary.run_id, coalesce(run_part.cwd, root.cwd), run_summary.started_at, run_summary.ended_at,"
            " (SELECT json_group_array(native_id) FROM session s WHERE s.run_id IN (run_summary.run_id, root.run_id)),"
            " root.run_id FROM run_summary JOIN run ON run.id = run_summary.run_id"
            " JOIN session AS root ON root.id = run.root_session_id"
            " LEFT JOIN run_part ON run_part.run_id = run.id"
            " WHERE run_summary.ended_at BETWEEN ? AND ? AND run_summary.started_at IS NOT NULL"
            " ORDER BY run_summary.ended_at, run_summary.run_id",
            (since, until),
        )
        bounds = _bounds(ledger)
        return [
            RunPlace(
                run_id, cwd, started_at, ended_at, tuple(json.loads(sessions)), first, *bounds.get(run_id, (None, None))
            )
            for run_id, cwd, started_at, ended_at, sessions, first in rows
        ]


def _bounds(ledger: Ledger) -> dict[int, tuple[int | None, int | None]]:
    """Return from when and until when each part of a split session is."""
    since: dict[int, dict[int, int | None]] = defaultdict(dict)
    for root, first, later, from_at in ledger.raw().execute(_CUTS):
        since[root].setdefault(first, None)
        since[root][later] = from_at
    found: dict[int, tuple[int | None, int | None]] = {}
    for family in since.values():
        cuts = sorted(cut for cut in family.values() if cut is not None)
        for run_id, begins in family.items():
            found[run_id] = (begins, next((cut for cut in cuts if begins is None or cut > begins), None))
    return found


def log_files(ledger: Ledger, run_id: int) -> list[LogFile]:
    """Return the logs that speak of a run's sessions, in order of path. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(
            "SELECT DISTINCT source_file.source, source_file.path FROM source_file"
            " JOIN session_file ON session_file.source_file_id = source_file.id"
            " JOIN session ON session.id = session_file.session_id WHERE session.run_id = ? ORDER BY 2",
            (run_id,),
        )
        return [LogFile(*row) for row in rows]


def work_of(ledger: Ledger, run_id: int) -> RunWork | None:
    """Return what a run wrote; None where its logs have not been asked yet. Raises LedgerError."""
    with told(ledger.path):
        asked = ledger.raw().execute
        rows = asked("SELECT path, line_hashes, commits FROM run_work WHERE run_id = ?", (run_id,)).fetchall()
        salted = asked("SELECT salt FROM run_work_salt WHERE run_id = ?", (run_id,)).fetchone()
    if not rows:
        return None
    commits = dict.fromkeys(sha for _, _, listed in rows for sha in json.loads(listed))
    return RunWork({path: _split(hashes) for path, hashes, _ in rows if path}, tuple(commits), salted and salted[0])


def keep_work(ledger: Ledger, run_id: int, work: RunWork) -> None:
    """Keep what a run wrote; what was kept of it before is replaced. Raises LedgerError."""
    rows = [("", b"", json.dumps(work.commits))]
    rows += [(path, b"".join(sorted(hashes)), "[]") for path, hashes in work.files.items() if path]
    with ledger.writing() as connection:
        for table in ("run_work", "run_work_salt"):
            connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))  # noqa: S608 - constant names
        connection.executemany("INSERT INTO run_work VALUES (?, ?, ?, ?)", [(run_id, *row) for row in rows])


def checks(ledger: Ledger) -> dict[int, int]:
    """Return when each run's repository was last asked (ms UTC), by run. Raises LedgerError."""
    with told(ledger.path):
        return dict(ledger.raw().execute("SELECT run_id, checked_at FROM evidence_check").fetchall())


def check_of(ledger: Ledger, run_id: int) -> tuple[int, bool] | None:
    """Return when a run's repository was last asked (ms UTC), and whether it could be; None: never.

    Raises LedgerError.
    """
    with told(ledger.path):
        row = (
            ledger.raw()
            .execute("SELECT checked_at, state = 'checked' FROM evidence_check WHERE run_id = ?", (run_id,))
            .fetchone()
        )
    return (row[0], bool(row[1])) if row else None


def keep_evidence(
    ledger: Ledger,
    run_id: int,
    found: Sequence[CommitEvidence],
    *,
    now: int,
    available: bool,
    not_its: Collection[str] = (),
) -> None:
    """Keep what was found for a run, and that it was looked for.

    What the person said stays: a dismissed commit stays dismissed, a confirmed one stays confirmed. Commits that were
    not found again (an unreachable one was tidied up) stay as they were, but those of `not_its`, which hang on another
    part of what was one run. Raises LedgerError.
    """
    gone = set(not_its) - {one.sha for one in found}
    with ledger.writing() as connection:
        connection.executemany(
            "DELETE FROM evidence WHERE run_id = ? AND reference = ? AND kind = 'commit' AND link <> 'person'"
            " AND dismissed_at IS NULL",
            [(run_id, sha) for sha in sorted(gone)],
        )
        connection.executemany(
            "INSERT INTO evidence(run_id, kind, reference, repository, link, containment, found_at, landed_at,"
            " reverted_at, survival_14_days, survival_30_days) VALUES (?, 'commit', ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT(run_id, kind, reference) DO UPDATE SET"
            " link = CASE WHEN link = 'person' AND excluded.link = 'candidate' THEN link ELSE excluded.link END,"
            " containment = excluded.containment, landed_at = excluded.landed_at, reverted_at = excluded.reverted_at,"
            " survival_14_days = coalesce(excluded.survival_14_days, survival_14_days),"
            " survival_30_days = coalesce(excluded.survival_30_days, survival_30_days)",
            [
                (
                    run_id, one.sha, one.repository, one.link, one.containment, now, one.landed_at, one.reverted_at,
                    one.survival_14_days, one.survival_30_days,
                )
                for one in found
            ],
        )  # fmt: skip
        connection.execute(
            "INSERT INTO evidence_check VALUES (?, ?, ?)"
            " ON CONFLICT(run_id) DO UPDATE SET checked_at = excluded.checked_at, state = excluded.state",
            (run_id, now, "checked" if available else "unavailable"),
        )


def answer_candidate(ledger: Ledger, run_id: int, sha: str, *, belongs: bool, now: int) -> bool:
    """Keep what the person said of a candidate; return whether there was one of this name. Raises LedgerError."""
    change = "link = 'person', dismissed_at = NULL" if belongs else "dismissed_at = ?3"
    with ledger.writing(lasting=True) as connection:
        done = connection.execute(
            f"UPDATE evidence SET {change} WHERE reference = ?2 AND kind = 'commit' AND ?3"  # noqa: S608 - constant parts
            " AND run_id IN (SELECT id FROM run WHERE id = ?1 OR merged_into_id = ?1)",
            (run_id, sha, now),
        )
        return bool(done.rowcount)


def commits_of(ledger: Ledger, run_ids: Sequence[int] | None = None) -> dict[int, list[CommitEvidence]]:
    """Return the commits that hang on runs (all where None), dismissed ones left out, by run. Raises LedgerError."""
    where = "kind = 'commit' AND dismissed_at IS NULL"
    if run_ids is not None:
        where += (
            " AND run_id IN (SELECT id FROM run WHERE id IN (SELECT value FROM json_each(?1))"
            " OR merged_into_id IN (SELECT value FROM json_each(?1)))"
        )
    given = () if run_ids is None else (json.dumps(list(run_ids)),)
    with told(ledger.path):
        rows = ledger.raw().execute(
            f"SELECT coalesce(run.merged_into_id, run.id), {_COLUMNS} FROM evidence JOIN run ON run.id = run_id"  # noqa: S608 - constant parts
            f" WHERE {where} ORDER BY evidence.id",
            given,
        )
        found: dict[int, list[CommitEvidence]] = {}
        for run_id, sha, repository, link, *facts in rows:
            of_run = found.setdefault(run_id, [])
            if sha not in {one.sha for one in of_run}:  # a run that was merged may have found it, too
                of_run.append(CommitEvidence(sha, repository or "", Link(link), *facts))
        return found


def _split(hashes: bytes) -> frozenset[bytes]:
    return frozenset(hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES))
