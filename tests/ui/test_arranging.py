"""Runs merged and split by keyboard in the real window, and undone: every total stays."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from goodmeasure.domain.period import Span
from goodmeasure.domain.runs import RunFilter
from goodmeasure.ui.pages.runs import RunsPage
from goodmeasure.ui.window import MainWindow


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(90)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def page_of(window: MainWindow, qtbot: QtBot) -> RunsPage:
    window.go_to("runs")
    settle(qtbot, window)
    assert window.pages is not None
    page = window.pages.runs
    page.wanted = RunFilter(source="claude-code")
    page.refresh()
    settle(qtbot, window)
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    page.table.choose(2)
    return page


def totals(window: MainWindow) -> tuple[object, int]:
    queries = window._session.desk.queries
    return queries.usage([], Span()).totals, len(queries.run_ids(RunFilter()))


def test_runs_are_merged_and_that_is_undone(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window, qtbot)
    usage, runs = totals(window)
    shift = Qt.KeyboardModifier.ShiftModifier
    for _ in range(2):
        QTest.keyClick(page.table, Qt.Key.Key_Down, shift)
    ids = page.table.chosen_ids
    assert len(ids) == 3
    assert page.chosen.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    page.refresh()
    settle(qtbot, window)
    assert page.table.chosen_ids == ids, "a newer list keeps what is chosen"
    QTest.keyClick(page.table, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: "3 runs are one now" in page.arranger.line.text, timeout=20_000)
    settle(qtbot, window)
    assert totals(window) == (usage, runs - 2)
    kept = page.model.run_id(page.table.currentIndex().row())
    assert kept == ids[-1], "the earliest of them, which stands last here"
    assert page.model.rowCount() == len(page.model._ids)
    assert not page.chosen.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert totals(window) == (usage, runs)
    assert not page.arranger.line.isVisible()
    edits = window._session.desk.arranging.history()
    assert [edit.holds for edit in edits] == [False, False]


def test_runs_of_two_agents_are_refused_in_one_sentence(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window, qtbot)
    before = totals(window)
    desk = window._session.desk
    claude, codex = (desk.queries.run_ids(RunFilter(source=source))[0] for source in ("claude-code", "codex"))
    page.arranger.merge([claude, codex])
    settle(qtbot, window)
    assert "several agents cannot be one" in window.banner.text
    assert totals(window) == before
    assert desk.arranging.history() == []


def test_a_run_is_split_at_a_line_of_its_timeline_and_that_is_undone(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window, qtbot)
    qtbot.waitUntil(lambda: page.detail._run_id == page.model.run_id(2), timeout=20_000)
    usage, runs = totals(window)
    timeline, run_id = page.detail.timeline, page.detail._run_id
    timeline.setFocus(Qt.FocusReason.TabFocusReason)
    timeline.setCurrentIndex(timeline.model().index(0, 0))
    assert not page.detail.split.isEnabled(), "nothing lies before the first line"
    for _ in range(timeline.model().rowCount() // 2):
        QTest.keyClick(timeline, Qt.Key.Key_Down)
    moment = timeline.split_moment
    assert moment is not None
    assert page.detail.split.isEnabled()
    QTest.keyClick(timeline, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: moment.time in page.arranger.line.text, timeout=20_000)
    settle(qtbot, window)
    assert totals(window) == (usage, runs + 1)
    assert page.detail._run_id == run_id
    QTest.keyClick(timeline, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert totals(window) == (usage, runs)
