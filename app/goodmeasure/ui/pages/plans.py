"""The form for what agents cost by the month."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from goodmeasure.domain.errors import Refusal
from goodmeasure.ui.session import Session, sentence
from goodmeasure.ui.theme import CONTROL, GAP, PADDING
from goodmeasure.ui.widgets.buttons import Button
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.viewmodels.plans import PlanField, prices_of

_WIDTH = 460


class PlansDialog(QDialog):
    """Asks for the monthly price of each agent that was used; empty: paid by the call, or not known."""

    chosen = Signal()

    def __init__(self, session: Session, fields: tuple[PlanField, ...], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._session = session
        self._is_keeping = False
        self.setWindowTitle("Plans")
        self.setAccessibleName("Plans")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING + 4, PADDING, PADDING + 4, PADDING)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel("What your plans cost", "number"))
        text = (
            "USD a month for each agent that is paid so; leave the others empty. It is spread over the month's calls."
        )
        about = PlainLabel(text, "body", tone="2", wrap=True)
        about.setFixedWidth(_WIDTH - 2 * (PADDING + 4))
        column.addWidget(about)
        form = QFormLayout()
        form.setSpacing(GAP)
        self.prices: dict[str, QLineEdit] = {}
        for field in fields:
            self.prices[field.source] = line = QLineEdit(field.price)
            line.setAccessibleName(f"{field.label}, USD a month")
            line.setFixedHeight(CONTROL)
            form.addRow(PlainLabel(field.label, "body", tone="2"), line)
        column.addLayout(form)
        self.problem = PlainLabel("", "body", tone="2", wrap=True)
        column.addWidget(self.problem)
        cancel, keep = Button("Cancel"), Button("Keep", icon="check", look="primary")
        cancel.clicked.connect(self.reject)
        keep.clicked.connect(self.keep)
        keep.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(keep)
        column.addLayout(row)

    def keep(self) -> None:
        """Keep the prices, or say which one cannot be read."""
        try:
            prices = prices_of({source: line.text() for source, line in self.prices.items()})
        except Refusal as refusal:
            self.problem.setText(str(refusal))
            return
        self._is_keeping = True
        self._session.choose_plans(prices, self._kept, self._not_kept)

    def reject(self) -> None:
        """Close without a change; not while one is being written."""
        if not self._is_keeping:
            super().reject()

    def _kept(self) -> None:
        self.chosen.emit()
        self.accept()

    def _not_kept(self, error: Exception) -> None:
        self._is_keeping = False
        self.problem.setText(sentence(error))
