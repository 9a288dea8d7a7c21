"""Claude Code, over Anthropic Messages."""

import json
from pathlib import Path

from tests.clients.scenes import ENTER, ESCAPE, INTERRUPT, KEY, Agent, Kept, Press, Scene
from tests.clients.scripts import prompt


def _claude_settings(home: Path, project: Path, base: str) -> None:
    del base  # it is told by the environment
    known = {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True, "allowedTools": []}
    settings = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
        "projects": {str(project): known},
    }
    (home / ".claude.json").write_text(json.dumps(settings))


def _claude(
    name: str,
    *more: str,
    says: str | None = None,
    goes_on: str | None = None,
    fails: bool = False,
    environment: dict[str, str] | None = None,
) -> Scene:
    words = ("-p", says or prompt(name), "--output-format", "json", *more)
    prompts = 0 if says == "/compact" else 1
    return Scene(name, words, goes_on=goes_on, fails=fails, prompts=prompts, environment=environment or {})


CLAUDE_CODE = Agent(
    key="claude-code",
    registry="npm",
    package="@anthropic-ai/claude-code",
    program="claude",
    environment={
        "ANTHROPIC_BASE_URL": "{base}",
        "ANTHROPIC_API_KEY": KEY,
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_TELEMETRY": "1",
        "DISABLE_ERROR_REPORTING": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    },
    interactive=("--allowedTools", "Read", "Bash(echo:*)"),
    session_pattern=r'"session_id": ?"([0-9a-f-]{36})"',
    kept=(
        Kept(".claude/projects/**/*.json*"),
        Kept("work-agent/projects/**/*.json*"),
        Kept("work-agent/.claude.json", empty=True),  # its presence marks the folder
    ),
    prepare=_claude_settings,
    scenes=(
        _claude("plain"),
        _claude("think", "--model", "sonnet"),
        _claude("haiku", "--model", "haiku", says=prompt("plain")),
        _claude("read", "--allowedTools", "Read"),
        _claude("shell", "--allowedTools", "Bash(echo:*)"),
        _claude("both", "--allowedTools", "Read", "Bash(echo:*)"),
        _claude("steps", "--allowedTools", "Read", "Bash(echo:*)"),
        _claude("refused", says=prompt("mark", "Nobody allows this.")),
        _claude(
            "unattended",
            "--dangerously-skip-permissions",
            says=prompt("mark", "All is allowed."),
            environment={"IS_SANDBOX": "1"},  # else the agent refuses this to root
        ),
        _claude("delegate", "--allowedTools", "Task", "Agent", "Read"),
        _claude("resume", "--resume", "{session:plain}", says=prompt("plain", "And again."), goes_on="plain"),
        _claude("fork", "--resume", "{session:read}", "--fork-session", says=prompt("plain", "Another way.")),
        _claude("compact", "--resume", "{session:steps}", says="/compact", goes_on="steps"),
        _claude("busy"),
        _claude("overloaded"),
        _claude("broken", fails=True),
        Scene(
            "interrupt",
            (),
            (
                Press(6, prompt("slow")),
                Press(8, ENTER),
                Press(16, ESCAPE),
                Press(19, "/exit"),
                Press(20, ENTER),
                Press(23, INTERRUPT * 2),
            ),
        ),
        _claude(
            "second-folder", says=prompt("plain", "Elsewhere."), environment={"CLAUDE_CONFIG_DIR": "{home}/work-agent"}
        ),
    ),
)
