"""The lines for agents' settings are what the files take, and never ask for prompts."""

import json
import tomllib

import pytest

from goodmeasure.sources.otlp.settings_lines import SettingsLines, settings_lines

ADDRESS = "http://127.0.0.1:4399"
ALL = settings_lines(ADDRESS)


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.source)
def test_lines_fit_their_file(entry: SettingsLines) -> None:
    assert ADDRESS in entry.lines
    assert "ADDRESS" not in entry.lines
    if entry.where.endswith(".json"):
        assert json.loads(entry.lines)
    elif entry.where.endswith(".toml"):
        assert tomllib.loads(entry.lines)["otel"]["exporter"]["otlp-http"]["endpoint"] == f"{ADDRESS}/v1/logs"
    else:
        assert all(line.startswith("export OTEL_") for line in entry.lines.splitlines())


def test_nobody_is_asked_to_send_prompts() -> None:
    text = "\n".join(entry.lines for entry in ALL)
    for asked in ('"logPrompts": true', "log_user_prompt = true", "LOG_USER_PROMPTS", '"captureContent": true'):
        assert asked.lower() not in text.lower()
    assert text.count('"logPrompts": false') == 2, "Gemini CLI and Qwen Code send prompts unless told not to"


def test_each_agent_stands_once() -> None:
    assert len({entry.source for entry in ALL}) == len(ALL)
