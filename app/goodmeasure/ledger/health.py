"""What became of the agents' files, and the counts around the screens."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, or_, select

from goodmeasure.domain.files import FileIssue
from goodmeasure.domain.runs import Feed, Refused, SourceHealth
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.models import (
    file_issue,
    generation_copy,
    project,
    run,
    run_summary,
    source_file,
    telemetry_feed,
    telemetry_refusal,
    unknown_record,
    usage_bucket,
)

ISSUES_SHOWN = 100
"""Most issues that are shown of one source: the newest."""

_NO_RUNS = (None, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the ledger holds. Instants are milliseconds since 1970 UTC; None: nothing of the kind yet."""

    runs: int
    last_import_at: int | None
    """When a file was last read."""
    first_run_at: int | None
    last_run_at: int | None


def counts(ledger: Ledger) -> Counts:
    """Return how much the ledger holds. Raises LedgerError."""
    c = run_summary.c
    with ledger.engine.connect() as connection:
        runs = connection.scalar(select(func.count()).select_from(run_summary)) or 0
        # One question for each end: SQLite then reads a single entry of the index.
        first = connection.scalar(select(func.min(c.started_at)))
        last = connection.scalar(select(func.max(c.started_at)))
        read_at = connection.scalar(select(func.max(source_file.c.read_at)))
    return Counts(runs, read_at, first, last)


def projects(ledger: Ledger) -> list[str]:
    """Return the names of the projects that have runs, sorted without regard to case. Raises LedgerError."""
    asked = (
        select(project.c.name)
        .where(project.c.id.in_(select(run.c.project_id).join(run_summary, run_summary.c.run_id == run.c.id)))
        .distinct()
    )
    with ledger.engine.connect() as connection:
        return sorted(connection.scalars(asked), key=lambda name: (name.casefold(), name))


def source_health(ledger: Ledger) -> list[SourceHealth]:
    """Return what became of each source's files over all imports, by source. Raises LedgerError."""
    with ledger.engine.connect() as connection:
        files = _files(connection)
        not_read_on = _by_source(
            connection,
            select(source_file.c.source, func.count())
            .join_from(file_issue, source_file, source_file.c.id == file_issue.c.source_file_id)
            .where(or_(file_issue.c.line > source_file.c.lines, file_issue.c.line.is_(None)))
            .group_by(source_file.c.source),
        )
        duplicates = _by_source(
            connection,
            select(source_file.c.source, func.count())
            .join_from(generation_copy, source_file, source_file.c.id == generation_copy.c.source_file_id)
            .group_by(source_file.c.source),
        )
        sums = _sums(connection)
        runs = _runs(connection)
        types = _unknown_types(connection)
        sent = _feeds(connection)
        return [
            SourceHealth(
                source=source,
                files=number,
                lines=lines,
                generations=sums.get(source, (0, 0, 0))[0],
                duplicates=duplicates.get(source, 0),
                unreadable=unreadable + not_read_on.get(source, 0),
                unknown=unknown,
                unknown_types=types[source],
                issues=_issues(connection, source),
                last_event_at=runs.get(source, _NO_RUNS)[0],
                estimated_generations=sums.get(source, (0, 0, 0))[1],
                output_lower_bound_generations=sums.get(source, (0, 0, 0))[2],
                runs=runs.get(source, _NO_RUNS)[1],
                tool_calls=runs.get(source, _NO_RUNS)[2],
                prompts=runs.get(source, _NO_RUNS)[3],
                feed=sent.get(source),
            )
            for source, number, lines, unreadable, unknown in files
        ]


def refused(ledger: Ledger) -> list[Refused]:
    """Return what the receiver refused over all time, by reason, most first. Raises LedgerError."""
    c = telemetry_refusal.c
    with ledger.engine.connect() as connection:
        return [
            Refused(*row) for row in connection.execute(select(c.reason, c.count, c.last_at).order_by(c.count.desc()))
        ]


def _files(connection: Connection) -> list[Any]:
    c = source_file.c
    is_feed = c.id.in_(select(telemetry_feed.c.source_file_id))
    asked = select(
        c.source,
        func.sum(case((is_feed, 0), else_=1)),
        func.sum(case((is_feed, 0), else_=c.lines)),
        func.sum(c.unreadable),
        func.sum(c.unknown),
    )
    return list(connection.execute(asked.group_by(c.source).order_by(c.source)))


def _feeds(connection: Connection) -> dict[str, Feed]:
    c = telemetry_feed.c
    asked = select(c.source, c.requests, source_file.c.lines, c.metrics, c.calls, c.first_at, c.last_at).join_from(
        telemetry_feed, source_file, source_file.c.id == c.source_file_id
    )
    return {row[0]: Feed(*row[1:]) for row in connection.execute(asked)}


def _by_source(connection: Connection, asked: Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(asked)}


def _sums(connection: Connection) -> dict[str, tuple[int, int, int]]:
    c = usage_bucket.c
    asked = select(
        c.source,
        func.sum(c.generations),
        func.sum(c.estimated_generations),
        func.sum(c.output_lower_bound_generations),
    ).group_by(c.source)
    return {row[0]: (row[1], row[2], row[3]) for row in connection.execute(asked)}


def _runs(connection: Connection) -> dict[str, tuple[int | None, int, int, int]]:
    c = run_summary.c
    asked = select(c.source, func.max(c.ended_at), func.count(), func.sum(c.tool_calls), func.sum(c.prompts))
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in connection.execute(asked.group_by(c.source))}


def _unknown_types(connection: Connection) -> dict[str, dict[str, int]]:
    asked = (
        select(source_file.c.source, unknown_record.c.type, func.sum(unknown_record.c.count))
        .join_from(unknown_record, source_file, source_file.c.id == unknown_record.c.source_file_id)
        .group_by(source_file.c.source, unknown_record.c.type)
        .order_by(func.sum(unknown_record.c.count).desc(), unknown_record.c.type)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for source, name, number in connection.execute(asked):
        found[source][name] = number
    return found


def _issues(connection: Connection, source: str) -> tuple[FileIssue, ...]:
    asked = (
        select(source_file.c.path, file_issue.c.line, file_issue.c.what)
        .join_from(file_issue, source_file, source_file.c.id == file_issue.c.source_file_id)
        .where(source_file.c.source == source)
        .order_by(file_issue.c.id.desc())
        .limit(ISSUES_SHOWN)
    )
    return tuple(FileIssue(*row) for row in connection.execute(asked))
