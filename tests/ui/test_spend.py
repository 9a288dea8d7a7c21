"""The Spend page in the real window: the ledger's sums, plans, and findings that are put aside and asked again."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from goodmeasure.domain.period import Span, days_span
from goodmeasure.ui.pages.findings import FindingRow
from goodmeasure.ui.pages.plans import PlansDialog
from goodmeasure.ui.pages.spend import SpendPage
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.overview import Stretch, days_of
from goodmeasure.viewmodels.wording import money
from tests.ui.conftest import OpenWindow

# Said by Qt's platform without a screen when any dialog opens; a real one says nothing.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


@pytest.fixture
def window(places: Path, open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    window = open_window(places)
    window.go_to("spend")
    settle(qtbot, window)
    return window


def page_of(window: MainWindow) -> SpendPage:
    assert window.pages is not None
    return window.pages.spend


def test_each_layout_and_each_column_adds_up_to_the_ledgers_own_sum(window: MainWindow, qtbot: QtBot) -> None:
    page, queries = page_of(window), window._session.desk.queries
    page.period._choose("quarter")
    settle(qtbot, window)
    first, last = days_of(Stretch.QUARTER, queries.today())
    total = queries.usage(["day"], days_span(first, last, queries.zone)).totals
    assert total.list_cost_micros
    for group in ("project", "cost_center", "model", "source", "work_kind"):
        QTest.mouseClick(page.group._buttons[group], Qt.MouseButton.LeftButton)
        settle(qtbot, window)
        view = page._view
        assert view is not None
        assert view.cost.endswith(money(total.list_cost_micros))
        assert view.rows
        assert abs(sum(row.fraction or 0 for row in view.rows) - 1) < 1e-9
        assert sum(column.micros or 0 for column in view.columns) == total.list_cost_micros


def test_the_columns_are_walked_with_the_arrow_keys(window: MainWindow) -> None:
    page = page_of(window)
    columns = page._columns
    columns.setFocus(Qt.FocusReason.TabFocusReason)
    last = columns.accessibleDescription()
    QTest.keyClick(columns, Qt.Key.Key_Left)
    assert columns.accessibleDescription() not in {"", last}
    assert page._view is not None
    assert columns.accessibleDescription() == page._view.columns[-2].said == page._said.text()


def test_a_plan_stands_beside_the_list_cost(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    page.edit_plans()
    settle(qtbot, window)
    [dialog] = window.findChildren(PlansDialog)
    source, field = next(iter(dialog.prices.items()))
    field.setText("much")
    dialog.keep()
    assert dialog.problem.text().startswith(f"The price of {source} cannot be read")
    field.setText("20")
    dialog.keep()
    settle(qtbot, window)
    assert window._session.desk.settings.plans == {source: 20.0}
    assert page._view is not None
    assert page._view.plans
    assert any(row.paid != "no plan" for row in page._view.plans) or page._view.cost == "unknown"


def test_a_finding_is_put_aside_and_asked_again_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    card, desk = page.findings, window._session.desk
    found = list(card._found)
    assert found
    row = card.findChildren(FindingRow)[0]
    row.fold.button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row.fold.button, Qt.Key.Key_Space)
    dismiss = next(button for button in row.findChildren(type(row.fold.button)) if button.text() == "Not waste")
    dismiss.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(dismiss, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert card._found == found[1:]
    assert desk.findings.look() == found[1:]
    focused = QApplication.focusWidget()
    assert focused is not None
    assert card.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_U)
    settle(qtbot, window)
    assert card._found == found == desk.findings.look()


def test_a_finding_opens_its_runs(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    finding = page.findings._found[0]
    row = page.findings.findChildren(FindingRow)[0]
    see = next(button for button in row.findChildren(type(row.fold.button)) if button.text().startswith("See "))
    row.fold.button.click()
    see.click()
    settle(qtbot, window)
    assert window.pages is not None
    assert sorted(window.pages.runs.model._ids) == sorted(finding.run_ids)
    assert window._session.desk.queries.usage([], Span()).totals.generations
