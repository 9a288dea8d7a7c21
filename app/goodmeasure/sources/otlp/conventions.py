"""What follows OpenTelemetry's GenAI conventions, or the AI SDK's older names: spans of calls and of tools."""

from goodmeasure.domain.events import NoticeKind, ToolStatus
from goodmeasure.sources.otlp.attributes import Attributes, code
from goodmeasure.sources.otlp.records import Event, Group, Span
from goodmeasure.sources.otlp.telling import Telling
from goodmeasure.sources.otlp.usage import Usage, convention_usage

_INFERENCE = frozenset({"chat", "generate_content", "text_completion", "embeddings"})
"""Operations that are billed calls; others (agents, workflows) sum up what these say."""
_DETAILS = "gen_ai.client.inference.operation.details"
_TRUSTED = frozenset({"copilot-cli", "copilot-chat", "opencode", "kilo"})
"""Sources whose input is known to include what was read from a cache."""


def tell(groups: list[Group], telling: Telling) -> None:
    """Tell what the spans and events of one source's groups say. Of nested calls only the innermost counts."""
    spans = [(group, span) for group in groups for span in group.spans]
    calls = {span.span: usage for _, span in spans if (usage := _usage_of(span.attributes, telling.source)) is not None}
    parents = {span.span: span.parent for _, span in spans}
    outer = {above for inner in calls for above in _above(inner, parents)}
    for group, span in spans:
        session = _session(span.attributes, span.trace)
        usage = None if span.span in outer else calls.get(span.span)
        if usage is not None:
            _tell_call(span, usage, session, telling)
        elif not (_tell_tool(span, session, telling) or _tell_failure(span, session, telling)):
            continue
        telling.meet(session, span.ended_at or span.started_at, group.version, _parent(span.attributes))
    for group in groups:
        for event in group.events:
            _tell_details(event, group, telling)


def _session(sent: Attributes, trace: str) -> str:
    named = code(
        sent, "gen_ai.conversation.id", "session.id", "ai.telemetry.metadata.sessionId", "copilot_chat.chat_session_id"
    )
    return named or f"trace/{trace}"


def _parent(sent: Attributes) -> str | None:
    return code(sent, "ai.request.headers.x-parent-session-id", "copilot_chat.parent_chat_session_id")


def _usage_of(sent: Attributes, source: str) -> Usage | None:
    operation, step = code(sent, "gen_ai.operation.name"), code(sent, "ai.operationId")
    if operation is not None and operation not in _INFERENCE:
        return None
    if step is not None and ".do" not in step:
        return None  # the AI SDK's outer span repeats the sum of its steps
    return convention_usage(sent, trusted=source in _TRUSTED)


def _above(span: str, parents: dict[str, str]) -> set[str]:
    found: set[str] = set()
    at = parents.get(span, "")
    while at and at not in found:
        found.add(at)
        at = parents.get(at, "")
    return found


def _provider_and_model(sent: Attributes) -> tuple[str | None, str | None]:
    return (
        code(sent, "gen_ai.provider.name", "gen_ai.system", "ai.model.provider"),
        code(sent, "gen_ai.response.model", "ai.response.model", "gen_ai.request.model", "ai.model.id"),
    )


def _facts(sent: Attributes, trace: str, span: str) -> tuple[str, ...]:
    """Return what identifies a call: its trace and the provider's id of the answer, else the span's own."""
    response = code(sent, "gen_ai.response.id", "ai.response.id")
    return (trace, "response", response) if response else (trace, span)


def _tell_call(span: Span, usage: Usage, session: str, telling: Telling) -> None:
    sent = span.attributes
    facts = _facts(sent, span.trace, span.span)
    telling.add_call(session, span.ended_at or span.started_at, *_provider_and_model(sent), usage, facts)


def _tell_tool(span: Span, session: str, telling: Telling) -> bool:
    sent = span.attributes
    if sent.get("gen_ai.operation.name") != "execute_tool" and sent.get("ai.operationId") != "ai.toolCall":
        return False
    name = code(sent, "gen_ai.tool.name", "ai.toolCall.name")
    failed = span.failed or "error.type" in sent
    duration = None if span.started_at is None or span.ended_at is None else span.ended_at - span.started_at
    facts = (session, code(sent, "gen_ai.tool.call.id", "ai.toolCall.id") or span.span)
    telling.add_tool_call(session, span.ended_at, duration, name, ToolStatus.ERROR if failed else ToolStatus.OK, facts)
    return True


def _tell_failure(span: Span, session: str, telling: Telling) -> bool:
    sent = span.attributes
    if sent.get("gen_ai.operation.name") not in _INFERENCE or not (span.failed or "error.type" in sent):
        return False
    telling.add_notice(NoticeKind.API_ERROR, session, span.ended_at, code(sent, "error.type"), span.trace, span.span)
    return True


def _tell_details(event: Event, group: Group, telling: Telling) -> None:
    """Tell the call of an event that stands for a span: it has the same identity, so that both count once."""
    if event.name != _DETAILS:
        return
    usage = _usage_of(event.attributes, telling.source)
    if usage is not None and (event.trace or "gen_ai.response.id" in event.attributes):
        session = _session(event.attributes, event.trace)
        span = Span("", event.trace, event.span, "", None, event.recorded_at, failed=False, attributes=event.attributes)
        _tell_call(span, usage, session, telling)
        telling.meet(session, event.recorded_at, group.version, _parent(event.attributes))
