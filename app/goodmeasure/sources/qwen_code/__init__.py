"""Qwen Code: sessions of the terminal client and of what is built on it.

What it is
    JSON lines, one file per session, appended while the agent works and when it is resumed. Each call has a telemetry
    row (`system`, `ui_telemetry`, `qwen-code.api_response`) with the response's id: also those of sub-agents, of
    compression and of the client's background helpers. The usage beside a message repeats them, and counts only in a
    session without telemetry.

Where it writes
    `~/.qwen/projects/<folder>/chats/<session>.jsonl` (or below `QWEN_HOME` or `QWEN_RUNTIME_DIR`); sub-agents in
    `subagents/<session>/agent-<id>.jsonl`; the client's own totals in `usage_record.jsonl`, cumulative over resumes.

Evidence
    Recordings of the client 0.24.4 against a scripted model whose answers are known, one session of 0.18.1 from a
    public repository, and the client's own source for branches, modes and titles; checked 2026-11-23.

What it does not record
    Answers that were interrupted or cut off; retries below the level of a turn; who serves the model; cost. Sessions
    started with `--chat-recording=false` stand only in the client's totals. Chats of old clients, which kept Gemini
    CLI's layout below `~/.qwen/tmp`, are not read.
"""

from goodmeasure.sources.base import Lines, Root, Source, capabilities, when_needed

_PATTERNS = ("projects/*/chats/*.jsonl", "projects/*/subagents/**/*.jsonl")
_READING, _TOTALS = (
    Lines(when_needed("goodmeasure.sources.qwen_code.reader:QwenReader")),
    Lines(when_needed("goodmeasure.sources.qwen_code.reader:TotalsReader")),
)

SOURCE = Source(
    key="qwen-code",
    label="Qwen Code",
    roots=(
        Root(".qwen", _PATTERNS, _READING, env="QWEN_HOME"),
        Root(".qwen", _PATTERNS, _READING, env="QWEN_RUNTIME_DIR"),
        Root(".qwen", ("usage_record.jsonl",), _TOTALS, env="QWEN_HOME"),
        Root(".qwen", ("usage_record.jsonl",), _TOTALS, env="QWEN_RUNTIME_DIR"),
    ),
    capabilities=capabilities(
        yes="recorded_at model input_tokens cache_read_tokens output_tokens reasoning_tokens tool_calls prompts "
        "permission_modes approvals errors interruptions compactions subagents session_totals git_branch",
        not_applicable="cache_write_5m_tokens cache_write_1h_tokens",
    ),
)
