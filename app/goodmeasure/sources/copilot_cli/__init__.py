"""GitHub Copilot CLI: sessions of the terminal client.

What it is
    JSON lines, one file of events per session, and an SQLite store beside them. Clients of late 2026 write one
    `session.usage_record` per call, and the same call into the store's `assistant_usage_events`. Older ones write only
    the output of an answer, and at the end the session's sums for each model.

Where it writes
    `~/.copilot/session-state/<session>/events.jsonl` (older: `<session>.jsonl`) and `session-store.db`, or in the
    folder that `COPILOT_HOME` names.

Evidence
    Recordings of the client 1.0.102 against a scripted model whose answers are known, and sessions of 1.0.12 to 1.0.64
    from a public repository; checked 2026-11-23. The store has been there since 0.0.412 (github/copilot-cli 1581),
    without calls at first.

What it does not record
    Answers that were interrupted or cut off, and retries; how long a cache write lives; money (premium requests and AI
    units have no fixed price). Up to about 1.0.64 the input of a call, unless a session made a single call of a model
    between two of its sums: the sums stand beside the calls.
"""

from goodmeasure.sources.base import Database, Lines, Root, Source, capabilities, when_needed

_FOLDER, _ENV = ".copilot", "COPILOT_HOME"

SOURCE = Source(
    key="copilot-cli",
    label="GitHub Copilot CLI",
    roots=(
        Root(
            _FOLDER,
            ("session-state/*/events.jsonl", "session-state/*.jsonl"),
            Lines(when_needed("goodmeasure.sources.copilot_cli.reader:CopilotReader")),
            env=_ENV,
        ),
        Root(
            _FOLDER,
            ("session-store.db",),
            Database(when_needed("goodmeasure.sources.copilot_cli.store:read_store")),
            env=_ENV,
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reasoning_tokens tool_calls prompts permission_modes approvals errors interruptions compactions "
        "subagents session_totals git_branch git_repository",
    ),
)
