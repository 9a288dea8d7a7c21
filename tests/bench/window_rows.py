"""How smooth the table of runs is over very many rows: `python -m tests.bench.window_rows [--runs 100000]`.

Builds a ledger of invented runs in a scratch profile, opens the real window on it, and reports how long the drawing
thread was held: opening, loading the list, scrolling by pages, jumping, sorting, searching while typing, changing the
theme. The numbers depend on the machine; none of them is a test.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.ui.app import application
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.session import Session
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.theme import DARK, LIGHT, LOOK
from goodmeasure.ui.window import MainWindow
from tests.bench.many_runs import fill

BEAT_MS = 4
_NOTICED_SECONDS = 0.05


class Heart:
    """Beats on the drawing thread; the longest time between two beats is how long the window did not answer.

    Also measured: the processor time that the drawing thread itself spent between two beats. On a machine that does
    other things as well, that is the part which is this app's doing.
    """

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.begin()
        self._timer.start()

    def begin(self) -> None:
        """Forget what was measured so far."""
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self.longest = self.longest_own = 0.0
        self.above_50_ms = 0

    def _beat(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self.above_50_ms += now - self._last > _NOTICED_SECONDS
        self.longest = max(self.longest, now - self._last)
        self.longest_own = max(self.longest_own, own - self._last_own)
        self._last, self._last_own = now, own

    def measure(self, what: str, act: Callable[[], object], lanes: Lanes) -> None:
        """Do something, wait until all is quiet, and print the longest block and the whole time."""
        wait(20)
        self.begin()
        started = time.perf_counter()
        act()
        wait(10)
        while lanes.busy:
            wait(10)
        whole = time.perf_counter() - started
        sys.stdout.write(
            f"{what:26} longest block {self.longest * 1000:5.0f} ms   own work in it {self.longest_own * 1000:5.0f} ms"
            f"   answered in {whole * 1000:6.0f} ms\n"
        )


def wait(milliseconds: int) -> None:
    """Run the event loop for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    wanted = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="goodmeasure-rows-") as folder:
        os.environ["HOME"] = folder
        profile = Path(folder) / "profile"
        fill(profile, wanted)
        application()
        lanes, heart = Lanes(), Heart()
        window = MainWindow(Session(Desk(Choices(profile_dir=profile, home=Path(folder) / "home")), lanes), Asker())

        def opening() -> None:
            window.resize(1280, 800)
            window.show()
            wait(800)

        heart.measure("open the window", opening, lanes)
        use(window, heart, lanes)
        window.close()
    return 0


def use(window: MainWindow, heart: Heart, lanes: Lanes) -> None:
    """Do what a person does with a long list."""
    if window.pages is None:
        raise SystemExit("The window did not open.")
    runs = window.pages.runs
    bar, header = runs.table.verticalScrollBar(), runs.table.horizontalHeader()

    def steps(count: int, size: int, pause: int) -> None:
        for _ in range(count):
            bar.setValue(bar.value() + size)
            wait(pause)

    def typing(text: str) -> None:
        runs.search_field.setText(text)
        wait(150)

    def choosing() -> None:
        runs.table.choose(5)
        wait(100)

    heart.measure("show the list", lambda: window.go_to("runs"), lanes)
    heart.measure("the list again", runs.refresh, lanes)
    heart.measure("200 steps of the wheel", lambda: steps(200, 120, 4), lanes)
    heart.measure("30 pages down", lambda: steps(30, bar.pageStep(), 10), lanes)
    heart.measure("jump to the end", runs.table.scrollToBottom, lanes)
    heart.measure("jump to the middle", lambda: bar.setValue(bar.maximum() // 2), lanes)
    heart.measure("sort by cost", lambda: header.setSortIndicator(8, Qt.SortOrder.DescendingOrder), lanes)
    heart.measure("sort by title", lambda: header.setSortIndicator(1, Qt.SortOrder.AscendingOrder), lanes)
    for text in ("fi", "fix", "fix pi", ""):
        heart.measure(f"search {text!r}", partial(typing, text), lanes)
    heart.measure("choose a run", choosing, lanes)
    turn_pages(window, heart, lanes)


def turn_pages(window: MainWindow, heart: Heart, lanes: Lanes) -> None:
    """Look at every page, in both themes, and share at every level."""
    pages = window.pages
    if pages is None:
        raise SystemExit("The window did not open.")
    heart.measure("dark theme", lambda: LOOK.apply(DARK), lanes)
    heart.measure("light theme", lambda: LOOK.apply(LIGHT), lanes)
    heart.measure("show the overview", lambda: window.go_to("overview"), lanes)
    heart.measure("the overview again", pages.overview.refresh, lanes)
    for name in ("inbox", "value", "spend", "oversight", "share", "received", "team", "sources"):
        heart.measure(f"show the {name} page", partial(_show, window, name), lanes)
        heart.measure(f"show the {name} page again", partial(_show, window, name), lanes)
    window.go_to("share")
    for level in ("L0", "L1", "L2", "L3"):
        heart.measure(f"share {level}", partial(pages.share.form.options.choose_level, level), lanes)
    heart.measure("dark theme, every page", lambda: LOOK.apply(DARK), lanes)
    window.go_to("inbox")
    heart.measure("rate a run", lambda: pages.inbox.press("1"), lanes)
    window.go_to("runs")

    def reading() -> None:
        window.start_import()
        while window.follower.is_reading:
            wait(10)

    heart.measure("read the agents' logs", reading, lanes)


def _show(window: MainWindow, page: str) -> None:
    window.go_to(page)
    wait(10)
    while not window.is_settled:  # a page may be built in steps after its answer has come
        wait(10)


if __name__ == "__main__":
    sys.exit(main())
