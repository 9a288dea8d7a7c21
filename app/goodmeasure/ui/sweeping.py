"""When Python looks for objects that only hold each other: on the drawing thread, while nothing is under way.

Left to itself it looks in whichever thread happens to make an object. In a lane that reads 100,000 runs it held the
window for 60 to 330 ms a time, and it may there end objects of Qt, which belong to the drawing thread.
"""

import gc

from PySide6.QtCore import QObject, QTimer

from goodmeasure.ui.tasks import Lanes

_LOOK_MS = 2000
_THOROUGH_EACH = 30
"""Every so many looks, old objects are looked at too."""


class Sweeper(QObject):
    """Takes the looking over from Python while a window is open. What is loaded by then is left out for good."""

    def __init__(self, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Take over; modules and pages that are there now are never looked at again, which is what makes it short."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Give it back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        if self._lanes.busy:
            return
        self._looks += 1
        gc.collect(2 if self._looks % _THOROUGH_EACH == 0 else 1)
