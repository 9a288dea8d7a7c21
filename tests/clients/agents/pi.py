"""pi, over all four formats."""

import json
from pathlib import Path
from typing import Any

from tests.clients.scenes import KEY, Agent, Kept, Scene
from tests.clients.scripts import prompt


def _settings(home: Path, project: Path, base: str) -> None:
    del project

    def provider(address: str, interface: str) -> dict[str, Any]:
        model = {
            "id": f"tea-{interface.split('-', maxsplit=1)[0]}",
            "name": "Tea",
            "reasoning": True,
            "input": ["text"],
            "contextWindow": 200_000,
            "maxTokens": 8_000,
            "cost": {"input": 3, "output": 15, "cacheRead": 0.3, "cacheWrite": 3.75},
        }
        return {"baseUrl": address, "api": interface, "apiKey": KEY, "models": [model]}

    providers = {
        "played-chat": provider(f"{base}/v1", "openai-completions"),
        "played-responses": provider(f"{base}/v1", "openai-responses"),
        "played-messages": provider(base, "anthropic-messages"),
        "played-gemini": provider(f"{base}/v1beta", "google-generative-ai"),
    }
    folder = home / ".pi/agent"
    folder.mkdir(parents=True)
    (folder / "models.json").write_text(json.dumps({"providers": providers}))


def _pi(
    name: str,
    *more: str,
    model: str = "played-chat/tea-openai",
    says: str | None = None,
    goes_on: str | None = None,
    fails: bool = False,
) -> Scene:
    words = ("-p", "--mode", "json", "--model", model, *more, says or prompt(name))
    # It writes a session's file with the first answer: one that is interrupted is nowhere.
    return Scene(name, words, goes_on=goes_on, fails=fails, leaves_nothing=name == "slow")


PI = Agent(
    key="pi",
    registry="npm",
    package="@earendil-works/pi-coding-agent",
    program="pi",
    environment={"PI_OFFLINE": "1", "PI_SKIP_VERSION_CHECK": "1", "PI_TELEMETRY": "0"},
    kept=(Kept(".pi/agent/sessions/**/*.jsonl"),),
    prepare=_settings,
    scenes=(
        _pi("plain"),
        _pi("think"),
        _pi("read"),
        _pi("both"),
        _pi("steps"),
        _pi("responses", model="played-responses/tea-openai", says=prompt("both", "By responses.")),
        _pi("messages", model="played-messages/tea-anthropic", says=prompt("both", "By messages.")),
        _pi("gemini", model="played-gemini/tea-google", says=prompt("both", "By Gemini.")),
        _pi("resume", "--session", "{session:plain}", says=prompt("plain", "And again."), goes_on="plain"),
        _pi("fork", "--fork", "{session:read}", says=prompt("plain", "Another way.")),
        _pi("busy"),
        _pi("overloaded"),
        _pi("slow"),
        _pi("broken", fails=True),
    ),
    session_pattern=r'"type":"session"[^\n]*?"id":"([0-9a-f-]{36})"',
)
