"""`team`: sums over a team through a shared folder, without anybody's own numbers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import number, print_json, printable, table
from goodmeasure.viewmodels.team import sum_lines

if TYPE_CHECKING:
    from goodmeasure.services.team import RosterFacts, TeamFacts, TeamTotal

_FOLDER = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
_PERIOD = click.option("--period", required=True, metavar="2026-W46|2026-11", help="A whole ISO week or month, over.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(short_help="Sum over a team without anybody's own numbers.")
def team() -> None:
    """Sum over a team through a shared folder: nobody, not even a steward, learns anybody's own numbers."""


@team.command(short_help="Put your card (your public keys) into the folder.")
@_FOLDER
@click.option("--name", help="Your name, as your team knows it (default: as typed last for a report).")
@click.pass_obj
def join(desk: Desk, folder: Path, name: str | None) -> None:
    """Put your card (your public keys) into the shared FOLDER."""
    chosen = name or desk.settings.report_name
    if not chosen:
        raise click.UsageError("Say who you are with --name.")
    click.echo(str(desk.team.join(folder, chosen)))


@team.command(short_help="Show the roster, accept it, or write it as the coordinator.")
@_FOLDER
@click.option("--team", "team_name", metavar="TEXT", help="Write the roster of the team of this name.")
@click.option("--steward", "stewards", multiple=True, metavar="NAME", help="One of three; never the manager.")
@click.option(
    "--member", "members", multiple=True, metavar="NAME", help="Whose values are summed (default: all cards)."
)
@click.option(
    "--smallest", type=click.IntRange(5, 200), help="Open no sum of fewer members (default: 8, or two fewer than all)."
)
@click.option("--accept", "code", metavar="CODE", help="Accept the roster: you compared this code with a teammate.")
@_JSON
@click.pass_obj
def roster(
    desk: Desk,
    folder: Path,
    team_name: str | None,
    stewards: tuple[str, ...],
    members: tuple[str, ...],
    smallest: int | None,
    code: str | None,
    *,
    as_json: bool,
) -> None:
    """Show the roster in FOLDER; write it, as its coordinator; or accept it."""
    if team_name is not None:
        desk.team.write_roster(folder, team_name, stewards, members=members, smallest=smallest)
    elif stewards or members or smallest is not None:
        raise click.UsageError("--steward, --member and --smallest go with --team.")
    if code is not None:
        desk.team.accept(folder, code)
    found = desk.team.look(folder)
    if as_json:
        print_json(_team_json(found))
        return
    for problem in found.problems:
        click.echo(f"Left aside: {printable(problem)}", err=True)
    if found.roster is None:
        names = ", ".join(printable(card.name) for card in found.cards) or "nobody yet"
        click.echo(f"No roster yet. Cards of: {names}")
    else:
        _print_roster(found.roster)


@team.command(short_help="Hand in your sealed file for a period.")
@_FOLDER
@_PERIOD
@click.option("--abstain", is_flag=True, help="Hand in a file that counts nowhere and looks like any other.")
@click.option("--with-cost", is_flag=True, help="List cost in whole dollars goes into the sum, too.")
@click.option("--dry-run", is_flag=True, help="Show your own values, which nobody else ever sees; write nothing.")
@_JSON
@click.pass_obj
def contribute(
    desk: Desk, folder: Path, period: str, *, abstain: bool, with_cost: bool, dry_run: bool, as_json: bool
) -> None:
    """Hand in your sealed file for a period; what you handed in first stays."""
    if not dry_run:
        path = desk.team.contribute(folder, period, abstain=abstain, with_cost=with_cost)
        if as_json:
            print_json({"file": str(path)})
        else:
            click.echo(str(path))
        return
    values = [] if abstain else desk.team.own_values(folder, period, with_cost=with_cost)
    if as_json:
        print_json(
            {"values": {one.cell.name: one.value for one in values}, "cut": [v.cell.name for v in values if v.cut]}
        )
        return
    rows = [
        (one.cell.name, number(one.value), ("cut to its range: " if one.cut else "") + one.cell.meaning)
        for one in values
        if one.value or one.cut
    ]
    click.echo(table(("cell", "yours", "meaning"), rows, right=(1,)))


@team.command(short_help="As the coordinator, sign the list of files that count.")
@_FOLDER
@_PERIOD
@click.pass_obj
def close(desk: Desk, folder: Path, period: str) -> None:
    """Sign, as the coordinator, the list of files that count: once in a period."""
    path = desk.team.close(folder, period)
    found = desk.team.look_at_round(folder, period)
    click.echo(str(path))
    click.echo(f"Listed: {', '.join(printable(name) for name in found.listed or ())}")
    for problem in found.problems:
        click.echo(f"Left aside: {printable(problem)}", err=True)


@team.command(short_help="As a steward, answer: the count first, then the sums.")
@_FOLDER
@_PERIOD
@click.pass_obj
def answer(desk: Desk, folder: Path, period: str) -> None:
    """Answer as a steward: the count first, the sums once two stewards have counted enough members."""
    for path in desk.team.answer(folder, period):
        click.echo(str(path))
    found = desk.team.look_at_round(folder, period)
    if found.members is None:
        click.echo("Counted. The sums are next, once another steward has counted: then answer again.")
    elif not found.opens:
        click.echo(f"{found.members['runs']} members contributed, which is too few: no sum is ever opened.")


@team.command(short_help="Work out the sums from the stewards' answers.")
@_FOLDER
@_PERIOD
@_JSON
@click.pass_obj
def combine(desk: Desk, folder: Path, period: str, *, as_json: bool) -> None:
    """Work out the sums from two or three stewards' answers, and write total.json."""
    total, path = desk.team.combine(folder, period)
    if as_json:
        print_json({"file": str(path), **_total_json(total)})
        return
    click.echo(f"{printable(total.team)}, {total.period}: {total.handed_in} of {total.on_roster} members handed in.")
    rows = [(line.section, line.members, line.value, line.meaning) for line in sum_lines(total)]
    click.echo(table(("section", "from", "sum", "meaning"), rows, right=(2,)))
    click.echo(str(path))


@team.command(short_help="Take your own file out once the sums are there.")
@_FOLDER
@_PERIOD
@click.pass_obj
def tidy(desk: Desk, folder: Path, period: str) -> None:
    """Take your own file out of FOLDER once the sums are there: two stewards together could open it."""
    click.echo(f"Deleted {desk.team.tidy(folder, period)}")


def _print_roster(found: "RosterFacts") -> None:
    you = [
        word
        for word, so in (
            ("a member", found.is_member),
            ("a steward", found.steward),
            ("the coordinator", found.is_coordinator),
        )
        if so
    ]
    click.echo(f"{printable(found.team)}: no sum of fewer than {found.smallest} members is opened.")
    click.echo(f"  members     {', '.join(printable(name) for name in found.members)}")
    click.echo(f"  stewards    {', '.join(printable(name) for name in found.stewards)}")
    click.echo(f"  coordinator {printable(found.coordinator)}")
    click.echo(f"  you are     {' and '.join(you) or 'not in it'}")
    click.echo(f"  code        {found.code}{' (accepted)' if found.accepted else ''}")
    if not found.accepted:
        click.echo("Compare the code with a teammate by another way, then accept it with --accept CODE.")


def _team_json(found: "TeamFacts") -> dict[str, Any]:
    listed = found.roster
    return {
        "cards": [{"name": card.name, "fingerprint": card.fingerprint, "own": card.own} for card in found.cards],
        "roster": None
        if listed is None
        else {
            "team": listed.team,
            "code": listed.code,
            "smallest": listed.smallest,
            "coordinator": listed.coordinator,
            "members": list(listed.members),
            "stewards": list(listed.stewards),
            "accepted": listed.accepted,
        },
        "left_aside": list(found.problems),
    }


def _total_json(total: "TeamTotal") -> dict[str, Any]:
    return {
        "team": total.team,
        "period": total.period,
        "on_roster": total.on_roster,
        "handed_in": total.handed_in,
        "sections": [
            {
                "section": part.section,
                "members": part.members,
                "sums": {cell.name: cell.sum for cell in part.cells} or None,
            }
            for part in total.sections
        ],
    }
