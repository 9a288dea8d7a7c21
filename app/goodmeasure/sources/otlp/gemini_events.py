"""What Gemini CLI and its fork Qwen Code send: events under their own prefix, repeated by the conventions' events."""

from goodmeasure.domain.events import NoticeKind, ToolStatus
from goodmeasure.sources.otlp.attributes import code, count, truth
from goodmeasure.sources.otlp.records import Event, Group
from goodmeasure.sources.otlp.telling import Telling
from goodmeasure.sources.otlp.usage import gemini_usage

PREFIXES = {"gemini-cli": "gemini_cli.", "qwen-code": "qwen-code."}


def tell(group: Group, telling: Telling) -> None:
    """Tell what this group's events say; those without the agent's prefix repeat them."""
    prefix = PREFIXES[telling.source]
    for event in group.events:
        session = code(event.attributes, "session.id") or code(group.resource, "session.id")
        if session is None or not (event.name or "").startswith(prefix):
            continue
        # Gemini CLI gives the version of Node as its own.
        telling.meet(session, event.recorded_at, group.version if telling.source == "qwen-code" else None)
        _tell(event, (event.name or "").removeprefix(prefix), session, telling)


def _tell(event: Event, name: str, session: str, telling: Telling) -> None:
    sent, at = event.attributes, event.recorded_at
    prompt = code(sent, "prompt_id")
    if name == "api_response":
        usage = gemini_usage(sent)
        if usage is not None:
            response = code(sent, "response_id")
            facts = ("response", response) if response else (session, prompt, at, *usage[:6])
            telling.add_call(session, at, None, code(sent, "model"), usage, facts)
    elif name == "tool_call":
        _tell_tool(event, session, telling)
    elif name == "user_prompt":
        telling.add_prompt(session, at, session, prompt or at)
    elif name == "api_error":
        detail = code(sent, "status_code", "http.status_code", "error_type", "error.type")
        telling.add_notice(NoticeKind.API_ERROR, session, at, detail, session, prompt, at)
    elif name == "api_retry":
        telling.add_notice(NoticeKind.RETRIED, session, at, code(sent, "status_code", "error_type"), session, at)
    elif name == "api_cancel":
        telling.add_notice(NoticeKind.INTERRUPTED, session, at, None, session, prompt, at)
    elif name == "chat_compression":
        telling.add_notice(NoticeKind.COMPACTED, session, at, None, session, at)


def _tell_tool(event: Event, session: str, telling: Telling) -> None:
    sent, at = event.attributes, event.recorded_at
    name, decision = code(sent, "function_name"), code(sent, "decision")
    call = code(sent, "call_id")
    facts = (session, call) if call else (session, code(sent, "prompt_id"), name, at)
    status = ToolStatus.OK if truth(sent, "success") is not False else ToolStatus.ERROR
    if decision == "reject":
        status = ToolStatus.DENIED
    telling.add_tool_call(session, at, count(sent, "duration_ms"), name, status, facts)
    if decision is not None:
        # `accept` is also said where every tool is allowed beforehand: then nobody was asked.
        by_person = {"auto_accept": False, "accept": None}.get(decision, True)
        telling.add_decision(session, at, allowed=decision != "reject", by_person=by_person, facts=facts)
