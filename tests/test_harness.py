"""The harness itself: each offence it promises to catch is committed once, in a run of its own, and must fail there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

OFFENCES = {
    "network": "socket.create_connection(('192.0.2.1', 9), timeout=1)",
    "network_refusal_swallowed": "swallow(socket.create_connection, ('192.0.2.1', 9), 1)",
    "name_lookup": "swallow(socket.getaddrinfo, 'example.org', 80)",
    "loopback_unmarked": "swallow(socket.create_connection, ('127.0.0.1', 9), 1)",
    "real_home": "swallow(open, REAL / '.claude' / 'settings.json')",
    "stray_log": "logging.getLogger('x').warning('something odd')",
    "warning": "warnings.warn('old', DeprecationWarning, stacklevel=1)",
    "left_thread": "threading.Thread(target=time.sleep, args=(7,), daemon=True).start()",
    "left_process": "STARTED.append(subprocess.Popen(['sleep', '7']))",
    "unclosed_file": "open(__file__); gc.collect()",
}
"""Name → the statement that a test must not get away with."""

INNOCENCE = {
    "scratch_home": "assert Path.home() != REAL and Path.home().is_dir()",
    "zone": "assert time.localtime(1_750_000_000).tm_gmtoff == 7200",
    "keyring": "keyring.set_password('a', 'b', 'c'); assert keyring.get_password('a', 'b') == 'c'",
    "keyring_forgets": "assert keyring.get_password('a', 'b') is None",
    "ended_process": "assert subprocess.run(['true']).returncode == 0",
    "ended_thread": "t = threading.Thread(target=time.sleep, args=(0.01,)); t.start(); t.join()",
    "unix_sockets": "a, b = socket.socketpair(); a.close(); b.close()",
}
PREAMBLE = """
import gc, keyring, logging, os, pytest, socket, subprocess, threading, time, warnings
from pathlib import Path
REAL = Path(os.environ["REAL_HOME"])
STARTED = []
def swallow(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        pass
"""
MARKED = """
@pytest.mark.loopback
def test_loopback_marked():
    with socket.create_server(('127.0.0.1', 0)) as server:
        socket.create_connection(server.getsockname()).close()
@pytest.mark.logs('something odd')
def test_announced_log():
    logging.getLogger('x').warning('something odd')
@pytest.mark.logs('never said')
def test_announced_log_that_stays_away():
    pass
"""
QT_OFFENCE = """
def test_qt_warning(qapp):
    from PySide6.QtCore import qWarning
    qWarning("a Qt warning")
def test_exception_in_slot(qtbot):
    from PySide6.QtCore import QTimer
    QTimer.singleShot(0, lambda: 1 / 0)
    qtbot.wait(50)
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run everything above under a copy of this folder's conftest, once; test name → PASSED, FAILED or ERROR."""
    folder = tmp_path_factory.mktemp("harness")
    here = Path(__file__).parent
    harness = (here / "conftest.py").read_text()
    assert "GRACE_SECONDS = 5.0" in harness
    (folder / "conftest.py").write_text(harness.replace("GRACE_SECONDS = 5.0", "GRACE_SECONDS = 0.3"))
    (folder / "pytest.ini").write_text(
        "[pytest]\naddopts = -p no:pytest-qt -p no:cacheprovider --import-mode=importlib --strict-markers\n"
        "filterwarnings = error\nqt_api = pyside6\nqt_log_level_fail = WARNING\n",
    )
    bodies = {**OFFENCES, **INNOCENCE}
    tests = "".join(f"def test_{name}():\n    {body}\n" for name, body in bodies.items())
    (folder / "test_inner.py").write_text(PREAMBLE + tests + MARKED)
    (folder / "test_qt.py").write_text(QT_OFFENCE)
    real = folder / "real"
    (real / ".claude").mkdir(parents=True)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "--tb=no", "-rN", "."],
        cwd=folder,
        env={**os.environ, "HOME": str(real), "REAL_HOME": str(real)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found: dict[str, str] = {}
    for name, verdict in re.findall(r"::test_(\w+) (PASSED|FAILED|ERROR)", ran.stdout):
        found[name] = verdict if verdict != "PASSED" or name not in found else found[name]
    assert found, ran.stdout + ran.stderr
    return found


@pytest.mark.parametrize("name", [*OFFENCES, "announced_log_that_stays_away", "qt_warning", "exception_in_slot"])
def test_offence_fails(results: dict[str, str], name: str) -> None:
    assert results[name] in {"FAILED", "ERROR"}


@pytest.mark.parametrize("name", [*INNOCENCE, "loopback_marked", "announced_log"])
def test_innocence_passes(results: dict[str, str], name: str) -> None:
    assert results[name] == "PASSED"
