"""goose, over Chat Completions and Messages."""

from pathlib import Path

from tests.clients.scenes import KEY, Agent, Counts, Kept, Scene
from tests.clients.scripts import prompt

_SETTINGS = """\
GOOSE_PROVIDER: openai
GOOSE_MODEL: gpt-4.1
GOOSE_TELEMETRY_ENABLED: false
extensions:
  developer:
    enabled: true
    type: builtin
    name: developer
    timeout: 60
    bundled: true
"""


def _settings(home: Path, project: Path, base: str) -> None:
    del project, base  # the address is told by the environment
    folder = home / ".config/goose"
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(_SETTINGS)


def _goose(
    name: str,
    *more: str,
    says: str | None = None,
    goes_on: str | None = None,
    environment: dict[str, str] | None = None,
) -> Scene:
    words = ("run", *more, "-t", says or prompt(name))
    return Scene(name, words, goes_on=goes_on, fails=name == "broken", environment=environment or {})


def _sign(counts: Counts) -> str:
    asked = sum(count for name, count in counts.items() if name.startswith(("input", "cache")))
    return f", {asked}, {counts['output_tokens']}, {asked + counts['output_tokens']}, {counts['cache_read_tokens']}, "


GOOSE = Agent(
    key="goose",
    registry="npm",
    package="@aaif/goose-binary-linux-x64",
    program="bin/goose",
    environment={
        "OPENAI_API_KEY": KEY,
        "OPENAI_HOST": "{base}",
        "ANTHROPIC_API_KEY": KEY,
        "ANTHROPIC_HOST": "{base}",
        "GOOSE_DISABLE_KEYRING": "1",
        "GOOSE_MODE": "auto",
    },
    kept=(Kept(".local/share/goose/sessions/sessions.db", ("sessions", "messages", "usage_ledger")),),
    prepare=_settings,
    scenes=(
        _goose("plain", "-n", "first"),
        _goose("shell"),
        _goose("both"),
        _goose("steps"),
        _goose("resume", "-n", "first", "--resume", says=prompt("plain", "And again."), goes_on="plain"),
        _goose(
            "messages",
            says=prompt("both", "By messages."),
            environment={"GOOSE_PROVIDER": "anthropic", "GOOSE_MODEL": "claude-sonnet-4-6"},
        ),
        _goose("busy"),
        _goose("slow"),
        _goose("broken"),
    ),
    sign=_sign,
    untold=frozenset({"cache_write_5m_tokens", "cache_write_1h_tokens", "reasoning_tokens"}),
)
