"""Commits of a run in the real window: a real repository, a real log, decided by keyboard."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.ui.pages.run_evidence import Candidate
from goodmeasure.ui.window import MainWindow

OpenWindow = Callable[..., MainWindow]
LINES = [f"value_{number} = compute(number={number})" for number in range(20)]
HOUR = 3600
BEGUN = int(time.time()) - 48 * HOUR


def git(repo: Path, *command: str, hours: float) -> str:
    when = f"@{int(BEGUN + hours * HOUR)} +0000"
    environment = os.environ | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", str(repo), *command], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout.strip()


def commit(repo: Path, name: str, lines: list[str], *, hours: float) -> str:
    (repo / name).write_text("\n".join(lines) + "\n")
    git(repo, "add", "-A", hours=hours)
    git(repo, "commit", "-q", "-m", "Work", hours=hours)
    return git(repo, "rev-parse", "HEAD", hours=hours)


def log(home: Path, repo: Path) -> None:
    """Write a session of Claude Code that wrote a file in `repo`."""
    whole = "\n".join(LINES) + "\n"
    written = {"file_path": str(repo / "work.py"), "content": whole}
    use = {"type": "tool_use", "id": "toolu_1", "name": "Write", "input": written}
    called: dict[str, object] = {
        "id": "msg_1",
        "model": "claude-opus-4-7",
        "stop_reason": "end_turn",
        "usage": {"output_tokens": 1},
    }
    messages: list[tuple[str, dict[str, object]]] = [
        ("user", {"content": "Invented text."}),
        ("assistant", called | {"content": [use]}),
        ("user", {"content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "ok"}]}),
    ]
    path = home / ".claude/projects/repo/0a0a0a0a-1111-4222-8333-444444444444.jsonl"
    path.parent.mkdir(parents=True)
    with path.open("w") as stream:
        for number, (kind, message) in enumerate(messages):
            row = {
                "type": kind,
                "uuid": f"{number:08d}-0000-4000-8000-000000000000",
                "sessionId": path.stem,
                "timestamp": datetime.fromtimestamp(BEGUN, UTC).isoformat().replace("+00:00", "Z"),
                "cwd": str(repo),
                "version": "2.1.226",
                "message": {"role": kind, **message},
            }
            stream.write(json.dumps(row) + "\n")


@pytest.fixture
def worked(tmp_path: Path) -> dict[str, str]:
    """A run whose work landed and was reverted, and of which another commit may hold a part."""
    repo = tmp_path / "repo"
    repo.mkdir()
    git(repo, "init", "-q", "-b", "main", hours=-9)
    for name, value in (("user.email", "robin@example.invalid"), ("user.name", "Robin")):
        git(repo, "config", name, value, hours=-9)
    commit(repo, "README", ["An invented project."], hours=-9)
    landed = commit(repo, "work.py", LINES[:15], hours=2)
    candidate = commit(repo, "other.py", LINES[15:18], hours=3)
    git(repo, "revert", "--no-edit", landed, hours=5)
    log(tmp_path / "home", repo)
    with Desk(Choices(profile_dir=tmp_path / "profile", home=tmp_path / "home")) as desk:
        desk.importing.import_logs()
        desk.rating.rate_run(1, {AssessmentName.OUTCOME: "used"})
    return {"landed": landed, "candidate": candidate}


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(120)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_commits_are_looked_for_and_decided_on_by_keyboard(
    worked: dict[str, str], tmp_path: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(tmp_path)
    assert window.pages is not None
    detail = window.pages.runs.detail
    window._show_run(1)
    qtbot.waitUntil(lambda: detail._run_id == 1, timeout=5000)
    settle(qtbot, window)
    detail.show_tab("Evidence")
    assert "Nobody has looked" in detail.evidence.sentence.text()
    assert not detail._contradiction.isVisible()
    detail.evidence.look.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(detail.evidence.look, Qt.Key.Key_Space)
    assert not detail.evidence.look.isEnabled()
    qtbot.waitUntil(detail._contradiction.isVisible, timeout=20_000)
    settle(qtbot, window)
    assert detail.evidence.look.text() == "Look again"
    assert detail._tabs.currentIndex() == 2
    [asked] = detail.findChildren(Candidate)
    assert asked._sha == worked["candidate"]
    asked.belongs.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(asked.belongs, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: detail._view is not None and not detail._view.evidence.candidates, timeout=20_000)
    assert detail._view is not None
    assert {line.sha for line in detail._view.evidence.linked} == set(worked.values())
    settle(qtbot, window)
    said = {line.sha: line.about for line in detail._view.evidence.linked}
    assert said[worked["candidate"]].startswith("you said that it belongs · landed"), "it is followed from now on"


def test_a_commit_that_does_not_belong_goes_away(
    worked: dict[str, str], tmp_path: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    with Desk(Choices(profile_dir=tmp_path / "profile", home=tmp_path / "home")) as desk:
        desk.evidence.look([1])
    window = open_window(tmp_path)
    assert window.pages is not None
    detail = window.pages.runs.detail
    window._show_run(1)
    qtbot.waitUntil(lambda: detail._run_id == 1, timeout=5000)
    detail.show_tab("Evidence")
    settle(qtbot, window)
    [asked] = detail.findChildren(Candidate)
    QTest.mouseClick(asked.does_not, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: detail._view is not None and not detail._view.evidence.candidates, timeout=20_000)
    assert detail._view is not None
    assert [line.sha for line in detail._view.evidence.linked] == [worked["landed"]]
