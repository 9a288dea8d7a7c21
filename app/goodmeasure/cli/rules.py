"""`rules` and `fact`: what was filled in for runs, corrected for one run or for all that are alike."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import UNKNOWN, number, print_json, table
from goodmeasure.domain.facts import FactName, fact_values
from goodmeasure.domain.rules import CONDITIONS, FactChange, Rule

_SHOWN = 20
_ACTIONS = ("list", "add", "remove", "move", "try")


def _facts(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each fact."""
    for name, text in (
        (FactName.DATA_CLASS, "How sensitive its data are."),
        (FactName.WORK_KIND, "What kind of work it was."),
        (FactName.COST_CENTER, "Where it is booked."),
        (FactName.PROJECT, "The project that it belongs to."),
    ):
        known = click.Choice([str(value) for value in fact_values(name)]) if fact_values(name) else None
        command = click.option("--" + name.value.replace("_", "-"), type=known, metavar=None, help=text)(command)
    return command


@click.command(short_help="List, add, remove, move or try the rules that set facts.")
@click.argument("action", default="list", type=click.Choice(_ACTIONS))
@click.argument("rule", required=False, type=int)
@_facts
@click.option("--folder", metavar="DIR", help="Where the agent worked: DIR and what lies below.")
@click.option("--repository", metavar="R", help="Root folder or remote address; * stands for anything.")
@click.option("--branch", metavar="B", help="Branch at the start; * stands for anything.")
@click.option("--source", metavar="S", help="The agent.")
@click.option("--tool", metavar="T", help="A tool that was used; * stands for anything.")
@click.option("--position", type=click.IntRange(1), help="Place in the order, from 1 (default: last).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def rules(
    desk: Desk, /, action: str, rule: int | None, position: int | None, *, as_json: bool, **given: str | None
) -> None:
    """List rules, or add, remove or move one, or try what adding (or removing RULE) would change."""
    place = None if position is None else position - 1
    if action == "list":
        _list(desk, as_json=as_json)
    elif action == "add":
        added = desk.rules.add(_rule(given), place)
        _say(desk, as_json, f"Rule {added.id} holds from now on, for runs that are there, too.", added)
    elif action == "try":
        trial = desk.rules.try_without(rule) if rule is not None else desk.rules.try_rule(_rule(given), place)
        _show_trial(desk, trial.run_ids, trial.changes, as_json=as_json)
    elif rule is None:
        raise click.UsageError(f"Say which RULE to {action}: goodmeasure rules lists them.")
    elif action == "remove":
        desk.rules.remove(rule)
        _say(desk, as_json, f"Rule {rule} is gone.")
    else:
        if place is None:
            raise click.UsageError("Say where to: --position.")
        desk.rules.move(rule, place)
        _say(desk, as_json, f"Rule {rule} stands at place {position}.")


@click.command(short_help="Show or correct what was filled in for a run.")
@click.argument("run")
@_facts
@click.option("--clear", multiple=True, type=click.Choice([str(name) for name in FactName]), help="Take this back.")
@click.option(
    "--always",
    multiple=True,
    type=click.Choice([name for name in CONDITIONS if name != "tool"]),
    help="Make it a rule for all runs with the same.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def fact(
    desk: Desk, /, run: str, clear: Sequence[str], always: Sequence[str], *, as_json: bool, **given: str | None
) -> None:
    """Show or correct what was filled in for RUN. A correction beats every rule."""
    detail = desk.queries.run_named(run).run
    said: dict[FactName, str | None] = {FactName(name): value for name, value in given.items() if value is not None}
    if always:
        if not said:
            raise click.UsageError("Say what always holds: give --project, --cost-center, --work-kind or --data-class.")
        for rule in [desk.rules.always(detail.id, name, value or "", always) for name, value in said.items()]:
            desk.rules.add(rule, 0)
        said = {}
    said |= {FactName(name): None for name in clear}
    facts = desk.rules.correct(detail.id, said) if said else desk.rules.facts_of(detail.id)
    if as_json:
        document = {
            name.value: {"value": one.value, "by": one.by, "rule": one.rule_id} for name, one in facts.facts.items()
        }
        actions = {action.value: count for action, count in facts.external_actions.items()}
        print_json({"run": detail.key, **document, "autonomy": facts.autonomy, "external_actions": actions})
        return
    for name, one in facts.facts.items():
        click.echo(f"  {name.value:<13}{one.value or UNKNOWN}{_origin(one.by, one.rule_id)}")
    click.echo(f"  {'autonomy':<13}{facts.autonomy or UNKNOWN}")
    done = [f"{action.value} {count}" for action, count in facts.external_actions.items() if count]
    click.echo(f"  {'outside':<13}{', '.join(done) or 'nothing that its tools tell of'}")


def _origin(by: str, rule_id: int | None) -> str:
    return {"person": "  (you said so)", "rule": f"  (rule {rule_id})"}.get(by, "")


def _rule(given: dict[str, str | None]) -> Rule:
    said = [(FactName(name), given[name]) for name in FactName if given[name] is not None]
    if len(said) != 1:
        raise click.UsageError("A rule says one thing: one of --project, --cost-center, --work-kind and --data-class.")
    rule = Rule(None, said[0][0], said[0][1] or "", **{name: given[name] for name in CONDITIONS})
    return rule if rule.folder is None else replace(rule, folder=_absolute(rule.folder))


def _absolute(folder: str) -> str:
    # A folder of another system, as logs name it, stays as it is.
    return folder if folder[1:2] == ":" else str(Path(folder).expanduser().absolute())


def _list(desk: Desk, *, as_json: bool) -> None:
    found = desk.rules.all()
    if as_json:
        print_json({"rules": [_rule_json(rule) for rule in found]})
    elif not found:
        click.echo("No rules. `goodmeasure fact RUN --project NAME --always folder` makes one from a run.")
    else:
        rows = [
            (str(place), str(rule.id), " and ".join(f"{name} {value}" for name, value in rule.conditions.items()),
             rule.fact.value, rule.value)
            for place, rule in enumerate(found, 1)
        ]  # fmt: skip
        click.echo(table(("place", "rule", "where", "fact", "is"), rows, right=(0, 1)))


def _say(desk: Desk, as_json: bool, sentence: str, added: Rule | None = None) -> None:  # noqa: FBT001 - passed on as it came
    if as_json:
        print_json({"added": added and _rule_json(added), "rules": [_rule_json(rule) for rule in desk.rules.all()]})
    else:
        click.echo(sentence)


def _show_trial(desk: Desk, run_ids: Sequence[int], changes: Sequence[FactChange], *, as_json: bool) -> None:
    runs = {run.id: run for run in desk.queries.runs(run_ids)}
    if as_json:
        rows = [
            {"run": runs[one.run_id].key, "fact": one.fact.value, "before": one.before, "after": one.after}
            for one in changes
        ]
        print_json({"count": len(run_ids), "changes": rows})
        return
    click.echo(f"{number(len(run_ids))} runs would change. Nothing was written.")
    rows_shown = [
        (runs[one.run_id].key[:8], one.fact.value, one.before or UNKNOWN, one.after or "as the log tells")
        for one in changes[:_SHOWN]
    ]
    if rows_shown:
        click.echo(table(("run", "fact", "is", "would be"), rows_shown))


def _rule_json(rule: Rule) -> dict[str, Any]:
    conditions = {name: getattr(rule, name) for name in CONDITIONS}
    return {"rule": rule.id, "fact": rule.fact.value, "value": rule.value, **conditions}
