"""What Claude Code sends: events. Its spans and metrics repeat them, with less."""

from goodmeasure.domain.events import NoticeKind, ToolStatus
from goodmeasure.sources.otlp.attributes import code, count, truth
from goodmeasure.sources.otlp.records import Event, Group
from goodmeasure.sources.otlp.telling import Telling
from goodmeasure.sources.otlp.usage import claude_usage

PREFIX = "claude_code."

_UNNEEDED = frozenset({
    "api_retries_exhausted", "assistant_response", "at_mention", "auth", "feedback_survey", "hook_execution_complete",
    "hook_execution_start", "hook_plugin_metrics", "hook_registered", "internal_error", "managed_settings_resolved",
    "mcp_server_connection", "plugin_installed", "plugin_loaded", "retention_sweep", "skill_activated",
    "subagent_completed", "api_request_body", "api_response_body",
})  # fmt: skip


def tell(group: Group, telling: Telling) -> None:
    """Tell what this group's events say."""
    for event in group.events:
        name = (event.name or "").removeprefix(PREFIX)
        sent = event.attributes
        session = code(sent, "session.id") or f"telemetry/{code(sent, 'prompt.id') or 'unknown'}"
        telling.meet(session, event.recorded_at, code(sent, "app.version") or group.version)
        if name == "api_request":
            _tell_call(event, session, telling)
        elif name in {"tool_result", "tool_decision"}:
            _tell_tool(event, name, session, telling)
        elif name not in _UNNEEDED:
            _tell_notice(event, name, session, telling)


def _place(event: Event, session: str) -> tuple[str | int | None, ...]:
    """Return what identifies an event: its number in the session; where it has none, its instant."""
    number = count(event.attributes, "event.sequence")
    return (session, event.recorded_at if number is None else number)


def _tell_call(event: Event, session: str, telling: Telling) -> None:
    sent = event.attributes
    usage = claude_usage(sent)
    if usage is None:
        return
    request = code(sent, "request_id")
    model = code(sent, "model")
    provider = "anthropic" if model is not None and model.startswith("claude-") and "@" not in model else None
    facts = ("request", request) if request else _place(event, session)
    telling.add_call(session, event.recorded_at, provider, model, usage, facts)


def _tell_tool(event: Event, name: str, session: str, telling: Telling) -> None:
    sent = event.attributes
    tool, call = code(sent, "tool_name"), code(sent, "tool_use_id")
    facts = (session, call) if call else _place(event, session)
    if name == "tool_result":
        status = ToolStatus.OK if truth(sent, "success") is not False else ToolStatus.ERROR
        telling.add_tool_call(session, event.recorded_at, count(sent, "duration_ms"), tool, status, facts)
        return
    allowed = sent.get("decision") == "accept"
    by_person = (code(sent, "source") or "").startswith("user")
    if not allowed:
        telling.add_tool_call(session, event.recorded_at, None, tool, ToolStatus.DENIED, facts)
    telling.add_decision(session, event.recorded_at, allowed=allowed, by_person=by_person, facts=facts)


def _tell_notice(event: Event, name: str, session: str, telling: Telling) -> None:
    sent, at, place = event.attributes, event.recorded_at, _place(event, session)
    if name == "user_prompt":
        telling.add_prompt(session, at, *place)
    elif name == "api_error":
        telling.add_notice(NoticeKind.API_ERROR, session, at, code(sent, "status_code", "error_type"), *place)
    elif name == "api_refusal":
        telling.add_notice(NoticeKind.REFUSED, session, at, code(sent, "original_model", "model"), *place)
    elif name == "compaction":
        telling.add_notice(NoticeKind.COMPACTED, session, at, None, *place)
    elif name == "permission_mode_changed":
        telling.add_notice(NoticeKind.PERMISSION_MODE, session, at, code(sent, "to_mode"), *place)
    else:
        telling.add_unknown(name)
