"""Claude Code: transcripts of the terminal client, its editor extensions and the desktop app's local sessions.

What it is
    JSON lines, one file per session, appended while the agent works. A call is written as one `assistant` row per
    content block, each with the call's whole usage, so a call is counted once by its `message.id`.

Where it writes
    `~/.claude/projects/<folder>/<session>.jsonl` (also under `~/.config/claude`, and wherever `CLAUDE_CONFIG_DIR`
    points); sub-agents in `<session>/subagents/agent-<id>.jsonl`, in 2.0.77 beside the session, up to 2.0.14 in the
    session's own file.

Evidence
    Recordings of the clients 1.0.17, 2.0.14, 2.1.59, 2.1.112, 2.1.226, 2.1.290 and 2.1.330 against a scripted model
    whose answers are known, and logs of 1.0.0 to 2.1.219 from public repositories; checked 2026-11-23. Partial output
    rows: anthropics/claude-code issues 21971, 22671, 25941, 27361, 28197. Side chains that repeat a message:
    ryoppippi/ccusage 913.

What it does not record
    The calls that compact a conversation, make titles, search the web inside a search, or suggest prompts; answers
    cut off before their usage arrived; who serves the model; approvals before 2.1.330. From about 2.1.290 on, the
    client's own session totals show how much of that was billed. Clients 2.0.64 to 2.1.56 log output counts from the
    start of the stream only.
"""

from goodmeasure.sources.base import CleanUp, Lines, Root, Source, capabilities, when_needed

_PATTERNS = ("projects/**/*.jsonl",)
_READING = Lines(when_needed("goodmeasure.sources.claude_code.reader:ClaudeReader"))

SOURCE = Source(
    key="claude-code",
    label="Claude Code",
    roots=(
        Root(".claude", _PATTERNS, _READING, env="CLAUDE_CONFIG_DIR", markers=(".claude.json", "projects")),
        Root(".config/claude", _PATTERNS, _READING),
    ),
    capabilities=capabilities(
        yes="recorded_at model input_tokens cache_read_tokens cache_write_5m_tokens cache_write_1h_tokens "
        "output_tokens reasoning_tokens web_search_requests service_tier tool_calls prompts permission_modes "
        "approvals errors interruptions compactions subagents session_totals git_branch",
    ),
    clean_up=CleanUp("settings.json", when_needed("goodmeasure.sources.claude_code.keeping:kept_days")),
    work=when_needed("goodmeasure.sources.claude_code.work:work_in"),
    acts=when_needed("goodmeasure.sources.claude_code.acts:acts_in"),
)
