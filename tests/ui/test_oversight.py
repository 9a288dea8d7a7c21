"""The Oversight page in the real window: the ledger's counts, then the logs', each with its runs."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.oversight import span_of


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_every_count_opens_its_runs_and_the_parts_cover_all(window: MainWindow, qtbot: QtBot) -> None:
    assert window.pages is not None
    page, desk = window.pages.oversight, window._session.desk
    window.go_to("oversight")
    settle(qtbot, window)
    page.period._choose("quarter")
    settle(qtbot, window)
    view = page._view
    assert view is not None
    runs = desk.oversight.watched(span_of(desk.queries, page.period.value))
    assert runs
    for part in (view.allowed, view.data):
        assert sorted(run_id for row in part.rows for run_id in row.run_ids) == sorted(run.run_id for run in runs)
    found = desk.oversight.reached(span_of(desk.queries, page.period.value))
    assert found is not None
    assert found.told == found.runs == len(runs)
    opens = (
        page.commands.findChildren(Button) if any(found.calls.values()) else page.cards["tools"].findChildren(Button)
    )
    expected = opens[0].accessibleName().split(":")[0]
    opens[0].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(opens[0], Qt.Key.Key_Space)
    settle(qtbot, window)
    assert window.stack.currentWidget() is window.pages.runs
    assert expected in window.pages.runs.subtitle.text()
