"""What identifies a Copilot CLI call in a session's events and in the session store alike, and its counters."""

from typing import NamedTuple

from goodmeasure.domain.events import ToolKind
from goodmeasure.sources._formats.jsonl import code_of
from goodmeasure.sources.base import identity
from goodmeasure.sources.copilot_cli.rows import Usage

KEY = "copilot-cli"

_UNTOLD = -1
_PROVIDERS = frozenset({"anthropic", "openai", "google", "xai"})
_KINDS = {
    ToolKind.READ: ("view", "read_agent", "show_file"),
    ToolKind.EDIT: ("create", "edit", "str_replace_editor", "apply_patch"),
    ToolKind.RUN: (
        "bash", "read_bash", "write_bash", "stop_bash", "list_bash",
        "powershell", "read_powershell", "write_powershell", "stop_powershell", "list_powershell",
    ),
    ToolKind.SEARCH: ("grep", "glob", "rg", "session_store_sql", "search_code_subagent"),
    ToolKind.FETCH: ("web_fetch", "web_search", "fetch_copilot_cli_documentation"),
    ToolKind.AGENT: ("task", "write_agent", "list_agents", "multi_tool_use"),
}  # fmt: skip
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names}


class Counters(NamedTuple):
    """Disjoint counters, in the order of `domain.events.Generation`."""

    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None


def call_key(seen: dict[str, dict[int, int]], owner: str, output: int | None) -> bytes:
    """Return the key of an owner's next call with this output, and count it in `seen`.

    The store keeps no id of a call, and old events tell nothing of a call but its output. So a call is known by its
    owner (the sub-agent, else the session), its output, and how many calls of that owner had the same output before.
    """
    alike = seen.setdefault(owner, {})
    known = _UNTOLD if output is None else output
    alike[known] = alike.get(known, 0) + 1
    return identity(KEY, "call", owner, output, alike[known])


def counters(usage: Usage) -> Counters:
    """Return disjoint counters; the lifetime of cache writes is not told, and they count as five minutes."""
    whole, read, written = usage.input_tokens, usage.cache_read_tokens, usage.cache_write_tokens
    uncached = None if whole is None else max(0, whole - (read or 0) - (written or 0))
    return Counters(uncached, read, written, None, usage.output_tokens, usage.reasoning_tokens)


def provider_of(name: str | None) -> str | None:
    """Return the provider where the log names one that is known."""
    return name if name in _PROVIDERS else None


def tool_kind(name: str | None, server: str | None) -> ToolKind | None:
    """Return what a tool does by its name and its server; None without a name."""
    if code_of(name) is None or name is None:
        return None
    return ToolKind.MCP if server else _KIND_BY_NAME.get(name, ToolKind.OTHER)
