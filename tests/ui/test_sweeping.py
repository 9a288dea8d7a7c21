import gc

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from goodmeasure.ui.sweeping import Sweeper
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.window import MainWindow


class Loop:
    """Holds itself."""

    alive = 0

    def __init__(self) -> None:
        self.itself = self
        Loop.alive += 1

    def __del__(self) -> None:
        Loop.alive -= 1


def test_what_holds_itself_goes_while_nothing_is_under_way(qtbot: QtBot) -> None:
    parent, lanes = QObject(), Lanes()
    sweeper = Sweeper(lanes, parent)
    sweeper.start()
    Loop()
    lanes.busy = 1
    sweeper._look()
    assert Loop.alive == 1
    lanes.busy = 0
    sweeper._timer.setInterval(1)
    qtbot.waitUntil(lambda: Loop.alive == 0)
    sweeper.stop()
    lanes.close()


def test_python_sweeps_for_itself_again_once_the_window_is_closed(window: MainWindow) -> None:
    assert not gc.isenabled()
    window.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
