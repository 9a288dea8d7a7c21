"""The list of runs: what each row says."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.runs import Run, RunFilter, RunOrder
from goodmeasure.value.taxonomy import OUTCOME, choice
from goodmeasure.viewmodels.wording import (
    NONE,
    all_tokens,
    compact,
    cost,
    counted,
    duration,
    exact,
    exact_when,
    title,
    when,
)

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list."""

    order: RunOrder
    label: str
    width: int
    """Pixels at first; 0: takes what is left."""
    number: bool = False
    """Set flush right."""


COLUMNS = (
    Column(RunOrder.STARTED, "Started", 128),
    Column(RunOrder.TITLE, "Title", 0),
    Column(RunOrder.PROJECT, "Project", 128),
    Column(RunOrder.OUTCOME, "Outcome", 162),
    Column(RunOrder.SOURCE, "Agent", 104),
    Column(RunOrder.MODEL, "Model", 150),
    Column(RunOrder.DURATION, "Duration", 92, number=True),
    Column(RunOrder.TOKENS, "Tokens", 84, number=True),
    Column(RunOrder.COST, "Cost", 92, number=True),
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row, ready to be drawn; `texts` and `full` follow `COLUMNS`."""

    run_id: int
    texts: tuple[str, ...]
    full: tuple[str, ...]
    """The exact values, for tooltips."""
    outcome: str | None


@dataclass(frozen=True, slots=True)
class RunsView:
    """Which rows there are; the rows themselves are asked for page by page."""

    ids: "array[int]"
    summary: str
    filtered: bool


@dataclass(frozen=True, slots=True)
class RunChoices:
    """What the list can be narrowed by: value and label."""

    sources: tuple[tuple[str, str], ...]
    projects: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]


def runs(queries: "Queries", wanted: RunFilter) -> RunsView:
    """Find the runs that match, in the order asked for."""
    ids = queries.run_ids(wanted)
    filtered = bool(wanted.text or wanted.source or wanted.project or wanted.outcome or wanted.unrated)
    return RunsView(ids, counted(len(ids), "run") + (" found" if filtered else ""), filtered)


def these_runs(queries: "Queries", run_ids: Sequence[int], title: str) -> RunsView:
    """Show some runs that are known already, with what they have in common."""
    ids = array("q", [run.id for run in queries.runs(run_ids)])
    return RunsView(ids, f"{counted(len(ids), 'run')}: {title}", filtered=True)


def run_rows(queries: "Queries", ids: Sequence[int]) -> dict[int, RunRow]:
    """Say some rows, by run id; runs that are gone are left out."""
    now = queries.now()
    return {run.id: _row(queries, run, now) for run in queries.runs(ids)}


def run_choices(queries: "Queries") -> RunChoices:
    """Say what the list can be narrowed by."""
    sources = tuple((source.key, source.label) for source in queries.sources() if source.health is not None)
    outcomes = tuple((choice.value, choice.label) for choice in OUTCOME.choices)
    return RunChoices(sources, tuple((name, name) for name in queries.projects()), outcomes)


def _row(queries: "Queries", run: Run, now: int) -> RunRow:
    tokens = all_tokens(run.counters) if run.counters.generations else 0
    models = _models(run)
    outcome = choice(AssessmentName.OUTCOME, run.outcome).label if run.outcome else ""
    texts = (
        when(run.started_at, queries.zone, now),
        title(run.title),
        run.project or NONE,
        outcome or "Not rated",
        run.source,
        models,
        duration(run.duration_seconds),
        compact(tokens),
        cost(run.counters),
    )
    full = (
        exact_when(run.started_at, queries.zone),
        title(run.title),
        run.project or "No project is known.",
        outcome or "Not rated yet",
        f"{run.source} · session {run.session}",
        ", ".join(run.models) or "No model is known.",
        f"{duration(run.duration_seconds)} from first to last record",
        f"{exact(tokens)} tokens in {counted(run.counters.generations, 'call')}",
        _cost_note(run),
    )
    return RunRow(run.id, texts, full, run.outcome)


def _models(run: Run) -> str:
    if not run.models:
        return NONE
    more = len(run.models) - 1
    return run.models[0] + (f" +{more}" if more else "")


def _cost_note(run: Run) -> str:
    if run.counters.unpriced_generations:
        unpriced = counted(run.counters.unpriced_generations, "call")
        return f"{cost(run.counters)}: {unpriced} without a known price"
    return f"{cost(run.counters)} at list price"
