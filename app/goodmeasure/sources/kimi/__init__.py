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

from goodmeasure.sources.base import Capability, Document, Lines, Root, Source
from goodmeasure.sources.kimi.reader import KEY, KimiReader, read_state

_YES, _NO, _NOT_APPLICABLE = Capability.YES, Capability.NO, Capability.NOT_APPLICABLE
_LINES = Lines(KimiReader)

SOURCE = Source(
    key=KEY,
    label="Kimi",
    roots=(
        Root(".kimi-code", ("sessions/*/*/agents/*/wire.jsonl",), _LINES, env="KIMI_CODE_HOME"),
        Root(".kimi-code", ("sessions/*/*/state.json",), Document(read_state), env="KIMI_CODE_HOME"),
        Root(
            ".kimi",
            ("sessions/*/*/wire.jsonl", "sessions/*/*/subagents/*/wire.jsonl"),
            _LINES,
            env="KIMI_SHARE_DIR",
        ),
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
        "reasoning_tokens": _NO,
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
        "session_totals": _NO,
        "git_branch": _NO,
        "git_repository": _NO,
    },
)
