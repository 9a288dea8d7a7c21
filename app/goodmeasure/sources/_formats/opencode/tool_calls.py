"""What OpenCode's tools do, and how a tool call ended."""

import msgspec

from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, text_of
from goodmeasure.sources._formats.opencode.records import Metadata, State

_KINDS = {
    ToolKind.READ: ("read", "todoread", "skill", "read_mcp_resource", "diff"),
    ToolKind.EDIT: ("edit", "multiedit", "write", "patch", "apply_patch"),
    ToolKind.RUN: ("bash", "shell", "background_process", "interactive_bash"),
    ToolKind.SEARCH: ("glob", "grep", "list", "lsp", "codebase_search", "semantic_search", "codesearch"),
    ToolKind.FETCH: ("webfetch", "websearch", "repo_clone"),
    ToolKind.AGENT: ("task", "agent_manager", "actor"),
    ToolKind.OTHER: (
        "todowrite", "question", "plan_enter", "plan_exit", "invalid", "batch", "suggest", "StructuredOutput",
    ),
}  # fmt: skip
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}

_REFUSED_BY_PERSON = "The user rejected permission"
_REFUSED_BY_RULE = "The user has specified a rule"
_STOPPED = "Tool execution aborted"
_REASON_LENGTH = 200

_decode_state = msgspec.json.Decoder(State)
_decode_metadata = msgspec.json.Decoder(Metadata)
_FINISHED = frozenset({"completed", "error"})
_RULES = frozenset({"agent", "global", "project", "session", "config"})
"""Where Kilo found the rule that allowed a call without asking."""


def tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name; servers' tools are called `<server>_<tool>`. None without a name."""
    if name is None:
        return None
    return _KIND_BY_NAME.get(name, ToolKind.MCP if "_" in name else ToolKind.OTHER)


def state_of(raw: msgspec.Raw) -> State:
    """Return the state of a tool call. Raises msgspec.DecodeError and what else `FAULTS` names."""
    return State() if raw is ABSENT else _decode_state.decode(raw)


def is_finished(state: State) -> bool:
    """Tell whether a tool call has ended, well or not."""
    return state.status in _FINISHED


def metadata_of(state: State) -> Metadata:
    """Return what a tool wrote about its call; an empty record where it is none."""
    if state.metadata is ABSENT:
        return Metadata()
    try:
        return _decode_metadata.decode(state.metadata)
    except FAULTS:
        return Metadata()


def tool_status(state: State) -> ToolStatus:
    """Return how a finished call ended; refusals and stops are told by fixed sentences, compared and never kept."""
    if state.status == "completed":
        return ToolStatus.ERROR if metadata_of(state).exit else ToolStatus.OK
    reason = (text_of(state.error) or "")[:_REASON_LENGTH]
    if reason.startswith((_REFUSED_BY_PERSON, _REFUSED_BY_RULE)):
        return ToolStatus.DENIED
    return ToolStatus.INTERRUPTED if reason.startswith(_STOPPED) else ToolStatus.ERROR


def refused_by(state: State) -> str:
    """Return who refused a denied call: `person` or `rule`."""
    reason = (text_of(state.error) or "")[:_REASON_LENGTH]
    return "rule" if reason.startswith(_REFUSED_BY_RULE) else "person"


def allowed_by(state: State) -> str | None:
    """Return `rule` where Kilo noted that a rule allowed a call; None where nothing is known."""
    approval = metadata_of(state).approval
    return "rule" if approval is not None and approval.source in _RULES else None
