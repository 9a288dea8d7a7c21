"""Everything without a mouse: Tab reaches it, it is seen where one is, and its keys do what the button does."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollArea, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from goodmeasure.ui import sidebar
from goodmeasure.ui.theme import DARK, LIGHT, LOOK, Tokens
from goodmeasure.ui.window import MainWindow

PAGES = tuple(name for name, _, _ in sidebar.PAGES)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def reachable(window: MainWindow) -> list[QWidget]:
    """Return what Tab can stop at; of a group of navigation buttons only the one that is chosen."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifier)


def looks(window: MainWindow, area: QRect) -> QImage:
    QApplication.processEvents()
    return window.grab(area).toImage()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_where_the_keyboard_is_can_be_seen(window: MainWindow, qtbot: QtBot, theme: Tokens) -> None:
    assert window.pages is not None
    LOOK.apply(theme)
    unseen = []
    for page in PAGES:
        window.go_to(page)
        settle(qtbot, window)
        for widget in reachable(window):
            elsewhere = window.sidebar.buttons["overview" if page != "overview" else "inbox"]
            if widget is elsewhere or widget is window.pages.inbox:  # the inbox's keys act wherever the ring is
                continue
            for area in window.pages.by_name[page].findChildren(QScrollArea):
                area.ensureWidgetVisible(widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-4, -4, 4, 4)
            focused = looks(window, place)
            elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
            if not _is_inner(widget) and looks(window, place) == focused:
                unseen.append(f"{page}: {type(widget).__name__} {widget.accessibleName()}")
    LOOK.apply(LIGHT)
    assert not unseen, "\n".join(unseen)


@pytest.mark.parametrize("page", PAGES)
def test_tab_walks_through_the_whole_page(window: MainWindow, qtbot: QtBot, page: str) -> None:
    window.go_to(page)
    settle(qtbot, window)
    assert window.pages is not None
    shown = window.pages.by_name[page]
    wanted = {widget for widget in reachable(window) if shown.isAncestorOf(widget) and not _is_inner(widget)}
    met = set()
    for _ in range(60):
        press(window, Qt.Key.Key_Tab)
        met.add(window.focusWidget())
    missed = [f"{type(widget).__name__} {widget.accessibleName()}" for widget in wanted - met]
    assert missed == []


def _is_inner(widget: QWidget) -> bool:
    # Qt's own parts, and segments, of which Tab stops at one and the arrow keys reach the others.
    inner = widget.objectName().startswith("qt_") or isinstance(widget.parentWidget(), QAbstractScrollArea)
    return inner or isinstance(widget, QTabBar) or widget.property("look") == "segment"


def test_a_source_unfolds_and_stays_unfolded(window: MainWindow, qtbot: QtBot) -> None:
    assert window.pages is not None
    window.go_to("sources")
    settle(qtbot, window)
    page = window.pages.sources
    head = page.rows["codex"].head
    assert "Calls" in head.accessibleName()
    head.setFocus(Qt.FocusReason.TabFocusReason)
    press(window, Qt.Key.Key_Space)
    assert head.accessibleDescription() == "unfolded"
    page._view = None
    page.refresh()
    settle(qtbot, window)
    again = page.rows["codex"].head
    assert again is not head
    assert again.accessibleDescription() == "unfolded"
    assert again.hasFocus()
    press(window, Qt.Key.Key_Space)
    assert again.accessibleDescription() == "folded"


def test_reading_is_stopped_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert window.follower.is_reading
    with qtbot.waitSignal(window.follower.cancelled, timeout=20_000):
        for _ in range(40):
            press(window, Qt.Key.Key_Tab)
            focused = window.focusWidget()
            if focused is not None and focused.accessibleName().startswith("Stop reading"):
                press(window, Qt.Key.Key_Space)
                break
    assert "Reading was stopped" in window.banner.text


def test_a_ledger_that_did_not_open_is_tried_again(places: Path, window: MainWindow, qtbot: QtBot) -> None:
    del places
    window._session.is_open = False
    window._session.failed.emit("The ledger is locked.")
    assert window.banner.action.text() == "Try again"
    QApplication.processEvents()
    assert window.banner.action.width() > 60, "the words fit"
    window.banner.action.setFocus(Qt.FocusReason.TabFocusReason)
    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window._session.is_open, timeout=20_000)
    settle(qtbot, window)
    assert window.banner.text == "" or "keyring" in window.banner.text
