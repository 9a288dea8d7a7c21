"""Gemini CLI, over Gemini's own interface."""

import json
from pathlib import Path

from tests.clients.scenes import KEY, Agent, Counts, Kept, Scene
from tests.clients.scripts import prompt

_ALLOWED = ("--approval-mode", "yolo")


def _settings(home: Path, project: Path, base: str) -> None:
    del project, base  # the address is told by the environment
    settings = {
        "security": {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": False}},
        "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
        "privacy": {"usageStatisticsEnabled": False},
    }
    (home / ".gemini").mkdir()
    (home / ".gemini/settings.json").write_text(json.dumps(settings))


def _gemini(name: str, *more: str, says: str | None = None, goes_on: str | None = None, fails: bool = False) -> Scene:
    words = ("-p", says or prompt(name), "-o", "json", "--skip-trust", *more)
    return Scene(name, words, goes_on=goes_on, fails=fails)


def _sign(counts: Counts) -> str:
    asked = counts["input_tokens"] + counts["cache_read_tokens"]
    return f'"input":{asked},"output":{counts["output_tokens"] - counts["reasoning_tokens"]},'


GEMINI_CLI = Agent(
    key="gemini-cli",
    registry="npm",
    package="@google/gemini-cli",
    program="gemini",
    environment={"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": "{base}", "GEMINI_CLI_NO_RELAUNCH": "true"},
    kept=(Kept(".gemini/tmp/*/chats/**/*.jsonl"),),
    prepare=_settings,
    scenes=(
        _gemini("plain"),
        _gemini("think"),
        _gemini("flash", "-m", "gemini-2.5-flash", says=prompt("plain", "A small one.")),
        _gemini("read", *_ALLOWED),
        _gemini("both", *_ALLOWED),
        _gemini("steps", *_ALLOWED),
        _gemini("delegate", *_ALLOWED),
        _gemini("busy"),
        _gemini("overloaded"),
        _gemini("slow"),
        _gemini("broken", fails=True),
    ),
    session_pattern=r'"session_id": ?"([0-9a-f-]{36})"',
    helper="codebase_investigator",
    sign=_sign,
    untold=frozenset({"cache_write_5m_tokens", "cache_write_1h_tokens"}),
)
