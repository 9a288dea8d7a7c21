"""The team sum in the real window, by keyboard: from an empty folder to sums that are the truth."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.ui.pages.team import TeamPage
from goodmeasure.ui.pages.team_dialogs import AskDialog
from goodmeasure.ui.sidebar import PAGES
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.team import Action
from tests.services.team_of_seven import COORDINATOR, NAMES, PERIOD, found_team
from tests.ui.conftest import OpenWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

Settle = Callable[[MainWindow], TeamPage]


@pytest.fixture
def settle(qtbot: QtBot) -> Settle:
    def settled(window: MainWindow) -> TeamPage:
        qtbot.wait(30)
        qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
        qtbot.wait(30)  # what came new is on the screen
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        assert window.pages is not None
        return window.pages.team

    return settled


def tab_to(wanted: Callable[[QWidget], bool]) -> QWidget:
    """Press Tab until such a widget has the focus."""
    for _ in range(80):
        focused = QApplication.focusWidget()
        assert focused is not None
        if wanted(focused):
            return focused
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    pytest.fail("Tab never came there")


def press(page: TeamPage, action: Action) -> None:
    """Walk to an action's button and press it."""
    page.choose.setFocus()
    button = next(card.buttons[action] for card in page.steps.values() if action in card.buttons)
    QTest.keyClick(tab_to(lambda widget: widget is button), Qt.Key.Key_Space)


def asking(page: TeamPage, qtbot: QtBot) -> AskDialog:
    """Return the dialog that has just opened, once the keyboard is in it."""
    dialog = page.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def agree(page: TeamPage, qtbot: QtBot) -> None:
    QTest.keyClick(asking(page, qtbot), Qt.Key.Key_Return)


def at_the_desk(places: Path, name: str) -> Desk:
    return Desk(Choices(profile_dir=places / name, home=places / "home"))


@pytest.fixture
def own_window(tmp_path: Path, open_window: OpenWindow) -> Callable[[str], MainWindow]:
    """Open one person's window, with the profile where the fixture wants it."""

    def opening(name: str) -> MainWindow:
        place = tmp_path / f"window of {name}"
        place.mkdir()
        (place / "profile").symlink_to(tmp_path / name)
        (place / "home").mkdir()
        return open_window(place)

    return opening


def test_a_team_goes_the_whole_way(
    own_window: Callable[[str], MainWindow], tmp_path: Path, settle: Settle, qtbot: QtBot
) -> None:
    found_team(tmp_path, with_roster=False)
    shared = tmp_path / "shared"
    for name in NAMES[:-1]:
        with at_the_desk(tmp_path, name) as desk:
            desk.team.join(shared, name)
    window = own_window(COORDINATOR)
    QTest.keyClick(
        window,
        Qt.Key(Qt.Key.Key_0 + 1 + [page for page, _, _ in PAGES].index("team")),
        Qt.KeyboardModifier.ControlModifier,
    )
    page = settle(window)
    tab_to(lambda widget: widget.accessibleName() == "Choose the folder…")
    page.use_folder(shared)
    settle(window)
    page.choose.setFocus()
    tab_to(lambda widget: widget is page.name)
    QTest.keyClicks(page.name, COORDINATOR)
    QTest.keyClick(page.name, Qt.Key.Key_Return)
    settle(window)
    press(page, Action.WRITE_ROSTER)
    fill_roster(asking(page, qtbot))
    settle(window)
    assert QApplication.focusWidget() is page.steps["hand_in"].buttons[Action.CONTRIBUTE]
    assert "where you are a member and the coordinator" in page.steps["roster"].text.text()
    press(page, Action.CONTRIBUTE)
    agree(page, qtbot)
    settle(window)
    for name in NAMES[:-1]:
        with at_the_desk(tmp_path, name) as desk:
            found = desk.team.look(shared).roster
            assert found is not None
            desk.team.accept(shared, found.code)
            desk.team.contribute(shared, PERIOD, abstain=name == "Eve")
    page.refresh()
    settle(window)
    press(page, Action.CLOSE)
    agree(page, qtbot)
    settle(window)
    for name in ("Ada", "Bo", "Ada"):
        with at_the_desk(tmp_path, name) as desk:
            desk.team.answer(shared, PERIOD)
    page.refresh()
    settle(window)
    shown = {line.meaning: line.value for line in page._view.sums} if page._view is not None else {}
    assert shown["Runs that were used"] == str(1 + 2 + 3 + 4 + 6 + 7)
    press(page, Action.SAVE)
    settle(window)
    assert (shared / PERIOD / "total.json").exists()
    assert window.banner.text == "" or "keyring" in window.banner.text


def fill_roster(dialog: AskDialog) -> None:
    assert not dialog.go_on.isEnabled()
    QTest.keyClicks(tab_to(lambda widget: widget.accessibleName() == "Name of the team"), "Platform")
    for number, name in enumerate(("Steward 1", "Steward 2", "Steward 3"), 1):
        steward = tab_to(lambda widget, name=name: widget.accessibleName() == name)  # type: ignore[misc] # name is text
        for _ in range(number):
            QTest.keyClick(steward, Qt.Key.Key_Down)
    assert dialog.go_on.isEnabled()
    QTest.keyClick(tab_to(lambda widget: widget is dialog.go_on), Qt.Key.Key_Return)


def test_a_steward_compares_the_code_and_answers(
    own_window: Callable[[str], MainWindow], tmp_path: Path, settle: Settle
) -> None:
    found_team(tmp_path)
    shared = tmp_path / "shared"
    for name in NAMES:
        with at_the_desk(tmp_path, name) as desk:
            desk.team.contribute(shared, PERIOD)
            if name == COORDINATOR:
                desk.team.close(shared, PERIOD)
    window = own_window("Ada")
    window.go_to("team")
    page = settle(window)
    page.use_folder(shared)
    settle(window)
    press(page, Action.ANSWER)
    settle(window)
    assert page.steps["answer"].accessibleName() == "Step 5, Open: waiting"
    with at_the_desk(tmp_path, "Cy") as desk:
        desk.team.answer(shared, PERIOD)
    page.refresh()
    settle(window)
    press(page, Action.ANSWER)
    settle(window)
    # The keyboard goes on where the next thing to do is.
    assert QApplication.focusWidget() is page.choose
    assert page.steps["sums"].accessibleName() == "Step 6, Sums: done"
    # Who comes back to the page is in the same folder.
    assert page.folder == shared
    assert window._session.desk.settings.team_folder == str(shared)


def test_a_refusal_is_said_and_the_buttons_come_back(
    own_window: Callable[[str], MainWindow], tmp_path: Path, settle: Settle, qtbot: QtBot
) -> None:
    found_team(tmp_path)
    window = own_window("Ada")
    window.go_to("team")
    page = settle(window)
    page.use_folder(tmp_path / "shared")
    settle(window)
    with at_the_desk(tmp_path, "Ada") as desk:
        path = desk.team.contribute(tmp_path / "shared", PERIOD)
    path.write_bytes(b"<b>not yours</b>")
    press(page, Action.ABSTAIN)
    agree(page, qtbot)
    settle(window)
    assert "already holds something else" in window.banner.text
    assert all(button.isEnabled() for card in page.steps.values() for button in card.buttons.values())
