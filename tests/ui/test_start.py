"""The start of the window, in a process of its own: what is loaded when, and by which thread."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Runs the app as it is started, on an empty profile, and tells which thread imported what and whether the first frame
# was on the screen by then.
STARTED = """
import json, sys, threading
from pathlib import Path
elsewhere, before_paint, painted = set(), set(), []
GRAPHIC = ("PySide6", "shiboken6", "pyqtgraph", "goodmeasure.ui")
def watch(event, args):
    if event == "import":
        name = args[0]
        if name.startswith(GRAPHIC) and threading.current_thread() is not threading.main_thread():
            elsewhere.add(name)
        if not painted:
            before_paint.add(name.partition(".")[0])
sys.addaudithook(watch)
from PySide6.QtCore import QTimer
from goodmeasure.bootstrap.desk import Choices
from goodmeasure.ui import app
from goodmeasure.ui.window import MainWindow
class Watched(MainWindow):
    def paintEvent(self, event):
        painted.append(True)
        super().paintEvent(event)
    def go_to(self, page):
        super().go_to(page)
        QTimer.singleShot(0, self.close_when_settled)
    def close_when_settled(self):
        if self.is_settled:
            self.close()
        else:
            QTimer.singleShot(20, self.close_when_settled)
app.MainWindow = Watched
status = app.run(Choices(profile_dir=Path(sys.argv[1]), home=Path(sys.argv[1])))
chart = "pyqtgraph" in sys.modules
print(json.dumps([status, chart, sorted(elsewhere), sorted(before_paint & {"sqlalchemy", "pyqtgraph", "numpy"})]))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    place: Path = tmp_path_factory.mktemp("started")
    run = [sys.executable, "-c", STARTED, str(place)]
    ended = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    told: list[object] = json.loads(ended.stdout)
    return told


def test_only_the_drawing_thread_loads_what_touches_qt(started: list[object]) -> None:
    status, chart, elsewhere, _ = started
    assert status == 0
    assert chart is True, "the chart's library was loaded, so the watch had something to see"
    assert elsewhere == []


def test_the_first_frame_waits_for_no_heavy_library(started: list[object]) -> None:
    assert started[3] == []
