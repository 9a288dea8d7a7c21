"""`findings` as a person runs it, on logs that loop."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from goodmeasure.domain.findings import Detector
from tests.cli.terminal import Terminal

SESSION = "0a0a0a0a-1111-4222-8333-444444444444"


@pytest.fixture
def looping(tmp_path: Path, fresh_terminal: Callable[[Path], Terminal]) -> Terminal:
    return loop_in(tmp_path, fresh_terminal, "/home/person/shop")


def loop_in(tmp_path: Path, fresh_terminal: Callable[[Path], Terminal], folder: str) -> Terminal:
    """Make a home in which one command was run five times in a row, an hour ago."""
    began = datetime.now(UTC) - timedelta(hours=1)
    log = tmp_path / "home/.claude/projects/shop" / f"{SESSION}.jsonl"
    log.parent.mkdir(parents=True)
    rows = []
    for number in range(5):
        base = {"sessionId": SESSION, "cwd": folder, "version": "2.1.226"}
        base["timestamp"] = (began + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
        call = {"type": "tool_use", "id": f"t{number}", "name": "Bash", "input": {"command": "Zinnober"}}
        told = {"id": f"m{number}", "model": "claude-opus-4-7", "content": [call], "usage": {"output_tokens": 1}}
        result = [{"type": "tool_result", "tool_use_id": f"t{number}", "content": "ok"}]
        rows.append(base | {"type": "assistant", "uuid": f"a{number}", "message": told})
        rows.append(base | {"type": "user", "uuid": f"u{number}", "message": {"content": result}})
    log.write_text("".join(json.dumps(row) + "\n" for row in rows))
    terminal = fresh_terminal(tmp_path / "home")
    terminal("import")
    return terminal


def test_a_question_with_what_was_seen_and_a_way_to_be_rid_of_it(looping: Terminal) -> None:
    said = looping("findings")
    assert said.status == 0
    assert said.out.startswith("Did the agent run in a circle?  shop · tool_loop\n")
    assert "up to 5 times in a row" in said.out
    assert "Zinnober" not in said.out
    (found,) = looping("findings", "--json").document["findings"]
    (run,) = looping("runs", "--json").document["runs"]
    assert (found["detector"], found["project"], found["runs"]) == ("tool_loop", "shop", [run["run"]])
    assert found["seen"] == {"runs": 1, "repeats": 5}
    assert found["saving"] is None
    assert looping("findings", "--dismiss", "tool_loop", "--project", "shop").out == "Nothing to ask about.\n"
    assert looping("findings", "--json").document["findings"] == []


def test_a_folder_cannot_drive_the_terminal(tmp_path: Path, fresh_terminal: Callable[[Path], Terminal]) -> None:
    said = loop_in(tmp_path, fresh_terminal, "/home/person/sh\x1b[2Jop")("findings")
    assert said.status == 0
    assert "sh [2Jop" in said.out
    assert "\x1b" not in said.out


def test_what_is_not_asked_cannot_be_dismissed(looping: Terminal) -> None:
    said = looping("findings", "--dismiss", "tool_loop", "--project", "elsewhere")
    assert said.status == 1
    assert said.err == "Nothing of tool_loop is asked in elsewhere: findings lists all.\n"
    assert looping("findings", "--dismiss", "grade").status == 2
    assert looping("findings", "--project", "shop").status == 2


def test_a_whole_home_can_be_looked_at(terminal: Terminal) -> None:
    found = terminal("findings", "--days", "366", "--json").document["findings"]
    assert {one["detector"] for one in found} <= {detector.value for detector in Detector}
    assert all(one["question"].endswith("?") and one["runs"] for one in found)
