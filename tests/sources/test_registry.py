from goodmeasure.sources.registry import all_sources

KEYS = frozenset({
    "claude-code", "codex", "gemini-cli", "qwen-code", "copilot-cli", "copilot-chat", "opencode", "kilo", "cline",
    "roo", "goose", "pi", "kimi", "aider", "llm", "droid", "amp", "crush", "zed", "cursor", "continue", "otlp",
    "chatgpt-export", "claude-export", "manual",
})  # fmt: skip
"""The names that scripts may use (docs/cli.md). A source's fixtures lie in a folder of the same name."""


def test_sources_are_found_by_walking_the_package() -> None:
    assert {"claude-code", "codex"} <= {source.key for source in all_sources()} <= KEYS


def test_sources_are_found_once_in_order() -> None:
    keys = [source.key for source in all_sources()]
    assert all_sources() is all_sources()
    assert keys == sorted(set(keys))
