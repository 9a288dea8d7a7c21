"""`runs` and `show`: the runs, and one of them whole."""

from typing import TYPE_CHECKING, Any

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.arranging import merge, split, undo
from goodmeasure.cli.formats import (
    UNKNOWN,
    counters_json,
    duration,
    iso,
    money,
    number,
    print_json,
    printable,
    table,
    wall_clock,
)
from goodmeasure.cli.usage import span_options
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.evidence import CommitEvidence
from goodmeasure.domain.facts import WorkKind
from goodmeasure.domain.period import span_between
from goodmeasure.domain.runs import Run, RunDetail, RunFilter, RunOrder
from goodmeasure.value.evidence import grade_of
from goodmeasure.value.taxonomy import values_of

if TYPE_CHECKING:
    from datetime import tzinfo

_TITLE = 60


@click.group("runs", invoke_without_command=True, short_help="List runs; merge or split them.")
@span_options
@click.option("--unrated", is_flag=True, help="Only runs without a judgement.")
@click.option("--project", help="Only this project.")
@click.option("--source", help="Only this source.")
@click.option("--cost-center", help="Only what is booked there.")
@click.option("--work-kind", type=click.Choice([kind.value for kind in WorkKind]), help="Only this kind of work.")
@click.option(
    "--outcome",
    type=click.Choice([str(value) for value in values_of(AssessmentName.OUTCOME)]),
    help="Only runs with this outcome.",
)
@click.option("--search", default="", metavar="WORDS", help="Words in title, project, model or source.")
@click.option("--sort", default="started", type=click.Choice([order.value for order in RunOrder]), show_default=True)
@click.option("--ascending", is_flag=True, help="Smallest or oldest first.")
@click.option("--limit", type=click.IntRange(1), help="At most this many (default on a terminal: 50).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_runs(
    desk: Desk,
    since: str | None,
    until: str | None,
    last: str | None,
    project: str | None,
    source: str | None,
    cost_center: str | None,
    work_kind: str | None,
    outcome: str | None,
    search: str,
    sort: str,
    limit: int | None,
    *,
    unrated: bool,
    ascending: bool,
    as_json: bool,
) -> None:
    """List runs, newest first; `merge`, `split` and `undo` say what is one run."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    queries = desk.queries
    span = span_between(since, until, last, queries.today(), desk.zone)
    wanted = RunFilter(
        text=search,
        since=span.since,
        until=span.until,
        source=source,
        project=project,
        cost_center=cost_center,
        work_kind=work_kind,
        outcome=outcome,
        unrated=unrated,
        order=RunOrder(sort),
        descending=not ascending,
    )
    ids = queries.run_ids(wanted)
    shown = queries.runs(ids[: limit if limit is not None or as_json else 50])
    if as_json:
        print_json({"count": len(ids), "runs": [run_json(run, desk.zone) for run in shown]})
        return
    if not shown:
        click.echo("No such runs. `goodmeasure import` reads your agents' logs.")
        return
    rows = [
        (
            run.key[:8],
            wall_clock(run.started_at, desk.zone),
            run.source,
            run.project or UNKNOWN,
            (run.title or "untitled")[:_TITLE],
            duration(run.duration_seconds),
            money(run.counters.list_cost_micros, run.counters.unpriced_generations),
            run.outcome or "–",
        )
        for run in shown
    ]
    click.echo(
        table(("run", "started", "source", "project", "title", "took", "list cost", "outcome"), rows, right=(5, 6))
    )
    if len(ids) > len(shown):
        click.echo(f"{len(shown):,} of {len(ids):,} runs; --limit shows more.")


for _command in (merge, split, undo):
    list_runs.add_command(_command)


@click.command()
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show(desk: Desk, run: str, *, as_json: bool) -> None:
    """Show one RUN: its calls, tools, notices and judgements."""
    detail = desk.queries.run_named(run)
    splits = _splits(desk, detail.run)
    if as_json:
        print_json({"run": {**_detail_json(detail, desk.zone), "splits": splits}})
        return
    _print(detail, desk.zone)
    for one in splits:
        who = "at a pause, by itself" if one["by_app"] else "by hand"
        click.echo(
            f"Split {who}: what came from {one['at']} on is {one['later'][:8]}, what was before {one['run'][:8]}."
            f" `goodmeasure runs undo {detail.run.key[:8]}` makes them one."
        )


def _splits(desk: Desk, run: Run) -> list[dict[str, Any]]:
    """Return where a run was cut off, and where something was cut off it."""
    found = [
        edit
        for edit in desk.arranging.history()
        if edit.kind == "split" and edit.holds and run.id in {edit.run_id, edit.other_id}
    ]
    keys = {one.id: one.key for one in desk.queries.runs([run_id for edit in found for run_id in edit[2:4]])}
    return [
        {
            "run": keys.get(edit.run_id, run.key),
            "later": keys.get(edit.other_id, run.key),
            "at": iso(edit.from_at, desk.zone),
            "by_app": edit.by_app,
        }
        for edit in found
    ]


def run_json(run: Run, zone: "tzinfo") -> dict[str, Any]:
    """Return a run as the command line prints it."""
    return {
        "run": run.key,
        "source": run.source,
        "session": run.session,
        "title": run.title,
        "project": run.project,
        "started_at": iso(run.started_at, zone),
        "ended_at": iso(run.ended_at, zone),
        "models": list(run.models),
        **counters_json(run.counters),
        "tool_calls": run.tool_calls,
        "prompts": run.prompts,
        "errors": run.errors,
        "outcome": run.outcome,
        "need": run.need,
        "cost_center": run.cost_center,
        "work_kind": run.work_kind,
        "data_class": run.data_class,
        "autonomy": run.autonomy,
    }


def evidence_json(one: CommitEvidence, zone: "tzinfo") -> dict[str, Any]:
    """Return a commit that hangs on a run as the command line prints it."""
    return {
        "kind": "commit",
        "reference": one.sha,
        "repository": one.repository,
        "link": one.link.value,
        "containment": one.containment,
        "landed_at": iso(one.landed_at, zone),
        "reverted_at": iso(one.reverted_at, zone),
        "survival_14_days": one.survival_14_days,
        "survival_30_days": one.survival_30_days,
    }


def _detail_json(detail: RunDetail, zone: "tzinfo") -> dict[str, Any]:
    return {
        **run_json(detail.run, zone),
        "cwd": detail.cwd,
        "git_branch": detail.git_branch,
        "agent_version": detail.agent_version,
        "entrypoint": detail.entrypoint,
        "subagents": detail.subagents,
        "permission_modes": list(detail.permission_modes),
        "generation_list": [
            {
                "recorded_at": iso(row.recorded_at, zone),
                "model": row.model,
                "subagent": row.subagent,
                "cost_basis": row.cost_basis.value,
                **{name: value for name, value in counters_json(row.counters).items() if name != "generations"},
            }
            for row in detail.generations
        ],
        "tool_call_list": [
            {
                "called_at": iso(row.called_at, zone),
                "finished_at": iso(row.finished_at, zone),
                "name": row.name,
                "kind": row.kind,
                "status": row.status,
                "subagent": row.subagent,
            }
            for row in detail.tool_calls
        ],
        "notices": [
            {"noticed_at": iso(row.noticed_at, zone), "kind": row.kind, "detail": row.detail} for row in detail.notices
        ],
        "evidence": [evidence_json(one, zone) for one in detail.evidence],
        "evidence_grade": grade_of(detail.run.outcome, detail.evidence),
        "assessments": [
            {
                "name": row.name.value,
                "value": row.value,
                "source": row.source.value,
                "collected": row.collected.value,
                "inclusion_probability": row.inclusion_probability,
                "assessed_at": iso(row.assessed_at, zone),
                "id": row.id,
                "supersedes": row.supersedes_id,
                "taxonomy_version": row.taxonomy_version,
            }
            for row in detail.assessments
        ],
        "log_files": list(detail.log_paths),
    }


def _print(detail: RunDetail, zone: "tzinfo") -> None:
    run = detail.run
    click.echo(printable(run.title or "untitled"))
    facts = (
        ("run", run.key),
        ("source", f"{run.source} {detail.agent_version or ''}".strip()),
        ("project", run.project or UNKNOWN),
        ("branch", detail.git_branch or UNKNOWN),
        ("used", detail.entrypoint or UNKNOWN),
        ("started", wall_clock(run.started_at, zone)),
        ("took", duration(run.duration_seconds)),
        ("models", ", ".join(run.models) or UNKNOWN),
        ("may do", ", ".join(detail.permission_modes) or UNKNOWN),
        ("prompts", number(run.prompts)),
        ("calls", number(run.counters.generations)),
        ("tool calls", number(run.tool_calls)),
        ("sub-agents", number(detail.subagents)),
        ("errors", number(run.errors)),
        ("outcome", run.outcome or "not rated"),
        ("need", run.need or "not rated"),
        ("commits", ", ".join(f"{one.sha[:9]} ({one.link.value})" for one in detail.evidence) or "none known"),
        ("output", f"{number(run.counters.output_tokens)} tokens{_estimated(run)}"),
        ("list cost", money(run.counters.list_cost_micros, run.counters.unpriced_generations)),
    )
    for name, value in facts:
        click.echo(f"  {name:<11}{printable(value)}")


def _estimated(run: Run) -> str:
    calls = run.counters.estimated_generations
    return f" ({number(calls)} of {number(run.counters.generations)} calls estimated from text)" if calls else ""
