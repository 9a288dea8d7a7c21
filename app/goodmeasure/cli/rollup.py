"""`rollup`: what five people or more shared about one period, added up."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json

if TYPE_CHECKING:
    from goodmeasure.services.rolling_up import ExportKind


@click.command(short_help="Add up the reports of five people or more.")
@click.option("--period", metavar="2026-W46|2026-11", help="Which period (default: the newest that is held).")
@click.option("--invited", type=click.IntRange(1, 100_000), help="How many people were asked to share.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for rollup.json and rollup.html.")
@click.option(
    "--metrics", type=click.Path(path_type=Path, dir_okay=False), help="Write OpenMetrics text for Prometheus."
)
@click.option("--otlp", type=click.Path(path_type=Path, dir_okay=False), help="Write metrics as OTLP JSON.")
@click.option(
    "--parquet", type=click.Path(path_type=Path, dir_okay=False), help="Write a Parquet table for a warehouse."
)
@click.option("--json", "as_json", is_flag=True, help="Print the roll-up as one JSON document.")
@click.pass_obj
def rollup(
    desk: Desk,
    period: str | None,
    invited: int | None,
    out: Path | None,
    metrics: Path | None,
    otlp: Path | None,
    parquet: Path | None,
    *,
    as_json: bool,
) -> None:
    """Add up the reports that you hold: of five people or more, as ranges, without a word about anyone.

    What was added up is noted, so that no later roll-up can be subtracted from it to find a person.
    """
    rolled = desk.rolling_up.roll_up(period, invited)
    written = list(desk.rolling_up.save(rolled, out)) if out else []
    wanted: dict[ExportKind, Path | None] = {"openmetrics": metrics, "otlp": otlp, "parquet": parquet}
    for kind, path in wanted.items():
        if path is not None:
            desk.rolling_up.export(rolled, kind, path)
            written.append(path)
    if as_json:
        print_json(json.loads(rolled.data))
        return
    for path in written:
        click.echo(str(path))
    if not written:
        for line in desk.rolling_up.told(rolled):
            click.echo(line)
