"""OpenCode: the terminal client, its desktop app and its server.

What it is
    Sessions, messages and parts: up to 1.1 one JSON file each, from 1.2 on rows of an SQLite database. A message of the
    agent is one call with its usage, written first with zeros and completed in place.

Where it writes
    `~/.local/share/opencode/opencode.db` (other channels: `opencode-<channel>.db`), and before
    `~/.local/share/opencode/storage/{session,message,part}/…`, on every system; `XDG_DATA_HOME` and `OPENCODE_DATA_DIR`
    move it. The files stay when the database takes over.

Evidence
    Recordings of 1.1.53, 1.3.2, 1.18.33 and 1.18.34 against a scripted model whose answers are known; 4,805 messages of
    1.2.20 to 1.2.26 from public repositories; checked 2026-11-23. Output with and without reasoning: anomalyco/opencode
    21047; peers count forks twice.

What it does not record
    The call that makes a session's title; calls that were interrupted or failed; how long cache writes live; who
    allowed a tool call; which session a fork was made of. The files of up to 1.1 keep of a message that took several
    steps the last one only. Costs are OpenCode's own sums; up to 1.3.2 they charge reasoning twice.
"""

from goodmeasure.sources.base import Database, Document, Reading, Root, Source, capabilities, when_needed

KEY = "opencode"
_FILES = ("storage/session/*/*.json", "storage/message/*/*.json", "storage/part/*/*.json")


def _roots(patterns: tuple[str, ...], reading: Reading) -> tuple[Root, ...]:
    folder = ".local/share/opencode"
    return (
        Root(folder, patterns, reading, "XDG_DATA_HOME", "opencode"),
        Root(folder, patterns, reading, "OPENCODE_DATA_DIR"),
    )


SOURCE = Source(
    key=KEY,
    label="OpenCode",
    roots=(
        *_roots(
            ("opencode.db", "opencode-*.db"),
            Database(when_needed("goodmeasure.sources._formats.opencode.database:Store", KEY)),
        ),
        *_roots(
            ("storage/session/*/*.json", "storage/message/*/*.json", "storage/part/*/*.json"),
            Document(when_needed("goodmeasure.sources._formats.opencode.storage:Storage", KEY)),
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reasoning_tokens reported_cost_micros tool_calls prompts errors interruptions compactions subagents",
    ),
)
