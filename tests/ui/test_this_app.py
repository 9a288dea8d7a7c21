"""Theme, time zone and backup, chosen in the window and kept."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from goodmeasure.host.settings import read_settings
from goodmeasure.ui.theme import DARK, LIGHT, LOOK
from goodmeasure.ui.window import MainWindow


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_choices_for_the_whole_app(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.go_to("sources")
    settle(qtbot, window)
    assert window.pages is not None
    card, profile = window.pages.sources.this_app, window._session.desk.profile
    assert card.zone.currentText() == "This computer's"
    assert card.theme.value == "system"

    card.theme.chosen.emit("dark")
    assert LOOK.tokens is DARK
    window.toggle_theme()
    assert card.theme.value == "light", "the sidebar's button says the same"
    card.theme.chosen.emit("system")
    settle(qtbot, window)
    assert card.theme.value == read_settings(profile)[0].theme == "system"

    card.zone.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(card.zone, "Asia/To")
    settle(qtbot, window)
    assert read_settings(profile)[0].timezone == card.zone.currentText() == "Asia/Tokyo"

    file = tmp_path / "all.backup"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    for said in (f"Written: {file}", "exists already"):
        QTest.keyClick(card.back_up, Qt.Key.Key_Space)
        settle(qtbot, window)
        assert said in card.said.text()
        assert card.back_up.isEnabled()
    assert file.stat().st_size > 0
    LOOK.apply(LIGHT)
