"""What Codex's tools do, and how a tool call ended."""

import re

import msgspec

from goodmeasure.domain.events import ToolKind, ToolStatus

_KINDS = {
    ToolKind.READ: ("read_file", "view_image", "read_mcp_resource"),
    ToolKind.EDIT: ("apply_patch",),
    ToolKind.RUN: ("shell", "shell_command", "exec_command", "exec", "write_stdin", "local_shell", "unified_exec"),
    ToolKind.SEARCH: ("list_dir", "grep_files", "tool_search"),
    ToolKind.FETCH: ("web_search",),
    ToolKind.AGENT: ("spawn_agent", "wait_agent", "wait", "send_input", "close_agent", "resume_agent", "send_message"),
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}
_OWN_NAMESPACES = frozenset({None, "functions", "multi_agent_v1", "collaboration"})

_HEAD_BYTES = 600
_TAIL_BYTES = 200
_EXIT_WORDS = (b"exited with code ", b"Exit code: ")
_NUMBER = re.compile(rb"-?\d+")
_EXIT_CODE = re.compile(rb'exit_code\\*"\s*:\s*(-?\d+)')


def tool_kind(name: str | None, namespace: str | None) -> ToolKind | None:
    """Return what a tool does by its name and namespace; None without a name."""
    if name is None:
        return None
    if name.startswith("mcp__") or namespace not in _OWN_NAMESPACES:
        return ToolKind.MCP
    return _KIND_BY_NAME.get(name, ToolKind.OTHER)


def output_status(output: msgspec.Raw) -> ToolStatus:
    """Return how a call ended, from the fixed words at the start (or, as JSON, at the end) of its output.

    Only the two ends of a text are looked at, so that its length costs nothing.
    """
    view = memoryview(output)
    head = bytes(view[:_HEAD_BYTES])
    code = _exit_code(head)
    if code is not None:
        return ToolStatus.OK if code == 0 else ToolStatus.ERROR
    if b"rejected by user" in head or b"declined by user" in head:
        return ToolStatus.DENIED
    if b"aborted by user" in head:
        return ToolStatus.INTERRUPTED
    failed = head.startswith(b'"exec_command failed') or _json_exit_code(bytes(view[-_TAIL_BYTES:])) not in {None, 0}
    return ToolStatus.ERROR if failed else ToolStatus.OK


def _exit_code(head: bytes) -> int | None:
    for words in _EXIT_WORDS:
        at = head.find(words)
        match = _NUMBER.match(head, at + len(words)) if at >= 0 else None
        if match is not None:
            return int(match[0])
    return None


def _json_exit_code(tail: bytes) -> int | None:
    match = _EXIT_CODE.search(tail) if b"exit_code" in tail else None
    return None if match is None else int(match[1])
