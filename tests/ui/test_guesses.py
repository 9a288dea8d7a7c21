"""Private guesses in the real inbox: asked of one run in ten, kept for oneself, left out with a key."""

from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.calibration import GuessName
from goodmeasure.ledger.salts import GUESSES
from goodmeasure.ui.window import MainWindow
from goodmeasure.value.calibration import is_asked
from tests.ui.conftest import OpenWindow


@pytest.fixture
def asked(places: Path) -> int:
    """A run that guesses are asked of: the ledger's own salt is one that picks it."""
    with Desk(Choices(profile_dir=places / "profile", home=places / "home")) as desk:
        run = next(run for run in desk.queries.inbox(200) if run.outcome is None)
        salt = next(made for number in count() if is_asked(run.key, made := number.to_bytes(32)))
        with desk.ledger.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)", (GUESSES, salt.hex()))
        settings = places / "profile" / "settings.json"
        settings.write_text(settings.read_text().replace('"ask_guesses": false', '"ask_guesses": true'))
    return run.id


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def press(window: MainWindow, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window.focusWidget() or window, key)


def test_guesses_are_asked_kept_and_taken_back(asked: int, places: Path, open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(places)
    window.go_to("inbox")
    settle(qtbot, window)
    assert window.pages is not None
    inbox, desk = window.pages.inbox, window._session.desk
    inbox.rate_one(asked)
    settle(qtbot, window)
    inbox.setFocus()
    assert "without AI, this would have taken" in inbox.card._question.text()
    assert inbox.card._said.text().startswith("Private guess, Enter leaves it out")
    assert inbox.card._took.isHidden(), "what it took is not seen before the guess"
    press(window, Qt.Key.Key_3, Qt.Key.Key_1, Qt.Key.Key_2)
    if inbox.state.run_id in inbox.state.drawn:
        press(window, Qt.Key.Key_5, Qt.Key.Key_2, Qt.Key.Key_1)
    press(window, Qt.Key.Key_1)
    assert not inbox.card._took.isHidden()
    press(window, Qt.Key.Key_4)
    settle(qtbot, window)
    kept = {GuessName.EFFORT_BEFORE: "from_15_to_30", GuessName.KEPT: "yes", GuessName.EFFORT_AFTER: "from_30_to_60"}
    assert desk.guessing.guesses_of(asked) == kept
    assert desk.queries.run(asked).run.outcome == "used"
    press(window, Qt.Key.Key_Z)
    settle(qtbot, window)
    assert GuessName.EFFORT_AFTER not in desk.guessing.guesses_of(asked)
    assert inbox.state.run_id == asked


def test_what_guesses_say_stands_on_the_value_page_and_can_be_switched_off(
    asked: int, places: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    assert asked
    window = open_window(places)
    window.go_to("value")
    settle(qtbot, window)
    assert window.pages is not None
    card = window.pages.value.guesses
    assert card._view is not None
    assert not any(line.enough for line in card._view.lines)
    card.asks.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(card.asks, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert window._session.desk.settings.ask_guesses is False
    window.pages.inbox.rate_one(asked)
    settle(qtbot, window)
    assert window.pages.inbox.card._question.text() == "What became of it?"
