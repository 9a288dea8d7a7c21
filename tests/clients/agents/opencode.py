"""OpenCode and its descendant Kilo: the same settings and scenes, over Chat Completions and Messages."""

import json
from pathlib import Path
from typing import Any

from tests.clients.scenes import KEY, Agent, Counts, Kept, Scene
from tests.clients.scripts import prompt

_ALLOWED = "--auto"
TABLES = ("session", "message", "part")


def _models() -> dict[str, Any]:
    def model(name: str, asked: float, told: float) -> dict[str, Any]:
        cost = {"input": asked, "output": told, "cache_read": asked / 10, "cache_write": asked * 1.25}
        return {"name": name, "limit": {"context": 200_000, "output": 8_000}, "tool_call": True, "cost": cost}

    return {"tea-large": {**model("Tea Large", 3, 15), "reasoning": True}, "tea-small": model("Tea Small", 1, 5)}


def _settings(base: str) -> str:
    options = {"baseURL": f"{base}/v1", "apiKey": KEY}
    played = {"npm": "@ai-sdk/openai-compatible", "name": "Played", "options": options, "models": _models()}
    anthropic = {"options": options, "models": {"tea-claude": _models()["tea-large"]}}
    return json.dumps(
        {
            "autoupdate": False,
            "share": "disabled",
            "model": "played/tea-large",
            "small_model": "played/tea-small",
            "provider": {"played": played, "anthropic": anthropic},
        }
    )


def _write(path: Path, base: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(_settings(base))


def _opencode_settings(home: Path, project: Path, base: str) -> None:
    del project
    _write(home / ".config/opencode/opencode.json", base)


def _kilo_settings(home: Path, project: Path, base: str) -> None:
    del project
    _write(home / ".config/kilo/kilo.json", base)


def _switches(name: str) -> dict[str, str]:
    switches = ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "SHARE", "SESSION_INGEST")
    return {f"{name}_DISABLE_{switch}": "1" for switch in switches}


def _run(name: str, *more: str, says: str | None = None, goes_on: str | None = None, fails: bool = False) -> Scene:
    return Scene(name, ("run", "--format", "json", *more, says or prompt(name)), goes_on=goes_on, fails=fails)


def _scenes(messages: str) -> tuple[Scene, ...]:
    """Return the scenes of both. `messages`: the script that is played over Anthropic Messages."""
    return (
        _run("plain"),
        _run("small", "-m", "played/tea-small", says=prompt("plain", "A small one.")),
        _run("messages", "-m", "anthropic/tea-claude", _ALLOWED, says=prompt(messages)),
        _run("read", _ALLOWED),
        _run("both", _ALLOWED),
        _run("steps", _ALLOWED),
        _run("delegate", _ALLOWED),
        _run("resume", "--session", "{session:plain}", says=prompt("plain", "And again."), goes_on="plain"),
        _run("fork", "--session", "{session:read}", "--fork", says=prompt("plain", "Another way.")),
        _run("busy"),
        _run("slow"),
        _run("broken", fails=True),
    )


def _sign(counts: Counts) -> str:
    told = counts["output_tokens"] - counts["reasoning_tokens"]
    return f'"input":{counts["input_tokens"]},"output":{told},'


OPENCODE = Agent(
    key="opencode",
    registry="npm",
    package="opencode-ai",
    program="opencode",
    environment=_switches("OPENCODE"),
    kept=(Kept(".local/share/opencode/opencode.db", TABLES),),
    prepare=_opencode_settings,
    scenes=_scenes("both"),
    session_pattern=r'"sessionID": ?"(ses_\w+)"',
    helper="general",
    sign=_sign,
    untold=frozenset({"cache_write_1h_tokens"}),
)

KILO = Agent(
    key="kilo",
    registry="npm",
    package="@kilocode/cli-linux-x64",  # `@kilocode/cli` only picks one of these by the system
    program="bin/kilo",
    environment={**_switches("KILO"), "KILO_TELEMETRY_LEVEL": "off"},
    kept=(Kept(".local/share/kilo/kilo.db", TABLES),),
    prepare=_kilo_settings,
    scenes=_scenes("read"),  # 7.7.9 does not tell the thoughts of Messages apart
    session_pattern=r'"sessionID": ?"(ses_\w+)"',
    helper="general",
    sign=_sign,
    untold=frozenset({"cache_write_1h_tokens"}),
)
