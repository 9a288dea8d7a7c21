"""`report`, `restate`, `verify`: make and sign what leaves this machine; check what came from another."""

import sys
from dataclasses import asdict, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodmeasure.services.received import Trust
    from goodmeasure.services.sharing import CellChange, Draft, ImprovedLine, PickedRun, Verification


LEVELS = ("L0", "L1", "L2", "L3")
_NAMELESS = "Name not given"


@click.command(short_help="Write a signed report, or see what would leave.")
@click.option("--period", required=True, metavar="2026-W46|2026-11", help="A whole ISO week or month.")
@click.option("--level", default="L1", type=click.Choice(LEVELS), show_default=True, help="How much is disclosed.")
@click.option("--with", "parts", default="", metavar="cost,oversight", help="Appendices of level L2.")
@click.option("--noisy", metavar="EPSILON", help="L2: a number of runs with noise; epsilon from 0.1 to 2.")
@click.option("--run", "picked", multiple=True, metavar="'RUN [KIND:NAME …]'", help="L3: a run, with its references.")
@click.option("--backed", multiple=True, metavar="LINE=RUN[,RUN]", help="Runs that back a line of --improved.")
@click.option("--restate", is_flag=True, help="Correct what was shared of this period; see `restate` first.")
@click.option("--yes", is_flag=True, help="Do not ask before runs are shown, or a period is restated.")
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
    parts: str,
    noisy: str | None,
    picked: tuple[str, ...],
    backed: tuple[str, ...],
    *,
    restate: bool,
    yes: bool,
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
        improved=_lines(desk, improved, backed),
        did_not_work=not_worked,
        needed=needed,
        **_parts(parts),
        noise_tenths=_tenths(noisy),
        runs=tuple(_picked(desk, one) for one in picked),
        restate=restate,
    )
    draft = desk.sharing.draft(request)
    _warn(draft)
    if not (yes or dry_run):
        _confirm(draft)
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


def _parts(typed: str) -> dict[str, bool]:
    wanted = {part.strip() for part in typed.split(",") if part.strip()}
    if strange := wanted - {"cost", "oversight"}:
        raise click.BadParameter(f"{min(strange)!r} is no appendix: use cost, oversight or both.", param_hint="--with")
    return {"cost": "cost" in wanted, "oversight": "oversight" in wanted}


def _tenths(typed: str | None) -> int | None:
    if typed is None:
        return None
    try:
        tenths = Decimal(typed) * 10
    except InvalidOperation:
        tenths = Decimal("NaN")
    if not tenths.is_finite() or tenths != int(tenths):
        raise click.BadParameter(f"{typed!r} is no epsilon: use tenths such as 0.5.", param_hint="--noisy")
    return int(tenths)


def _picked(desk: Desk, typed: str) -> "PickedRun":
    from goodmeasure.services.sharing import PickedRun  # noqa: PLC0415 - loads cryptography

    run, *references = typed.split() or [""]
    pairs = [reference.partition(":") for reference in references]
    return PickedRun(desk.queries.run_id(run), tuple((kind, name) for kind, _, name in pairs))


def _lines(desk: Desk, improved: tuple[str, ...], backed: tuple[str, ...]) -> "tuple[ImprovedLine, ...]":
    from goodmeasure.services.sharing import ImprovedLine  # noqa: PLC0415 - loads cryptography

    runs: dict[int, tuple[int, ...]] = {}
    for typed in backed:
        line, _, names = typed.partition("=")
        if not line.isdecimal() or not 1 <= int(line) <= len(improved) or not names:
            raise click.BadParameter(f"{typed!r}: name a line and runs, such as 1=3fa9c2.", param_hint="--backed")
        runs[int(line)] = tuple(desk.queries.run_id(name) for name in names.split(","))
    return tuple(ImprovedLine(text, runs.get(number, ())) for number, text in enumerate(improved, 1))


def _confirm(draft: "Draft") -> None:
    """Ask before single runs are shown, one by one, and before a reader can subtract."""
    if draft.changes:
        _print_changes(draft.changes, err=True)
        click.confirm("A reader of both reports can lay these side by side. Restate?", abort=True, err=True)
    for run in getattr(draft.report, "runs", ()):
        said = ", ".join(str(getattr(run.record, name)) for name in ("outcome", "need", "review", "time_saved"))
        names = ", ".join(one.text for one in run.references) or "no references"
        question = f"Show the run of {run.record.run_week} ({said}; {names}; sealed in {run.sealed_in})?"
        click.confirm(question, abort=True, err=True)


@click.command(short_help="Show what correcting a shared period would change.")
@click.option("--period", required=True, metavar="2026-W46|2026-11", help="A period that was shared.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def restate(desk: Desk, period: str, *, as_json: bool = False) -> None:
    """Show what a restatement of a shared period would change, and so tell; it changes nothing itself."""
    changes = desk.sharing.restatement(period)
    if as_json:
        print_json({"period": period, "changes": [asdict(change) for change in changes]})
    elif not changes:
        click.echo(f"What was shared of {period} still holds.")
    else:
        _print_changes(changes)
        click.echo("To restate, write the report again with --restate.")


def _print_changes(changes: "Sequence[CellChange]", *, err: bool = False) -> None:
    for change in changes:
        click.echo(f"  {change.path}: {change.before or 'nothing'} → {change.after or 'nothing'}", err=err)


def _warn(draft: "Draft") -> None:
    if draft.epsilon_tenths:
        click.echo(f"All noisy numbers shared so far have epsilon {draft.epsilon_tenths / 10} together.", err=True)
    if draft.frozen:
        click.echo("The shares of this period were released before and stand as they were then.", err=True)
    elif draft.unfinished:
        click.echo("This period is not over: once saved, its shares stay as they are now.", err=True)


@click.command(short_help="Check a report and who signed it.")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--against", type=click.Path(path_type=Path, exists=True), help="An earlier report of the same person.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def verify(desk: Desk, file: Path, against: Path | None = None, *, as_json: bool = False) -> None:
    """Check a report: FILE is its report.json, its folder, its page or its signature."""
    found = desk.sharing.verify(file)
    own = desk.sharing.is_own(found)
    trust = desk.received.trust_of(found.report.name, found.fingerprint)
    compared = None if against is None else desk.sharing.compare(file, against)
    if as_json:
        print_json(
            {**_document(found, own=own, trust=trust), **({} if compared is None else {"against": asdict(compared)})}
        )
        return
    sheet = found.report
    click.echo(f"The signature fits: {file}")
    click.echo(f"  signed by   {sheet.name} ({_key_words(trust, own=own)})")
    click.echo(f"  fingerprint {found.fingerprint}")
    click.echo(f"  about       {sheet.period}, level {sheet.level}, written in {sheet.written_in}")
    click.echo(f"  for         {sheet.audience}: {sheet.purpose}")
    click.echo(f"  expires     after {sheet.expires_after}{' (EXPIRED: please delete it)' if found.expired else ''}")
    click.echo(f"  page        {_PAGE[found.page.value]}")
    if compared is not None:
        click.echo(f"  its log     {_LOG[compared.log.value]}")
        click.echo(f"  its figures {_CELLS[compared.cells.value]}")


def _key_words(trust: "Trust | None", *, own: bool) -> str:
    if own:
        return "your own key"
    return {
        "confirmed": "a key that you have confirmed",
        "blocked": "NOT the key that signed with this name before",
    }.get(trust.value if trust else "", "a key that you have not confirmed")


_LOG = {
    "continues": "goes on from the earlier report's: nothing that it stands for was rewritten since",
    "rewritten": "does NOT go on from the earlier report's: rewritten, begun anew, or from an older backup",
    "too_far_apart": "does not reach back to the earlier report: more than a year lies between",
}
_CELLS = {
    "same": "are the earlier report's",
    "restated": "differ, and the report says that it corrects one",
    "changed": "DIFFER from the earlier report's, and the report does not say so",
    "not_comparable": "cannot be compared: another period, or none in common",
}
_PAGE = {
    "same": "report.html shows exactly these bytes",
    "different": "report.html does NOT show these bytes: do not read it",
    "absent": "no report.html beside it",
}


def _document(found: "Verification", *, own: bool, trust: "Trust | None") -> dict[str, object]:
    sheet = found.report
    return {
        "valid": True,
        "name": sheet.name,
        "trusted": own or (trust is not None and trust.value == "confirmed"),
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
