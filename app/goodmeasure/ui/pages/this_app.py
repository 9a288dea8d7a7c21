"""What is true of the whole app: its look, the zone whose days count, and a copy of everything in one file."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QVBoxLayout, QWidget

from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import GAP, LOOK, THEMES, preferred
from goodmeasure.ui.widgets.buttons import Button, Segmented
from goodmeasure.ui.widgets.fields import Picker
from goodmeasure.ui.widgets.frames import Card
from goodmeasure.ui.widgets.text import PlainLabel

if TYPE_CHECKING:
    from goodmeasure.services.keeping import Backup

_OWN_ZONE = "This computer's"


class ThisAppCard(Card):
    """Theme, time zone, backup."""

    def __init__(self, session: Session) -> None:
        super().__init__("This app")
        self._session = session
        self.theme = Segmented("Theme", (("system", "System"), ("light", "Light"), ("dark", "Dark")), "system")
        self.zone = Picker("Time zone")
        self.zone.setMinimumContentsLength(18)
        self.back_up = Button("Back up…", icon="download", small=True)
        self.said = PlainLabel("", "small", tone="2", wrap=True)
        self.said.hide()
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(GAP)
        self._rows.setVerticalSpacing(10)
        self._rows.setColumnStretch(0, 1)
        self._add("Theme", "System: as your desktop has it, looked up at each start.", self.theme)
        self._add("Time zone", "Whose days, weeks and months count, from the next start on.", self.zone)
        self._add("Backup", "Everything you rated and what was read, in one file.", self.back_up)
        self.body.addLayout(self._rows)
        self.body.addWidget(self.said)
        self.theme.chosen.connect(self._choose_theme)
        self.zone.activated.connect(lambda _: self._choose_zone())
        self.back_up.clicked.connect(self._ask_where)
        LOOK.changed.connect(self._show_theme)

    def refresh(self) -> None:
        """Show the choices as they are; the names of zones are looked up once, in a lane."""
        self.theme.set_value(self._session.desk.settings.theme)
        if not self.zone.count():
            self._session.ask("zones", lambda _: sorted(available_timezones()), self._show_zones)

    def _add(self, label: str, about: str, control: QWidget) -> None:
        texts, row = QVBoxLayout(), self._rows.rowCount()
        texts.setSpacing(1)
        texts.addWidget(PlainLabel(label, "strong"))
        texts.addWidget(PlainLabel(about, "small", tone="2", wrap=True))
        control.setAccessibleDescription(about)
        self._rows.addLayout(texts, row, 0)
        self._rows.addWidget(control, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _show_zones(self, names: list[str]) -> None:
        self.zone.clear()
        self.zone.addItems([_OWN_ZONE, *names])
        self.zone.setCurrentIndex(max(0, self.zone.findText(self._session.desk.settings.timezone)))

    def _choose_theme(self, wanted: str) -> None:
        LOOK.apply(THEMES.get(wanted) or preferred())
        self.theme.set_value(wanted)
        self._session.choose(lambda settings: replace(settings, theme=wanted))

    def _show_theme(self) -> None:
        self.theme.set_value(LOOK.tokens.name)

    def _choose_zone(self) -> None:
        wanted = self.zone.currentText() if self.zone.currentIndex() else ""
        self._session.choose(lambda settings: replace(settings, timezone=wanted))

    def _ask_where(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Back up", f"goodmeasure-{self._session.today()}.backup")
        if name:
            self.back_up.setEnabled(False)
            self._session.back_up(Path(name), self._backed_up, lambda error: self._say(sentence(error)))

    def _backed_up(self, written: "Backup") -> None:
        self._say(f"Written: {written.file}. {written.opens_with}")

    def _say(self, said: str) -> None:
        self.back_up.setEnabled(True)
        self.said.setText(said)
        self.said.show()
