"""Cline's terminal client, over Chat Completions."""

import json
from pathlib import Path

from tests.clients.scenes import KEY, Agent, Counts, Kept, Scene
from tests.clients.scripts import prompt


def _settings(home: Path, project: Path, base: str) -> None:
    del project, base  # the address is told by the first scene
    folder = home / ".cline/data/settings"
    folder.mkdir(parents=True)
    (folder / "global-settings.json").write_text(json.dumps({"telemetryOptOut": True, "autoUpdateEnabled": False}))


def _cline(name: str, *more: str, says: str | None = None, fails: bool = False) -> Scene:
    return Scene(name, ("--json", *more, says or prompt(name)), fails=fails)


def _sign(counts: Counts) -> str:
    return f'"inputTokens":{counts["input_tokens"] + counts["cache_read_tokens"]},'


CLINE = Agent(
    key="cline",
    registry="npm",
    package="cline",
    program="cline",
    environment={
        "CLINE_TELEMETRY_DISABLED": "1",
        "CLINE_NO_AUTO_UPDATE": "1",
        "POSTHOG_TELEMETRY_ENABLED": "false",
    },
    kept=(Kept(".cline/data/sessions/*/*.json"),),
    prepare=_settings,
    scenes=(
        Scene(
            "sign-in",
            ("auth", "-p", "openai-compatible", "-k", KEY, "-m", "tea-large", "-b", "{base}/v1"),
            prompts=0,
            leaves_nothing=True,
        ),
        _cline("plain"),
        _cline("small", "-m", "tea-small", says=prompt("plain", "A small one.")),
        _cline("read"),
        _cline("both"),
        _cline("steps"),
        _cline("delegate"),
        _cline("busy"),
        _cline("overloaded"),
        _cline("slow"),
        _cline("broken", fails=True),
    ),
    sign=_sign,
    untold=frozenset({"cache_write_1h_tokens", "reasoning_tokens"}),
)
