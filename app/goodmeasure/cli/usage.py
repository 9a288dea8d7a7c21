"""`usage`, `daily`, `weekly`, `monthly`, `session`: tokens and cost, grouped."""

from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import UNKNOWN, counters_json, iso, money, number, percent, print_json, table
from goodmeasure.domain.period import Span, span_between
from goodmeasure.domain.usage import Counters

if TYPE_CHECKING:
    from goodmeasure.domain.runs import UnloggedUsage
    from goodmeasure.services.queries import Usage

GROUPS = ("source", "model", "project", "cost_center", "work_kind", "session", "day", "week", "month")


def span_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--since`, `--until` and `--last`."""
    for option in (
        click.option("--last", metavar="30d", help="Today and the days before it."),
        click.option("--until", metavar="DAY", help="Last day, inclusive."),
        click.option("--since", metavar="DAY", help="First day, inclusive."),
    ):
        command = option(command)
    return command


def _filters(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--limit", type=click.IntRange(1), help="At most this many rows."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
        click.option("--cost-center", help="Only what is booked there."),
        click.option("--project", help="Only this project."),
        click.option("--source", help="Only this source."),
    ):
        command = option(command)
    return span_options(command)


@click.command()
@click.option("--by", default="source,model", metavar="LIST", help=f"Groups, of {', '.join(GROUPS)}.")
@_filters
@click.pass_obj
def usage(desk: Desk, /, by: str, **filters: Any) -> None:
    """Tokens and list cost, grouped. Background figures: what they were worth, only you can say."""
    groups = tuple(dict.fromkeys(word.strip() for word in by.split(",") if word.strip()))
    if not groups:
        raise click.UsageError(f"Name at least one group with --by: {', '.join(GROUPS)}.")
    for group in groups:
        if group not in GROUPS:
            raise click.UsageError(f"{group!r} is not a group: use some of {', '.join(GROUPS)}.")
    _answer(desk, groups, **filters)


def _grouped(name: str, groups: tuple[str, ...], text: str) -> click.Command:
    @click.command(name, help=text)
    @_filters
    @click.pass_obj
    def command(desk: Desk, /, **filters: Any) -> None:
        _answer(desk, groups, **filters)

    return command


daily = _grouped("daily", ("day",), "Tokens and list cost by day of the reporting time zone.")
weekly = _grouped("weekly", ("week",), "Tokens and list cost by ISO week.")
monthly = _grouped("monthly", ("month",), "Tokens and list cost by month.")
session = _grouped("session", ("source", "session"), "Tokens and list cost by the agents' own sessions.")


def _answer(
    desk: Desk,
    groups: tuple[str, ...],
    since: str | None,
    until: str | None,
    last: str | None,
    source: str | None,
    project: str | None,
    cost_center: str | None,
    limit: int | None,
    *,
    as_json: bool,
) -> None:
    span = span_between(since, until, last, desk.queries.today(), desk.zone)
    answer = desk.queries.usage(groups, span, source=source, project=project, cost_center=cost_center)
    if as_json:
        print_json(_document(desk, answer, span, limit))
    else:
        _print(answer, limit)


def _document(desk: Desk, answer: "Usage", span: Span, limit: int | None) -> dict[str, Any]:
    return {
        "timezone": str(desk.zone),
        "since": iso(span.since, desk.zone),
        "until": iso(span.until, desk.zone),
        "group_by": list(answer.group_by),
        "rows": [
            {**row.group, **counters_json(row.counters), "effective_cost_micros": effective}
            for row, effective in zip_longest(answer.rows[:limit], answer.effective[:limit])
        ],
        "totals": {**counters_json(answer.totals), "effective_cost_micros": answer.effective_total},
        "unlogged": [_unlogged_json(row) for row in answer.unlogged],
    }


def _unlogged_json(row: "UnloggedUsage") -> dict[str, Any]:
    return {
        "source": row.source,
        "model": row.model,
        "input_tokens": row.input_tokens,
        "cache_read_tokens": row.cache_read_tokens,
        "cache_write_5m_tokens": row.cache_write_5m_tokens,
        "cache_write_1h_tokens": row.cache_write_1h_tokens,
        "output_tokens": row.output_tokens,
    }


def _print(answer: "Usage", limit: int | None) -> None:
    if not answer.rows:
        click.echo("Nothing in this period. `goodmeasure import` reads your agents' logs.")
        return
    head = (*answer.group_by, "calls", "input", "cache read", "cache write", "output", "list cost")
    rows = [
        (*(str(row.group[name] or UNKNOWN) for name in answer.group_by), *_cells(row.counters))
        for row in answer.rows[:limit]
    ]
    first = len(answer.group_by)
    blank = ("total", *("" for _ in answer.group_by[1:]))
    click.echo(table(head, [*rows, (*blank, *_cells(answer.totals))], right=range(first, len(head))))
    if len(rows) < len(answer.rows):
        click.echo(f"{len(rows):,} of {len(answer.rows):,} rows; the total is of all. --limit shows more.")
    for note in _notes(answer):
        click.echo(note)


def _cells(counters: Counters) -> tuple[str, ...]:
    written = (counters.cache_write_5m_tokens, counters.cache_write_1h_tokens)
    known = [part for part in written if part is not None]
    return (
        number(counters.generations),
        number(counters.input_tokens),
        number(counters.cache_read_tokens),
        number(sum(known) if known else None),
        number(counters.output_tokens),
        money(counters.list_cost_micros, counters.unpriced_generations),
    )


def _notes(answer: "Usage") -> list[str]:
    totals, notes = answer.totals, []
    if totals.unpriced_generations:
        notes.append(f"+ {number(totals.unpriced_generations)} calls have no known price and are not in the cost.")
    if totals.output_lower_bound_generations:
        notes.append(
            f"{number(totals.output_lower_bound_generations)} calls were logged before they ended: "
            "their output is at least what is shown."
        )
    if answer.effective_total is not None:
        notes.append(f"Under your plans this cost {money(answer.effective_total)}; the list cost above is beside it.")
    if totals.estimated_generations:
        share = totals.estimated_generations / totals.generations
        notes.append(
            f"{number(totals.estimated_generations)} calls ({percent(share)}) are estimated from text, not reported."
        )
    notes.extend(
        f"{row.source}'s own session totals show more {row.model} use than its logs: "
        f"{number(row.input_tokens)} input, {number(row.output_tokens)} output tokens (not added above)."
        for row in answer.unlogged
    )
    return notes
