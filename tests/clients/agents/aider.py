"""aider, over Chat Completions and Messages. It has no tools: files are named to it."""

from pathlib import Path

from tests.clients.scenes import KEY, Agent, Kept, Scene
from tests.clients.scripts import prompt

_QUIET = (
    "--yes-always",
    "--no-check-update",
    "--no-show-release-notes",
    "--no-show-model-warnings",
    "--no-pretty",
    "--no-gitignore",
    "--no-auto-commits",
)
_LOG = "aider-analytics.jsonl"


def _settings(home: Path, project: Path, base: str) -> None:
    del home, project, base  # all is told by the environment


def _aider(name: str, *more: str, model: str = "openai/tea-large", says: str | None = None) -> Scene:
    words = ("--model", model, "--weak-model", model, *_QUIET, *more, "--message", says or prompt(name))
    return Scene(name, words, fails=name == "broken")


AIDER = Agent(
    key="aider",
    registry="pypi",
    package="aider-chat",
    program="aider",
    environment={
        "OPENAI_API_KEY": KEY,
        "OPENAI_API_BASE": "{base}/v1",
        "ANTHROPIC_API_KEY": KEY,
        "ANTHROPIC_API_BASE": "{base}",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "AIDER_ANALYTICS": "false",  # nothing is sent; the file below is written all the same
        "AIDER_ANALYTICS_LOG": f"{{home}}/{_LOG}",
    },
    kept=(Kept(_LOG),),
    prepare=_settings,
    scenes=(
        _aider("plain", "--no-stream"),
        _aider("streamed", says=prompt("plain", "In a stream.")),
        _aider("restored", "--no-stream", "--restore-chat-history", says=prompt("plain", "And again.")),
        _aider("file", "--no-stream", "notes.txt", says=prompt("plain", "With a file.")),
        _aider("messages", "--no-stream", model="anthropic/tea-claude", says=prompt("plain", "By messages.")),
        _aider("busy", "--no-stream"),
        _aider("broken", "--no-stream"),
    ),
)
