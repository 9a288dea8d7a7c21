"""What the start loads and makes, in steps: libraries in a lane, pages one by one on the drawing thread.

Only what knows nothing of Qt is loaded in the lane: Qt's Python classes are made when they are first touched, and
making them in a second thread has crashed the process.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from goodmeasure.ui.session import Session

if TYPE_CHECKING:
    from goodmeasure.ui.pages.every import Pages

_WITHOUT_QT = (
    "numpy",
    "goodmeasure.services.rules",
    *(
        f"goodmeasure.viewmodels.{name}"
        for name in ("inbox", "overview", "oversight", "received", "run_detail", "runs", "share", "sources")
    ),
    *(f"goodmeasure.viewmodels.{name}" for name in ("findings", "spend", "team", "trend", "value")),
)
_PAGES = ("inbox", "overview", "oversight", "received", "runs", "share", "sources", "spend", "team", "value")

_CHART = (*(f"PySide6.Qt{name}" for name in ("Svg", "Test", "OpenGL", "OpenGLWidgets")), "pyqtgraph")
"""The chart's library, after the parts of Qt that it would load in one go."""


class Start(QObject):
    """Makes the pages while the window already answers."""

    def __init__(self, session: Session, stack: QStackedWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._stack = session, stack
        self._steps: Iterator[object] = iter(())
        self._nothing_yet = QWidget()
        self._next = QTimer(self)
        self._next.timeout.connect(self._step)

    def begin(self, made: "Callable[[Pages], None]") -> None:
        """Load, open the ledger, and hand on the pages once all are there."""
        self._steps = self._made(made)
        self._stack.addWidget(self._nothing_yet)
        # The ledger opens in the same lane, after them: what it needs is among them.
        self._session.lanes.write(_load, lambda _: self._next.start(0), lambda _: self._next.start(0))
        self._session.open()

    def stop(self) -> None:
        """Make nothing more."""
        self._next.stop()

    def _step(self) -> None:
        if next(self._steps, self) is self:
            self._next.stop()

    def _made(self, made: "Callable[[Pages], None]") -> Iterator[object]:
        for name in _PAGES:
            yield import_module(f"goodmeasure.ui.pages.{name}")
        from goodmeasure.ui.pages.every import Pages  # noqa: PLC0415 - after the first paint

        pages = Pages()
        for page in pages.make(self._session):
            self._stack.addWidget(page)
            yield page
        for name in _CHART:
            yield import_module(name)
        pages.overview.attach_chart()
        made(pages)
        self._stack.removeWidget(self._nothing_yet)


def _load() -> None:
    for name in _WITHOUT_QT:
        import_module(name)
