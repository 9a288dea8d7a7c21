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

from goodmeasure.sources.base import Database, Root, Source, capabilities, when_needed

_PATTERNS = ("threads/threads.db",)
_READING = Database(when_needed("goodmeasure.sources.zed.reader:read_database"))

SOURCE = Source(
    key="zed",
    label="Zed",
    roots=(
        Root(".local/share/zed", _PATTERNS, _READING, env="XDG_DATA_HOME", env_place="zed"),
        Root("Library/Application Support/Zed", _PATTERNS, _READING),
        Root("AppData/Local/Zed", _PATTERNS, _READING, env="LOCALAPPDATA", env_place="Zed"),
        Root(".var/app/dev.zed.Zed/data/zed", _PATTERNS, _READING),
    ),
    capabilities=capabilities(
        yes="provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens tool_calls prompts "
        "subagents git_branch git_repository",
    ),
)
