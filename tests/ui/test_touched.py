"""The inbox card tells which files a run touched: from the ledger, from its log, or that nobody knows."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from goodmeasure.ledger.evidence import RunWork, keep_work
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.touched import LOOKING
from tests.ui.conftest import OpenWindow


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def test_the_card_names_files_and_links_and_says_where_it_cannot(
    places: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(places)
    assert window.pages is not None
    inbox, desk = window.pages.inbox, window._session.desk
    window.go_to("inbox")
    settle(qtbot, window)
    run_id = next(one for one in inbox.state.run_ids if (found := desk.touching.told(one)) is not None and found.edited)
    inbox.rate_one(run_id)
    settle(qtbot, window)
    card = inbox.card
    assert card.run_id == run_id
    assert card.files.text().startswith("Edited ")
    assert card.files.accessibleDescription()
    branch = desk.queries.run(run_id).git_branch
    assert card.links.text().startswith(f"Branch {branch}" if branch else "")
    at = card._question.mapTo(card, card._question.rect().topLeft())
    # What evidence keeps needs no log.
    keep_work(desk.ledger, run_id, RunWork({"/shop/" + "long" * 60 + ".py": frozenset({b"1" * 8})}, ()))
    inbox.press("j")
    assert card.files.text() == LOOKING
    assert card._question.mapTo(card, card._question.rect().topLeft()).x() == at.x()
    settle(qtbot, window)
    inbox.press("k")
    settle(qtbot, window)
    assert card.files.text() == f"Edited {'long' * 60}.py"
    assert "long" in card.files.toolTip()
    assert card.files.width() <= card.width()
