"""The exact lines that make each agent send its telemetry to this machine's receiver, without prompts."""

from typing import NamedTuple


class SettingsLines(NamedTuple):
    """What to put where, for one agent."""

    source: str
    """Key of the source under which it will appear."""
    label: str
    where: str
    """File, or the shell's own start file."""
    lines: str
    note: str
    """What to know before; may be empty."""


_SHELL = "your shell's start file, such as ~/.profile"
_MERGE = "Merge it into what the file already holds; it holds from the next start on."
_CLAUDE = """{
  "env": {
    "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
    "OTEL_LOGS_EXPORTER": "otlp",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "ADDRESS"
  }
}"""
_CODEX = """[otel]
log_user_prompt = false
exporter = { otlp-http = { endpoint = "ADDRESS/v1/logs", protocol = "binary" } }"""
_GEMINI = """{
  "telemetry": {
    "enabled": true,
    "target": "local",
    "otlpEndpoint": "ADDRESS",
    "otlpProtocol": "http",
    "logPrompts": false
  }
}"""
_COPILOT_CHAT = """{
  "github.copilot.chat.otel.enabled": true,
  "github.copilot.chat.otel.exporterType": "otlp-http",
  "github.copilot.chat.otel.otlpEndpoint": "ADDRESS",
  "github.copilot.chat.otel.captureContent": false
}"""
_EXPORT = 'export OTEL_EXPORTER_OTLP_ENDPOINT="ADDRESS"'
_OPENCODE_NOTE = (
    'It needs also "experimental": {"openTelemetry": true} in its own settings file (FILE). It then sends whole'
    " prompts, which are dropped here unread; and its last calls often do not arrive. Its log is the better source."
)

_ALL = (
    SettingsLines("claude-code", "Claude Code", "~/.claude/settings.json", _CLAUDE, _MERGE),
    SettingsLines("codex", "Codex", "~/.codex/config.toml", _CODEX, "It holds from the next start on."),
    SettingsLines("gemini-cli", "Gemini CLI", "~/.gemini/settings.json", _GEMINI, _MERGE),
    SettingsLines("qwen-code", "Qwen Code", "~/.qwen/settings.json", _GEMINI, _MERGE),
    SettingsLines(
        "copilot-cli",
        "GitHub Copilot CLI",
        _SHELL,
        _EXPORT,
        "Other programs that know this variable will send their telemetry here, too.",
    ),
    SettingsLines("copilot-chat", "Copilot Chat in VS Code", "the editor's settings.json", _COPILOT_CHAT, _MERGE),
    SettingsLines(
        "opencode", "OpenCode", _SHELL, _EXPORT, _OPENCODE_NOTE.replace("FILE", "~/.config/opencode/opencode.json")
    ),
    SettingsLines("kilo", "Kilo Code", _SHELL, _EXPORT, _OPENCODE_NOTE.replace("FILE", "~/.config/kilo/kilo.json")),
    SettingsLines(
        "otlp",
        "Any other program",
        _SHELL,
        'export OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"\n' + _EXPORT,
        "If it follows OpenTelemetry's conventions for generative AI, its calls appear under OpenTelemetry.",
    ),
)


def settings_lines(address: str) -> tuple[SettingsLines, ...]:
    """Return the lines of every agent that can send, for a receiver at this address (scheme, host and port of HTTP)."""
    return tuple(entry._replace(lines=entry.lines.replace("ADDRESS", address)) for entry in _ALL)
