"""The sources: what was found of each agent, what was read, what could not be."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import ago, counted, exact, exact_when, percent

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries, SourceReport

_NAMES = {
    "input_tokens": "Input tokens",
    "cache_read_tokens": "Cache reads",
    "cache_write_5m_tokens": "Cache writes (5 min)",
    "cache_write_1h_tokens": "Cache writes (1 h)",
    "output_tokens": "Output tokens",
    "reasoning_tokens": "Reasoning tokens",
    "web_search_requests": "Web searches",
    "reported_cost_micros": "Cost by the agent",
    "service_tier": "Service tier",
    "recorded_at": "Time of each call",
    "provider": "Provider",
    "model": "Model",
    "tool_calls": "Tool calls",
    "prompts": "Prompts",
    "notices": "Errors and approvals",
    "totals": "Own session totals",
}


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source that has files."""

    key: str
    label: str
    health: str
    """`ok`, `notes` (something could not be read or is not known yet)."""
    health_text: str
    last_event: str
    last_event_exact: str
    figures: tuple[tuple[str, str], ...]
    """Name and number: files, lines, calls kept, duplicates, unreadable, unknown."""
    notes: tuple[str, ...]
    issues: tuple[tuple[str, str], ...]
    """Where (file and line) and what."""
    capabilities: tuple[tuple[str, str], ...]
    """Name and `yes`, `no` or `not applicable`."""


@dataclass(frozen=True, slots=True)
class SourcesView:
    """All sources: those with files as cards, the others by name with the places that were looked at."""

    cards: tuple[SourceCard, ...]
    absent: tuple[tuple[str, str], ...]
    """Label and places."""
    summary: str


def sources(queries: "Queries") -> SourcesView:
    """Say what became of every source."""
    reports = queries.sources()
    cards = tuple(_card(queries, report) for report in reports if report.health is not None)
    absent = tuple((report.label, ", ".join(report.places)) for report in reports if report.health is None)
    found = f"{counted(len(cards), 'agent')} found" if cards else "No agent's files found yet"
    return SourcesView(cards, absent, found)


def _card(queries: "Queries", report: "SourceReport") -> SourceCard:
    health = report.health
    if health is None:
        raise AssertionError("a card needs files")
    problems = health.unreadable + health.unknown
    notes = []
    if health.unknown:
        kinds = ", ".join(f"{name} ({count:,})" for name, count in sorted(health.unknown_types.items()))
        notes.append(
            f"Record types that this version does not know, skipped: {kinds or counted(health.unknown, 'record')}."
        )
    if health.estimated_generations:
        share = percent(health.estimated_generations / health.generations)
        notes.append(f"{share} of the calls are estimated from text, not reported.")
    if health.output_lower_bound_generations:
        calls = counted(health.output_lower_bound_generations, "call")
        notes.append(f"{calls} logged only the start of the answer: their output is at least what is shown.")
    return SourceCard(
        report.key,
        report.label,
        "notes" if problems else "ok",
        "Read in full" if not problems else f"Read, {counted(problems, 'line')} left aside",
        ago(health.last_event_at, queries.now()),
        exact_when(health.last_event_at, queries.zone),
        (
            ("Files", exact(health.files)),
            ("Lines", exact(health.lines)),
            ("Calls kept", exact(health.generations)),
            ("Duplicates", exact(health.duplicates)),
            ("Unreadable", exact(health.unreadable)),
            ("Unknown", exact(health.unknown)),
        ),
        tuple(notes),
        tuple(
            (f"{issue.file}, line {issue.line:,}" if issue.line else issue.file, issue.what) for issue in health.issues
        ),
        tuple((_capability(name), str(value)) for name, value in report.capabilities.items()),
    )


def _capability(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize())
