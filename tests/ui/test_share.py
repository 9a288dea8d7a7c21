"""The Share page: what may leave is chosen and typed by hand, and everything that left can be opened again."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from goodmeasure.domain.period import period_named
from goodmeasure.reports.encrypting import decrypt, new_identity, recipient_of
from goodmeasure.ui.pages.share import SharePage
from goodmeasure.ui.pages.share_dialogs import PickDialog, RestateDialog
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.picking import Correction, RunToShow
from goodmeasure.viewmodels.suggesting import SuggestionView

FIXES = SuggestionView("Fixes that landed and stayed: 3 runs", "Verified", "Fixes that landed and stayed: ", (1, 2, 3))
RUN = RunToShow(7, "Private title", "Used", (("Week", "2026-W46"), ("What became of it", "Used")), ("1a2b3c4d5e6f",))


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


@pytest.fixture
def share(window: MainWindow, qtbot: QtBot) -> SharePage:
    assert window.pages is not None
    window.go_to("share")
    settle(qtbot, window)
    page = window.pages.share
    page.form.name.setText("Robin Example")
    return page


def _whole_month(page: SharePage) -> None:
    """Choose the last month that is over."""
    period = page.form.period
    months = [place for place in range(period.count()) if "W" not in period.itemData(place)]
    period.setCurrentIndex(months[1])


def test_a_suggestion_is_not_sent_until_it_is_written_on(share: SharePage) -> None:
    share.form.show_suggestions([FIXES])
    (button,) = (one for one in share.form.findChildren(QPushButton) if "3 runs" in one.text())
    share.form.improved.setPlainText("Own words.")
    button.click()
    written = share.form.improved.written()
    assert written.lines == (("Own words.", ()),)
    assert written.untouched == 1
    QTest.keyClicks(share.form.improved, "the export is quick again")
    written = share.form.improved.written()
    assert written.untouched == 0
    assert written.lines[1] == ("Fixes that landed and stayed: the export is quick again", (1, 2, 3))
    # A line under it is a line of its own, backed by nothing.
    QTest.keyClick(share.form.improved, Qt.Key.Key_Return)
    QTest.keyClicks(share.form.improved, "Another.")
    assert share.form.improved.written().lines[2] == ("Another.", ())
    # Runs belong to their period.
    share.form.period.setCurrentIndex(share.form.period.count() - 1)
    assert [run_ids for _, run_ids in share.form.improved.written().lines] == [(), (), ()]
    assert "3 runs" not in share.form.improved.toPlainText(), "a private number got into the text"


def test_each_level_shows_what_leaves_before_it_is_saved(
    share: SharePage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    _whole_month(share)
    share.form.options.choose_level("L2")
    share.form.options.choose_appendices(cost=True, oversight=False)
    qtbot.waitUntil(share.save.isEnabled, timeout=10_000)
    shown = share.preview.bytes.toPlainText().encode()
    assert b'"level":"L2"' in shown
    assert b'"oversight":null' in shown
    assert b'"cost":{' in shown
    identity = new_identity()
    share.files.table.setChecked(True)
    share.files.reader_key.setText(recipient_of(identity))
    share.save_into(tmp_path / "numbers")
    settle(qtbot, window)
    inside = decrypt((tmp_path / "numbers" / "report.age").read_bytes(), identity)
    assert set(inside) == {"report.json", "report.json.sig", "report.html", "report.pdf", "cost.csv"}
    assert inside["report.json"] == shown


def test_a_level_without_words_asks_for_none(share: SharePage) -> None:
    share.form.improved.setPlainText("These words must not leave.")
    share.form.options.choose_level("L0")
    assert not share.form.improved.isVisible()
    request = share.form.request
    assert request is not None
    assert (request.improved, request.did_not_work, request.needed) == ((), (), ())
    share.form.options.choose_level("L3")
    assert share.form.request is None, "nothing was picked"
    assert "Pick the runs" in share.form.missing
    assert not share.save.isEnabled()


def test_a_receipt_is_offered_of_weeks_that_are_over(share: SharePage, qtbot: QtBot) -> None:
    period = share.form.period
    every = [period.itemData(place) for place in range(period.count())]
    share.form.options.choose_level("L0")
    weeks = [period.itemData(place) for place in range(period.count())]
    assert weeks == [name for name in every if "W" in name and period_named(name).last_on < date.today()]  # noqa: DTZ011 - the test's zone
    assert 0 < len(weeks) < len(every)
    period.setCurrentIndex(len(weeks) - 1)
    qtbot.waitUntil(share.save.isEnabled, timeout=10_000)
    assert f'"period":"{weeks[-1]}"' in share.preview.bytes.toPlainText()
    share.form.options.choose_level("L1")
    assert period.currentData() == weeks[-1], "what was chosen stays"
    assert [period.itemData(place) for place in range(period.count())] == every


def test_everything_ever_shared_opens_byte_for_byte(
    share: SharePage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    share.form.improved.setPlainText("Release notes take minutes.")
    qtbot.waitUntil(share.save.isEnabled, timeout=10_000)
    share.save_into(tmp_path / "first")
    settle(qtbot, window)
    share.show_part("history")
    (button,) = (one for one in share.before.list.findChildren(QPushButton) if one.text() == "Open")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    settle(qtbot, window)
    opened = share.before.release.preview.bytes.toPlainText().encode()
    assert opened == (tmp_path / "first" / "report.json").read_bytes()
    share.save_again_into(1, tmp_path / "again")
    settle(qtbot, window)
    for file in (tmp_path / "first").iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def test_what_was_shared_stands_until_it_is_corrected_knowingly(
    share: SharePage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(share.save.isEnabled, timeout=10_000)
    assert share.preview.restate.isHidden()
    share.save_into(tmp_path / "first")
    settle(qtbot, window)
    share.saved.closed.emit()
    qtbot.waitUntil(share.save.isEnabled, timeout=10_000)
    assert not share.preview.restate.isHidden()
    share.preview.restate.click()
    settle(qtbot, window)
    (dialog,) = share.findChildren(RestateDialog)
    assert "nothing to correct" in dialog.findChildren(type(share.subtitle))[1].text()
    dialog.reject()
    share.ask_to_correct((Correction("outcome · shares · used", "20-30", "30-40"),))
    open_dialog = share.findChildren(RestateDialog)[-1]
    options = share.form.options
    seen = [options.restate]
    open_dialog.accept()
    seen.append(options.restate)
    share.form.period.setCurrentIndex(share.form.period.count() - 1)
    seen.append(options.restate)
    assert seen == [False, True, False], "a correction is confirmed, and belongs to one period"


def test_single_runs_are_looked_at_and_confirmed_one_by_one(share: SharePage) -> None:
    share.form.options.choose_level("L3")
    share.choose_runs((RUN, RunToShow(8, "Another", "Used", (), ())))
    (dialog,) = share.findChildren(PickDialog)
    assert dialog.picked == ()
    dialog.look_at(7)
    assert [box.isChecked() for box in dialog.commits] == [False], "a reference is confirmed, never given"
    dialog.commits[0].setChecked(True)
    dialog.ticket.setText("ABC-123")
    _press(dialog, "Show this run")
    dialog.look_at(8)
    _press(dialog, "Do not show it")
    dialog.accept()
    (picked,) = share.form.options.picked
    assert picked.run_id == 7
    assert picked.references == (("commit", "1a2b3c4d5e6f"), ("ticket", "ABC-123"))


def _press(dialog: PickDialog, text: str) -> None:
    [one for one in dialog.findChildren(QPushButton) if one.text() == text][-1].click()
