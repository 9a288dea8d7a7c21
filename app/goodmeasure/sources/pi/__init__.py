"""pi: sessions of the terminal client, and of its fork omp.

What it is
    JSON lines, one file per session: a header, then entries that form a tree, appended while the agent works. Each
    reply carries its own usage.

Where it writes
    `~/.pi/agent/sessions/--<folder>--/<time>_<session>.jsonl`. `PI_CODING_AGENT_DIR` moves `~/.pi/agent`,
    `PI_CODING_AGENT_SESSION_DIR` the sessions alone. omp: `~/.omp/agent/sessions`.

Evidence
    Recordings of pi 0.73.1 and of its renamed successor 0.87.1 against a scripted model whose answers are known, over
    four provider interfaces; the agent's source at 0.58.3 for the two older versions of the format, for forks and for
    aborted replies; checked 2026-11-23. omp was not recorded: it is read because it shares the format.

What it does not record
    Sessions started with `--no-session`; what summaries of compaction and of branches cost; replies that broke off
    before their usage came; whether a failed request was tried again. Reasoning and the lifetime of cache writes stand
    in the log of the successor only. A cost of zero means that pi knows no price.
"""

from goodmeasure.sources.base import Lines, Root, Source, capabilities, when_needed

_LINES = Lines(when_needed("goodmeasure.sources.pi.reader:PiReader"))
_NAMES = "????-??-??T??-??-??-???Z_*.jsonl"

SOURCE = Source(
    key="pi",
    label="pi",
    roots=(
        Root(".pi/agent", (f"sessions/**/{_NAMES}",), _LINES, env="PI_CODING_AGENT_DIR"),
        Root(".pi/agent/sessions", (f"**/{_NAMES}",), _LINES, env="PI_CODING_AGENT_SESSION_DIR"),
        Root(".omp/agent", (f"sessions/**/{_NAMES}",), _LINES),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens "
        "cache_write_1h_tokens output_tokens reasoning_tokens reported_cost_micros tool_calls prompts errors "
        "interruptions compactions",
        not_applicable="permission_modes approvals",
    ),
)
