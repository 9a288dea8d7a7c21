"""The window as a person uses it: real services, real ledger, real import, mostly by keyboard."""

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.runs import RunFilter
from goodmeasure.ui.shortcuts import KEYBOARD_MAP, ShortcutSheet
from goodmeasure.ui.sidebar import PAGES
from goodmeasure.ui.theme import DARK, LIGHT, LOOK, Tokens
from goodmeasure.ui.window import MainWindow

OpenWindow = Callable[[Path], MainWindow]
DIGITS = tuple(getattr(Qt.Key, f"Key_{number}") for number in range(10))
DESIGN = Path(__file__).resolve().parents[2] / "docs" / "design.md"
EVERY_PAGE = tuple(name for name, _, _ in PAGES)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def outcomes(places: Path) -> dict[int, tuple[str | None, str | None]]:
    desk = Desk(Choices(profile_dir=places / "profile", home=places / "home"))
    runs = desk.queries.runs(desk.queries.run_ids(RunFilter()))
    desk.close()
    return {run.id: (run.outcome, run.need) for run in runs}


def test_a_run_is_rated_by_keyboard_alone(window: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert window.pages is not None
    before = outcomes(places)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    first = window.pages.inbox.state.run_id
    assert first is not None
    assert before[first] == (None, None)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_4, Qt.Key.Key_Z):
        QTest.keyClick(window.focusWidget() or window, key)
    settle(qtbot, window)
    second = window.pages.inbox.state.run_id
    assert second is not None
    assert outcomes(places)[first] == ("used", "helpful")
    assert outcomes(places)[second] == (None, None)
    window.close()
    # It is in the file, not only in the window.
    assert outcomes(places)[first] == ("used", "helpful")


def test_an_undo_is_written_down_and_overwrites_nothing(window: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert window.pages is not None
    window.go_to("inbox")
    settle(qtbot, window)
    first = window.pages.inbox.state.run_id
    assert first is not None
    for key in (Qt.Key.Key_3, Qt.Key.Key_2, Qt.Key.Key_Z, Qt.Key.Key_Z):
        QTest.keyClick(window.focusWidget() or window, key)
    settle(qtbot, window)
    with Desk(Choices(profile_dir=places / "profile", home=places / "home")) as desk:
        undone = desk.queries.run(first)
    assert (undone.run.outcome, undone.run.need) == (None, None)
    assert len(undone.assessments) == 4
    assert all(said.collected == "self_selected" for said in undone.assessments)


def test_no_part_flashes_up_as_a_window_of_its_own(places: Path, qtbot: QtBot, open_window: OpenWindow) -> None:
    shown: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    app, watch = QApplication.instance(), Watch()
    assert app is not None
    app.installEventFilter(watch)
    window = open_window(places)
    for page in EVERY_PAGE:
        window.go_to(page)
        settle(qtbot, window)
    app.removeEventFilter(watch)
    assert {type(widget).__name__ for widget in shown} == {"MainWindow"}


def test_number_keys_do_nothing_outside_the_inbox(window: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert window.pages is not None
    before = outcomes(places)
    for page in [name for name in EVERY_PAGE if name != "inbox"]:
        window.go_to(page)
        settle(qtbot, window)
        for key in (*DIGITS, Qt.Key.Key_H):
            QTest.keyClick(window.pages.by_name[page], key)
    window.go_to("runs")
    QTest.keyClick(window.pages.runs.table, Qt.Key.Key_1)
    settle(qtbot, window)
    assert outcomes(places) == before


def test_a_choice_by_mouse_does_the_same(window: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert window.pages is not None
    window.go_to("inbox")
    settle(qtbot, window)
    run_id = window.pages.inbox.state.run_id
    named = {button.accessibleName(): button for button in window.pages.inbox.card.findChildren(QAbstractButton)}
    assert not any(button.isChecked() for button in named.values())
    QTest.mouseClick(named["Not used, key 4"], Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert run_id is not None
    assert outcomes(places)[run_id] == ("discarded", None)


def test_the_cost_is_folded_until_there_is_an_answer(window: MainWindow, qtbot: QtBot) -> None:
    assert window.pages is not None
    window.go_to("inbox")
    settle(qtbot, window)
    card = window.pages.inbox.card
    assert not card._took.isVisible()
    QTest.keyClick(window.pages.inbox, Qt.Key.Key_1)
    settle(qtbot, window)
    assert card._took.isVisible()


def test_the_list_is_searched_sorted_and_opened(window: MainWindow, qtbot: QtBot) -> None:
    assert window.pages is not None
    runs = window.pages.runs
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    tester = QAbstractItemModelTester(runs.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert runs.model.rowCount() == len(runs._session.desk.queries.run_ids(RunFilter())) > 30
    runs.table.scrollToBottom()
    settle(qtbot, window)
    assert all(runs.model.index(runs.model.rowCount() - 1, column).data() for column in (1, 2)), "the last row is there"
    title = runs.model.index(0, 1).data()
    QTest.keyClicks(runs.search_field, title.split()[0])
    qtbot.waitUntil(lambda: runs.wanted.text == title.split()[0])
    settle(qtbot, window)
    assert 0 < runs.model.rowCount() < 40
    runs.search_field.clear()
    qtbot.waitUntil(lambda: runs.wanted.text == "")
    settle(qtbot, window)
    runs.table.horizontalHeader().setSortIndicator(8, Qt.SortOrder.DescendingOrder)
    settle(qtbot, window)
    costs = [run.counters.list_cost_micros or 0 for run in runs._session.desk.queries.runs(runs.model._ids)]
    assert costs == sorted(costs, reverse=True)
    runs.table.choose(0)
    qtbot.waitUntil(lambda: runs.detail._run_id == runs.model.run_id(0), timeout=5000)
    QTest.keyClick(runs.table, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert window.pages.inbox.state.run_id == runs.model.run_id(0)
    assert tester.model() is runs.model


def test_what_is_previewed_is_what_is_saved(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    assert window.pages is not None
    share = window.pages.share
    window.go_to("share")
    settle(qtbot, window)
    assert not share.save.isEnabled()
    share.form.name.setText("Robin Example")
    share.form.improved.setPlainText("Release notes <b>take</b> minutes.")
    qtbot.waitUntil(share.save.isEnabled, timeout=5000)
    shown = share.preview.bytes.toPlainText().encode()
    share.save_into(tmp_path / "report")
    settle(qtbot, window)
    assert (tmp_path / "report" / "report.json").read_bytes() == shown
    (tmp_path / "report" / "allowed_signers").write_text(share.saved.signers.text() + "\n")
    command, _, file = share.saved.command.text().partition(" < ")
    with (tmp_path / "report" / file).open("rb") as report:
        checked = subprocess.run(
            shlex.split(command), cwd=tmp_path / "report", stdin=report, capture_output=True, text=True, check=False
        )
    assert "Good" in checked.stdout, checked.stderr
    assert share.saved.fingerprint.text() in checked.stdout


def test_a_text_that_may_not_leave_is_refused_in_words(window: MainWindow, qtbot: QtBot) -> None:
    assert window.pages is not None
    share = window.pages.share
    window.go_to("share")
    settle(qtbot, window)
    share.form.name.setText("Robin Example")
    share.form.improved.setPlainText("x" * 500)
    qtbot.waitUntil(lambda: share._why.title.text() == "This cannot leave as it is", timeout=5000)
    assert not share.save.isEnabled()


def test_reading_in_a_process_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert window.follower.is_reading
    with qtbot.waitSignal(window.follower.read, timeout=60_000):
        pass
    settle(qtbot, window)
    assert window.banner.isHidden() or "keyring" in window.banner.text


def test_a_failed_reading_is_one_sentence_with_a_way_on(window: MainWindow, places: Path, qtbot: QtBot) -> None:
    window.follower._program[0] = str(places / "nowhere")
    window.start_import()
    qtbot.waitUntil(lambda: "could not be started" in window.banner.text, timeout=5000)
    assert window.banner.action.text() == "Try again"


def test_first_start(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "home").mkdir()
    window = open_window(tmp_path)
    assert window.pages is not None
    qtbot.waitUntil(window.pages.overview.welcome.isVisible, timeout=5000)
    assert not window.pages.overview.content.isVisible()
    for page in EVERY_PAGE[1:]:
        window.go_to(page)
        settle(qtbot, window)


def test_theme_and_page_are_remembered(open_window: OpenWindow, places: Path, qtbot: QtBot) -> None:
    window = open_window(places)
    LOOK.apply(LIGHT)
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    window.go_to("sources")
    settle(qtbot, window)
    window.close()
    LOOK.apply(LIGHT)
    again = open_window(places)
    assert LOOK.tokens is DARK
    assert again.pages is not None
    assert again.stack.currentWidget() is again.pages.sources
    LOOK.apply(LIGHT)


def test_a_damaged_memory_costs_nothing(open_window: OpenWindow, places: Path) -> None:
    (places / "profile" / "window.json").write_text('{"geometry": "not base64!", "page": 7}')
    assert open_window(places).isVisible()


def test_a_ledger_that_cannot_be_opened_is_one_sentence(qtbot: QtBot, open_window: OpenWindow, places: Path) -> None:
    (places / "profile" / "ledger.sqlite").write_bytes(b"no ledger at all" * 400)
    window = open_window(places)
    qtbot.waitUntil(lambda: bool(window.banner.text), timeout=5000)
    assert "Traceback" not in window.banner.text


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_everything_that_can_be_reached_has_a_name(window: MainWindow, qtbot: QtBot, theme: Tokens) -> None:
    LOOK.apply(theme)
    nameless = []
    for page in EVERY_PAGE:
        window.go_to(page)
        settle(qtbot, window)
        assert not window.grab().isNull()
        reachable = [
            widget
            for widget in window.findChildren(QWidget)
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert len(reachable) > 5
        nameless += [
            f"{page}: {type(widget).__name__} in {type(widget.parent()).__name__}"
            for widget in reachable
            if not _name(widget)
        ]
    LOOK.apply(LIGHT)
    assert nameless == []


def _name(widget: QWidget) -> str:
    if isinstance(widget, QTabBar):
        return widget.tabText(0)
    owner = widget.parentWidget()
    if owner is not None and (widget.objectName().startswith("qt_") or isinstance(owner, QAbstractScrollArea)):
        return _name(owner)
    return widget.accessibleName()


def test_no_page_is_wider_than_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(960, 640)
    for page in EVERY_PAGE:
        window.go_to(page)
        settle(qtbot, window)
        assert window.width() == 960
        wide = [
            type(area).__name__
            for area in window.findChildren(QAbstractItemView)
            if area.isVisible() and area.horizontalScrollBar().isVisible()
        ]
        assert wide == []


def test_the_keyboard_sheet_fits_on_a_small_screen(window: MainWindow) -> None:
    sheet = ShortcutSheet(window)
    assert sheet.sizeHint().boundedTo(QSize(960, 640)) == sheet.sizeHint()


def test_the_keyboard_map_is_documented() -> None:
    text = DESIGN.read_text(encoding="utf-8")
    missing = [key for _, keys in KEYBOARD_MAP for key, meaning in keys if f"| {key} | {meaning} |" not in text]
    assert missing == []
