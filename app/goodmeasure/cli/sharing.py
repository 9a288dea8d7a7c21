"""`report` and `verify`: make and sign what leaves this machine; check what came from another."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json

if TYPE_CHECKING:
    from goodmeasure.services.sharing import Draft, Verification


_NAMELESS = "Name not given"


@click.command()
@click.option("--period", required=True, metavar="2026-W46|2026-11", help="A whole ISO week or month.")
@click.option("--level", default="L1", type=click.Choice(["L1"]), show_default=True, help="How much is disclosed.")
@click.option("--name", help="Your name, as the reader knows it (default: as typed last).")
@click.option("--audience", default="My manager", show_default=True, help="Whom it is meant for.")
@click.option("--purpose", default="A talk about how AI helps in my work", show_default=True, help="What it is for.")
@click.option("--keep-days", default=90, type=click.IntRange(1, 366), show_default=True, help="When it expires.")
@click.option("--improved", multiple=True, metavar="TEXT", help="What did AI improve? One line; may be repeated.")
@click.option("--not-worked", multiple=True, metavar="TEXT", help="What did not work? May be repeated.")
@click.option("--needed", multiple=True, metavar="TEXT", help="What do I need? May be repeated.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the files.")
@click.option("--csv", "cost_table", is_flag=True, help="Also write appendix A as cost.csv, in FOCUS columns.")
@click.option("--to-key", default="", metavar="KEY", help="Also encrypt all to this reader: age1… or ssh-ed25519 …")
@click.option("--dry-run", is_flag=True, help="Print what would leave, byte for byte, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document about what was written.")
@click.pass_obj
def report(
    desk: Desk,
    period: str,
    level: str,
    name: str | None,
    audience: str,
    purpose: str,
    keep_days: int,
    improved: tuple[str, ...],
    not_worked: tuple[str, ...],
    needed: tuple[str, ...],
    out: Path | None,
    to_key: str,
    *,
    cost_table: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write a signed report: report.json, report.json.sig, report.html, report.pdf."""
    from goodmeasure.services.sharing import Formats, ReportRequest  # noqa: PLC0415 - loads cryptography

    if out is None and not dry_run:
        raise click.UsageError("Say where the files go with --out DIR, or look first with --dry-run.")
    request = ReportRequest(
        period=period,
        level=level,
        name=name or desk.settings.report_name or _NAMELESS,
        audience=audience,
        purpose=purpose,
        kept_days=keep_days,
        improved=improved,
        did_not_work=not_worked,
        needed=needed,
    )
    draft = desk.sharing.draft(request)
    _warn(draft)
    if draft.report.name == _NAMELESS:
        click.echo("This report does not say who shares it: give --name.", err=True)
    if dry_run or out is None:
        sys.stdout.buffer.write(draft.files.report + b"\n")
        return
    saved = desk.sharing.save(draft, out, Formats(cost_table=cost_table, reader_key=to_key))
    for sentence in saved.left_out:
        click.echo(sentence, err=True)
    if name and name != desk.settings.report_name:
        desk.choose(replace(desk.settings, report_name=name))
    if as_json:
        print_json(
            {
                "files": [str(path) for path in saved.paths],
                "fingerprint": saved.fingerprint,
                "allowed_signers": saved.allowed_signers.strip(),
                "frozen": draft.frozen,
            }
        )
        return
    for path in saved.paths:
        click.echo(str(path))
    click.echo(f"Signed with {saved.fingerprint}. Tell the reader this fingerprint by another way.")
    click.echo(
        f"To check it with OpenSSH alone, write this line into allowed_signers:\n  {saved.allowed_signers.strip()}"
    )
    click.echo(f"and run:\n  {saved.verify_command}")


def _warn(draft: "Draft") -> None:
    if draft.frozen:
        click.echo("The shares of this period were released before and stand as they were then.", err=True)
    elif draft.unfinished:
        click.echo("This period is not over: once saved, its shares stay as they are now.", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def verify(desk: Desk, file: Path, *, as_json: bool = False) -> None:
    """Check a report: FILE is its report.json, its folder, its page or its signature."""
    found = desk.sharing.verify(file)
    own = desk.sharing.is_own(found)
    if as_json:
        print_json(_document(found, own=own))
        return
    sheet = found.report
    click.echo(f"The signature fits: {file}")
    click.echo(f"  signed by   {sheet.name} ({'your own key' if own else 'a key that you have not confirmed'})")
    click.echo(f"  fingerprint {found.fingerprint}")
    click.echo(f"  about       {sheet.period}, level {sheet.level}, written in {sheet.written_in}")
    click.echo(f"  for         {sheet.audience}: {sheet.purpose}")
    click.echo(f"  expires     after {sheet.expires_after}{' (EXPIRED: please delete it)' if found.expired else ''}")
    click.echo(f"  page        {_PAGE[found.page.value]}")


_PAGE = {
    "same": "report.html shows exactly these bytes",
    "different": "report.html does NOT show these bytes: do not read it",
    "absent": "no report.html beside it",
}


def _document(found: "Verification", *, own: bool) -> dict[str, object]:
    sheet = found.report
    return {
        "valid": True,
        "name": sheet.name,
        "trusted": own,
        "own": own,
        "fingerprint": found.fingerprint,
        "period": sheet.period,
        "level": sheet.level,
        "written_in": sheet.written_in,
        "expires_after": sheet.expires_after,
        "expired": found.expired,
        "audience": sheet.audience,
        "purpose": sheet.purpose,
        "page": found.page.value,
        "allowed_signers": found.allowed_signers.strip(),
    }
