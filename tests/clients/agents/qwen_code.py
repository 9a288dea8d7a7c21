"""Qwen Code, over Chat Completions."""

import json
from pathlib import Path

from tests.clients.scenes import KEY, Agent, Kept, Scene
from tests.clients.scripts import prompt


def _settings(home: Path, project: Path, base: str) -> None:
    del project, base  # the address is told by the environment
    settings = {
        "security": {"auth": {"selectedType": "openai"}, "folderTrust": {"enabled": False}},
        "general": {"disableAutoUpdate": True, "enableAutoUpdate": False},
        "privacy": {"usageStatisticsEnabled": False},
        "model": {"name": "qwen3-coder-plus"},
    }
    (home / ".qwen").mkdir()
    (home / ".qwen/settings.json").write_text(json.dumps(settings))


def _qwen(name: str, *more: str, says: str | None = None, goes_on: str | None = None, fails: bool = False) -> Scene:
    return Scene(name, ("-p", says or prompt(name), "-o", "json", *more), goes_on=goes_on, fails=fails)


QWEN_CODE = Agent(
    key="qwen-code",
    registry="npm",
    package="@qwen-code/qwen-code",
    program="qwen",
    environment={
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": "{base}/v1",
        "OPENAI_MODEL": "qwen3-coder-plus",
        "QWEN_CODE_NO_RELAUNCH": "true",
    },
    kept=(
        Kept(".qwen/projects/*/chats/*.jsonl"),
        Kept(".qwen/projects/*/subagents/**/*.jsonl"),
        Kept(".qwen/usage_record.jsonl"),
    ),
    prepare=_settings,
    scenes=(
        _qwen("plain"),
        _qwen("max", "-m", "qwen3-max", says=prompt("plain", "A big one.")),
        _qwen("read", "-y"),
        _qwen("both", "-y"),
        _qwen("steps", "-y"),
        _qwen("refused", says=prompt("mark", "Nobody allows this.")),
        _qwen("delegate", "-y"),
        _qwen("resume", "--resume", "{session:plain}", says=prompt("plain", "And again."), goes_on="plain"),
        _qwen("busy"),
        _qwen("overloaded"),
        _qwen("slow"),
        _qwen("broken", fails=True),
    ),
    session_pattern=r'"session_id": ?"([0-9a-f-]{36})"',
    untold=frozenset({"cache_write_5m_tokens", "cache_write_1h_tokens"}),
)
