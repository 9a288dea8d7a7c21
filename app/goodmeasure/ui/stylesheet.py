"""The style sheet, made from the tokens of a theme: widgets choose by the property `look`, texts by `tone`."""

# ruff: noqa: E501 - a rule of the sheet reads best on one line

from PySide6.QtWidgets import QApplication

from goodmeasure.ui.theme import RADIUS, Tokens, palette, tokens


def dress() -> None:
    """Give the whole application the palette and the style sheet of the theme that is in use."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setPalette(palette(tokens()))
        # Replacing a sheet costs Qt five times what taking it off and putting one on does (1.4 s against 0.3 s here).
        app.setStyleSheet("")
        app.setStyleSheet(stylesheet(tokens()))


def stylesheet(t: Tokens) -> str:
    """Return the whole application's style sheet for one theme."""
    return _surfaces(t) + _buttons(t) + _fields(t) + _lists(t)


def _surfaces(t: Tokens) -> str:
    return f"""
QMainWindow, QDialog, QWidget[look="page"] {{ background: {t.window}; }}
QWidget[look="side"] {{ background: {t.side}; border: none; border-right: 1px solid {t.border}; }}
QFrame[look="card"] {{ background: {t.card}; border: 1px solid {t.border}; border-radius: {RADIUS}px; }}
QFrame[look="quiet"] {{ background: {t.field}; border: 1px solid {t.border}; border-radius: {RADIUS}px; }}
QFrame[look="banner"] {{ background: {t.warn_soft}; border: none; border-bottom: 1px solid {t.border}; }}
QFrame[look="hairline"] {{ background: {t.hair}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[look="dialog"] {{ background: {t.card}; border: 1px solid {t.border}; border-radius: {RADIUS}px; }}
QLabel {{ color: {t.text}; background: transparent; }}
QLabel[tone="2"] {{ color: {t.text2}; }}
QLabel[tone="3"] {{ color: {t.text3}; }}
QLabel[tone="accent"] {{ color: {t.accent_text}; }}
QLabel[tone="good"] {{ color: {t.good}; }}
QLabel[tone="warn"] {{ color: {t.warn}; }}
QLabel[tone="bad"] {{ color: {t.bad}; }}
QLabel[look="badge"] {{ background: {t.accent}; color: {t.on_accent}; border-radius: 9px; padding: 0 6px; }}
QLabel[look="tag"] {{ background: {t.field}; color: {t.text2}; border: 1px solid {t.border}; border-radius: 9px; padding: 0 8px; }}
QLabel[look="tag-accent"] {{ background: {t.accent_soft}; color: {t.accent_text}; border-radius: 9px; padding: 0 8px; }}
QLabel[look="kbd"] {{ background: {t.field}; color: {t.text2}; border: 1px solid {t.border}; border-radius: 5px; padding: 0 5px; }}
QScrollArea, QScrollArea > QWidget > QWidget[look="page"] {{ border: none; background: {t.window}; }}
QScrollArea[look="clear"], QScrollArea[look="clear"] > QWidget > QWidget {{ border: none; background: transparent; }}
QToolTip {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; padding: 6px 8px; }}
QProgressBar {{ background: {t.border}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.border}; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.text3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: transparent; }}
"""


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton {{ color: {t.text}; outline: none; }}
QPushButton[look="nav"] {{ color: {t.text2}; text-align: left; padding: 0 9px; border: 2px solid transparent; border-radius: 8px; background: transparent; }}
QPushButton[look="nav"]:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[look="nav"]:checked {{ background: {t.hover}; color: {t.text}; }}
QPushButton[look="primary"] {{ background: {t.accent}; color: {t.on_accent}; border: 2px solid {t.accent}; border-radius: 8px; padding: 0 14px; }}
QPushButton[look="primary"]:hover {{ background: {t.accent_hover}; border-color: {t.accent_hover}; }}
QPushButton[look="primary"]:focus {{ border-color: {t.text}; }}
QPushButton[look="primary"]:disabled {{ background: {t.field}; color: {t.text3}; border: 1px solid {t.border}; }}
QPushButton[look="ghost"] {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; border-radius: 8px; padding: 0 12px; }}
QPushButton[look="ghost"]:hover {{ background: {t.hover}; }}
QPushButton[look="ghost"]:disabled {{ color: {t.text3}; background: {t.field}; }}
QPushButton[look="flat"] {{ background: transparent; color: {t.text2}; border: 2px solid transparent; border-radius: 8px; padding: 0 8px; }}
QPushButton[look="flat"]:hover {{ background: {t.hover}; color: {t.text}; }}
QPushButton[look="flat"]:checked {{ background: {t.hover}; color: {t.text}; }}
QPushButton[look="link"] {{ background: transparent; color: {t.accent_text}; border: 2px solid transparent; border-radius: 6px; padding: 0 4px 0 0; text-align: left; }}
QPushButton[look="link"]:hover {{ text-decoration: underline; }}
QPushButton[look="row"] {{ background: transparent; border: 2px solid transparent; border-radius: 8px; text-align: left; }}
QPushButton[look="row"]:hover {{ background: {t.hover}; }}
QPushButton[look="choice"] {{ background: {t.card}; border: 1px solid {t.border}; border-radius: 10px; text-align: left; }}
QPushButton[look="choice"]:hover {{ background: {t.hover}; }}
QPushButton[look="choice"]:checked {{ background: {t.accent_soft}; border: 1px solid {t.accent}; }}
QFrame[look="segments"] {{ background: {t.field}; border: 1px solid {t.border}; border-radius: 8px; }}
QPushButton[look="segment"] {{ color: {t.text2}; background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0 12px; }}
QPushButton[look="segment"]:hover {{ color: {t.text}; }}
QPushButton[look="segment"]:checked {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; }}
QPushButton[look="nav"]:focus, QPushButton[look="ghost"]:focus, QPushButton[look="flat"]:focus, QPushButton[look="link"]:focus,
QPushButton[look="row"]:focus, QPushButton[look="choice"]:focus, QPushButton[look="segment"]:focus {{ border: 2px solid {t.accent}; }}
"""


def _fields(t: Tokens) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QComboBox {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; border-radius: 8px;
  padding: 0 9px; selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit, QComboBox {{ min-height: 32px; }}
QPlainTextEdit {{ padding: 5px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border: 2px solid {t.accent}; padding-left: 8px; padding-right: 8px; }}
QPlainTextEdit:focus {{ padding: 4px; }}
QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {t.field}; }}
QComboBox {{ padding-left: 11px; }}
QComboBox:focus {{ padding-left: 10px; }}
QComboBox::drop-down {{ border: none; width: 26px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; outline: none;
  selection-background-color: {t.hover}; selection-color: {t.text}; }}
QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 6px; border-radius: 6px; }}
QCheckBox {{ color: {t.text}; spacing: 8px; border: 2px solid transparent; border-radius: 6px; padding: 2px; }}
QCheckBox:focus {{ border: 2px solid {t.accent}; }}
"""


def _lists(t: Tokens) -> str:
    return f"""
QTableView, QListView {{ background: {t.card}; color: {t.text}; border: none; outline: none; gridline-color: transparent; }}
QListView[look="lines"] {{ border: 2px solid transparent; border-radius: 8px; }}
QListView[look="lines"]:focus {{ border: 2px solid {t.accent}; }}
QListView[look="lines"]::item {{ padding: 7px 8px; border-radius: 8px; margin: 1px; }}
QTableView::item {{ padding: 0 8px; border: none; border-bottom: 1px solid {t.hair}; }}
QTableView::item:selected, QListView::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QTableView::item:focus {{ border-bottom: 1px solid {t.hair}; }}
QHeaderView {{ background: {t.card}; border: none; }}
QHeaderView::section {{ background: {t.card}; color: {t.text2}; border: none; border-bottom: 1px solid {t.border}; padding: 0 11px; }}
QHeaderView::section:hover {{ color: {t.text}; background: {t.hover}; }}
QTabBar {{ border: none; }}
QTabWidget::pane {{ border: none; }}
QTabBar::tab {{ color: {t.text2}; background: transparent; padding: 7px 8px; border: none; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom: 2px solid {t.accent}; }}
QTabBar::tab:focus {{ color: {t.accent_text}; }}
QMenu {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
QMenu::item {{ padding: 6px 20px; border-radius: 6px; }}
QMenu::item:selected {{ background: {t.hover}; }}
"""
