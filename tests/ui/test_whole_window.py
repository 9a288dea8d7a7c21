"""The real window on a real ledger, driven by keyboard alone."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.runs import RunFilter
from goodmeasure.intake.synthetic import write_home
from goodmeasure.ui.app import application
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.session import Session
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.theme import DARK, LIGHT, LOOK, Tokens
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.ui.window import MainWindow

KEYS = {str(number): getattr(Qt.Key, f"Key_{number}") for number in range(10)}


@dataclass
class Shown:
    """A window that has settled, and how to use it."""

    window: MainWindow
    lanes: Lanes
    bot: QtBot

    def settle(self) -> None:
        self.bot.waitUntil(lambda: self.lanes.busy == 0, timeout=20_000)
        self.bot.wait(30)
        self.bot.waitUntil(lambda: self.lanes.busy == 0, timeout=20_000)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = self.window.focusWidget() or self.window
        QTest.keyClick(focus, key, modifier)
        self.settle()

    def go_to(self, number: int) -> QWidget:
        self.press(KEYS[str(number)], Qt.KeyboardModifier.ControlModifier)
        page = self.window.stack.currentWidget()
        assert page is not None
        assert self.window.stack.currentIndex() == number - 1
        return page


@pytest.fixture
def read_places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A profile into which a small invented home was read."""
    home, profile = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("profile")
    write_home(home, seed=5, days=60, sessions=40, text_scale=0.02)
    with Desk(Choices(profile_dir=profile, home=home)) as desk:
        desk.importing.import_logs()
    return profile, home


@pytest.fixture
def shown(qtbot: QtBot, read_places: tuple[Path, Path]) -> Iterator[Shown]:
    application()
    lanes = Lanes()
    profile, home = read_places
    window = MainWindow(Session(Desk(Choices(profile_dir=profile, home=home)), lanes), Asker())
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.pages is not None, timeout=20_000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    opened = Shown(window, lanes, qtbot)
    opened.settle()
    yield opened
    window.close()


def test_a_run_is_rated_and_the_rating_undone_by_keyboard_alone(shown: Shown, read_places: tuple[Path, Path]) -> None:
    shown.go_to(2)
    with Desk(Choices(profile_dir=read_places[0])) as desk:
        first = desk.queries.inbox()[0]
        shown.press(Qt.Key.Key_3)
        shown.press(Qt.Key.Key_2)
        rated = desk.queries.run(first.id)
        assert (rated.run.outcome, rated.run.need) == ("partial", "helpful")
        assert all(said.collected == "self_selected" for said in rated.assessments)
        shown.press(Qt.Key.Key_Z)
        shown.press(Qt.Key.Key_Z)
        undone = desk.queries.run(first.id)
        assert (undone.run.outcome, undone.run.need) == (None, None)
        assert len(undone.assessments) == 4, "an undo is written down, nothing is overwritten"


def test_number_keys_do_nothing_outside_the_inbox(shown: Shown, read_places: tuple[Path, Path]) -> None:
    with Desk(Choices(profile_dir=read_places[0])) as desk:
        before = [run.id for run in desk.queries.inbox()]
        for page in (1, 3, 5):
            shown.go_to(page)
            for key in "123450":
                shown.press(KEYS[key])
        assert [run.id for run in desk.queries.inbox()] == before


def test_every_page_opens_in_both_themes_and_names_all_that_can_be_used(shown: Shown) -> None:
    for theme in (LIGHT, DARK):
        LOOK.apply(theme)
        for number in range(1, 6):
            page = shown.go_to(number)
            assert not page.grab().isNull()
            nameless = [
                f"{type(widget).__name__} {widget.objectName()}"
                for widget in page.findChildren(QWidget)
                if isinstance(widget, QAbstractButton | QComboBox | QLineEdit | QPlainTextEdit | QTableView)
                and widget.isVisible()
                and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
                and not (widget.accessibleName() or getattr(widget, "text", str)())
            ]
            assert nameless == [], f"page {number}"


def test_every_label_shows_plain_text_only(shown: Shown) -> None:
    for number in range(1, 6):
        shown.go_to(number)
    loose = [
        label.text()
        for label in shown.window.findChildren(QLabel)
        if label.textFormat() != Qt.TextFormat.PlainText and not isinstance(label, PlainLabel) and label.text()
    ]
    assert loose == []


def test_the_table_of_runs_keeps_the_rules_of_models_and_shows_every_run(
    shown: Shown, read_places: tuple[Path, Path]
) -> None:
    page = shown.go_to(3)
    (table,) = page.findChildren(QTableView)
    model = table.model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert isinstance(tester, QObject)
    with Desk(Choices(profile_dir=read_places[0])) as desk:
        assert model.rowCount() == len(desk.queries.run_ids(RunFilter()))
    table.scrollToBottom()
    shown.settle()
    last = [model.index(model.rowCount() - 1, column).data() for column in range(model.columnCount())]
    assert any(last), "the last row was fetched"


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("text", ["text", "text2", "text3", "accent_text", "bad"])
def test_text_stands_out_from_every_ground_it_is_written_on(theme: Tokens, text: str) -> None:
    for ground in ("window", "side", "card", "field"):
        pair = sorted((luminance(getattr(theme, text)), luminance(getattr(theme, ground))))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, f"{text} on {ground}"


def test_calls_that_return_nothing_do_not_use_up_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 loses one reference to None a call, and aborts after some thousand calls."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - 500
    assert qtbot is not None
