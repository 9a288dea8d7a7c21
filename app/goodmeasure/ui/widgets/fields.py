"""Fields that people fill in."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from goodmeasure.ui.fonts import font
from goodmeasure.ui.icons import pixmap
from goodmeasure.ui.theme import CONTROL, tokens


class Picker(QComboBox):
    """A choice of one from a list. Its arrow is drawn in the theme's colour, which a style sheet cannot do."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(font(13))
        self.setFixedHeight(CONTROL)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(11)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and its arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.drawPixmap(self.width() - 24, (self.height() - 14) // 2, pixmap("chevron-down", tokens().text3, 14))
        painter.end()
