"""aider, over Chat Completions. It has no tools: files are named to it.

Only answers in one piece are played: of a stream it asks for no usage and writes down its own estimate. Over Anthropic
Messages, 0.86.2 adds cache writes twice.
"""

from pathlib import Path

from tests.clients.scenes import KEY, Agent, Counts, Kept, Scene
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
    # The analytics log holds no prompts, and nothing of a message that failed.
    return Scene(name, words, prompts=0, fails=name == "broken", leaves_nothing=name == "broken")


def _sign(counts: Counts) -> str:
    asked = sum(count for name, count in counts.items() if name.startswith(("input", "cache")))
    return f'"prompt_tokens":{asked},"completion_tokens":{counts["output_tokens"]},'


def _called(model: str) -> str:
    """Return no name: of models that aider does not know, it keeps only the provider."""
    del model
    return ""


AIDER = Agent(
    key="aider",
    registry="pypi",
    package="aider-chat",
    program="aider",
    environment={
        "OPENAI_API_KEY": KEY,
        "OPENAI_API_BASE": "{base}/v1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "AIDER_ANALYTICS": "false",  # nothing is sent; the file below is written all the same
        "AIDER_ANALYTICS_LOG": f"{{home}}/{_LOG}",
    },
    kept=(Kept(_LOG),),
    prepare=_settings,
    scenes=(
        _aider("plain", "--no-stream"),
        _aider("restored", "--no-stream", "--restore-chat-history", says=prompt("plain", "And again.")),
        _aider("file", "--no-stream", "notes.txt", says=prompt("plain", "With a file.")),
        _aider("busy", "--no-stream"),
        _aider("broken", "--no-stream"),
    ),
    sign=_sign,
    untold=frozenset({"reasoning_tokens"}),
    input_is_whole=True,
    called=_called,
)
