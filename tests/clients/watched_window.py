"""The real window beside a real agent: `python -m tests.clients.watched AGENT --window FOLDER` starts it.

Opens the main window on a scratch profile, has it read as if the person had asked for it, shows the Runs page, and then
says, one JSON document a line, each sum of calls and tokens that stands in its rows, with the instant. When standard
input ends, it says what Runs and Overview show, saves a picture of both, and goes.
"""

import json
import os
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.runs import RunOrder
from goodmeasure.ui.app import application
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.session import Session
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.window import MainWindow
from goodmeasure.viewmodels.runs import COLUMNS
from tests.bench.window_rows import Heart

COUNTED = re.compile(r"([\d,]+) tokens in ([\d,]+) call")
TOKENS = next(number for number, column in enumerate(COLUMNS) if column.order is RunOrder.TOKENS)
SETTLE_MS = 300


class _End(QObject):
    """Tells on the drawing thread that standard input has ended."""

    came = Signal()

    def __init__(self) -> None:
        super().__init__()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while os.read(0, 4096):
            pass
        self.came.emit()


class Eyes(QObject):
    """Reads the window as a person would: only what stands in its cells."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        super().__init__(window)
        self._window, self._folder = window, folder
        self._heart, self._told = Heart(), (0, 0)
        self._is_asked = False
        self._end = _End()
        self._end.came.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._opening = QTimer(self)
        self._opening.timeout.connect(self._begin)
        self._opening.start(SETTLE_MS)
        window.follower.read.connect(self._ready)

    def _begin(self) -> None:
        """Ask for the logs to be read, as soon as the ledger is open."""
        if self._window.is_settled:
            self._opening.stop()
            self._window.start_import()

    def _ready(self) -> None:
        if self._is_asked or self._window.pages is None:
            return
        self._is_asked = True
        self._window.go_to("runs")
        model = self._window.pages.runs.model
        model.dataChanged.connect(self._look)
        QTimer.singleShot(SETTLE_MS, self._watched)

    def _watched(self) -> None:
        # From now on: opening the window and making its pages is not what is watched here.
        self._heart.begin()
        _say(event="ready", window=os.getpid(), follower=self._window.follower.process_id)

    def _look(self) -> None:
        shown = self._shown()
        if shown is not None and shown != self._told:
            self._told = shown
            _say(event="shown", at=time.monotonic(), tokens=shown[0], calls=shown[1])

    def _shown(self) -> tuple[int, int] | None:
        """Return the sums of tokens and calls over the rows in sight; None while one is blank."""
        if self._window.pages is None:
            return None
        model, tokens, calls = self._window.pages.runs.model, 0, 0
        for row in range(model.rowCount()):
            cell = COUNTED.search(str(model.index(row, TOKENS).data(Qt.ItemDataRole.ToolTipRole)))
            if cell is None:
                return None
            tokens, calls = tokens + int(cell[1].replace(",", "")), calls + int(cell[2].replace(",", ""))
        return tokens, calls

    def _finish(self) -> None:
        if (pages := self._window.pages) is None:
            raise SystemExit("The window did not open.")
        heart = self._heart
        beats = {
            "longest_block_ms": round(heart.longest * 1000, 1),
            "longest_own_work_ms": round(heart.longest_own * 1000, 1),
            "blocks_above_50_ms": heart.above_50_ms,
        }
        pages.runs.table.choose(0)
        QTimer.singleShot(1000, lambda: self._leave_runs(beats))

    def _leave_runs(self, beats: dict[str, float]) -> None:
        runs = self._shown()
        self._window.grab().save(str(self._folder / "runs.png"))
        self._window.go_to("overview")
        QTimer.singleShot(1000, lambda: self._leave(beats, runs))

    def _leave(self, beats: dict[str, float], runs: tuple[int, int] | None) -> None:
        pages = self._window.pages
        self._window.grab().save(str(self._folder / "overview.png"))
        cost = pages.overview._view.cost if pages is not None and pages.overview._view is not None else None
        overview = int(cost.tokens_exact.split()[0].replace(",", "")) if cost is not None else None
        banner = self._window.banner.text
        _say(
            event="end", runs=runs, overview_tokens=overview, status=self._window.sidebar._status.text(), banner=banner
        )
        _say(event="beats", **beats)
        self._window.close()


def _say(**event: Any) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Open the window on the home and the profile named on the command line."""
    home, profile, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    app = application()
    asker = Asker()
    window = MainWindow(Session(Desk(Choices(profile_dir=profile, home=home), asker.passphrase), Lanes()), asker)
    eyes = Eyes(window, folder)
    window.show()
    status = app.exec()
    del eyes
    return status


if __name__ == "__main__":
    sys.exit(main())
