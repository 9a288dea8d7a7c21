"""OpenTelemetry: what agents send to the receiver of this machine.

What it is
    OTLP requests (protobuf or JSON) from agents that can export telemetry: Claude Code, Codex, Gemini CLI, Qwen Code,
    Copilot and OpenCode, each booked under its own source; any other sender of the GenAI conventions is this source.

Where it writes
    Nothing on disk: agents send to the loopback receiver, which is off until it is switched on.

Evidence
    Captures of claude-code 2.1.330, codex 0.169.0, gemini-cli 0.61.0, qwen-code 0.24.4, copilot 1.0.102,
    opencode 1.18.33, kilo 7.7.9, goose 1.34.0 and cline 3.0.65 against a scripted model whose answers are known; the
    GenAI conventions as of 2026-05; checked 2026-11-23.

What it does not record
    Folders, branches and titles; which sub-agent made a call, except for OpenCode and Codex; whatever was sent while
    the receiver was off. Metrics are taken and left aside: they only sum up what events and spans say one by one.
    Kilo sends no counts unless told to; Goose sends none; Cline sends nothing.
"""

from goodmeasure.sources.base import Source, capabilities

SOURCE = Source(
    key="otlp",
    label="OpenTelemetry",
    roots=(),
    capabilities=capabilities(
        yes="recorded_at provider model input_tokens cache_read_tokens cache_write_5m_tokens output_tokens "
        "reasoning_tokens tool_calls errors",
        not_applicable="cache_write_1h_tokens",
    ),
)
