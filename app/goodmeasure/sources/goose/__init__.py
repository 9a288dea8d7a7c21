"""goose: sessions of the terminal client and the desktop app.

What it is
    An SQLite file with sessions and messages. Each session has running totals; a ledger of single calls exists from
    the 15th version of the tables on.

Where it writes
    `sessions/sessions.db` in `~/.local/share/goose` (Linux, macOS), in `~/AppData/Roaming/Block/goose/data` (Windows),
    or in `data` below the folder that `GOOSE_PATH_ROOT` names.

Evidence
    Recordings of goose 1.34 (tables of version 13) and 1.52 (with the ledger) against a scripted model whose answers
    are known; the agent's source for sub-agents and compaction in the ledger; checked 2026-11-23. Cached tokens inside
    the input: block/goose 4988 and 5010.

What it does not record
    Before the ledger: single calls, cached tokens, and at all times the calls that name a session. Errors, retries and
    interruptions; approvals; the lifetime of cache writes; reasoning.
"""

from goodmeasure.sources.base import Database, Root, Source, capabilities, when_needed

_FILES = ("sessions/sessions.db",)
_DATABASE = Database(when_needed("goodmeasure.sources.goose.reader:read_sessions"))

SOURCE = Source(
    key="goose",
    label="goose",
    roots=(
        Root(".local/share/goose", _FILES, _DATABASE, env="XDG_DATA_HOME", env_place="goose"),
        Root(".local/share/goose", _FILES, _DATABASE, env="GOOSE_PATH_ROOT", env_place="data"),
        Root("AppData/Roaming/Block/goose/data", _FILES, _DATABASE),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reported_cost_micros tool_calls prompts permission_modes compactions subagents",
    ),
)
