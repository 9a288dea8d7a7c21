"""What Codex sends: events. Its spans repeat the counts without saying whose they are; its metrics only sum them."""

from goodmeasure.domain.events import NoticeKind, ToolStatus
from goodmeasure.sources.otlp.attributes import code, count, truth
from goodmeasure.sources.otlp.records import Event, Group
from goodmeasure.sources.otlp.telling import Telling
from goodmeasure.sources.otlp.usage import codex_usage

PREFIX = "codex."
_FAILED = 400


def tell(group: Group, telling: Telling) -> None:
    """Tell what this group's events say; events that are not of Codex's own kind are notes of its libraries."""
    for event in group.events:
        sent = event.attributes
        session = code(sent, "conversation.id")
        if session is None or not (event.name or "").startswith(PREFIX):
            continue
        telling.meet(session, event.recorded_at, code(sent, "app.version") or group.version)
        _tell(event, (event.name or "").removeprefix(PREFIX), session, telling)


def _tell(event: Event, name: str, session: str, telling: Telling) -> None:
    sent, at = event.attributes, event.recorded_at
    if name in {"sse_event", "websocket_event"}:
        _tell_call(event, session, telling)
    elif name == "user_prompt":
        telling.add_prompt(session, at, session, at)
    elif name == "tool_result":
        status = ToolStatus.OK if truth(sent, "success") is not False else ToolStatus.ERROR
        facts = (session, code(sent, "call_id") or at)
        telling.add_tool_call(session, at, count(sent, "duration_ms"), code(sent, "tool_name"), status, facts)
    elif name == "tool_decision":
        facts = (session, code(sent, "call_id") or at)
        allowed = (code(sent, "decision") or "").startswith("approved")
        if not allowed:
            telling.add_tool_call(session, at, None, code(sent, "tool_name"), ToolStatus.DENIED, facts)
        by_person = (code(sent, "source") or "").lower() == "user"
        telling.add_decision(session, at, allowed=allowed, by_person=by_person, facts=facts)
    elif name == "api_request":
        status_code = count(sent, "http.response.status_code")
        if status_code is not None and status_code >= _FAILED:
            telling.add_notice(NoticeKind.RETRIED, session, at, str(status_code), session, at)
    elif name == "conversation_starts":
        mode = "/".join(word for word in (code(sent, "approval_policy"), code(sent, "sandbox_policy")) if word)
        if mode:
            telling.add_notice(NoticeKind.PERMISSION_MODE, session, at, mode, session, mode)


def _tell_call(event: Event, session: str, telling: Telling) -> None:
    sent = event.attributes
    usage = codex_usage(sent) if sent.get("event.kind") == "response.completed" else None
    if usage is not None:
        facts = (session, event.recorded_at, *usage[:6])
        telling.add_call(session, event.recorded_at, None, code(sent, "model", "slug"), usage, facts)
