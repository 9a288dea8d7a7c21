"""What Gemini CLI and the clients made from it share: contents made of parts, and the names of tools."""

import msgspec

from goodmeasure.domain.events import ToolKind
from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, text_of

_KINDS = {
    ToolKind.READ: ("read_file", "read_many_files", "read_mcp_resource", "get_internal_docs", "lsp"),
    ToolKind.EDIT: ("write_file", "replace", "edit", "notebook_edit"),
    ToolKind.RUN: ("run_shell_command", "shell", "monitor", "task_stop"),
    ToolKind.SEARCH: ("glob", "grep_search", "search_file_content", "list_directory", "tool_search"),
    ToolKind.FETCH: ("web_fetch", "web_search", "google_web_search"),
    ToolKind.AGENT: (
        "invoke_agent", "delegate_to_agent", "codebase_investigator", "cli_help", "generalist", "browser_agent",
        "agent", "task", "send_message", "workflow",
    ),
}  # fmt: skip
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


class Part(msgspec.Struct, gc=False, rename="camel"):
    """One part of a content; texts and payloads stay raw until they are needed."""

    text: msgspec.Raw = ABSENT
    thought: msgspec.Raw = ABSENT
    function_call: msgspec.Raw = ABSENT
    function_response: msgspec.Raw = ABSENT


_decode_content: msgspec.json.Decoder[str | list[Part | str]] = msgspec.json.Decoder(str | list[Part | str])


def spoken(content: msgspec.Raw) -> str | None:
    """Return the first text of a content; None where it holds none or answers a tool call."""
    if content is ABSENT:
        return None
    try:
        parts = _decode_content.decode(content)
    except FAULTS:
        return None
    if isinstance(parts, str):
        return parts or None
    if any(isinstance(part, Part) and part.function_response is not ABSENT for part in parts):
        return None
    texts = (part if isinstance(part, str) else text_of(part.text) for part in parts)
    return next((text for text in texts if text), None)


def tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name; `OTHER` for the agent's own house-keeping, None without a name."""
    if name is None:
        return None
    if name.startswith("mcp_") or "__" in name:
        return ToolKind.MCP
    return _KIND_BY_NAME.get(name, ToolKind.OTHER)


def provider_of(model: str | None) -> str | None:
    """Guess who serves a model, for the logs name nobody: Google's own names, else unknown."""
    return "google" if model is not None and model.startswith(("gemini-", "gemma-")) else None
