"""Whose telemetry it is, and what it says: from decoded groups to one batch for each source."""

from collections.abc import Callable
from typing import NamedTuple

from goodmeasure.domain.events import Batch
from goodmeasure.sources.otlp import claude_events, codex_events, conventions, gemini_events
from goodmeasure.sources.otlp.records import Group
from goodmeasure.sources.otlp.telling import Telling

OTHER = "otlp"
"""Key of the source that stands for every other sender of the GenAI conventions."""
_FIRST_KILO = 5
"""Kilo's terminal client calls itself `opencode`; OpenCode's own version is 1, Kilo's 7."""

_BY_SERVICE = {
    "claude-code": "claude-code",
    "claude-code-desktop": "claude-code",
    "gemini-cli": "gemini-cli",
    "qwen-code": "qwen-code",
    "github-copilot": "copilot-cli",
    "copilot-chat": "copilot-chat",
    "opencode": "opencode",
    "kilo": "kilo",
    "goose": "goose",
    "cline": "cline",
}
_BY_SCOPE = {
    "com.anthropic.claude_code": "claude-code",
    "codex_otel": "codex",
    "gemini-cli": "gemini-cli",
    "qwen-code": "qwen-code",
    "github.copilot": "copilot-cli",
}
_EVENTS: dict[str, Callable[[Group, Telling], None]] = {
    "claude-code": claude_events.tell,
    "codex": codex_events.tell,
    "gemini-cli": gemini_events.tell,
    "qwen-code": gemini_events.tell,
}


class Told(NamedTuple):
    """What one request says about one source."""

    source: str
    batch: Batch
    """`lines` counts events and spans."""
    metrics: int
    """Metrics that came along; they are not read."""


def told(groups: list[Group]) -> list[Told]:
    """Return what the groups of one request say, by source."""
    by_source: dict[str, list[Group]] = {}
    for group in groups:
        by_source.setdefault(source_of(group), []).append(group)
    return [_told(source, own) for source, own in sorted(by_source.items())]


def source_of(group: Group) -> str:
    """Return the key of the agent that sent a group: by the name of its service, else of the part that wrote it.

    A person may rename the service, the agent's own scope stays.
    """
    service = group.service.lower()
    named = _BY_SERVICE.get(service)
    if named == "opencode" and _major(group.version) >= _FIRST_KILO:
        return "kilo"
    if named is not None:
        return named
    if service.startswith("codex"):
        return "codex"
    return next((source for scope, source in _BY_SCOPE.items() if group.scope.startswith(scope)), OTHER)


def _told(source: str, groups: list[Group]) -> Told:
    telling = Telling(source)
    telling.records = sum(len(group.events) + len(group.spans) for group in groups)
    tell = _EVENTS.get(source)
    if tell is None:
        conventions.tell(groups, telling)
    else:
        for group in groups:
            tell(group, telling)
    return Told(source, telling.batch(), sum(group.metrics for group in groups))


def _major(version: str | None) -> int:
    first = (version or "").partition(".")[0]
    return int(first) if first.isascii() and first.isdecimal() else 0
