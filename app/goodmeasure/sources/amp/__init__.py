"""Amp: threads of the terminal client and its editor extensions, as far as they were kept on this machine.

What it is
    One JSON document per thread, written anew as a whole after each change. An answer of the model carries its usage;
    input, cache reads and cache writes are disjoint.

Where it writes
    `~/.local/share/amp/threads/T-<id>.json`; `AMP_DATA_DIR` or `XDG_DATA_HOME` move it. Between 2026-03-31 and
    2026-05-27 threads moved to Amp's server; files since then are missing or hold only a stub.

Evidence
    Two threads of February 2026 in the fixtures of git-ai-project/git-ai. The usage ledger of older threads, and that
    `gpt` models book their uncached prompt as cache writes, from issues: ryoppippi/ccusage 1138, 1145, 1472, 1474;
    wesm/agentsview 859, 864; checked 2026-11-23. No client was run here: it needs a login.

What it does not record
    Sub-agents' calls; anything in threads kept only on the server; reasoning tokens; cost in a currency.
"""

from goodmeasure.sources.amp.reader import read_thread
from goodmeasure.sources.amp.thread import KEY
from goodmeasure.sources.base import Capability, Document, Root, Source

_PATTERNS = ("threads/*.json",)
_READING = Document(read_thread)
_YES, _NO = Capability.YES, Capability.NO

SOURCE = Source(
    key=KEY,
    label="Amp",
    roots=(
        Root(".local/share/amp", _PATTERNS, _READING, env="AMP_DATA_DIR"),
        Root(".local/share/amp", _PATTERNS, _READING, env="XDG_DATA_HOME", env_place="amp"),
    ),
    capabilities={
        "recorded_at": _YES,
        "provider": _NO,
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
        "permission_modes": _NO,
        "approvals": _NO,
        "errors": _YES,
        "interruptions": _YES,
        "compactions": _NO,
        "subagents": _NO,
        "session_totals": _NO,
        "git_branch": _YES,
        "git_repository": _YES,
    },
)
