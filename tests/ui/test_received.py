"""The Received page: reports dropped in, read as they were sent, keys compared, copies and deletions, roll-ups."""

import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.signing import sign
from goodmeasure.ui.pages.received import ReceivedPage
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.page_preview import page_blocks
from tests.reports.colleagues import CURRENT, handed_in, key_of, laid_out, mark_of, signed

NAMES = ("Ada Example", "Bo Li", "Cem Kaya", "Dana Novak", "Eli Roth", "Finn Aas")


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ReceivedPage:
    window.go_to("received")
    settle(window, qtbot)
    assert window.pages is not None
    return window.pages.received


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def drop(page: ReceivedPage, *paths: Path) -> None:
    """Drop files on the page, as a hand would."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))


def texts(page: ReceivedPage) -> list[str]:
    # Where a hash may end its line says nothing.
    return [label.text().replace("\u200b", "") for label in page.sheet.findChildren(QLabel) if label.isVisibleTo(page)]


def test_a_dropped_report_is_read_and_its_key_compared(
    page: ReceivedPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(page, handed_in(tmp_path, "Ada Example", **CURRENT))
    settle(window, qtbot)
    assert page.said.text() == "1 report taken in."
    assert page.list.count() == 1
    # What is put into a layout is shown by the event loop's next turn.
    qtbot.waitUntil(lambda: "Good Measure" in texts(page), timeout=20_000)
    shown = texts(page)
    for block in page_blocks(page_bytes(*signed("Ada Example", **CURRENT))):
        if block.kind in {"title", "heading", "text"}:
            assert block.text in shown
    assert "ask them for their fingerprint" in page.sheet.key.text()
    assert page.sheet.fingerprint.text() == mark_of("Ada Example")
    QTest.mouseClick(page.sheet.confirm, Qt.MouseButton.LeftButton)
    settle(window, qtbot)
    assert "that you compared" in page.sheet.key.text()
    assert not page.sheet.confirm.isVisibleTo(page)


def test_another_key_for_a_known_name_shows_a_warning_and_nothing_else(
    page: ReceivedPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    forged = signed("Mallory", **CURRENT)[0].replace(b'"Mallory"', b'"Ada Example"')
    drop(page, handed_in(tmp_path, "Ada Example", **CURRENT))
    settle(window, qtbot)
    drop(page, laid_out(tmp_path / "forged", forged, sign(forged, key_of("Mallory"))))
    settle(window, qtbot)
    assert "Somebody signed as Ada Example with another key than before" in page.sheet.key.text()
    assert "What did AI improve?" not in texts(page)
    assert "Not shown" in page.list.currentItem().text()


def test_a_copy_and_a_deletion_by_keyboard(
    page: ReceivedPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(page, *(handed_in(tmp_path, name, **CURRENT) for name in NAMES[:2]))
    settle(window, qtbot)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_End)
    settle(window, qtbot)
    mark = page.sheet.fingerprint.text()
    page.sheet.copy_wanted.emit(mark, tmp_path / "copy.zip")
    settle(window, qtbot)
    with zipfile.ZipFile(tmp_path / "copy.zip") as bundle:
        assert mark in bundle.read("what-is-held.txt").decode()
    page.sheet.delete_all.setFocus()
    QTest.keyClick(page.sheet.delete_all, Qt.Key.Key_Space)
    assert page.list.count() == 2
    assert page.sheet.delete_all.accessibleName() == "Press again to delete for good"
    QTest.keyClick(page.sheet.delete_all, Qt.Key.Key_Space)
    settle(window, qtbot)
    assert page.list.count() == 1
    assert page.sheet.fingerprint.text() != mark
    page.deleted.save_wanted.emit(tmp_path / "receipts")
    settle(window, qtbot)
    assert len(list((tmp_path / "receipts").iterdir())) == 2


def test_five_are_rolled_up_and_four_are_not(
    page: ReceivedPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in NAMES[:4]:
        handed_in(tmp_path / "shared", name, **CURRENT)
    drop(page, tmp_path / "shared")
    settle(window, qtbot)
    pane = page.roll_up
    assert not pane.make.isEnabled()
    pane.invited.setText("8")
    QTest.keyClick(pane.invited, Qt.Key.Key_Return)
    settle(window, qtbot)
    assert "5 people or more (8 are better): there are 4" in pane.said.text()
    drop(page, *(handed_in(tmp_path / "later", name, **CURRENT) for name in NAMES[4:]))
    settle(window, qtbot)
    QTest.keyClick(pane.invited, Qt.Key.Key_Return)
    settle(window, qtbot)
    shown = " ".join(label.text() for label in pane.sheet.findChildren(QLabel))
    assert "Added up from the reports of 5 people or more; 70–80 % of those invited took part." in shown.replace(
        "\u00a0", " "
    )
    assert not any(name in shown for name in NAMES)
    assert "6 people: 8 or more tell more" in pane.said.text()
    pane.save_into(tmp_path / "out")
    settle(window, qtbot)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"rollup.json", "rollup.html"}
