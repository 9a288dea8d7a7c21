"""llm, over Chat Completions."""

import json
from pathlib import Path

from tests.clients.scenes import KEY, Agent, Kept, Scene
from tests.clients.scripts import prompt

_MODELS = """\
- model_id: tea
  model_name: tea-large
  api_base: "{base}/v1"
  supports_tools: true
- model_id: small-tea
  model_name: tea-small
  api_base: "{base}/v1"
"""


def _settings(home: Path, project: Path, base: str) -> None:
    del project
    folder = home / ".config/io.datasette.llm"
    folder.mkdir(parents=True)
    (folder / "extra-openai-models.yaml").write_text(_MODELS.format(base=base))
    (folder / "keys.json").write_text(json.dumps({"openai": KEY}))


def _llm(
    name: str,
    *more: str,
    model: str = "tea",
    says: str | None = None,
    goes_on: str | None = None,
    nothing: bool = False,
) -> Scene:
    words = ("prompt", "-m", model, *more, says or prompt(name))
    return Scene(name, words, goes_on=goes_on, fails=name == "broken", leaves_nothing=nothing)


LLM = Agent(
    key="llm",
    registry="pypi",
    package="llm",
    program="llm",
    environment={},
    kept=(
        Kept(
            ".config/io.datasette.llm/logs.db",
            ("responses", "conversations", "tool_calls", "tool_results", "threads", "turns", "messages", "parts"),
        ),
    ),
    prepare=_settings,
    scenes=(
        _llm("plain"),
        _llm("continued", "-c", says=prompt("plain", "And again."), goes_on="plain"),
        _llm("at-once", "--no-stream", says=prompt("plain", "All at once.")),
        _llm("small", model="small-tea", says=prompt("plain", "A small one.")),
        _llm("tool", "-T", "llm_time", says=prompt("clock")),
        _llm("busy"),
        _llm("unkept", "--no-log", says=prompt("plain", "Not kept."), nothing=True),
        _llm("broken", nothing=True),
    ),
    untold=frozenset({"cache_write_5m_tokens", "cache_write_1h_tokens"}),
)
