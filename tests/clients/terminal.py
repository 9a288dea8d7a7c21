"""Starts an agent, with pipes or at a terminal of its own, and makes sure that it ends."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.clients.scenes import Press

LOOK_SECONDS = 0.2
ANSWERS = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;c"}
"""What a terminal is asked (where is the cursor? who are you?) and says."""


class Ended(NamedTuple):
    """How it went."""

    status: int | None
    """Exit status; None where it had to be killed."""
    printed: str


def run(
    command: list[str],
    environment: dict[str, str],
    folder: Path,
    seconds: float,
    interrupt_when: Callable[[], bool] = lambda: False,
) -> Ended:
    """Run `command` with pipes for at most so many seconds; what it left running ends with it.

    Once `interrupt_when` says so, the command gets what Ctrl+C sends.
    """
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    deadline = time.monotonic() + seconds
    interrupted = False
    while True:
        try:
            printed, _ = process.communicate(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                os.killpg(process.pid, signal.SIGKILL)
            elif not interrupted and interrupt_when():
                os.killpg(process.pid, signal.SIGINT)
                interrupted = True
        else:
            break
    _end_group(process.pid)
    killed = process.returncode == -signal.SIGKILL
    return Ended(None if killed else process.returncode, printed.decode(errors="replace"))


def run_typed(
    command: list[str], environment: dict[str, str], folder: Path, presses: tuple[Press, ...], seconds: float
) -> Ended:
    """Run `command` at a terminal, press the keys at their times, and give it so many seconds after the last."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, environment)  # noqa: S606  # no shell is wanted between the terminal and the agent
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    begun = time.monotonic()
    waiting = list(presses)
    printed = b""
    status: int | None = None
    while time.monotonic() - begun < presses[-1].second + seconds:
        readable, _, _ = select.select([terminal], [], [], 0.1)
        if readable:
            try:
                data = os.read(terminal, 65_536)
            except OSError:  # the other side of a terminal closes with an error, not with an empty read
                break
            printed += data
            for question, answer in ANSWERS.items():
                if question in data:
                    os.write(terminal, answer)
        if waiting and time.monotonic() - begun >= waiting[0].second:
            os.write(terminal, waiting.pop(0).keys.encode())
    deadline = time.monotonic() + 3
    while status is None and time.monotonic() < deadline:
        ended, code = os.waitpid(pid, os.WNOHANG)
        status = os.waitstatus_to_exitcode(code) if ended else None
        time.sleep(0.05)
    _end_group(pid)
    if status is None:
        os.waitpid(pid, 0)
    os.close(terminal)
    return Ended(status, printed.decode(errors="replace"))


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
