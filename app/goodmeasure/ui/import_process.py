"""Reading the agents' logs in a process of its own, so that the window stays smooth."""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from goodmeasure.host.keys import PASSPHRASE_VARIABLE

_KILL_AFTER_MS = 3000
_NICENESS = 10
_LONGEST_COMPLAINT = 300


def command(profile_dir: Path, home: Path | None) -> list[str]:
    """Return the command that reads the logs: this Python with the package, or the frozen app itself."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "goodmeasure"]
    places = ["--profile-dir", str(profile_dir)]
    if home is not None:
        places += ["--home", str(home)]
    return [*program, *places, "import", "--progress"]


class ImportProcess(QObject):
    """One import at a time. Ends with exactly one of `done`, `failed`, `cancelled`."""

    progressed = Signal(int, int, str)
    """Done and whole in kilobytes (or files, where sizes are unknown), and the source that is read."""
    done = Signal(dict)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, program: list[str], passphrase: Callable[[], str | None]) -> None:
        super().__init__()
        self._program = program
        self._passphrase = passphrase
        self._process: QProcess | None = None
        self._ending: dict[str, Any] | None = None
        self._is_cancelled = False
        self._rest = b""

    @property
    def is_running(self) -> bool:
        """Say whether an import is under way."""
        return self._process is not None

    def start(self) -> None:
        """Start reading; does nothing while an import is under way."""
        if self._process is not None:
            return
        self._ending, self._is_cancelled, self._rest = None, False, b""
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        if (passphrase := self._passphrase()) is not None:
            environment.insert(PASSPHRASE_VARIABLE, passphrase)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._error)
        process.started.connect(lambda: _step_back(process.processId()))
        process.setProgram(self._program[0])
        process.setArguments(self._program[1:])
        self._process = process
        process.start()

    def cancel(self) -> None:
        """Ask the import to stop; what was read so far is kept. After 3 seconds it is ended."""
        if self._process is None:
            return
        self._is_cancelled = True
        process = self._process
        process.terminate()
        QTimer.singleShot(_KILL_AFTER_MS, process, process.kill)

    def close(self) -> None:
        """End the import at once and wait until it has gone."""
        if self._process is None:
            return
        self._process.blockSignals(True)
        self._process.terminate()
        if not self._process.waitForFinished(_KILL_AFTER_MS):
            self._process.kill()
            self._process.waitForFinished(_KILL_AFTER_MS)
        self._process = None

    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:  # a line that is not ours (a warning of some library) says nothing about the import
            return
        if not isinstance(event, dict):
            return
        if event.get("event") == "progress":
            self._progress(event)
        elif event.get("event") in {"done", "failed"}:
            self._ending = event

    def _progress(self, event: dict[str, Any]) -> None:
        whole_bytes = int(event.get("bytes_total") or 0)
        if whole_bytes:
            done, whole = int(event.get("bytes_done") or 0) // 1024, max(1, whole_bytes // 1024)
        else:
            done, whole = int(event.get("files_done") or 0), int(event.get("files_total") or 0)
        self.progressed.emit(done, whole, str(event.get("source") or ""))

    def _finished(self, status: int) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        complaint = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        process.deleteLater()
        if self._is_cancelled:
            self.cancelled.emit()
        elif self._ending is not None and self._ending["event"] == "done" and status == 0:
            self.done.emit(self._ending.get("report") or {})
        else:
            self.failed.emit(self._reason(complaint, status))

    def _reason(self, complaint: str, status: int) -> str:
        if self._ending is not None and self._ending.get("message"):
            return str(self._ending["message"])
        last = (
            complaint.splitlines()[-1][:_LONGEST_COMPLAINT] if complaint else f"the reader ended with status {status}"
        )
        return f"The logs could not be read: {last}"

    def _error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._process.deleteLater()
            self._process = None
            self.failed.emit(f"The reader could not be started: {self._program[0]} is missing or may not be run.")


def _step_back(process_id: int) -> None:
    """Let the window and the person's own work go first, where the system knows of that."""
    if sys.platform != "win32":
        with suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process_id, _NICENESS)
