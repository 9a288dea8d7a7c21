"""Which agents are recorded, how each is pointed at the loopback model, and the scenes that each plays."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.scripts import prompt

KEY = "not-a-key-0000-0000-0000"
ENTER, ESCAPE, INTERRUPT = "\r", "\x1b", "\x03"


@dataclass(frozen=True, slots=True)
class Press:
    """Keys typed into the agent's screen, so many seconds after its start."""

    second: float
    keys: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One start of the agent. `{session:NAME}` in an argument is the session of an earlier scene."""

    name: str
    arguments: tuple[str, ...]
    presses: tuple[Press, ...] = ()
    """Not empty: the agent gets a terminal and these keys."""
    goes_on: str | None = None
    """The scene whose run this one continues; None: a run of its own."""
    prompts: int = 1
    """How often the person says something."""
    environment: dict[str, str] = field(default_factory=dict)
    fails: bool = False
    """The agent is expected to end with an error."""


@dataclass(frozen=True, slots=True)
class Agent:
    """How to install, set up and start one agent."""

    key: str
    """Name of the source that reads its logs."""
    package: str
    """In the npm registry."""
    program: str
    environment: dict[str, str]
    """`{base}` is the model's address, `{home}` the scratch home."""
    session_pattern: str
    """Finds the session's id in what the agent prints."""
    kept: tuple[str, ...]
    """Globs of the logs, relative to the home."""
    prepare: Callable[[Path, Path, str], None]
    """Writes the agent's settings: home, project folder, the model's address."""
    scenes: tuple[Scene, ...]


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
    session_pattern=r'"session_id": ?"([0-9a-f-]{36})"',
    kept=(".claude/projects/**/*.json*", "work-agent/projects/**/*.json*", "work-agent/.claude.json"),
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

_CODEX_SETTINGS = """\
model_provider = "played"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.played]
name = "Played"
base_url = "{base}/v1"
wire_api = "responses"
env_key = "PLAYED_KEY"
request_max_retries = 3
stream_max_retries = 3
[projects."{project}"]
trust_level = "trusted"
"""


def _codex_settings(home: Path, project: Path, base: str) -> None:
    (home / ".codex").mkdir()
    (home / ".codex" / "config.toml").write_text(_CODEX_SETTINGS.format(base=base, project=project))


_ALL_ALLOWED = "--dangerously-bypass-approvals-and-sandbox"


def _codex(name: str, *more: str, says: str | None = None, fails: bool = False) -> Scene:
    return Scene(name, ("exec", "--skip-git-repo-check", "--json", *more, says or prompt(name)), fails=fails)


CODEX = Agent(
    key="codex",
    package="@openai/codex",
    program="codex",
    environment={"PLAYED_KEY": KEY},
    session_pattern=r'"thread_id": ?"([0-9a-f-]{36})"',
    kept=(".codex/sessions/**/*.jsonl",),
    prepare=_codex_settings,
    scenes=(
        _codex("plain"),
        _codex("think"),
        _codex("shell", _ALL_ALLOWED),
        _codex("both", _ALL_ALLOWED),
        _codex("steps", _ALL_ALLOWED),
        _codex("functions", _ALL_ALLOWED, "-m", "gpt-5.6-1", says=prompt("steps")),
        _codex("refused", "--sandbox", "read-only", says=prompt("mark", "Nobody allows this.")),
        Scene(
            "resume",
            ("exec", "resume", "--skip-git-repo-check", "--json", "{session:plain}", prompt("plain", "And again.")),
            goes_on="plain",
        ),
        Scene(
            "fork",
            ("exec", "fork", "--skip-git-repo-check", "--json", "{session:shell}", prompt("plain", "Another way.")),
        ),
        _codex("delegate", _ALL_ALLOWED),
        _codex("busy"),
        _codex("overloaded"),
        _codex("broken", fails=True),
        Scene(
            "compact",
            ("--no-daemon",),
            (
                Press(6, prompt("plain")),
                Press(8, ENTER),
                Press(14, "/compact"),
                Press(16, ENTER),
                Press(23, "/quit"),
                Press(24, ENTER),
                Press(28, INTERRUPT * 2),
            ),
        ),
        Scene(
            "interrupt",
            ("--no-daemon",),
            (
                Press(6, prompt("slow")),
                Press(8, ENTER),
                Press(15, ESCAPE),
                Press(18, "/quit"),
                Press(19, ENTER),
                Press(23, INTERRUPT * 2),
            ),
        ),
    ),
)

AGENTS = {agent.key: agent for agent in (CLAUDE_CODE, CODEX)}


def typed_texts() -> set[str]:
    """Return everything that the scenes type."""
    texts = set()
    for agent in AGENTS.values():
        for scene in agent.scenes:
            texts |= {word for word in scene.arguments if "play:" in word or word.startswith("/")}
            texts |= {press.keys for press in scene.presses if press.keys.isprintable()}
    return texts
