"""`receive` and `received`: reports of other people, taken in, read about, confirmed, handed back, deleted."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json
from goodmeasure.domain.errors import Refusal

if TYPE_CHECKING:
    from goodmeasure.services.received import Handed, Held, Receipt

_TRUST = {
    "own": "your own key",
    "confirmed": "a key that you have confirmed",
    "first_use": "a key that you have not compared yet",
    "blocked": "BLOCKED: another key signed with this name",
}


@click.command(short_help="Take in other people's reports.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def receive(desk: Desk, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Take in reports of other people: FILE is a report.json, an .age file, or a folder that holds some.

    The signature is checked before anything else is read. Each report is deleted when it expires.
    """
    handed = desk.received.receive(files)
    if as_json:
        print_json({"files": [_handed(one) for one in handed]})
    else:
        for one in handed:
            click.echo(_told(one), err=one.held is None)
    if all(one.held is None for one in handed):
        sys.exit(1)


@click.command(short_help="List the reports that you hold; confirm, copy, delete.")
@click.option("--confirm", metavar="FINGERPRINT", help="Say that you compared this key with its owner.")
@click.option("--copy", metavar="FINGERPRINT", help="Write all that this key signed into the zip file --out.")
@click.option("--delete", metavar="FINGERPRINT|SHA-256", help="Delete all that this key signed, or one report.")
@click.option("--receipts", is_flag=True, help="Write a signed receipt of every deletion into the folder --out.")
@click.option("--out", type=click.Path(path_type=Path), help="Where --copy and --receipts are written.")
@click.option("--recipient", is_flag=True, help="Print the key (age1…) to which others can encrypt their reports.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def received(
    desk: Desk,
    confirm: str | None,
    copy: str | None,
    delete: str | None,
    out: Path | None,
    *,
    receipts: bool,
    recipient: bool,
    as_json: bool,
) -> None:
    """List the reports that you hold, in no order of people; or confirm, hand back, delete."""
    if sum(map(bool, (confirm, copy, delete, receipts, recipient))) > 1:
        raise click.UsageError("Only one of --confirm, --copy, --delete, --receipts and --recipient can be asked for.")
    if bool(out) != bool(copy or receipts):
        raise click.UsageError("--out says where --copy or --receipts is written: give both or neither.")
    if confirm:
        signer = desk.received.confirm(confirm)
        click.echo(f"{signer.fingerprint} belongs to {signer.name}, as you say.")
    elif copy and out:
        count = desk.received.save_copy(copy, out)
        click.echo(f"{out}: {count} report{'' if count == 1 else 's'}, byte for byte.")
    elif delete:
        _print_receipts(desk.received.delete(_meant(desk, delete)), as_json=as_json)
    elif receipts and out:
        for path in desk.received.save_receipts(out):
            click.echo(str(path))
    elif recipient:
        click.echo(desk.received.recipient())
    else:
        _list(desk.received.held(), as_json=as_json)


def _meant(desk: Desk, what: str) -> list[int]:
    """Return the ids of the reports that a fingerprint or the first digits of a hash mean."""
    if what.startswith("SHA256:"):
        found = desk.received.of_sender(what)
    else:
        found = [one.id for one in desk.received.held() if one.sha256.hex().startswith(what.lower())]
    if not found:
        raise Refusal(f"No report is held that {what} means: `goodmeasure received` lists them.")
    if len(found) > 1 and not what.startswith("SHA256:"):
        raise Refusal(f"{what} means {len(found)} reports: give more digits.")
    return found


def _list(held: "list[Held]", *, as_json: bool) -> None:
    if as_json:
        print_json({"reports": [_document(one) for one in held]})
        return
    if not held:
        click.echo("No report is held. Take some in with: goodmeasure receive FILE…")
    for one in held:
        click.echo(f"{one.period}  {one.level}  {one.sha256.hex()[:12]}  {one.name}, until {one.expires_after}")
        click.echo(f"  {one.fingerprint}: {_TRUST[one.trust.value]}")
        if one.known_as is not None:
            click.echo(f"  this key signed first as {one.known_as}")


def _told(one: "Handed") -> str:
    if one.held is None:
        return one.refusal
    state = "Taken in" if one.is_new else "Held already"
    return (
        f"{state}: {one.path}\n  {one.held.name}, {one.held.period}, level {one.held.level}, until"
        f" {one.held.expires_after}\n  {one.held.fingerprint}: {_TRUST[one.held.trust.value]}"
    )


def _print_receipts(gone: "list[Receipt]", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {"deleted": [{"sha256": one.sha256.hex(), "deleted_on": one.deleted_on.isoformat()} for one in gone]}
        )
        return
    for one in gone:
        click.echo(one.text.decode().rstrip())


def _handed(one: "Handed") -> dict[str, object]:
    report = None if one.held is None else _document(one.held)
    return {"file": str(one.path), "new": one.is_new, "refusal": one.refusal or None, "report": report}


def _document(one: "Held") -> dict[str, object]:
    return {
        "sha256": one.sha256.hex(),
        "name": one.name,
        "fingerprint": one.fingerprint,
        "key": one.trust.value,
        "known_as": one.known_as,
        "audience": one.audience,
        "purpose": one.purpose,
        "period": one.period,
        "level": one.level,
        "expires_after": one.expires_after,
    }
