"""The form for a run without a log, by keyboard, on a real ledger."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from goodmeasure.domain.runs import RunFilter
from goodmeasure.ui.pages.log_run import LogRunDialog
from goodmeasure.ui.window import MainWindow

# Said by Qt's platform without a screen when any dialog opens; a real one says nothing.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def opened(window: MainWindow, qtbot: QtBot) -> LogRunDialog:
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(LogRunDialog)), timeout=10_000)
    return window.findChildren(LogRunDialog)[0]


def test_a_run_is_logged_by_keyboard_and_stands_in_the_list(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    QTest.keyClicks(dialog.title, "Tea for the team")
    QTest.keyClicks(dialog.minutes, "12")
    QTest.keyClicks(dialog.prompt, "How many cups?")
    with qtbot.waitSignal(dialog.logged, timeout=20_000) as told:
        QTest.keyClick(dialog.title, Qt.Key.Key_Return)
    assert "estimated" in told.args[0]
    queries = window._session.desk.queries
    ids = queries.run_ids(RunFilter(source="manual"))
    assert [run.title for run in queries.runs(ids)] == ["Tea for the team"]
    assert window.pages is not None
    runs = window.pages.runs
    qtbot.waitUntil(lambda: runs.detail._run_id == ids[0], timeout=20_000)
    assert window.stack.currentWidget() is runs
    assert "the texts were not kept" in window.banner.text
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_the_page_of_runs_has_a_button_for_it(window: MainWindow, qtbot: QtBot) -> None:
    assert window.pages is not None
    window.go_to("runs")
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
    window.pages.runs.log.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.pages.runs.log, Qt.Key.Key_Space)
    (dialog,) = window.findChildren(LogRunDialog)
    assert dialog.isVisible()
    assert dialog.when.placeholderText().startswith("it ended just now; or 20")
    dialog.reject()
    QApplication.processEvents()


def test_pasted_texts_are_counted_while_one_types(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.prompt.setPlainText("tea " * 100)
    asked, answered = dialog.counts
    qtbot.waitUntil(lambda: asked.text() == "about 101 tokens", timeout=20_000)
    assert dialog.prompt.accessibleDescription() == "about 101 tokens"
    assert answered.text() == ""
    dialog.prompt.clear()
    qtbot.waitUntil(lambda: asked.text() == "", timeout=20_000)
    dialog.answer.setPlainText("Two cups.")
    qtbot.waitUntil(lambda: answered.text().startswith("about "), timeout=20_000)
    dialog.reject()
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_it_does_not_close_while_it_writes(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    QTest.keyClicks(dialog.title, "Tea")
    with qtbot.waitSignal(dialog.logged, timeout=20_000):
        dialog.write()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
    qtbot.waitUntil(lambda: not window.findChildren(LogRunDialog), timeout=20_000)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_a_count_that_comes_too_late_is_no_harm(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.prompt.setPlainText("Invented text.")
    dialog._count()
    dialog.reject()
    qtbot.waitUntil(lambda: not window.findChildren(LogRunDialog), timeout=20_000)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_what_is_missing_is_said_and_nothing_is_written(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.write()
    assert "few words" in dialog.problem.text()
    QTest.keyClicks(dialog.title, "Tea")
    dialog.when.setText("2999-01-01 10:00")
    dialog.write()
    qtbot.waitUntil(lambda: "past" in dialog.problem.text(), timeout=20_000)
    assert dialog.log.isEnabled()
    assert not window._session.desk.queries.run_ids(RunFilter(source="manual"))
    dialog.reject()
    QApplication.processEvents()
