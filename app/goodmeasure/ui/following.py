"""Reading the agents' logs and following them, in a process of its own, so that the window stays smooth."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from goodmeasure.host.keys import PASSPHRASE_VARIABLE

_KILL_AFTER_MS = 3000
_NICENESS = 10
_LONGEST_COMPLAINT = 300
_KEPT_COMPLAINT = 4000
_WAITS_MS = (1000, 5000, 30_000)
"""How long to wait before each start anew of a process that has died. After the last one the person is told."""
_CALM_SECONDS = 600.0
"""A process that followed for so long before it died has a right to all of them again."""


def command(profile_dir: Path, home: Path | None) -> list[str]:
    """Return the command that reads and follows: this Python with the package, or the frozen app itself."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "goodmeasure"]
    places = ["--profile-dir", str(profile_dir)]
    if home is not None:
        places += ["--home", str(home)]
    return [*program, *places, "watch", "--progress", "--until-input-ends"]


class _Phase(Enum):
    IDLE = auto()
    READING = auto()
    """Everything is being compared and read."""
    FOLLOWING = auto()
    """What is new is told as it comes."""
    WAITING = auto()
    """The process has died and is started again in a moment."""


class Follower(QObject):
    """Reads everything, then follows. Each `start` ends in exactly one of `read`, `failed`, `cancelled`.

    The process ends with the window, even where the window is killed: its standard input ends then.
    """

    progressed = Signal(int, int, str)
    """Done and whole in kilobytes (or files, where sizes are unknown), and the source that is read."""
    read = Signal(dict)
    """Everything has been read: the report. From now on the logs are followed."""
    news = Signal(dict)
    """Something new was read: its report."""
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        program: list[str],
        passphrase: Callable[[], str | None],
        waits_ms: Sequence[int] = _WAITS_MS,
    ) -> None:
        super().__init__()
        self._program = program
        self._passphrase = passphrase
        self._waits_ms = waits_ms
        self._process: QProcess | None = None
        self._phase = _Phase.IDLE
        self._is_cancelled = self._is_wanted_again = self._is_asked_for = False
        self._message = ""
        self._complaint = self._rest = b""
        self._deaths = 0
        self._followed_since = 0.0
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.timeout.connect(self._launch)

    @property
    def is_reading(self) -> bool:
        """Say whether everything is being read now."""
        return self._phase is _Phase.READING

    @property
    def is_following(self) -> bool:
        """Say whether logs are followed: what is appended now is read now."""
        return self._phase is _Phase.FOLLOWING

    @property
    def process_id(self) -> int:
        """The process's number; 0 where none is running."""
        return self._process.processId() if self._process is not None else 0

    def start(self) -> None:
        """Read everything now, then follow; does nothing while everything is being read."""
        if self.is_reading:
            return
        self._waiting.stop()
        self._is_asked_for, self._deaths = True, 0
        if self._process is None:
            self._launch()
        else:
            # A process compares everything when it starts: the one that follows makes room for another.
            self._phase, self._is_wanted_again = _Phase.READING, True
            self._end()

    def cancel(self) -> None:
        """Ask the reading to stop; what was read so far is kept, and nothing is followed. After 3 s it is ended."""
        if not self.is_reading:
            return
        self._is_cancelled, self._is_wanted_again = True, False
        self._end()

    def close(self) -> None:
        """End the process at once and wait until it has gone."""
        self._waiting.stop()
        self._phase = _Phase.IDLE
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)
        process.closeWriteChannel()
        process.terminate()
        if not process.waitForFinished(_KILL_AFTER_MS):
            process.kill()
            process.waitForFinished(_KILL_AFTER_MS)

    def _launch(self) -> None:
        self._phase, self._message = _Phase.READING, ""
        self._is_cancelled = self._is_wanted_again = False
        self._complaint = self._rest = b""
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        if (passphrase := self._passphrase()) is not None:
            environment.insert(PASSPHRASE_VARIABLE, passphrase)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._hear)
        process.readyReadStandardError.connect(self._hear_complaint)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._error)
        process.started.connect(lambda: _step_back(process.processId()))
        process.setProgram(self._program[0])
        process.setArguments(self._program[1:])
        self._process = process
        process.start()

    def _end(self) -> None:
        if (process := self._process) is not None:
            # Where the system cannot ask a process to end, the end of its input does.
            process.closeWriteChannel()
            process.terminate()
            QTimer.singleShot(_KILL_AFTER_MS, process, process.kill)

    def _hear(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            self._take(line)

    def _hear_complaint(self) -> None:
        if self._process is not None:
            self._complaint = (self._complaint + self._process.readAllStandardError().data())[-_KEPT_COMPLAINT:]

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:  # a line that is not ours (a warning of some library) says nothing about the logs
            return
        if not isinstance(event, dict) or self._is_cancelled or self._is_wanted_again:
            return
        if event.get("event") == "progress":
            self._progress(event)
        elif event.get("event") == "done":
            self._take_report(event.get("report") or {})
        elif event.get("event") == "failed":
            self._message = str(event.get("message") or "")

    def _progress(self, event: dict[str, Any]) -> None:
        whole_bytes = int(event.get("bytes_total") or 0)
        if whole_bytes:
            done, whole = int(event.get("bytes_done") or 0) // 1024, max(1, whole_bytes // 1024)
        else:
            done, whole = int(event.get("files_done") or 0), int(event.get("files_total") or 0)
        self.progressed.emit(done, whole, str(event.get("source") or ""))

    def _take_report(self, report: dict[str, Any]) -> None:
        first = self._phase is _Phase.READING
        self._phase = _Phase.FOLLOWING
        if first:
            self._followed_since = time.monotonic()
        if first and self._is_asked_for:
            self._is_asked_for = False
            self.read.emit(report)
        else:
            self.news.emit(report)

    def _finished(self, status: int) -> None:
        if (process := self._process) is None:
            return
        self._hear()
        self._hear_complaint()
        self._process = None
        process.deleteLater()
        if self._is_wanted_again:
            self._launch()
        elif self._is_cancelled:
            self._phase = _Phase.IDLE
            self.cancelled.emit()
        else:
            self._died(self._reason(status))

    def _died(self, reason: str) -> None:
        """Start anew in a moment where the logs were being followed; else, or after too many deaths, tell."""
        if self.is_following and time.monotonic() - self._followed_since > _CALM_SECONDS:
            self._deaths = 0
        if self._is_asked_for or self._deaths >= len(self._waits_ms):
            self._phase = _Phase.IDLE
            self.failed.emit(reason)
            return
        self._phase = _Phase.WAITING
        self._waiting.start(self._waits_ms[self._deaths])
        self._deaths += 1

    def _reason(self, status: int) -> str:
        if self._message:
            return self._message
        lines = self._complaint.decode(errors="replace").strip().splitlines()
        last = lines[-1][:_LONGEST_COMPLAINT] if lines else f"the reader ended with status {status}"
        return f"The logs could not be read: {last}"

    def _error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._process.deleteLater()
            self._process = None
            self._phase = _Phase.IDLE
            self.failed.emit(f"The reader could not be started: {self._program[0]} is missing or may not be run.")


def _step_back(process_id: int) -> None:
    """Let the window and the person's own work go first, where the system knows of that."""
    if sys.platform != "win32":
        with suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process_id, _NICENESS)
