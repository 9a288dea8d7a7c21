"""Foreign text is never drawn as rich text: widgets that guess are used in one place only, which tells them not to."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import goodmeasure.ui
from goodmeasure.ui.widgets.text import ElidedLabel, PlainLabel, set_tooltip, tooltip
from goodmeasure.ui.window import MainWindow

UI = Path(goodmeasure.ui.__file__).parent
MODULES = sorted(UI.rglob("*.py"))
GUESSING = {"QLabel", "QMessageBox", "QTextBrowser", "QTextEdit", "QErrorMessage", "QWhatsThis", "QTextDocument"}
MARKUP = '<b>bold</b><img src="file:///etc/hostname">'


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(UI)))
def test_no_widget_that_guesses(module: Path) -> None:
    if module == UI / "widgets" / "text.py":
        return
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not names & GUESSING


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(UI)))
def test_tooltips_are_set_in_one_place_or_are_our_own_words(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setToolTip":
            [words] = node.args
            own = isinstance(words, ast.Constant) or module.name in {"buttons.py", "sidebar.py", "text.py", "tray.py"}
            assert own, f"{module}:{node.lineno}: use set_tooltip"


def test_a_label_shows_the_characters_it_is_given(qtbot: QtBot) -> None:
    for label in (PlainLabel(MARKUP), ElidedLabel(MARKUP)):
        qtbot.addWidget(label)
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert label.text() == MARKUP


def test_a_tooltip_shows_the_characters_it_is_given(qtbot: QtBot) -> None:
    label = PlainLabel("x")
    qtbot.addWidget(label)
    set_tooltip(label, MARKUP)
    assert "<b>" not in label.toolTip()
    assert "<img" not in label.toolTip()
    assert "&lt;b&gt;bold" in label.toolTip()
    assert tooltip("") == ""


def test_every_label_of_the_window_is_plain(window: MainWindow, qtbot: QtBot) -> None:
    for page in ("inbox", "runs", "share", "received", "sources"):
        window.go_to(page)
        qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
    labels = window.findChildren(QLabel)
    assert len(labels) > 50
    assert [label.text() for label in labels if label.textFormat() is not Qt.TextFormat.PlainText] == []


def test_a_long_title_ends_in_dots_and_is_whole_in_its_tooltip(qtbot: QtBot) -> None:
    title = "A title of very many words " * 8
    label = ElidedLabel(title, lines=2)
    qtbot.addWidget(label)
    label.resize(200, 60)
    label.show()
    assert label._broken(200)[-1].endswith("…")
    assert len(label._broken(200)) == 2
    assert title.strip() in label.toolTip()
    label.setText("Short")
    assert label.toolTip() == ""
