"""Kimi Code, over Chat Completions, Messages and Responses."""

from pathlib import Path

from tests.clients.scenes import KEY, Agent, Kept, Scene
from tests.clients.scripts import prompt

_PROVIDERS = {
    "chat": ("openai", "/v1"),
    "moonshot": ("kimi", "/v1"),
    "messages": ("anthropic", ""),
    "responses": ("openai_responses", "/v1"),
}


def _settings(home: Path, project: Path, base: str) -> None:
    del project
    lines = ['default_model = "tea-chat"', 'default_permission_mode = "auto"', "telemetry = false"]
    for name, (kind, path) in _PROVIDERS.items():
        lines += [f"[providers.{name}]", f'type = "{kind}"', f'base_url = "{base}{path}"', f'api_key = "{KEY}"']
        lines += [f'[models."tea-{name}"]', f'provider = "{name}"', f'model = "tea-{name}"']
        lines.append("max_context_size = 200000")
    (home / ".kimi-code").mkdir()
    (home / ".kimi-code/config.toml").write_text("\n".join(lines) + "\n")


def _kimi(name: str, *more: str, says: str | None = None, goes_on: str | None = None, fails: bool = False) -> Scene:
    words = ("--output-format", "stream-json", *more, "-p", says or prompt(name))
    return Scene(name, words, goes_on=goes_on, fails=fails)


KIMI = Agent(
    key="kimi",
    registry="npm",
    package="@moonshot-ai/kimi-code",
    program="kimi",
    environment={"KIMI_CODE_NO_AUTO_UPDATE": "1", "KIMI_DISABLE_TELEMETRY": "1"},
    kept=(Kept(".kimi-code/sessions/*/*/agents/*/wire.jsonl"), Kept(".kimi-code/sessions/*/*/state.json")),
    prepare=_settings,
    scenes=(
        _kimi("plain"),
        _kimi("read"),
        _kimi("both"),
        _kimi("steps"),
        _kimi("delegate"),
        _kimi("moonshot", "-m", "tea-moonshot", says=prompt("both", "By Kimi.")),
        _kimi("messages", "-m", "tea-messages", says=prompt("both", "By messages.")),
        _kimi("responses", "-m", "tea-responses", says=prompt("both", "By responses.")),
        _kimi("resume", "--session", "{session:plain}", says=prompt("plain", "And again."), goes_on="plain"),
        _kimi("busy"),
        _kimi("overloaded"),
        _kimi("slow"),
        _kimi("broken", fails=True),
    ),
    session_pattern=r'"session_?[iI]d": ?"([^"]+)"',
    helper="coder",
    untold=frozenset({"cache_write_1h_tokens", "reasoning_tokens"}),
)
