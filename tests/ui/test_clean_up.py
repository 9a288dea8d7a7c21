"""The notice about logs that are deleted early: a real home whose agents say so in their settings."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from goodmeasure.ui.window import MainWindow

OpenWindow = Callable[..., MainWindow]
PATIENCE_MS = 60_000


@pytest.fixture
def hasty(places: Path) -> Path:
    """A home whose Claude Code deletes its logs after three days."""
    (places / "home" / ".claude" / "settings.json").write_text('{"cleanupPeriodDays": 3}')
    return places


def read(window: MainWindow, qtbot: QtBot) -> None:
    close(window)
    with qtbot.waitSignal(window.follower.read, timeout=PATIENCE_MS):
        window.start_import()
    qtbot.waitUntil(lambda: window.is_settled, timeout=PATIENCE_MS)


def close(window: MainWindow) -> None:
    """Close what the banner says, by keyboard."""
    if window.banner.text:
        (button,) = [
            button
            for button in window.banner.findChildren(QPushButton)
            if button.accessibleName() == "Close this notice"
        ]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, Qt.Key.Key_Space)


def silent(places: Path) -> object:
    return json.loads((places / "profile" / "window.json").read_text())["silent"]


def test_it_is_said_after_reading_with_the_place_and_once_closed_never_again(
    hasty: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(hasty)
    read(window, qtbot)
    qtbot.waitUntil(lambda: window.banner.text.startswith("Claude Code deletes its logs after 3 days"), timeout=5000)
    assert str(hasty / "home" / ".claude" / "settings.json") in window.banner.text
    assert window.banner.action.isHidden()
    close(window)
    assert window.banner.text == ""
    assert silent(hasty) == ["claude-code"]
    window.close()
    again = open_window(hasty)
    read(again, qtbot)
    assert "deletes" not in again.banner.text
    again.close()
    assert silent(hasty) == ["claude-code"]


def test_it_waits_until_another_notice_is_closed_and_comes_back_while_it_was_not_closed(
    hasty: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(hasty)
    close(window)
    with qtbot.waitSignal(window.follower.read, timeout=PATIENCE_MS):
        window.start_import()
        window.banner.say("Something else.")
    qtbot.waitUntil(lambda: window.is_settled, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.banner._more.text() == "1 more", timeout=5000)
    assert window.banner.text == "Something else."
    close(window)
    assert window.banner.text.startswith("Claude Code deletes its logs")
    window.close()
    assert silent(hasty) == []
    again = open_window(hasty)
    read(again, qtbot)
    qtbot.waitUntil(lambda: again.banner.text.startswith("Claude Code deletes its logs"), timeout=5000)


def test_nothing_is_said_where_logs_are_kept(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot)
    assert "deletes" not in window.banner.text
