"""What the window does unasked: commits looked for after a reading, a dot while today's runs wait; each can be off."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.ui import evidence_watch
from goodmeasure.ui.icons import app_mark
from goodmeasure.ui.tray import TrayDot, dotted_mark
from goodmeasure.ui.window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.test_evidence import LINES, commit, git, log


@pytest.fixture
def worked(tmp_path: Path) -> str:
    """A run that was read, and the commit that holds what it wrote."""
    repo = tmp_path / "repo"
    repo.mkdir()
    git(repo, "init", "-q", "-b", "main", hours=-9)
    for name, value in (("user.email", "robin@example.invalid"), ("user.name", "Robin")):
        git(repo, "config", name, value, hours=-9)
    commit(repo, "README", ["An invented project."], hours=-9)
    landed = commit(repo, "work.py", LINES, hours=2)
    log(tmp_path / "home", repo)
    with Desk(Choices(profile_dir=tmp_path / "profile", home=tmp_path / "home")) as desk:
        desk.importing.import_logs()
    return landed


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(60)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_commits_are_found_after_a_reading_unless_that_is_off(
    worked: str, tmp_path: Path, open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_watch, "_SOON_MS", 20)
    window = open_window(tmp_path)
    desk = window._session.desk
    window.go_to("sources")
    settle(qtbot, window)
    assert window.pages is not None
    switch = window.pages.sources.choices.switches["find_evidence"]
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    settle(qtbot, window)
    window._reading_ended("Following your agents' logs")
    qtbot.wait(100)
    settle(qtbot, window)
    assert desk.queries.run(1).evidence_asked_at is None
    QTest.keyClick(switch, Qt.Key.Key_Space)
    settle(qtbot, window)
    window._reading_ended("Following your agents' logs")
    qtbot.waitUntil(lambda: bool(desk.queries.run(1).evidence), timeout=20_000)
    assert [one.sha for one in desk.queries.run(1).evidence] == [worked]
    settle(qtbot, window)


# Said by Qt's platform without a screen when a window is brought to the front; a real one says nothing.
@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_the_dot_says_that_todays_runs_wait(places: Path, open_window: OpenWindow, qtbot: QtBot) -> None:
    with Desk(Choices(profile_dir=places / "profile", home=places / "home")) as desk:
        desk.sampling.draw_today()
        today = len(desk.sampling.waiting())
    assert today
    window = open_window(places)
    focused = QApplication.focusWidget()
    assert window.tray.waiting == today
    assert QApplication.focusWidget() is focused
    window.go_to("sources")
    settle(qtbot, window)
    assert window.pages is not None
    switch = window.pages.sources.choices.switches["tray_dot"]
    QTest.keyClick(switch, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert window.tray.waiting == 0
    QTest.keyClick(switch, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert window.tray.waiting == today
    window.tray.wanted.emit()
    settle(qtbot, window)
    assert window.stack.currentWidget() is window.pages.inbox
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_N)
    settle(qtbot, window)
    assert window.tray.waiting == 0, "what was put off asks nobody"


def test_a_desktop_without_a_tray_has_no_dot(qtbot: QtBot, qapp: QApplication) -> None:
    del qtbot
    dot = TrayDot(qapp)
    dot.show_waiting(3, wanted=True)
    assert not dot.is_shown, "the platform of these tests has no tray"
    marked, plain = dotted_mark().pixmap(32, 32).toImage(), app_mark(32, 1.0).toImage()
    assert marked.pixelColor(27, 5) != plain.pixelColor(27, 5)
    assert marked.pixelColor(5, 27) == plain.pixelColor(5, 27)
