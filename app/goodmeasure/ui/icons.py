"""Lucide's line icons, recoloured and drawn at the stroke width that suits Inter."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from goodmeasure.host.paths import resource

STROKE = 1.75


@lru_cache(maxsize=256)
def pixmap(name: str, color: str, size: int = 16, ratio: float = 2.0) -> QPixmap:
    """Draw icon `name` of resources/icons in `color`, `size` pixels wide, for `ratio` device pixels per pixel."""
    text = (resource("icons") / f"{name}.svg").read_text(encoding="utf-8")
    text = text.replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    return _rendered(text, size, ratio)


@lru_cache(maxsize=64)
def icon(name: str, color: str, size: int = 16, room: int = 0) -> QIcon:
    """Return icon `name` in `color` for screens of one to three device pixels per pixel.

    `room`: empty pixels at its right, because Qt puts a button's text too close to its icon.
    """
    made = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        drawn = pixmap(name, color, size, ratio)
        made.addPixmap(_with_room(drawn, room) if room else drawn)
    return made


def _with_room(drawn: QPixmap, room: int) -> QPixmap:
    ratio = drawn.devicePixelRatio()
    made = QPixmap(drawn.width() + round(room * ratio), drawn.height())
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    painter = QPainter(made)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return made


def app_mark(size: int, ratio: float = 2.0) -> QPixmap:
    """Draw the app's own mark, `size` pixels wide."""
    return _rendered((resource("icons") / "goodmeasure.svg").read_text(encoding="utf-8"), size, ratio)


def app_icon() -> QIcon:
    """Return the app's icon in the sizes that desktops ask for."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(app_mark(size, 1.0))
    return made


def _rendered(svg: str, size: int, ratio: float) -> QPixmap:
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(ratio)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made
