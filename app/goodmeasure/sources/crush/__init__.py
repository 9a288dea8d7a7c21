"""Crush: sessions of Charm's terminal client.

What it is
    One SQLite database per project, with sessions and messages. A session's cost grows with each call; its token
    columns hold how full the context was after the last call, not what was used. So a session is one entry with its
    cost and unknown tokens.

Where it writes
    `.crush/crush.db` in each project; the projects are listed in `~/.local/share/crush/projects.json` (Windows
    `AppData/Local/crush`; `CRUSH_GLOBAL_DATA` or `XDG_DATA_HOME` move it).

Evidence
    The source of charmbracelet/crush at commit 37f36e9 (tables, `agent.go`, `coordinator.go`) and its later migrations;
    checked 2026-11-23. No database of a real user was at hand: the fixtures are written from the source.

What it does not record
    Tokens of any kind; the cost of a single call, or of each model; approvals. Where Crush knows no price, as for local
    models and some plans, it writes a cost of 0, which is taken as unknown.
"""

from goodmeasure.sources.base import Database, Register, Root, Source, capabilities, when_needed

_PLACES = (
    (".local/share/crush", "CRUSH_GLOBAL_DATA", ""),
    (".local/share/crush", "XDG_DATA_HOME", "crush"),
    ("AppData/Local/crush", "LOCALAPPDATA", "crush"),
)

SOURCE = Source(
    key="crush",
    label="Crush",
    roots=tuple(
        Root(
            default,
            ("crush.db",),
            Database(when_needed("goodmeasure.sources.crush.reader:read_database")),
            env,
            below,
            register=Register("projects.json", when_needed("goodmeasure.sources.crush.reader:project_folders")),
        )
        for default, env, below in _PLACES
    ),
    capabilities=capabilities(
        yes="provider model reported_cost_micros tool_calls prompts errors interruptions compactions subagents",
    ),
)
