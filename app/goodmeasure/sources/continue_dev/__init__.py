"""Continue: chats and agent sessions of the editor extension and its terminal client.

What it is
    A development log of JSON lines with one row per call, whose tokens the extension counted itself; and one JSON
    document per session with its conversation. Nothing ties the two together.

Where it writes
    `~/.continue/dev_data/0.2.0/tokensGenerated.jsonl` (older: `dev_data/tokens_generated.jsonl`) and
    `~/.continue/sessions/*.json`; `CONTINUE_GLOBAL_DIR` moves it.

Evidence
    The source of continuedev/continue at commit d0a3c0b626 (`DataLogger`, `history.ts`); checked 2026-11-23. No
    recording: the fixtures are written from the source.

What it does not record
    What a provider billed: all token counts are the extension's own estimates. Cache use, reasoning, cost. Which
    session a call belongs to; instants inside a session.
"""

from goodmeasure.sources.base import Document, Lines, Root, Source, capabilities, when_needed

SOURCE = Source(
    key="continue",
    label="Continue",
    roots=(
        Root(
            ".continue",
            ("dev_data/*/tokensGenerated.jsonl", "dev_data/tokens_generated.jsonl"),
            Lines(when_needed("goodmeasure.sources.continue_dev.tokens:TokensReader")),
            env="CONTINUE_GLOBAL_DIR",
        ),
        Root(
            ".continue",
            ("sessions/*.json",),
            Document(when_needed("goodmeasure.sources.continue_dev.sessions:read_session")),
            env="CONTINUE_GLOBAL_DIR",
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens output_tokens tool_calls prompts",
    ),
)
