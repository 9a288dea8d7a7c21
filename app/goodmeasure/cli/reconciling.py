"""`reconcile`: a provider's own count beside the ledger's."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import UNKNOWN, counters_json, money, number, print_json, table

if TYPE_CHECKING:
    from goodmeasure.services.reconciling import Pair, Reconciliation

_NONE = "–"


@click.command(short_help="Lay a provider's usage or cost export beside the ledger.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def reconcile(desk: Desk, file: Path, *, as_json: bool) -> None:
    """Lay a provider's downloaded usage or cost export FILE beside the ledger, by day and model. Nothing is merged."""
    from goodmeasure.services.reconciling import reconcile as beside  # noqa: PLC0415 - loads SQLAlchemy

    found = beside(desk.ledger, file)
    if as_json:
        print_json(_document(found))
    else:
        _print(found)


def _document(found: "Reconciliation") -> dict[str, Any]:
    from goodmeasure.services.reconciling import differences  # noqa: PLC0415 - loads SQLAlchemy

    return {
        "provider": found.provider,
        "timezone": "UTC",
        "first_on": found.first_on and found.first_on.isoformat(),
        "last_on": found.last_on and found.last_on.isoformat(),
        "skipped": found.skipped,
        "rows": [
            {
                "day": pair.day.isoformat(),
                "model": pair.model,
                "agrees": pair.agrees,
                "provider": pair.provider and _billed(pair),
                "ledger": pair.ledger and counters_json(pair.ledger),
                "differences": differences(pair),
                "explanations": list(pair.explanations),
            }
            for pair in found.pairs
        ],
    }


def _billed(pair: "Pair") -> dict[str, Any]:
    row = {} if pair.provider is None else pair.provider._asdict()
    return {name: value for name, value in row.items() if name not in ("day", "model")}


def _print(found: "Reconciliation") -> None:
    if not found.pairs:
        click.echo(f"This export of {found.provider} holds nothing that can be compared.")
        return
    head = ("day (UTC)", "model", "output there", "output here", "cost there", "list cost here", "")
    rows = []
    for pair in found.pairs:
        there, here = pair.provider, pair.ledger
        rows.append(
            (
                pair.day.isoformat(),
                pair.model or UNKNOWN,
                number(there.output_tokens) if there else _NONE,
                number(here.output_tokens) if here else _NONE,
                money(there.cost_micros) if there else _NONE,
                money(here.list_cost_micros, here.unpriced_generations) if here else _NONE,
                "agrees" if pair.agrees else "differs",
            )
        )
    click.echo(table(head, rows, right=range(2, 6)))
    for reason in dict.fromkeys(reason for pair in found.pairs for reason in pair.explanations):
        days = sum(reason in pair.explanations for pair in found.pairs)
        click.echo(f"{number(days)} of {number(len(found.pairs))} rows: {reason}")
    if found.skipped:
        click.echo(f"{number(found.skipped)} rows of the export could not be used.")
