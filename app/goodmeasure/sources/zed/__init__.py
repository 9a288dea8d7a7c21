"""Zed: threads of the agent panel.

What it is
    A database with one row per thread; the row holds the thread as JSON, compressed with zstandard. A thread has a
    total that grows with each request, and no instants: so a thread is one entry, its latest total, at its creation.

Where it writes
    `threads/threads.db` in `~/.local/share/zed` (`XDG_DATA_HOME` moves it), `~/Library/Application Support/Zed` or
    `AppData/Local/Zed`, and in the folder of the Flatpak.

Evidence
    The source of zed-industries/zed: `crates/agent/src/db.rs` and `thread.rs` at commits 0642ec7 and 511be9a (version
    0.3.0 of the document, and the older one that it upgrades); checked 2026-11-23. No database of a real user was at
    hand: the fixtures are written from the source.

What it does not record
    When a request was made; which model made which part of the total; reasoning tokens; cost; what other agents in the
    panel (over ACP) used: those keep their own logs.
"""

from goodmeasure.sources.base import Capability, Database, Root, Source
from goodmeasure.sources.zed.reader import KEY, read_database

_PATTERNS = ("threads/threads.db",)
_READING = Database(read_database)
_YES, _NO = Capability.YES, Capability.NO

SOURCE = Source(
    key=KEY,
    label="Zed",
    roots=(
        Root(".local/share/zed", _PATTERNS, _READING, env="XDG_DATA_HOME", env_place="zed"),
        Root("Library/Application Support/Zed", _PATTERNS, _READING),
        Root("AppData/Local/Zed", _PATTERNS, _READING, env="LOCALAPPDATA", env_place="Zed"),
        Root(".var/app/dev.zed.Zed/data/zed", _PATTERNS, _READING),
    ),
    capabilities={
        "recorded_at": _NO,
        "provider": _YES,
        "model": _YES,
        "input_tokens": _YES,
        "cache_read_tokens": _YES,
        "cache_write_5m_tokens": _YES,
        "cache_write_1h_tokens": _NO,
        "output_tokens": _YES,
        "reasoning_tokens": _NO,
        "web_search_requests": _NO,
        "reported_cost_micros": _NO,
        "service_tier": _NO,
        "tool_calls": _YES,
        "prompts": _YES,
        "permission_modes": _NO,
        "approvals": _NO,
        "errors": _NO,
        "interruptions": _NO,
        "compactions": _NO,
        "subagents": _YES,
        "session_totals": _NO,
        "git_branch": _YES,
        "git_repository": _YES,
    },
)
