"""Taking in another ledger: its events meet ours by identity, its judgements join the history, nothing counts twice.

Not taken: reports (they belong to the ledger that released them), received reports, signers, and what was forgotten
here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.domain.events import (
    Batch,
    Generation,
    Notice,
    ParseIssue,
    Prompt,
    SessionFacts,
    SessionTotal,
    ToolCall,
)
from goodmeasure.domain.facts import FactName
from goodmeasure.ledger.arranging import LATER_PARTS, edits
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.carrying_over import carry_over
from goodmeasure.ledger.codes import TOOL_STATUS_OF
from goodmeasure.ledger.edits import merge, place_part, split, undo
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.events_in import CostOf
from goodmeasure.ledger.facts import say
from goodmeasure.ledger.files import FileReading, known_files
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.sessions import ProjectOf
from goodmeasure.ledger.summaries import refresh, refresh_runs
from goodmeasure.ledger.telemetry_writer import TelemetryWriter
from goodmeasure.ledger.writer import ImportWriter

_CALLS_AT_ONCE = 20_000
"""Calls that are written in one transaction."""
_FACTS = (
    "s.native_id, p.native_id, s.relation, s.started_at, s.ended_at, s.cwd, s.git_branch, s.git_repository,"
    " s.agent_version, s.entrypoint, s.title, s.title_rank"
)
_CALLS = """SELECT g.key, s.native_id, g.recorded_at, nullif(m.provider, ''), nullif(m.name, ''), g.input_tokens,
 g.cache_read_tokens, g.cache_write_5m_tokens, g.cache_write_1h_tokens, g.output_tokens, g.reasoning_tokens,
 g.web_search_requests, g.reported_cost_micros, g.service_tier, g.flags
 FROM generation g JOIN session s ON s.id = g.session_id LEFT JOIN model m ON m.id = g.model_id
 WHERE g.source_file_id = ?1 OR g.id IN (SELECT generation_id FROM generation_copy WHERE source_file_id = ?1)
 ORDER BY g.id"""
_PARTS = (
    f"SELECT run_id FROM session WHERE id = ?1 UNION SELECT {LATER_PARTS} = (SELECT run_id FROM session WHERE id = ?1))"  # noqa: S608 - constant parts
)
_JUDGED = (
    "name, value, source, collected, inclusion_probability, assessed_at, answer_seconds, suggested, taxonomy_version"
)
_EVIDENCE = (
    "kind, reference, repository, link, containment, found_at, landed_at, reverted_at, survival_14_days,"
    " survival_30_days, dismissed_at"
)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What another ledger brought that was not here."""

    runs: int
    calls: int
    duplicates: int
    """Calls that were here already."""
    assessments: int


def absorb(
    ledger: Ledger,
    other: Ledger,
    label: str,
    *,
    cost_of: CostOf,
    project_of: ProjectOf,
    at: int,
    keep_titles: bool = True,
) -> Absorbed:
    """Take everything in `other` (at this app's schema) into `ledger`; doing so again changes nothing.

    `label`: a short name of the other ledger, always the same for the same one; its files are listed under it.
    `at`: the instant for the audit log. Raises LedgerError; what was written until then is whole, and the next try goes
    on.
    """
    before = _runs(ledger)
    with told(other.path):
        source = _Other(other.raw(), label)
        writer = ImportWriter(ledger, cost_of, source.project_of(project_of), keep_titles=keep_titles)
        known = {name: file.offset_bytes for name, file in known_files(ledger).items()}
        added = 0
        for group in _grouped(source.readings(known)):
            for written in writer.write_many(group):
                added += written.generations_added
        told_writer = TelemetryWriter(ledger, cost_of, source.project_of(project_of))
        for feed, batch, last_at in source.told():
            added += told_writer.take_over(feed, batch, last_at)
        writer.finish()
        with ledger.writing(lasting=True) as connection:
            source.copy_edits(connection, at)
            runs = _same_runs(connection, source.run_keys())
            source.copy_draws(connection, runs)
            assessments = source.copy_assessments(connection, runs)
            evidence = source.copy_evidence(connection, runs)
            source.copy_cost_centers(connection)
            corrected = source.copy_facts(connection, runs, at)
            carried = carry_over(connection, other.raw(), runs, at)
            refresh_runs(connection, sorted({*assessments, *corrected}))
            gained = _runs(ledger) - before
            if gained or added or assessments or evidence or corrected or carried:
                subject = f"{label}\x1f{gained}\x1f{added}\x1f{len(assessments)}\x1f{evidence}"
                chain_on(connection, at, "merged", sha256(subject.encode()).digest())
        refresh(ledger)
    return Absorbed(gained, added, source.calls() - added, len(assessments))


class _Other:
    """The ledger that is taken in."""

    def __init__(self, connection: dbapi2.Connection, label: str) -> None:
        self._connection = connection
        self._execute: Callable[..., dbapi2.Cursor] = connection.execute
        self._label = label
        self._told_of: set[int] = set()
        """Sessions whose events are in a batch already."""

    def calls(self) -> int:
        """Return how many calls it holds."""
        return int(self._execute("SELECT count(*) FROM generation").fetchone()[0])

    def project_of(self, otherwise: ProjectOf) -> ProjectOf:
        """Return which project a folder belongs to: as the other computer knew, where it knew."""
        rows = self._execute(
            "SELECT DISTINCT s.cwd, p.root, p.name FROM session s JOIN project p ON p.id = s.project_id"
            " WHERE s.cwd IS NOT NULL"
        )
        known = {cwd: (root, name) for cwd, root, name in rows}
        return lambda cwd: known.get(cwd) or otherwise(cwd)

    def readings(self, known: dict[str, int]) -> Iterator[tuple[FileReading, Batch]]:
        """Yield each file with all that it taught; what no file tells of a session comes with its first file."""
        files = self._execute(
            "SELECT id, path, source, size_bytes, mtime_ns, offset_bytes, lines FROM source_file"
            " WHERE id NOT IN (SELECT source_file_id FROM telemetry_feed) ORDER BY id"
        ).fetchall()
        for file_id, path, source, size, changed, offset, lines in files:
            name = f"{self._label}:{path}"
            batch = self._batch(file_id, source, lines)
            problem = self._problem(file_id)
            yield (
                FileReading(name, source, 0, 0, size, changed, 0, offset, None, None, name in known, problem),
                batch,
            )

    def told(self) -> Iterator[tuple[str, Batch, int]]:
        """Yield what only telemetry told, by source, and when it last did; after all `readings`.

        They hold what logs tell of the same.
        """
        feeds = self._execute("SELECT source, source_file_id, last_at FROM telemetry_feed").fetchall()
        for source, file_id, last_at in feeds:
            yield source, self._batch(file_id, source, 0), last_at

    def _batch(self, file_id: int, source: str, lines: int) -> Batch:
        execute = self._execute
        batch = Batch(lines=lines)
        batch.generations = [Generation._make(row) for row in execute(_CALLS, (file_id,))]
        sessions = execute(
            f"SELECT s.id, {_FACTS} FROM session s LEFT JOIN session p ON p.id = s.parent_id"  # noqa: S608 - constant names
            " WHERE s.source = ?2 AND s.id IN (SELECT session_id FROM session_file WHERE source_file_id = ?1"
            " UNION SELECT session_id FROM generation WHERE source_file_id = ?1) ORDER BY s.id",
            (file_id, source),
        ).fetchall()
        for session_id, *facts in sessions:
            batch.sessions.append(SessionFacts._make(facts))
            if session_id not in self._told_of:
                self._told_of.add(session_id)
                self._add_events(batch, session_id, facts[0])
        batch.totals = [
            SessionTotal._make(row)
            for row in execute(
                "SELECT s.native_id, t.model, t.input_tokens, t.cache_read_tokens, t.cache_write_5m_tokens,"
                " t.cache_write_1h_tokens, t.output_tokens, t.reasoning_tokens, t.cost_micros"
                " FROM session_total t JOIN session s ON s.id = t.session_id WHERE t.source_file_id = ?",
                (file_id,),
            )
        ]
        batch.issues = [
            ParseIssue(*row)
            for row in execute(
                "SELECT line, what FROM file_issue WHERE source_file_id = ? AND line IS NOT NULL ORDER BY id",
                (file_id,),
            )
        ]
        batch.unknown.update(
            dict(execute("SELECT type, count FROM unknown_record WHERE source_file_id = ?", (file_id,)).fetchall())
        )
        return batch

    def _add_events(self, batch: Batch, session_id: int, name: str) -> None:
        execute = self._execute
        batch.tool_calls += [
            ToolCall(key, name, called, finished, tool, kind, None if status is None else TOOL_STATUS_OF[status])
            for key, called, finished, tool, kind, status in execute(
                "SELECT c.key, c.called_at, c.finished_at, nullif(t.name, ''), nullif(t.kind, ''), c.status"  # noqa: S608 - constant parts
                " FROM tool_call c JOIN tool t ON t.id = c.tool_id"
                f" WHERE c.run_id IN ({_PARTS}) AND c.session_id = ?1",
                (session_id,),
            )
        ]
        batch.prompts += [
            Prompt(key, name, at)
            for key, at in execute(
                f"SELECT key, prompted_at FROM prompt WHERE run_id IN ({_PARTS}) AND session_id = ?1",  # noqa: S608 - constant parts
                (session_id,),
            )
        ]
        batch.notices += [
            Notice(key, name, at, kind, detail)
            for key, at, kind, detail in execute(
                f"SELECT key, noticed_at, kind, detail FROM notice WHERE run_id IN ({_PARTS}) AND session_id = ?1",  # noqa: S608 - constant parts
                (session_id,),
            )
        ]

    def _problem(self, file_id: int) -> str | None:
        row = self._execute(
            "SELECT what FROM file_issue WHERE source_file_id = ? AND line IS NULL ORDER BY id DESC", (file_id,)
        ).fetchone()
        return row[0] if row else None

    def run_keys(self) -> dict[int, str]:
        """Return the stable names of its runs; a run that was folded into another has that one's."""
        rows = self._execute("SELECT r.id, t.key FROM run r JOIN run t ON t.id = coalesce(r.merged_into_id, r.id)")
        return dict(rows.fetchall())

    def copy_assessments(self, connection: dbapi2.Connection, runs: dict[int, int]) -> list[int]:
        """Append the judgements that are not here; return the run of each."""
        names: dict[int, int] = {}
        added: list[int] = []
        rows = self._execute(f"SELECT id, run_id, supersedes_id, {_JUDGED} FROM assessment ORDER BY id").fetchall()  # noqa: S608 - constant names
        for id_, run_id, supersedes, *judged in rows:
            here = runs.get(run_id)
            if here is None:
                continue  # forgotten here
            found = connection.execute(
                f"SELECT id FROM assessment WHERE ({_JUDGED}) IS (?,?,?,?,?,?,?,?,?)"  # noqa: S608 - constant names
                " AND run_id IN (SELECT id FROM run WHERE id = ?10 OR merged_into_id = ?10)",
                (*judged, here),
            ).fetchone()
            if found is None:
                names[id_] = connection.execute(
                    f"INSERT INTO assessment(run_id, supersedes_id, {_JUDGED}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
                    (here, names.get(supersedes), *judged),
                ).lastrowid
                added.append(here)
            else:
                names[id_] = found[0]
        return added

    def copy_evidence(self, connection: dbapi2.Connection, runs: dict[int, int]) -> int:
        """Add the evidence that is not here; return how much."""
        rows = self._execute(f"SELECT run_id, {_EVIDENCE} FROM evidence").fetchall()  # noqa: S608 - constant names
        found = [(runs[run_id], *rest) for run_id, *rest in rows if run_id in runs]
        return int(
            connection.executemany(
                f"INSERT OR IGNORE INTO evidence(run_id, {_EVIDENCE}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
                found,
            ).rowcount
        )

    def copy_draws(self, connection: dbapi2.Connection, runs: dict[int, int]) -> None:
        """Take over its draws, under days of their own: whom chance had asked there stays known."""
        rows = self._execute("SELECT id, drawn_on, drawn_at, seed, costly_from_micros FROM draw ORDER BY id").fetchall()
        for draw_id, day, *rest in rows:
            name = day if "@" in day else f"{day}@{self._label}"
            connection.execute(
                "INSERT OR IGNORE INTO draw(drawn_on, drawn_at, seed, costly_from_micros) VALUES (?,?,?,?)",
                (name, *rest),
            )
            here = connection.execute("SELECT id FROM draw WHERE drawn_on = ?", (name,)).fetchone()[0]
            framed = self._execute(
                "SELECT run_id, stratum, inclusion_probability, drawn FROM draw_run WHERE draw_id = ?", (draw_id,)
            )
            connection.executemany(
                "INSERT OR IGNORE INTO draw_run(run_id, draw_id, stratum, inclusion_probability, drawn)"
                " VALUES (?,?,?,?,?)",
                [(runs[run_id], here, *values) for run_id, *values in framed if run_id in runs],
            )

    def copy_cost_centers(self, connection: dbapi2.Connection) -> None:
        """Take over the cost centres of projects that have none here."""
        rows = self._execute("SELECT cost_center, root FROM project WHERE cost_center IS NOT NULL").fetchall()
        connection.executemany("UPDATE project SET cost_center = ? WHERE root = ? AND cost_center IS NULL", rows)

    def copy_edits(self, connection: dbapi2.Connection, at: int) -> None:
        """Merge and split here as the person did there, once: what was undone here since stays undone."""
        keys = dict(self._execute("SELECT id, key FROM run").fetchall())
        for edit in edits(self._connection):
            here = dict(connection.execute("SELECT key, id FROM run").fetchall())
            run_id, other = here.get(keys[edit.run_id]), here.get(keys[edit.other_id])
            known = {(one.kind, one.run_id, one.other_id) for one in edits(connection)}
            # Of what was undone there only "keep together" is told on: here the app would split it again.
            kept_together = edit.by_app and not edit.holds
            if not (edit.holds or kept_together) or run_id is None or (edit.kind, run_id, other) in known:
                continue
            whole = connection.execute("SELECT merged_into_id IS NULL FROM run WHERE id = ?", (run_id,)).fetchone()[0]
            if edit.kind == "split" and other is None and edit.from_at is not None and whole:
                later = split(connection, run_id, edit.from_at, at, key=keys[edit.other_id], by_app=edit.by_app)
                self._copy_part(connection, edit.other_id, later)
                if kept_together:
                    undo(connection, edits(connection)[-1], at)
            elif edit.kind == "merge" and other is not None and whole:
                merge(connection, run_id, other, at)

    def _copy_part(self, connection: dbapi2.Connection, theirs: int, ours: int) -> None:
        """Take over where a part of a session began."""
        row = self._execute(
            "SELECT cwd, git_branch, root, name FROM run_part LEFT JOIN project ON project.id = project_id"
            " WHERE run_id = ?",
            (theirs,),
        ).fetchone()
        if row is not None:
            place_part(connection, ours, row[0], row[1], None if row[2] is None else (row[2], row[3]))

    def copy_facts(self, connection: dbapi2.Connection, runs: dict[int, int], at: int) -> list[int]:
        """Take over what the person said of runs of which nothing was said here, and return those runs."""
        rows = self._execute("SELECT run_id, name, value FROM run_fact WHERE rule_id IS NULL").fetchall()
        said = connection.execute("SELECT run_id, name FROM run_fact WHERE rule_id IS NULL").fetchall()
        new = [(runs[run_id], FactName(name), value) for run_id, name, value in rows if run_id in runs]
        new = [row for row in new if (row[0], row[1]) not in set(said)]
        for run_id, fact, value in new:
            say(connection, run_id, fact, value, rule_id=None, at=at)
        return [run_id for run_id, *_ in new]


def _grouped(readings: Iterator[tuple[FileReading, Batch]]) -> Iterator[list[tuple[FileReading, Batch]]]:
    group: list[tuple[FileReading, Batch]] = []
    calls = 0
    for reading, batch in readings:
        group.append((reading, batch))
        calls += len(batch.generations) + 1
        if calls >= _CALLS_AT_ONCE:
            yield group
            group, calls = [], 0
    if group:
        yield group


def _same_runs(connection: dbapi2.Connection, keys: dict[int, str]) -> dict[int, int]:
    """Return which of our runs each run of the other ledger is; those that are not here are left out."""
    rows: Sequence[Any] = connection.execute("SELECT key, coalesce(merged_into_id, id) FROM run").fetchall()
    here = dict(rows)
    return {run_id: here[key] for run_id, key in keys.items() if key in here}


def _runs(ledger: Ledger) -> int:
    with told(ledger.path):
        return int(ledger.raw().execute("SELECT count(*) FROM run_summary").fetchone()[0])
