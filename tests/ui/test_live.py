"""The open window follows the logs: real window, real process, lines that are really appended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from goodmeasure.domain.runs import RunFilter
from goodmeasure.ui.window import MainWindow
from tests.intake.test_watch import line

OpenWindow = Callable[..., MainWindow]
PATIENCE_MS = 20_000

WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.ui.app import application
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.session import Session
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.window import MainWindow
app = application()
window = MainWindow(Session(Desk(Choices(Path(sys.argv[1]), Path(sys.argv[2]))), Lanes()), Asker())
window.follower.read.connect(lambda _: print(window.follower.process_id, flush=True))
window.show()
sys.exit(app.exec())
"""


@pytest.fixture
def live(places: Path, open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """A window that follows, everything old read."""
    window = open_window(places, follows=True)
    qtbot.waitUntil(lambda: window.follower.is_following, timeout=PATIENCE_MS)
    settle(qtbot, window)
    return window


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=PATIENCE_MS)


def run_ids(window: MainWindow) -> set[int]:
    return set(window._session.desk.queries.run_ids(RunFilter()))


def new_log(places: Path, name: str = "live") -> Path:
    path = places / "home/.claude/projects/shop" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line(1))
    return path


def append(path: Path, number: int) -> None:
    with path.open("a") as stream:
        stream.write(line(number))


def test_a_new_run_appears_in_the_list_and_nothing_moves(live: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert live.pages is not None
    runs = live.pages.runs
    live.go_to("runs")
    settle(qtbot, live)
    rows = runs.model.rowCount()
    runs.table.choose(20)
    qtbot.waitUntil(lambda: runs.detail._run_id == runs.model.run_id(20), timeout=PATIENCE_MS)
    settle(qtbot, live)
    bar = runs.table.verticalScrollBar()
    bar.setValue(bar.maximum() - 5)
    runs.search_field.setFocus()
    chosen, top = runs.model.run_id(20), runs.model.run_id(runs.table.rowAt(0))
    offset = runs.table.rowViewportPosition(runs.table.rowAt(0))
    blanks: list[object] = []
    runs.model.dataChanged.connect(
        lambda *_: blanks.extend(runs.model.index(row, 1).data() for row in (21, runs.table.rowAt(0)))
    )
    new_log(places)
    qtbot.waitUntil(lambda: runs.model.rowCount() == rows + 1, timeout=PATIENCE_MS)
    settle(qtbot, live)
    row = runs.table.currentIndex().row()
    assert runs.model.run_id(row) == chosen
    assert [index.row() for index in runs.table.selectionModel().selectedRows()] == [row]
    assert runs.model.run_id(runs.table.rowAt(0)) == top
    assert runs.table.rowViewportPosition(runs.table.rowAt(0)) == offset
    assert runs.detail._run_id == chosen
    assert runs.search_field.hasFocus()
    assert blanks
    assert None not in blanks, "no row was blank for a moment"


def test_a_run_that_goes_on_is_seen_to(live: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert live.pages is not None
    runs = live.pages.runs
    live.go_to("runs")
    qtbot.waitUntil(lambda: "logs are followed" in live.sidebar._status.text(), timeout=PATIENCE_MS)
    before = run_ids(live)
    path = new_log(places)
    qtbot.waitUntil(lambda: run_ids(live) != before, timeout=PATIENCE_MS)
    [run_id] = run_ids(live) - before
    runs.show_run(run_id)
    qtbot.waitUntil(lambda: runs.detail._run_id == run_id, timeout=PATIENCE_MS)
    calls = runs.detail.timeline.model().rowCount()
    append(path, 2)
    qtbot.waitUntil(lambda: runs.detail.timeline.model().rowCount() > calls, timeout=PATIENCE_MS)
    assert runs.detail._run_id == run_id


def test_a_half_given_answer_is_left_alone(live: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert live.pages is not None
    inbox = live.pages.inbox
    live.go_to("inbox")
    settle(qtbot, live)
    QTest.keyClick(inbox, Qt.Key.Key_1)
    settle(qtbot, live)
    asked, focus = (inbox.state.run_id, inbox.state.step), live.focusWidget()
    before = run_ids(live)
    new_log(places)
    qtbot.waitUntil(lambda: run_ids(live) != before, timeout=PATIENCE_MS)
    settle(qtbot, live)
    assert (inbox.state.run_id, inbox.state.step) == asked
    assert live.focusWidget() is focus


def test_sources_stay_where_they_are(live: MainWindow, places: Path, qtbot: QtBot) -> None:
    assert live.pages is not None
    page = live.pages.sources
    live.resize(960, 640)
    live.go_to("sources")
    settle(qtbot, live)
    assert "followed" in page.subtitle.text()
    page.rows["claude-code"].head.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.rows["claude-code"].head, Qt.Key.Key_Space)
    settle(qtbot, live)
    page.scroll_bar.setValue(page.scroll_bar.maximum() // 2)
    at, before = page.scroll_bar.value(), page._view
    new_log(places)
    qtbot.waitUntil(lambda: page._view != before, timeout=PATIENCE_MS)
    settle(qtbot, live)
    assert page.rows["claude-code"].head.hasFocus()
    assert page.scroll_bar.value() == at > 0


def test_the_process_ends_with_the_window(live: MainWindow) -> None:
    process = live.follower.process_id
    assert _is_alive(process)
    live.close()
    assert not _is_alive(process)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_the_process_notices_that_the_window_was_killed(places: Path) -> None:
    command = [sys.executable, "-c", WINDOW, str(places / "profile"), str(places / "home")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        process = int(window.stdout.readline())
        assert _is_alive(process)
        window.send_signal(signal.SIGKILL)
        window.wait(20)
    until = time.monotonic() + 20
    while _is_alive(process):
        assert time.monotonic() < until, "it went on without its window"
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
