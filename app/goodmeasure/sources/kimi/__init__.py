"""Kimi Code, and Kimi CLI before it: sessions of the terminal client.

What it is
    JSON lines, one wire file per agent of a session, appended while the agent works. Kimi Code writes one
    `usage.record` per answer, and repeats it at the end of the step and with the message; Kimi CLI writes the usage
    into its status updates.

Where it writes
    Kimi Code: `~/.kimi-code/sessions/wd_…/<session>/agents/<agent>/wire.jsonl`, with a `state.json` beside `agents`;
    `KIMI_CODE_HOME` moves `~/.kimi-code`. Kimi CLI: `~/.kimi/sessions/<hash>/<session>/wire.jsonl`; `KIMI_SHARE_DIR`
    moves `~/.kimi`.

Evidence
    A recording of Kimi Code 2.1.0 against a scripted model whose answers are known; the sources of both programs for
    forks, approvals, compaction and everything of Kimi CLI, which was not recorded; checked 2026-11-23.

What it does not record
    Reasoning apart from output; the lifetime of cache writes; answers that broke off. Kimi CLI: the model, usage of
    some steps, and anything at all in sessions from before wire files.
"""

from goodmeasure.sources.base import Document, Lines, Root, Source, capabilities, when_needed

_LINES = Lines(when_needed("goodmeasure.sources.kimi.reader:KimiReader"))

SOURCE = Source(
    key="kimi",
    label="Kimi",
    roots=(
        Root(".kimi-code", ("sessions/*/*/agents/*/wire.jsonl",), _LINES, env="KIMI_CODE_HOME"),
        Root(
            ".kimi-code",
            ("sessions/*/*/state.json",),
            Document(when_needed("goodmeasure.sources.kimi.reader:read_state")),
            env="KIMI_CODE_HOME",
        ),
        Root(
            ".kimi",
            ("sessions/*/*/wire.jsonl", "sessions/*/*/subagents/*/wire.jsonl"),
            _LINES,
            env="KIMI_SHARE_DIR",
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "tool_calls prompts permission_modes approvals errors interruptions compactions subagents",
    ),
)
