"""`doctor` and `tour`: is everything in order, and the whole walk on an invented home."""

import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodmeasure import __version__
from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, percent, print_json, table, wall_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodmeasure.domain.runs import SourceHealth

_PACKAGES = ("msgspec", "PySide6-Essentials", "SQLAlchemy", "sqlcipher3", "cryptography")
_PLACES_WIDTH = 48


@click.command(short_help="Say what is in order and what is not.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def doctor(desk: Desk, *, as_json: bool) -> None:
    """Say what is in order and what is not: versions, places, key, sources. No secrets."""
    document = _document(desk)
    if as_json:
        print_json(document)
    else:
        _print(desk, document)


def _document(desk: Desk) -> dict[str, Any]:
    from importlib.metadata import version  # noqa: PLC0415 - slow to load

    from goodmeasure.pricing.price_list import price_list  # noqa: PLC0415 - only the doctor asks for its version

    reports = desk.queries.sources()
    status = desk.key_status
    return {
        "version": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "packages": {"genai-prices": price_list().version, **{name: version(name) for name in _PACKAGES}},
        "profile": str(desk.profile.folder),
        "ledger": {
            "path": str(desk.profile.ledger),
            "size_bytes": desk.profile.ledger.stat().st_size,
            "revision": desk.ledger.revision,
            "encrypted": True,
            "audit_fault": desk.sharing.audit_fault(),
        },
        "key": {"store": status.store, "warning": status.warning},
        "settings_problems": [*filter(None, [desk.settings_problem]), *desk.price_problems()],
        "home": str(desk.home or Path.home()),
        "timezone": str(desk.zone),
        "deleted_soon": [asdict(soon) for soon in desk.importing.deleted_soon(desk.clock.now())],
        "telemetry_refused": {refused.reason: refused.count for refused in desk.receiving.refused()},
        "sources": [
            {
                "source": report.key,
                "label": report.label,
                "places": list(report.places),
                "capabilities": {name: value.value for name, value in report.capabilities.items()},
                "files": report.health.files if report.health else 0,
                "lines": report.health.lines if report.health else 0,
                "generations": report.health.generations if report.health else 0,
                "duplicates": report.health.duplicates if report.health else 0,
                "unreadable": report.health.unreadable if report.health else 0,
                "unknown": report.health.unknown if report.health else 0,
                "unknown_types": report.health.unknown_types if report.health else {},
                "estimated_generations": report.health.estimated_generations if report.health else 0,
                "estimated_share": _estimated_share(report.health),
                "output_lower_bound_generations": (
                    report.health.output_lower_bound_generations if report.health else 0
                ),
                "last_event_at": report.health.last_event_at if report.health else None,
                "telemetry": asdict(report.health.feed) if report.health and report.health.feed else None,
                "issues": [
                    {"file": issue.file, "line": issue.line, "what": issue.what}
                    for issue in (report.health.issues if report.health else ())
                ],
            }
            for report in reports
        ],
    }


def _estimated_share(health: "SourceHealth | None") -> float | None:
    return health.estimated_generations / health.generations if health and health.generations else None


def _print(desk: Desk, document: dict[str, Any]) -> None:
    click.echo(f"Good Measure {document['version']}, Python {document['python']}, {document['system']}")
    click.echo(f"profile   {document['profile']}")
    click.echo(f"ledger    {document['ledger']['path']} ({number(document['ledger']['size_bytes'])} bytes, encrypted)")
    click.echo(f"key       {document['key']['store']}")
    if document["key"]["warning"]:
        click.echo(f"WARNING   {document['key']['warning']}")
    for soon in document["deleted_soon"]:
        unread = f", {number(soon['unread'])} of them unread and about to go" if soon["unread"] else ""
        click.echo(
            f"WARNING   {soon['label']} deletes its logs after {number(soon['after_days'])} days{unread}: import more"
            f" often, keep the window open, or raise the number in {soon['settings']}."
        )
    for problem in document["settings_problems"]:
        click.echo(f"WARNING   {problem}")
    click.echo(f"home      {document['home']}")
    click.echo(f"time zone {document['timezone']}\n")
    head = ("source", "looked in", "files", "lines", "calls", "duplicates", "unreadable", "unknown", "last event")
    rows = [
        (
            source["label"],
            _places(source["places"]),
            *(
                number(source[name])
                for name in ("files", "lines", "generations", "duplicates", "unreadable", "unknown")
            ),
            wall_clock(source["last_event_at"], desk.zone) if source["files"] or source["telemetry"] else "–",
        )
        for source in document["sources"]
    ]
    click.echo(table(head, rows, right=range(2, 8)))
    click.echo("`goodmeasure doctor --json` names every place.")
    _print_notes(desk, document)


def _places(places: "Sequence[str]") -> str:
    """Return the places, or of many only the first: some editors' extensions have over twenty."""
    text = ", ".join(places)
    return text if len(text) <= _PLACES_WIDTH or len(places) == 1 else f"{places[0]} and {len(places) - 1} more"


def _print_notes(desk: Desk, document: dict[str, Any]) -> None:
    if fault := document["ledger"]["audit_fault"]:
        click.echo(f"The audit log was rewritten at {fault}: what others hold may no longer fit; restore a backup.")
    for source in document["sources"]:
        if source["telemetry"]:
            sent = source["telemetry"]
            click.echo(
                f"{source['label']}: telemetry, {number(sent['requests'])} requests with {number(sent['calls'])} calls,"
                f" the last at {wall_clock(sent['last_at'], desk.zone)}."
            )
    for reason, count in document["telemetry_refused"].items():
        click.echo(f"Telemetry: {number(count)} requests were refused, because they were {reason}.")
    for source in document["sources"]:
        if source["estimated_generations"]:
            calls = f"{number(source['estimated_generations'])} calls ({percent(source['estimated_share'])})"
            click.echo(f"{source['label']}: {calls} are estimated from text, not reported.")
        for kind, count in source["unknown_types"].items():
            click.echo(f"{source['label']}: {number(count)} records of the unknown type {kind!r} were left aside.")
        for issue in source["issues"]:
            where = issue["file"] if issue["line"] is None else f"{issue['file']}, line {issue['line']}"
            click.echo(f"{where}: {issue['what']}")


@click.command(short_help="Walk the whole way on an invented home.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the report.")
@click.pass_obj
def tour(desk: Desk, out: Path) -> None:
    """Walk the whole way on an invented home: import, runs, a signed report, its check."""
    if not desk.choices.demo:
        raise click.UsageError("tour writes a report about invented work: use `goodmeasure --demo tour --out DIR`.")
    queries = desk.queries
    facts = queries.facts()
    click.echo(
        f"An invented home was read: {number(facts.runs)} runs, {number(facts.to_rate)} of them not rated yet.\n"
    )
    click.echo("The newest runs:")
    context = click.get_current_context()
    from goodmeasure.cli import runs, sharing, usage  # noqa: PLC0415 - only the tour visits its neighbours

    context.invoke(runs.list_runs, limit=8, sort="started", search="")
    click.echo("\nThe background, by month:")
    context.invoke(usage.monthly)
    month = next(period for period in queries.periods() if period.last_on < queries.today())
    click.echo(f"\nThe report on {month.name}:")
    context.invoke(
        sharing.report,
        period=month.name,
        level="L1",
        name="Robin Example",
        audience="Team lead",
        purpose="Monthly talk about how we use AI",
        improved=("Release notes are drafted from the merged changes; I only edit them.",),
        not_worked=("Long refactorings across packages still come back half done.",),
        needed=("A shared folder of prompts that worked.",),
        out=out,
    )
    click.echo()
    context.invoke(sharing.verify, file=out / "report.json")
    sys.stdout.flush()
