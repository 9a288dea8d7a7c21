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

from goodmeasure.sources.base import Document, Root, Source, capabilities, when_needed

_PATTERNS = ("threads/*.json",)
_READING = Document(when_needed("goodmeasure.sources.amp.reader:read_thread"))

SOURCE = Source(
    key="amp",
    label="Amp",
    roots=(
        Root(".local/share/amp", _PATTERNS, _READING, env="AMP_DATA_DIR"),
        Root(".local/share/amp", _PATTERNS, _READING, env="XDG_DATA_HOME", env_place="amp"),
    ),
    capabilities=capabilities(
        yes="recorded_at model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens tool_calls "
        "prompts errors interruptions git_branch git_repository",
    ),
)
