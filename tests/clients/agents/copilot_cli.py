"""GitHub Copilot CLI with a key of one's own, over Chat Completions, Responses and Messages."""

from pathlib import Path

from tests.clients.scenes import KEY, Agent, Kept, Scene
from tests.clients.scripts import prompt

_RESPONSES = {"COPILOT_PROVIDER_WIRE_API": "responses", "COPILOT_MODEL": "gpt-5.4"}
_MESSAGES = {
    "COPILOT_PROVIDER_TYPE": "anthropic",
    "COPILOT_PROVIDER_BASE_URL": "{base}",
    "COPILOT_MODEL": "claude-sonnet-4.6",
}


def _settings(home: Path, project: Path, base: str) -> None:
    del home, project, base  # all is told by the environment


def _copilot(
    name: str,
    *more: str,
    says: str | None = None,
    goes_on: str | None = None,
    fails: bool = False,
    environment: dict[str, str] | None = None,
) -> Scene:
    allowed = ("--allow-all-tools", "--allow-all-paths", "--no-auto-update")
    words = ("-p", says or prompt(name), "--output-format", "json", *allowed, *more)
    return Scene(name, words, goes_on=goes_on, fails=fails, environment=environment or {})


COPILOT_CLI = Agent(
    key="copilot-cli",
    registry="npm",
    package="@github/copilot",
    program="copilot",
    environment={
        "COPILOT_PROVIDER_BASE_URL": "{base}/v1",
        "COPILOT_PROVIDER_API_KEY": KEY,
        "COPILOT_MODEL": "gpt-4.1",
        "COPILOT_OFFLINE": "true",
        "COPILOT_AUTO_UPDATE": "false",
    },
    kept=(
        Kept(".copilot/session-state/*/events.jsonl"),
        Kept(".copilot/session-store.db", ("schema_version", "sessions", "assistant_usage_events")),
    ),
    prepare=_settings,
    scenes=(
        _copilot("plain"),
        _copilot("read"),
        _copilot("both"),
        _copilot("steps"),
        _copilot("delegate"),
        _copilot("responses", says=prompt("both", "By responses."), environment=_RESPONSES),
        _copilot("messages", says=prompt("both", "By messages."), environment=_MESSAGES),
        _copilot("resume", "--resume", "{session:plain}", says=prompt("plain", "And again."), goes_on="plain"),
        _copilot("busy"),
        _copilot("overloaded"),
        _copilot("slow"),
        _copilot("broken", fails=True),
    ),
    session_pattern=r'"sessionId": ?"([0-9a-f-]{36})"',
    untold=frozenset({"cache_write_1h_tokens"}),
)
