"""Codex: rollouts of the terminal client, the desktop app and the editor extensions.

What it is
    JSON lines, one file per thread, appended while the agent works. From 0.161 on each response has a
    `token_usage_record`; before that each has a `token_count` event, among events that only repeat the running total.

Where it writes
    `~/.codex/sessions/<year>/<month>/<day>/rollout-<time>-<thread>.jsonl` (or wherever `CODEX_HOME` points),
    `archived_sessions/` after archiving, and behind a switch `….jsonl.zst`.

Evidence
    Recordings of the clients 0.29, 0.44, 0.80, 0.115, 0.161 and 0.169 against a scripted model whose answers are
    known, and logs of 0.36 to 0.145 from public repositories; checked 2026-11-23. Repeated and copied counts:
    ryoppippi/ccusage 950, 988, 1288, 1460; running totals of two processes in one file: junhoyeo/tokscale 1142.

What it does not record
    Answers that were interrupted, failed or cut off; the terminal's title calls; anything of `--ephemeral` runs;
    before 0.36 tokens and models at all; approvals, except where a refusal stands in a tool's output. Its running
    total also counts the history that a fork took over, and falls when two processes go on with one thread, so it is
    never used as a sum.
"""

from goodmeasure.sources.base import Lines, Root, Source, capabilities, when_needed

SOURCE = Source(
    key="codex",
    label="Codex",
    roots=(
        Root(
            ".codex",
            (
                "sessions/**/*.jsonl",
                "sessions/**/*.jsonl.zst",
                "archived_sessions/**/*.jsonl",
                "archived_sessions/**/*.jsonl.zst",
            ),
            Lines(when_needed("goodmeasure.sources.codex.reader:CodexReader")),
            env="CODEX_HOME",
            markers=("config.toml", "sessions"),
            strangers=("workspaces.json", "kimi.json"),  # Kimi Code, Kimi CLI
        ),
    ),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reasoning_tokens tool_calls prompts permission_modes errors interruptions compactions subagents "
        "git_branch git_repository",
        not_applicable="cache_write_1h_tokens",
    ),
    work=when_needed("goodmeasure.sources.codex.work:work_in"),
    acts=when_needed("goodmeasure.sources.codex.acts:acts_in"),
)
