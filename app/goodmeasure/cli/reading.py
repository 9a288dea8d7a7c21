"""`import`: read the agents' logs."""

import json
import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, print_json, table, wall_clock
from goodmeasure.domain.errors import Refusal

if TYPE_CHECKING:
    from goodmeasure.services.importing import ImportReport, Progress

_BAR = 24


class _Stop:
    """Asked to stop by Ctrl+C or by the window: the import ends at the next batch and keeps what it has."""

    def __init__(self) -> None:
        self.asked = False
        for number_ in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number_, self._ask)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True

    def __call__(self) -> bool:
        return self.asked


@click.command("import", short_help="Find and read every source, or only what is named.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--progress", "as_lines", is_flag=True, help="Print progress as JSON lines (for programs).")
@click.pass_obj
def import_logs(desk: Desk, paths: tuple[Path, ...], *, as_json: bool, as_lines: bool) -> None:
    """Find and read every source, or only PATHS (logs or folders of logs)."""
    stop = _Stop()
    show = _lines if as_lines else _bar if sys.stderr.isatty() and not as_json else None
    try:
        report = desk.importing.import_logs(paths, progress=show, cancelled=stop)
    except Refusal as refusal:
        if as_lines:
            _line({"event": "failed", "message": str(refusal)})
        raise
    if not report.cancelled:
        # Logs are first read when somebody is there: the moment for the day's draw.
        desk.begin_day()
    if show is _bar:
        sys.stderr.write("\r\x1b[K")
    if as_lines:
        _line({"event": "done", "report": _document(report)})
    elif as_json:
        print_json(_document(report))
    else:
        _print(report)


@click.command()
@click.option("--progress", "as_lines", is_flag=True, help="Print JSON lines (for programs).")
@click.option("--until-input-ends", is_flag=True, help="Stop when standard input ends (for programs).")
@click.pass_obj
def watch(desk: Desk, *, as_lines: bool, until_input_ends: bool) -> None:
    """Read what is new, then follow all agents until Ctrl+C."""
    stop = Event()
    for number_ in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number_, lambda *_: stop.set())
    if until_input_ends:
        Thread(target=_wait_for_end, args=(stop,), daemon=True).start()

    def told(report: "ImportReport") -> None:
        if not report.cancelled:
            desk.begin_day()
        if as_lines:
            _line({"event": "done", "report": _document(report)})
        else:
            calls = sum(source.generations_added for source in report.sources)
            names = ", ".join(source.source for source in report.sources if source.files_read) or "nothing new"
            click.echo(f"{wall_clock(desk.clock.now(), desk.zone)}  {number(calls)} calls  {names}")

    try:
        desk.importing.follow(told, stop, progress=_lines if as_lines else None)
    except Refusal as refusal:
        if as_lines:
            _line({"event": "failed", "message": str(refusal)})
        raise


def _wait_for_end(stop: Event) -> None:
    """Set `stop` once standard input ends: whoever started this has gone, however it went."""
    # Not through sys.stdin: a thread that waits in it would hold its lock while Python ends.
    while os.read(0, 4096):
        pass
    stop.set()


def _document(report: "ImportReport") -> dict[str, Any]:
    return {
        "cancelled": report.cancelled,
        "sources": [
            {
                "source": source.source,
                "files": source.files,
                "files_read": source.files_read,
                "lines": source.lines,
                "generations_added": source.generations_added,
                "duplicates": source.duplicates,
                "unreadable": source.unreadable,
                "unknown": source.unknown,
                "issues": [{"file": issue.file, "line": issue.line, "what": issue.what} for issue in source.issues],
            }
            for source in report.sources
        ],
    }


def _print(report: "ImportReport") -> None:
    if not report.sources:
        click.echo("No agent logs were found. `goodmeasure doctor` says where it looked.")
        return
    rows = [
        (
            source.source,
            number(source.files),
            number(source.files_read),
            number(source.lines),
            number(source.generations_added),
            number(source.duplicates),
            number(source.unreadable),
            number(source.unknown),
        )
        for source in report.sources
    ]
    head = ("source", "files", "read", "lines", "new calls", "duplicates", "unreadable", "unknown")
    click.echo(table(head, rows, right=range(1, 8)))
    for source in report.sources:
        for issue in source.issues:
            where = issue.file if issue.line is None else f"{issue.file}, line {issue.line}"
            click.echo(f"{where}: {issue.what}")
    if report.cancelled:
        click.echo("Stopped before the end. What was read is kept; the next import goes on from there.")


def _line(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _lines(progress: "Progress") -> None:
    _line({"event": "progress", **progress._asdict()})


def _bar(progress: "Progress") -> None:
    done = progress.bytes_done / progress.bytes_total if progress.bytes_total else 1.0
    filled = round(done * _BAR)
    sys.stderr.write(
        f"\r\x1b[K{'█' * filled}{'░' * (_BAR - filled)} {done:4.0%}  "
        f"{progress.files_done:,} of {progress.files_total:,} files  {progress.source or ''}"
    )
    sys.stderr.flush()
