"""Kilo Code: the terminal client and the editor extension that share one database.

What it is
    A descendant of OpenCode: sessions, messages and parts as rows of an SQLite database. A message of the agent is one
    call with its usage, written first with zeros and completed in place. The editor extension before March 2026
    descended from Roo Code: a list per task of everything on its screen, written anew as a whole.

Where it writes
    `~/.local/share/kilo/kilo.db` on every system, or in `kilo` below `XDG_DATA_HOME`. Old tasks:
    `globalStorage/kilocode.kilo-code/tasks/<task>/ui_messages.json` below the user folder of each editor.

Evidence
    Recordings of the client 7.7.9 against a scripted model whose answers are known; no recording of the old extension:
    Roo Code's source. Checked 2026-11-23.

What it does not record
    Calls that were interrupted or failed; how long cache writes live; approvals by the person (those by a rule are
    noted); which session a fork was made of. Costs are Kilo's own sums. Old tasks lack the model, reasoning tokens and
    how tool calls ended.
"""

from goodmeasure.sources._formats.editors import editor_roots
from goodmeasure.sources.base import Database, Document, Root, Source, capabilities, when_needed

KEY = "kilo"

SOURCE = Source(
    key=KEY,
    label="Kilo Code",
    roots=(
        Root(
            ".local/share/kilo",
            ("kilo.db", "kilo-*.db"),
            Database(when_needed("goodmeasure.sources._formats.opencode.database:Store", KEY)),
            "XDG_DATA_HOME",
            "kilo",
        ),
        *editor_roots(
            "globalStorage/kilocode.kilo-code",
            ("tasks/*/ui_messages.json", "tasks/*/history_item.json"),
            Document(when_needed("goodmeasure.sources._formats.cline_tasks:Tasks", KEY, mixed=True), streams=True),
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reasoning_tokens reported_cost_micros tool_calls prompts approvals errors interruptions compactions "
        "subagents",
    ),
)
