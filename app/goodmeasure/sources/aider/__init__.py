"""aider: the analytics log of the terminal client, and chat histories that a person names.

What it is
    JSON lines of events that `--analytics-log FILE` (or `AIDER_ANALYTICS_LOG`) appends, and a Markdown history that
    aider appends to in each project. Both tell of the same messages, so only one of them may be imported.

Where it writes
    The analytics log: wherever the person says. It is looked for in the home folder and in `~/.aider` under names with
    `analytics` in them. The history: `.aider.chat.history.md` in each project; it is read only when its file or folder
    is named (`goodmeasure import PROJECT`).

Evidence
    A recording of aider 0.86.2 against a scripted model whose answers are known, for the analytics log; the source of
    aider and the history in its own tests (0.47 to 0.51, thirteen spellings of the line with tokens) for histories;
    checked 2026-11-23.

What it does not record
    Which counts are exact: while it streams, aider counts with a tokenizer of its own, and does not say so; so every
    call is marked as estimated. Calls of the weak model (commit messages, summaries). Analytics: the prompts, cached
    tokens, models that aider does not know. History: the time of a message; in newer versions full numbers.
"""

from goodmeasure.sources.base import Document, Lines, Root, Source, capabilities, when_needed

SOURCE = Source(
    key="aider",
    label="aider",
    roots=(
        Root(
            ".",
            ("*aider*analytics*.jsonl", ".aider/*analytics*.jsonl"),
            Lines(when_needed("goodmeasure.sources.aider.analytics:AnalyticsReader")),
        ),
        # No history lies there: the root only says how to read those that are named.
        Root(
            ".aider/histories",
            ("**/.aider.chat.history.md",),
            Document(when_needed("goodmeasure.sources.aider.history:read_history")),
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reported_cost_micros prompts",
        not_applicable="tool_calls subagents",
    ),
)
