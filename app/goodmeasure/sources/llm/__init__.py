"""llm: the log database of Simon Willison's command-line program and library.

What it is
    An SQLite file with one row per answered request: `turns` in threads from 0.32 on, `responses` in conversations
    before. An upgrade copies old responses into turns under their old ids.

Where it writes
    `logs.db` in `~/.config/io.datasette.llm` on Linux, `~/Library/Application Support/io.datasette.llm` on macOS,
    `~/AppData/Roaming/io.datasette.llm` on Windows, or in the folder that `LLM_USER_PATH` names.

Evidence
    A recording of llm 0.36 against a scripted model whose answers are known; the program's own migrations of its
    database for the older tables (at 0.36), and the plugins for Anthropic and Gemini for what their counts mean;
    checked 2026-11-23.

What it does not record
    Requests with `--no-log`, after `llm logs off`, from programs that use the library without logging; requests that
    failed or broke off; the provider; folders. Counts are what a plugin wrote down: cached and reasoning tokens only
    where its details hold them, none at all for many local models.
"""

from goodmeasure.sources.base import Database, Root, Source, capabilities, when_needed

_LOGS = ("logs.db",)
_DATABASE = Database(when_needed("goodmeasure.sources.llm.reader:read_logs"))

SOURCE = Source(
    key="llm",
    label="llm",
    roots=(
        Root(".config/io.datasette.llm", _LOGS, _DATABASE, env="LLM_USER_PATH"),
        Root(".config/io.datasette.llm", _LOGS, _DATABASE, env="XDG_CONFIG_HOME", env_place="io.datasette.llm"),
        Root("Library/Application Support/io.datasette.llm", _LOGS, _DATABASE),
        Root("AppData/Roaming/io.datasette.llm", _LOGS, _DATABASE),
    ),
    capabilities=capabilities(
        yes="recorded_at model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reasoning_tokens tool_calls prompts",
        not_applicable="permission_modes compactions subagents",
    ),
)
