"""`log`: a run that left no log."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, print_json, printable
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import instant

if TYPE_CHECKING:
    from datetime import tzinfo

_TEXT = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_MOST_BYTES = 80 << 20


@click.command(short_help="Log a run that left no log, such as a web chat.")
@click.option("--source", type=click.Choice(["manual"]), default="manual", show_default=True, help="Always manual.")
@click.option("--title", required=True, help="What it was about, in a few words.")
@click.option("--tool", default="", metavar="NAME", help="What it was done with, such as 'ChatGPT on the phone'.")
@click.option("--model", default="", help="The model, where you know it.")
@click.option("--at", metavar="TIME", help="When it began, such as 2026-11-23T14:05 (default: now, or --minutes ago).")
@click.option("--minutes", type=click.FloatRange(0), default=0, help="How long it took.")
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder of its project."
)
@click.option("--prompt-file", type=_TEXT, help="What you asked: counted, not kept. - reads it from stdin.")
@click.option("--answer-file", type=_TEXT, help="What came back: counted, not kept. - reads it from stdin.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def log(
    desk: Desk,
    source: str,
    title: str,
    tool: str,
    model: str,
    at: str | None,
    minutes: float,
    folder: Path | None,
    prompt_file: Path | None,
    answer_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Log a run that left no log: a web chat, a phone, a colleague's tool. Tokens are estimated."""
    from goodmeasure.services.by_hand import Entry  # noqa: PLC0415 - loaded when asked for

    if prompt_file is not None and prompt_file == answer_file:
        raise click.UsageError("The prompt and the answer are two texts: name two files.")
    entry = Entry(
        title,
        _instant(at, desk.zone),
        minutes,
        tool,
        model,
        folder,
        _text(prompt_file),
        _text(answer_file),
    )
    logged = desk.by_hand.log_run(entry)
    if as_json:
        run = {"run": logged.key, "source": source, "title": logged.title, "estimated": True}
        print_json({**run, "input_tokens": logged.input_tokens, "output_tokens": logged.output_tokens})
        return
    click.echo(printable(f"{logged.title}: logged as {logged.key}."))
    if logged.input_tokens is not None or logged.output_tokens is not None:
        click.echo(
            f"Estimated from the text: {number(logged.input_tokens)} input and"
            f" {number(logged.output_tokens)} output tokens."
        )
    click.echo(f"Take it back with `goodmeasure forget --run {logged.key}`.")


def _instant(text: str | None, zone: "tzinfo") -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{text!r} is no date and time: write it like 2026-11-23T14:05.") from error
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _text(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(_MOST_BYTES)
        else:
            with file.open("rb") as stream:
                data = stream.read(_MOST_BYTES)
    except OSError as error:
        raise Refusal(f"The file {file} cannot be read ({error.strerror}): check its name.") from error
    return data.decode("utf-8", "replace")
