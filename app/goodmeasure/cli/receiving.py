"""`serve-otlp`: receive telemetry until told to stop."""

import signal
import sys
import threading
from types import FrameType

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number

# On Windows a wait without an end cannot be interrupted.
_WAIT_SECONDS = 1.0 if sys.platform == "win32" else None


@click.command("serve-otlp", short_help="Receive OpenTelemetry from agents on this machine.")
@click.option("--http", "http_port", type=click.IntRange(0, 65535), help="Port (default: the settings', 4318).")
@click.option("--grpc", "grpc_port", type=click.IntRange(0, 65535), help="Port (default: the settings', 4317).")
@click.option("--settings", is_flag=True, help="Print the lines for each agent's settings and end.")
@click.pass_obj
def serve_otlp(desk: Desk, http_port: int | None, grpc_port: int | None, *, settings: bool) -> None:
    """Receive OpenTelemetry from agents on this machine, over HTTP and gRPC, until Ctrl+C."""
    if settings:
        _print_settings(desk)
        return
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number_ in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number_, ask)
    state = desk.receiving.start(http_port, grpc_port)
    click.echo(f"Listening on {state.address} (HTTP) and {state.grpc_address} (gRPC). Ctrl+C stops.")
    sys.stdout.flush()
    try:
        while not stop.wait(_WAIT_SECONDS):
            pass
        state = desk.receiving.state()
    finally:
        desk.receiving.stop()
    click.echo(f"Stopped. {number(state.taken)} requests were kept, {number(state.refused)} refused.")


def _print_settings(desk: Desk) -> None:
    for entry in desk.receiving.settings_lines():
        click.echo(f"{entry.label}: {entry.where}\n")
        click.echo("".join(f"    {line}\n" for line in entry.lines.splitlines()))
        if entry.note:
            click.echo(f"{entry.note}\n")
