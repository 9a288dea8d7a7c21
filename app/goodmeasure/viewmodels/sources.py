"""The sources: what was found of each agent, what was read, what could not be."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import NONE, ago, counted, exact, exact_when, percent

if TYPE_CHECKING:
    from goodmeasure.domain.runs import SourceHealth
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
class Figure:
    """One number of a source's line."""

    name: str
    text: str
    is_trouble: bool = False
    """It counts something that was left aside."""

    @property
    def is_nothing(self) -> bool:
        """Say whether it counted none: worth seeing, not worth looking at."""
        return self.text in {"0", "0 %", NONE}


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source that has files."""

    key: str
    label: str
    in_full: bool
    """Nothing was left aside."""
    health_text: str
    """`Read in full · last event 3 d ago`."""
    last_event_exact: str
    figures: tuple[Figure, ...]
    """Files, lines, calls, duplicates, unreadable, unknown, estimated."""
    kept: str
    """What the ledger holds of it, as a sentence."""
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
    absent_title: str
    summary: str


def sources(queries: "Queries") -> SourcesView:
    """Say what became of every source."""
    reports = queries.sources()
    cards = tuple(_card(queries, report, report.health) for report in reports if report.health is not None)
    absent = tuple((report.label, places_of(report)) for report in reports if report.health is None)
    more = counted(len(absent), "more agent" if cards else "agent")
    found = f"{counted(len(cards), 'agent')} found" if cards else "No agent's files found yet"
    return SourcesView(cards, absent, f"{more} can be read: the places that are looked at", found)


def places_of(report: "SourceReport") -> str:
    """Return where a source was looked for, each place once."""
    return ", ".join(dict.fromkeys(report.places))


def _card(queries: "Queries", report: "SourceReport", health: "SourceHealth") -> SourceCard:
    problems = health.unreadable + health.unknown
    left = "Read in full" if not problems else f"{counted(problems, 'record')} left aside"
    return SourceCard(
        report.key,
        report.label,
        not problems,
        f"{left} · last event {ago(health.last_event_at, queries.now())}",
        exact_when(health.last_event_at, queries.zone),
        _figures(health),
        _kept(health),
        _notes(health),
        tuple(
            (f"{issue.file}, line {issue.line:,}" if issue.line else issue.file, issue.what) for issue in health.issues
        ),
        tuple((_capability(name), str(value)) for name, value in report.capabilities.items()),
    )


def _figures(health: "SourceHealth") -> tuple[Figure, ...]:
    return (
        Figure("Files", exact(health.files)),
        Figure("Lines", exact(health.lines)),
        Figure("Calls", exact(health.generations)),
        Figure("Duplicates", exact(health.duplicates)),
        Figure("Unreadable", exact(health.unreadable), is_trouble=health.unreadable > 0),
        Figure("Unknown", exact(health.unknown), is_trouble=health.unknown > 0),
        Figure("Estimated", _estimated(health)),
    )


def _estimated(health: "SourceHealth") -> str:
    return percent(health.estimated_generations / health.generations) if health.generations else NONE


def _kept(health: "SourceHealth") -> str:
    read = f"{counted(health.lines, 'line')} in {counted(health.files, 'file')}"
    calls, tools = counted(health.generations, "call"), counted(health.tool_calls, "tool call")
    held = f"{calls}, {tools} and {counted(health.prompts, 'prompt')} in {counted(health.runs, 'run')}"
    again = f"; {counted(health.duplicates, 'call')} seen again and counted once" if health.duplicates else ""
    return f"Read: {read}. Kept: {held}{again}."


def _notes(health: "SourceHealth") -> tuple[str, ...]:
    notes = []
    if health.unknown:
        kinds = ", ".join(f"{name} ({count:,})" for name, count in health.unknown_types.items())
        named = kinds or counted(health.unknown, "record")
        notes.append(f"Record types that this version does not know, left aside: {named}.")
    if health.estimated_generations:
        notes.append(f"{_estimated(health)} of the calls are estimated from text, not reported.")
    if health.output_lower_bound_generations:
        calls = counted(health.output_lower_bound_generations, "call")
        notes.append(f"{calls} logged only the start of the answer: their output is at least what is shown.")
    if health.feed:
        sent = f"{counted(health.feed.records, 'record')} with {counted(health.feed.calls, 'call')}"
        notes.append(f"Sent as telemetry: {sent}; a call that its log shows, too, is counted once.")
    return tuple(notes)


def _capability(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize())
