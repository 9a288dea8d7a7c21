"""One run as a line that can be pressed."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from goodmeasure.ui.widgets.bars import Swatch
from goodmeasure.ui.widgets.text import ElidedLabel
from goodmeasure.ui.widgets.value_colors import color_of
from goodmeasure.viewmodels.overview import RunLine


class RunLineButton(QPushButton):
    """A run's title over where and when; pressing it opens the run."""

    def __init__(self, line: RunLine) -> None:
        super().__init__()
        self.run_id = line.run_id
        self.setProperty("look", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{line.title}, {line.label}")
        self.setAccessibleDescription(line.about)
        self.setFixedHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(Swatch(color_of(line.value)))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        for text, style, tone in ((line.title, "strong", ""), (f"{line.label} · {line.about}", "small", "2")):
            label = ElidedLabel(text, style, tone=tone)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            texts.addWidget(label)
        row.addLayout(texts, 1)

    def sizeHint(self) -> QSize:
        """Return room for a short title; a longer one ends in …."""
        return QSize(200, 48)
