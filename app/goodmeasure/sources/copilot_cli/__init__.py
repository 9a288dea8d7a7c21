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

from goodmeasure.sources.base import Capability, Database, Lines, Root, Source
from goodmeasure.sources.copilot_cli.calls import KEY
from goodmeasure.sources.copilot_cli.reader import CopilotReader
from goodmeasure.sources.copilot_cli.store import read_store

_YES, _NO = Capability.YES, Capability.NO
_FOLDER, _ENV = ".copilot", "COPILOT_HOME"

SOURCE = Source(
    key=KEY,
    label="GitHub Copilot CLI",
    roots=(
        Root(_FOLDER, ("session-state/*/events.jsonl", "session-state/*.jsonl"), Lines(CopilotReader), env=_ENV),
        Root(_FOLDER, ("session-store.db",), Database(read_store), env=_ENV),
    ),
    capabilities={
        "recorded_at": _YES,
        "provider": _YES,
        "model": _YES,
        "input_tokens": _YES,
        "cache_read_tokens": _YES,
        "cache_write_5m_tokens": _YES,
        "cache_write_1h_tokens": _NO,
        "output_tokens": _YES,
        "reasoning_tokens": _YES,
        "web_search_requests": _NO,
        "reported_cost_micros": _NO,
        "service_tier": _NO,
        "tool_calls": _YES,
        "prompts": _YES,
        "permission_modes": _YES,
        "approvals": _YES,
        "errors": _YES,
        "interruptions": _YES,
        "compactions": _YES,
        "subagents": _YES,
        "session_totals": _YES,
        "git_branch": _YES,
        "git_repository": _YES,
    },
)
