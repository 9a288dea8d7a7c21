"""Facts corrected in place and rules made of them, by keyboard, on a real ledger: what would change is seen first."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from goodmeasure.domain.facts import FactName
from goodmeasure.ui.pages.rule_dialogs import ChangeDialog, RuleDialog
from goodmeasure.ui.pages.rules import RuleLine
from goodmeasure.ui.pages.runs import RunsPage
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.window import MainWindow

# Said by Qt's platform without a screen when any dialog opens; a real one says nothing.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(90)
    qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)


def runs_of(window: MainWindow) -> RunsPage:
    assert window.pages is not None
    return window.pages.runs


def key(name: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, name)


def first_run(window: MainWindow, qtbot: QtBot) -> int:
    window.go_to("runs")
    settle(qtbot, window)
    page = runs_of(window)
    page.table.choose(0)
    settle(qtbot, window)
    page.detail.show_tab("About")
    run_id = page.model.run_id(0)
    assert run_id is not None
    qtbot.waitUntil(lambda: page.detail.facts._run_id == run_id, timeout=20_000)
    return run_id


def shown(window: MainWindow) -> tuple[str, str]:
    row = runs_of(window).detail.facts.lines["cost_center"]._row
    return row.value, row.origin


def begin(window: MainWindow, fact: str, text: str) -> None:
    line = runs_of(window).detail.facts.lines[fact]
    line.change.setFocus(Qt.FocusReason.TabFocusReason)
    key(Qt.Key.Key_Space)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.accessibleName() == line._row.label
    QTest.keyClicks(field, text)


def test_a_fact_is_corrected_and_taken_back(window: MainWindow, qtbot: QtBot) -> None:
    run_id, rules = first_run(window, qtbot), window._session.desk.rules
    begin(window, "cost_center", "Research 7")
    key(Qt.Key.Key_Return)
    settle(qtbot, window)
    assert rules.facts_of(run_id).facts[FactName.COST_CENTER].value == "Research 7"
    qtbot.waitUntil(lambda: shown(window) == ("Research 7", "you said so"), timeout=20_000)
    line = runs_of(window).detail.facts.lines["cost_center"]
    assert line.change.hasFocus(), "the keyboard stays where it was"
    key(Qt.Key.Key_Space)
    back = next(button for button in line.findChildren(Button) if button.text() == "As the rules or the log tell")
    back.setFocus(Qt.FocusReason.TabFocusReason)
    key(Qt.Key.Key_Space)
    settle(qtbot, window)
    assert rules.facts_of(run_id).facts[FactName.COST_CENTER].value is None


def test_escape_leaves_a_fact_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    run_id = first_run(window, qtbot)
    before = window._session.desk.rules.facts_of(run_id)
    begin(window, "project", "elsewhere")
    key(Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert window._session.desk.rules.facts_of(run_id) == before


def test_a_correction_becomes_a_rule_and_rules_are_moved_and_removed(window: MainWindow, qtbot: QtBot) -> None:
    run_id, rules = first_run(window, qtbot), window._session.desk.rules
    begin(window, "cost_center", "Research 7")
    line = runs_of(window).detail.facts.lines["cost_center"]
    always = next(button for button in line.findChildren(Button) if button.text().startswith("Always"))
    always.setFocus(Qt.FocusReason.TabFocusReason)
    key(Qt.Key.Key_Space)
    settle(qtbot, window)
    [dialog] = window.findChildren(RuleDialog)
    settle(qtbot, window)
    folder = window._session.desk.queries.run(run_id).cwd
    assert dialog.conditions["folder"].text() == folder
    trial = rules.try_change(dialog.change())
    assert dialog.trial.sentence.text() == f"{len(trial.run_ids)} runs would change."
    assert rules.all() == [], "nothing was written"
    qtbot.waitUntil(dialog.apply.isEnabled, timeout=20_000)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert [(rule.value, rule.folder) for rule in rules.all()] == [("Research 7", folder)]
    assert rules.facts_of(run_id).facts[FactName.COST_CENTER].value == "Research 7"
    _second_rule(window, qtbot, folder or "")
    _moved_and_removed(window, qtbot)


def _second_rule(window: MainWindow, qtbot: QtBot, folder: str) -> None:
    """A new rule stands first, so it beats the other."""
    assert window.pages is not None
    window.go_to("sources")
    settle(qtbot, window)
    window.pages.sources.rules.edit(None)
    settle(qtbot, window)
    dialog = window.findChildren(RuleDialog)[-1]
    assert not dialog.apply.isEnabled(), "an empty form is no rule"
    dialog.fact.setCurrentIndex(dialog.fact.findData("cost_center"))
    QTest.keyClicks(dialog.name, "Sales 1")
    QTest.keyClicks(dialog.conditions["folder"], folder)
    assert not dialog.apply.isEnabled(), "what was typed has not been tried"
    qtbot.waitUntil(dialog.apply.isEnabled, timeout=20_000)
    dialog.write()
    settle(qtbot, window)


def _moved_and_removed(window: MainWindow, qtbot: QtBot) -> None:
    assert window.pages is not None
    card, rules = window.pages.sources.rules, window._session.desk.rules
    assert [rule.value for rule in rules.all()] == ["Sales 1", "Research 7"]
    lines = [line for line in card.findChildren(RuleLine) if card.rows.indexOf(line) >= 0]
    window.activateWindow()
    lines[0].buttons["edit"].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lines[0].buttons["edit"].hasFocus, timeout=20_000)
    QTest.keyClick(lines[0].buttons["edit"], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, window)
    confirm = window.findChildren(ChangeDialog)[-1]
    assert confirm.trial.sentence.text().endswith("would change.")
    assert [rule.value for rule in rules.all()] == ["Sales 1", "Research 7"], "asked first"
    qtbot.waitUntil(confirm.apply.isEnabled, timeout=20_000)
    confirm.write()
    settle(qtbot, window)
    assert [rule.value for rule in rules.all()] == ["Research 7", "Sales 1"]
    lines = [line for line in card.findChildren(RuleLine) if card.rows.indexOf(line) >= 0]
    QTest.mouseClick(lines[0].buttons["remove"], Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    confirm = window.findChildren(ChangeDialog)[-1]
    qtbot.waitUntil(confirm.apply.isEnabled, timeout=20_000)
    confirm.write()
    settle(qtbot, window)
    assert [rule.value for rule in rules.all()] == ["Sales 1"]
