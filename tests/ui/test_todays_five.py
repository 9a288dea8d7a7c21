"""Today's five in the real window: asked first and fully, skipped, put off, answered together, taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.assessments import Collected
from goodmeasure.services.by_hand import Entry
from goodmeasure.ui.window import MainWindow

OpenWindow = Callable[..., MainWindow]
TODAY = 3


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def press(window: MainWindow, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window.focusWidget() or window, key)


def desk_of(places: Path) -> Desk:
    return Desk(Choices(profile_dir=places / "profile", home=places / "home"))


@pytest.fixture
def drawn(places: Path) -> list[int]:
    """The runs of today's draw, in the order in which they are asked about: there are at least three."""
    with desk_of(places) as desk:
        desk.sampling.draw_today()
        found = desk.sampling.waiting()
    assert TODAY <= len(found) <= 5
    return found


@pytest.fixture
def inbox_window(drawn: list[int], places: Path, open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    assert drawn
    window = open_window(places)
    window.go_to("inbox")
    settle(qtbot, window)
    return window


FULLY = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_5, Qt.Key.Key_2, Qt.Key.Key_1)


def test_todays_runs_are_rated_by_keyboard_alone(
    inbox_window: MainWindow, drawn: list[int], places: Path, qtbot: QtBot
) -> None:
    assert inbox_window.pages is not None
    inbox = inbox_window.pages.inbox
    assert inbox_window.sidebar.buttons["inbox"].accessibleName() == f"Inbox, {len(drawn)} of today's runs waiting"
    assert inbox.card._drawn.isVisible()
    assert inbox._progress.text() == f"1 of today's {len(drawn)}"
    for run_id in drawn:
        assert inbox.state.run_id == run_id
        press(inbox_window, *FULLY)
    settle(qtbot, inbox_window)
    assert inbox._calm.title.text() == "Today's runs are done"
    press(inbox_window, Qt.Key.Key_1, Qt.Key.Key_4)
    assert inbox.state.run_id is None
    with desk_of(places) as desk:
        said = desk.queries.run(drawn[0]).assessments
    assert [(one.name.value, one.value) for one in said] == [
        ("outcome", "used"),
        ("need", "helpful"),
        ("time_saved", "saved_15_30"),
        ("review", "accepted"),
        ("confidence", "sure"),
    ]
    assert {one.collected for one in said} == {Collected.SAMPLED}
    press(inbox_window, Qt.Key.Key_Return)
    assert inbox.state.run_id not in {None, *drawn}
    assert not inbox.card._drawn.isVisible()
    # A second look on the same day begins at the calm page.
    inbox_window.close()


def test_what_is_skipped_comes_last_and_stays_so(
    inbox_window: MainWindow, drawn: list[int], places: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    assert inbox_window.pages is not None
    press(inbox_window, Qt.Key.Key_S)
    state = inbox_window.pages.inbox.state
    assert (state.run_id, state.run_ids[-1]) == (drawn[1], drawn[0])
    inbox_window.close()
    again = open_window(places)
    again.go_to("inbox")
    settle(qtbot, again)
    assert again.pages is not None
    assert again.pages.inbox.state.run_ids[-1] == drawn[0]
    with desk_of(places) as desk:
        assert desk.queries.run(drawn[0]).assessments == ()


def test_not_today(inbox_window: MainWindow, places: Path, open_window: OpenWindow, qtbot: QtBot) -> None:
    assert inbox_window.pages is not None
    inbox, entry = inbox_window.pages.inbox, inbox_window.sidebar.buttons["inbox"]
    press(inbox_window, Qt.Key.Key_N)
    assert inbox._calm.isVisible()
    assert entry.accessibleName() == "Inbox"
    asked = inbox.state.run_id
    press(inbox_window, Qt.Key.Key_1)
    inbox_window.close()
    again = open_window(places)
    again.go_to("inbox")
    settle(qtbot, again)
    assert again.pages is not None
    assert again.sidebar.buttons["inbox"].accessibleName() == "Inbox"
    assert again.pages.inbox._calm.title.text() == "Not today"
    QTest.mouseClick(again.pages.inbox._go_on, Qt.MouseButton.LeftButton)
    settle(qtbot, again)
    assert again.pages.inbox.state.run_id == asked, "nothing was answered meanwhile"
    assert again.pages.inbox.card.isVisible()
    assert "of today's" in again.sidebar.buttons["inbox"].accessibleName()


def test_tomorrow_it_asks_again(inbox_window: MainWindow) -> None:
    assert inbox_window.pages is not None
    put_off = inbox_window.pages.inbox.put_off
    press(inbox_window, Qt.Key.Key_S)
    press(inbox_window, Qt.Key.Key_N)
    assert put_off.everything
    assert put_off.skipped
    assert put_off.on(put_off.day).everything
    assert not put_off.on("2999-01-01").everything
    assert put_off.skipped == []


@pytest.fixture
def alike(drawn: list[int], places: Path) -> list[int]:
    """Today's draw, and two runs told afterwards that have project, agent and day in common."""
    with desk_of(places) as desk:
        began = desk.clock.now() - 3 * 86_400_000
        for number in range(2):
            desk.by_hand.log_run(Entry(f"Invented {number}", began + number, minutes=1, prompt="Invented"))
    return drawn


def test_similar_runs_are_answered_and_taken_back_together(
    alike: list[int], places: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    drawn, inbox_window = alike, open_window(places)
    inbox_window.go_to("inbox")
    settle(qtbot, inbox_window)
    assert inbox_window.pages is not None
    inbox = inbox_window.pages.inbox
    for _ in range(60):
        if inbox.state.similar or inbox.state.place == len(inbox.state.run_ids):
            break
        press(inbox_window, Qt.Key.Key_Return if inbox.state.resting else Qt.Key.Key_J)
    hint = next(b for b in inbox.findChildren(QAbstractButton) if b.accessibleName() == "Similar runs, key X")
    QTest.mouseClick(hint, Qt.MouseButton.LeftButton)
    runs = (inbox.state.run_id, *inbox.state.others)
    assert len(runs) > 1
    assert not set(runs) & set(drawn)
    assert inbox.card._others.isVisible()
    press(inbox_window, Qt.Key.Key_4, Qt.Key.Key_2)
    settle(qtbot, inbox_window)
    with desk_of(places) as desk:
        for run_id in runs:
            assert run_id is not None
            said = desk.queries.run(run_id).assessments
            assert [(one.value, one.collected) for one in said] == [("discarded", "batch"), ("helpful", "batch")]
    assert inbox.state.run_id not in runs
    press(inbox_window, Qt.Key.Key_Z, Qt.Key.Key_Z)
    settle(qtbot, inbox_window)
    with desk_of(places) as desk:
        assert {(run.outcome, run.need) for run in desk.queries.runs([run or 0 for run in runs])} == {(None, None)}
