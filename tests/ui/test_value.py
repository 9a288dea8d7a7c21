"""The Value page in the real window: each number opens the runs behind it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.runs import RunFilter
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.trend import TrendMark, TrendView
from tests.ui.conftest import OpenWindow


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


@pytest.fixture
def used(places: Path) -> list[int]:
    """Three runs that were called used."""
    with Desk(Choices(profile_dir=places / "profile", home=places / "home")) as desk:
        runs = list(desk.queries.run_ids(RunFilter()))[:3]
        for run_id in runs:
            desk.rating.rate_run(run_id, {AssessmentName.OUTCOME: "used"})
    return runs


def test_a_number_opens_the_runs_behind_it(
    used: list[int], places: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(places)
    window.go_to("value")
    settle(qtbot, window)
    assert window.pages is not None
    page, runs = window.pages.value, window.pages.runs
    number = next(b for b in page.findChildren(QAbstractButton) if b.accessibleName() == "Used: 3, open these runs")
    assert "Whatever the unrated ones were" in number.accessibleDescription()
    number.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(number, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert window.stack.currentWidget() is runs
    assert sorted(runs.model._ids) == sorted(used)
    assert runs.subtitle.text().startswith("3 runs: Used, ")
    everything = len(window._session.desk.queries.run_ids(RunFilter()))
    QTest.mouseClick(runs._all, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert runs.model.rowCount() == everything
    assert not runs._all.isVisible()


def test_a_project_opens_its_runs(used: list[int], places: Path, open_window: OpenWindow, qtbot: QtBot) -> None:
    assert used
    window = open_window(places)
    window.go_to("value")
    settle(qtbot, window)
    assert window.pages is not None
    view = window.pages.value._view
    assert view is not None
    project = view.projects[0]
    button = next(
        b for b in window.pages.value.findChildren(QAbstractButton) if b.accessibleName().startswith(project.name)
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert list(window.pages.runs.model._ids) == list(project.run_ids)


def test_evidence_kinds_of_work_and_weeks_open_and_are_walked(
    used: list[int], places: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(places)
    window.go_to("value")
    settle(qtbot, window)
    assert window.pages is not None
    page, runs = window.pages.value, window.pages.runs
    word = next(b for b in page.findChildren(QAbstractButton) if b.accessibleName().startswith("Used, 3 your own word"))
    QTest.keyClick(word, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert sorted(runs.model._ids) == sorted(used)
    window.go_to("value")
    settle(qtbot, window)
    view = page._view
    assert view is not None
    kinds = {name for row in view.work_kinds for name in [row.name]}
    assert sum(len(row.run_ids) for row in view.work_kinds) == sum(len(row.run_ids) for row in view.projects)
    assert kinds <= {page.trend.kind.itemData(number) for number in range(1, page.trend.kind.count())} | {"unknown"}
    assert page.trend._sentence.text().startswith("Not enough to say yet")
    ribbon = page.trend.ribbon
    if ribbon.isVisible():
        ribbon.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(ribbon, Qt.Key.Key_Left)
        assert ribbon.accessibleDescription().startswith("Week of ")


def test_a_week_opens_its_runs_by_key_and_by_mouse(
    used: list[int], places: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    assert used
    window = open_window(places)
    window.go_to("value")
    settle(qtbot, window)
    assert window.pages is not None
    trend, runs = window.pages.value.trend, window.pages.runs
    weeks = (TrendMark("2 Nov", 0.2, 0.4, 0.6, "12 answers", (1, 2)), TrendMark("9 Nov", None, None, None, "0", (3,)))
    trend.show_view(TrendView("Used", weeks, enough=True, sentence="", description=""))
    trend.ribbon.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(trend.ribbon, Qt.Key.Key_Left)
    QTest.keyClick(trend.ribbon, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert window.stack.currentWidget() is runs
    assert sorted(runs.model._ids) == [1, 2]
    assert runs.subtitle.text().startswith("2 runs: week of 2 Nov")
    window.go_to("value")
    settle(qtbot, window)
    trend.show_view(TrendView("Used", weeks, enough=True, sentence="", description="again"))
    QTest.mouseClick(trend.ribbon, Qt.MouseButton.LeftButton, pos=QPoint(trend.ribbon.width() - 9, 60))
    settle(qtbot, window)
    assert list(runs.model._ids) == [3]
