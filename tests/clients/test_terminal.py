"""Starting an agent: it is interrupted when it is time, and killed when its time is over."""

import os
import sys
from pathlib import Path

from tests.clients.terminal import Ended, run

WAITING = """
import signal, sys, time
def ended(*_):
    print("interrupted")
    sys.exit(3)
signal.signal(signal.SIGINT, ended)
open("ready", "w").close()
time.sleep(60)
"""


def test_a_command_is_interrupted_once_it_is_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WAITING]
    ready = tmp_path / "ready"
    assert run(command, dict(os.environ), tmp_path, 50, ready.exists) == Ended(3, "interrupted\n")


def test_a_command_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('begun', flush=True)\nwhile True: pass"]
    assert run(command, dict(os.environ), tmp_path, 1).status is None
