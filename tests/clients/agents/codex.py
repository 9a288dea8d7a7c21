"""Codex CLI, over OpenAI Responses."""

from pathlib import Path

from tests.clients.scenes import ENTER, ESCAPE, INTERRUPT, KEY, Agent, Kept, Press, Scene
from tests.clients.scripts import prompt

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
    registry="npm",
    package="@openai/codex",
    program="codex",
    environment={"PLAYED_KEY": KEY},
    interactive=("--no-daemon", _ALL_ALLOWED),
    session_pattern=r'"thread_id": ?"([0-9a-f-]{36})"',
    kept=(Kept(".codex/sessions/**/*.jsonl"),),
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
    untold=frozenset({"cache_write_1h_tokens"}),
)
