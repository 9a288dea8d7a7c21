"""What Kimi's tools do."""

from goodmeasure.domain.events import ToolKind

_KINDS = {
    ToolKind.READ: ("Read", "ReadFile", "ReadMediaFile"),
    ToolKind.EDIT: ("Write", "WriteFile", "Edit", "StrReplaceFile"),
    ToolKind.RUN: ("Bash", "Shell", "TaskOutput", "TaskStop"),
    ToolKind.SEARCH: ("Glob", "Grep"),
    ToolKind.FETCH: ("FetchURL", "SearchWeb", "WebFetch", "WebSearch"),
    ToolKind.AGENT: ("Agent", "AgentSwarm", "Task"),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


def tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name; None without a name."""
    if name is None:
        return None
    return ToolKind.MCP if name.startswith("mcp__") else _KIND_BY_NAME.get(name, ToolKind.OTHER)
