"""What Claude Code's tools do, and how a tool call ended."""

from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.sources._formats.jsonl import text_of
from goodmeasure.sources.claude_code.rows import Block, Row

_KINDS = {
    ToolKind.READ: ("Read", "NotebookRead", "BashOutput", "TaskOutput", "ReadMcpResource", "LSP"),
    ToolKind.EDIT: ("Edit", "MultiEdit", "Write", "NotebookEdit"),
    ToolKind.RUN: ("Bash", "PowerShell", "KillBash", "KillShell", "Monitor", "REPL"),
    ToolKind.SEARCH: ("Glob", "Grep", "LS", "ToolSearch"),
    ToolKind.FETCH: ("WebFetch", "WebSearch"),
    ToolKind.AGENT: ("Agent", "Task", "Workflow", "SendMessage", "TaskStop"),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}

_REJECTED = (
    "The user doesn't want to proceed with this tool use",
    "The user doesn't want to take this action right now",
)
_INTERRUPTED = "[Request interrupted by user"
_REASON_LENGTH = 200


def tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name; `OTHER` for tools of the agent's own house-keeping, None without a name."""
    if name is None:
        return None
    if name.startswith("mcp__"):
        return ToolKind.MCP
    return _KIND_BY_NAME.get(name, ToolKind.OTHER)


def tool_status(row: Row, block: Block) -> ToolStatus:
    """Return how a call ended, from its `tool_result` block and the row around it.

    Clients before 2.1.205 mark a refusal only by a fixed sentence in the result; it is compared, never kept.
    """
    if row.tool_denial_kind or (row.permission_decision and row.permission_decision.decision == "reject"):
        return ToolStatus.DENIED
    if not block.is_error:
        return ToolStatus.OK
    reason = _reason(block)
    if reason.startswith(_REJECTED):
        return ToolStatus.DENIED
    return ToolStatus.INTERRUPTED if reason.startswith(_INTERRUPTED) else ToolStatus.ERROR


def _reason(block: Block) -> str:
    """Return the start of a result's text; results made of blocks are not refusals."""
    return (text_of(block.content) or "")[:_REASON_LENGTH]
