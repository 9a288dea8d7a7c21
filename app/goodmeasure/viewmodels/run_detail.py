"""One run whole: what it did over time, what it took, how its cost is known, what was said of it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import Assessment, AssessmentName
from goodmeasure.domain.costs import CostBasis
from goodmeasure.domain.events import NoticeKind, ToolStatus
from goodmeasure.domain.runs import GenerationRow, NoticeRow, RunDetail, ToolCallRow
from goodmeasure.domain.usage import Counters
from goodmeasure.value.taxonomy import QUESTIONS, choice
from goodmeasure.viewmodels.evidence import EvidenceView, evidence_of
from goodmeasure.viewmodels.wording import (
    NONE,
    all_tokens,
    clock,
    compact,
    cost,
    counted,
    duration,
    exact,
    exact_when,
    money,
    title,
    when,
)

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries

_SECOND = 1000
"""Milliseconds; a tool call that took less does not say how long it took."""
_BASIS = {
    CostBasis.REPORTED: "reported by the agent",
    CostBasis.LIST_PRICE: "at the list price of the day",
    CostBasis.OWN_PRICE: "at your own price",
    CostBasis.UNKNOWN: "without a known price",
}
_NOTICES = {
    NoticeKind.API_ERROR: "Request failed",
    NoticeKind.RETRIED: "Request failed and was tried again",
    NoticeKind.INTERRUPTED: "Interrupted",
    NoticeKind.COMPACTED: "Conversation compacted",
    NoticeKind.REFUSED: "Model refused, another took over",
    NoticeKind.PERMISSION_MODE: "Permission mode",
    NoticeKind.APPROVED: "Tool call allowed",
    NoticeKind.DENIED: "Tool call refused",
}
_STATUS = {
    ToolStatus.OK: "",
    ToolStatus.ERROR: "failed",
    ToolStatus.DENIED: "denied",
    ToolStatus.INTERRUPTED: "interrupted",
}
_NAMES = {
    AssessmentName.OUTCOME: "Outcome",
    AssessmentName.NEED: "Without AI",
    AssessmentName.TIME_SAVED: "Time",
    AssessmentName.REVIEW: "Check",
    AssessmentName.SECOND_PERSON: "Second person",
    AssessmentName.CONFIDENCE: "How sure",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened in a run."""

    kind: str
    """`prompt`, `call`, `tool` or `notice`."""
    time: str
    text: str
    detail: str
    trouble: bool
    """An error, a refusal or an interruption."""
    indented: bool
    """Done by a sub-agent."""
    at: int | None = None
    """The instant, milliseconds since 1970 UTC; a run can be split there."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One judgement, current or superseded."""

    when: str
    text: str
    current: bool


@dataclass(frozen=True, slots=True)
class RunDetailView:
    """Everything about one run."""

    run_id: int
    title: str
    about: str
    facts: tuple[tuple[str, str], ...]
    usage: tuple[tuple[str, str, str], ...]
    """Name, compact, exact."""
    cost: str
    cost_notes: tuple[str, ...]
    assessments: tuple[tuple[str, str], ...]
    """Question and current answer."""
    history: tuple[HistoryLine, ...]
    """Every judgement ever written, newest first."""
    moments: tuple[Moment, ...]
    timeline: str
    """`12 calls · 31 tool calls · 5 prompts`."""
    evidence: EvidenceView


def run_detail(queries: "Queries", run_id: int) -> RunDetailView:
    """Say one run whole. Raises Refusal where it does not exist."""
    detail = queries.run(run_id)
    run = detail.run
    labels = {source.key: source.label for source in queries.sources()}
    about = (run.project, labels.get(run.source, run.source), when(run.started_at, queries.zone, queries.now()))
    current = _current(detail.assessments)
    return RunDetailView(
        run_id=run.id,
        title=title(run.title),
        about=" · ".join(part for part in about if part),
        facts=_facts(detail, queries.zone),
        usage=_usage(run.counters),
        cost=cost(run.counters),
        cost_notes=_cost_notes(detail),
        assessments=tuple(
            (_NAMES[name], choice(name, item.value).label.removeprefix("…"))
            for name, item in current.items()
            if item.value is not None
        ),
        history=_history(detail.assessments, current, queries),
        moments=_moments(detail, queries.zone),
        timeline=_timeline(detail),
        evidence=evidence_of(queries, detail),
    )


def _facts(detail: RunDetail, zone: tzinfo) -> tuple[tuple[str, str], ...]:
    run = detail.run
    named = (
        ("Started", exact_when(run.started_at, zone)),
        ("Duration", duration(run.duration_seconds)),
        ("Folder", detail.cwd),
        ("Branch", detail.git_branch),
        ("Agent version", detail.agent_version),
        ("Started with", detail.entrypoint),
        ("Models", ", ".join(run.models) or None),
        ("Permission modes", ", ".join(detail.permission_modes) or None),
        ("Sub-agents", str(detail.subagents) if detail.subagents else None),
        ("Log", "\n".join(detail.log_paths) or None),
        ("Run", run.key),
    )
    return tuple((name, value) for name, value in named if value)


def _usage(counters: Counters) -> tuple[tuple[str, str, str], ...]:
    writes = [n for n in (counters.cache_write_5m_tokens, counters.cache_write_1h_tokens) if n is not None]
    named = (
        ("Input", counters.input_tokens),
        ("Cache read", counters.cache_read_tokens),
        ("Cache written", sum(writes) if writes else None),
        ("Output", counters.output_tokens),
        ("of it reasoning", counters.reasoning_tokens),
        ("All tokens", all_tokens(counters)),
    )
    return tuple((name, compact(number), exact(number)) for name, number in named)


def _cost_notes(detail: RunDetail) -> tuple[str, ...]:
    bases = Counter(call.cost_basis for call in detail.generations)
    notes = [f"{counted(bases[basis], 'call')} {words}." for basis, words in _BASIS.items() if bases[basis]]
    lower = detail.run.counters.output_lower_bound_generations
    if lower:
        notes.append(f"{counted(lower, 'call')} logged only the start of the answer: output is at least this.")
    if detail.run.counters.estimated_generations:
        calls = counted(detail.run.counters.estimated_generations, "call")
        notes.append(f"{calls} estimated from the visible text: nobody counted.")
    for beyond in detail.unlogged:
        tokens = beyond.input_tokens + beyond.output_tokens + beyond.cache_read_tokens
        tokens += beyond.cache_write_5m_tokens + beyond.cache_write_1h_tokens
        notes.append(f"The agent's own total shows {compact(tokens)} more tokens of {beyond.model}; not added here.")
    return tuple(notes)


def _current(history: tuple[Assessment, ...]) -> dict[AssessmentName, Assessment]:
    newest = {assessment.name: assessment for assessment in history}
    return {name: newest[name] for name in QUESTIONS if name in newest}


def _history(
    history: tuple[Assessment, ...], current: dict[AssessmentName, Assessment], queries: "Queries"
) -> tuple[HistoryLine, ...]:
    return tuple(
        HistoryLine(
            when(item.assessed_at, queries.zone, queries.now()),
            f"{_NAMES[item.name]}: {choice(item.name, item.value).label if item.value else 'taken back'}",
            current[item.name] is item,
        )
        for item in reversed(history)
    )


def _timeline(detail: RunDetail) -> str:
    parts = [counted(len(detail.generations), "call"), counted(len(detail.tool_calls), "tool call")]
    parts.append(counted(len(detail.prompted_at), "prompt"))
    return " · ".join(parts)


def _moments(detail: RunDetail, zone: tzinfo) -> tuple[Moment, ...]:
    found: list[tuple[int | None, Moment]] = [(row.recorded_at, _call(row, zone)) for row in detail.generations]
    found += [(row.called_at, _tool(row, zone)) for row in detail.tool_calls]
    found += [
        (at, Moment("prompt", clock(at, zone), "You asked", "", trouble=False, indented=False))
        for at in detail.prompted_at
    ]
    found += [(row.noticed_at, _notice(row, zone)) for row in detail.notices]
    # Things of unknown time stand last: nothing says where they belong.
    in_order = sorted(found, key=lambda pair: (pair[0] is None, pair[0] or 0))
    return tuple(replace(moment, at=at) for at, moment in in_order)


def _call(row: GenerationRow, zone: tzinfo) -> Moment:
    tokens = compact(all_tokens(row.counters))
    price = money(row.counters.list_cost_micros) if row.cost_basis is not CostBasis.UNKNOWN else "no price"
    text = row.model or "unknown model"
    detail = f"about {tokens}, estimated · {price}" if row.counters.estimated_generations else f"{tokens} · {price}"
    return Moment("call", clock(row.recorded_at, zone), text, detail, trouble=False, indented=row.subagent)


def _tool(row: ToolCallRow, zone: tzinfo) -> Moment:
    status = _STATUS[ToolStatus(row.status)] if row.status else "no result seen"
    taken = None
    if row.called_at is not None and row.finished_at is not None and row.finished_at - row.called_at >= _SECOND:
        taken = duration((row.finished_at - row.called_at) / 1000)
    detail = " · ".join(part for part in (row.kind, taken, status) if part)
    trouble = row.status not in {ToolStatus.OK, None}
    return Moment("tool", clock(row.called_at, zone), row.name or NONE, detail, trouble, indented=row.subagent)


def _notice(row: NoticeRow, zone: tzinfo) -> Moment:
    trouble = row.kind in {NoticeKind.API_ERROR, NoticeKind.INTERRUPTED, NoticeKind.REFUSED, NoticeKind.DENIED}
    text = _NOTICES[NoticeKind(row.kind)]
    return Moment("notice", clock(row.noticed_at, zone), text, row.detail or "", trouble, indented=False)
