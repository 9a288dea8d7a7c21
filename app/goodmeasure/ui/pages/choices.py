"""What the app does by itself, each with a switch."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from goodmeasure.ui.session import Session
from goodmeasure.ui.theme import GAP
from goodmeasure.ui.widgets.frames import Card
from goodmeasure.ui.widgets.switch import Switch
from goodmeasure.ui.widgets.text import PlainLabel

_CHOICES = (
    (
        "tray_dot",
        "A dot in the system's tray",
        "While today's runs wait. No sound, and it never takes the focus.",
    ),
    ("find_evidence", "Look for commits", "After reading, in the background: repositories are read, never changed."),
    (
        "split_at_pauses",
        "Split sessions at pauses",
        "What follows a long pause, on another thing, is its own run.",
    ),
    ("keep_titles", "Keep titles", "A run's first line, on this computer only. Those kept before stay."),
)


class ChoicesCard(Card):
    """A switch for each choice; it counts at once."""

    chosen = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__("By itself")
        self._session = session
        self.switches: dict[str, Switch] = {}
        rows = QGridLayout()
        rows.setHorizontalSpacing(GAP)
        rows.setVerticalSpacing(10)
        rows.setColumnStretch(0, 1)
        for row, (name, label, about) in enumerate(_CHOICES):
            texts = QVBoxLayout()
            texts.setSpacing(1)
            texts.addWidget(PlainLabel(label, "strong"))
            texts.addWidget(PlainLabel(about, "small", tone="2", wrap=True))
            self.switches[name] = switch = Switch(label)
            switch.setAccessibleDescription(about)
            switch.clicked.connect(lambda _=False, name=name: self._choose(name))
            rows.addLayout(texts, row, 0)
            rows.addWidget(switch, row, 1, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(rows)

    def refresh(self) -> None:
        """Show the choices as they are."""
        for name, switch in self.switches.items():
            switch.setChecked(getattr(self._session.desk.settings, name))

    def _choose(self, name: str) -> None:
        wanted = self.switches[name].isChecked()
        changed: dict[str, Any] = {name: wanted}
        self._session.choose(lambda settings: replace(settings, **changed))
        self._session.when_written(self.chosen.emit)
