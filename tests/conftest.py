"""What every test stands on: a scratch home, no network, an in-memory keyring, one time zone, and nothing left behind.

A test fails if it looks into the real home's agents, opens the network, logs a warning it did not announce, or leaves a
thread or a process running. `docs/contributing.md` lists the markers.
"""

import logging
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import keyring
import keyring.backend
import keyring.errors
import pytest

ZONE = "Europe/Berlin"
"""Zone of every test: it has daylight saving time, so a day that is assumed to have 24 hours shows."""

GRACE_SECONDS = 5.0
"""How long threads and processes that are already ending may take to end."""

REAL_HOME = Path.home()
PRIVATE = tuple(
    str(REAL_HOME / name)
    for name in (".claude", ".codex", ".config/claude", ".local/share/goodmeasure", ".config/goodmeasure")
)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
REMOVED_VARIABLES = (
    "CLAUDE_CONFIG_DIR",
    "CODEX_HOME",
    "GOODMEASURE_PASSPHRASE",
    "NO_COLOR",
    "FORCE_COLOR",
    "LC_ALL",
    "LANGUAGE",
    "COLUMNS",
)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = ZONE
time.tzset()

hypothesis.settings.register_profile("goodmeasure", deadline=None, print_blob=True)
hypothesis.settings.load_profile("goodmeasure")


def _why_qt_is_missing() -> str | None:
    """Return why Qt does not import, or None if it does."""
    try:
        import PySide6.QtWidgets  # noqa: F401, PLC0415  # it may fail, and then the other tests must still run
    except ImportError as error:
        return str(error)
    return None


QT_MISSING = _why_qt_is_missing()
pytest_plugins = () if QT_MISSING else ("pytestqt.plugin",)
collect_ignore = ["ui"] if QT_MISSING else []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Keep pyproject's Qt settings known where the plugin that reads them cannot be loaded."""
    if QT_MISSING:
        parser.addini("qt_log_level_fail", "read by pytest-qt")
        parser.addini("qt_api", "read by pytest-qt")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to pass without Qt where nobody would see that its tests are missing."""
    config.addinivalue_line("markers", "loopback: may talk to this machine itself (127.0.0.1, ::1)")
    config.addinivalue_line("markers", "logs(pattern): this test expects a log record whose message matches")
    if QT_MISSING and os.environ.get("CI") == "true":
        raise pytest.UsageError(
            f"Qt does not import ({QT_MISSING}): run installer/test, which installs the libraries it needs."
        )


def pytest_report_header() -> str | None:
    """Say aloud that a part of the tests is left out."""
    return f"tests/ui LEFT OUT: Qt does not import ({QT_MISSING})" if QT_MISSING else None


class _Guard:
    """Listens to what the interpreter is about to do, and refuses what a test may not do."""

    def __init__(self) -> None:
        self.loopback_allowed = False
        self.offences: list[str] = []
        self.watching = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        if event.startswith("socket."):
            self._socket(event, args)
        elif event in {"open", "os.scandir", "os.listdir"}:
            place = args[0]
            if isinstance(place, str) and place.startswith(PRIVATE):
                self._refuse(f"{event} {place}: tests never look into the real home")

    def _socket(self, event: str, args: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.bind", "socket.sendto"}:
            connection, address = args[0], args[1]
            if connection.family.name not in {"AF_INET", "AF_INET6"}:
                return
            host = address[0]
        elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
            host = args[0]
        else:
            return
        if not (self.loopback_allowed and host in LOOPBACK):
            self._refuse(f"{event} {host}: tests open no network (mark the test `loopback` if it talks to itself)")

    def _refuse(self, what: str) -> None:
        self.offences.append(what)
        raise PermissionError(what)


_guard = _Guard()
sys.addaudithook(_guard)


@pytest.fixture(autouse=True)
def _guarded(request: pytest.FixtureRequest) -> Iterator[None]:
    """No network and no look into the real home, even where the tested code swallows the refusal."""
    _guard.offences.clear()
    _guard.loopback_allowed = request.node.get_closest_marker("loopback") is not None
    _guard.watching = True
    yield
    _guard.watching = False
    assert not _guard.offences, "\n".join(_guard.offences)


def _move_into(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point everything that says where a person's files lie into `folder`; returns the home there."""
    place = folder / "home"
    places = {
        "HOME": place,
        "USERPROFILE": place,
        "APPDATA": place / "AppData",
        "LOCALAPPDATA": place / "AppData",
        "XDG_CONFIG_HOME": place / ".config",
        "XDG_DATA_HOME": place / ".local" / "share",
        "XDG_STATE_HOME": place / ".local" / "state",
        "XDG_CACHE_HOME": place / ".cache",
        "XDG_RUNTIME_DIR": folder / "run",
        "GOODMEASURE_PROFILE_DIR": folder / "profile",
    }
    place.mkdir()
    places["XDG_RUNTIME_DIR"].mkdir(mode=0o700)
    for name, value in places.items():
        monkeypatch.setenv(name, str(value))
    for name in REMOVED_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    return place


@pytest.fixture(scope="session", autouse=True)
def _session_home() -> Iterator[None]:
    """A scratch home for what is made before a test begins (fixtures of a module)."""
    with tempfile.TemporaryDirectory(prefix="goodmeasure-session-", ignore_cleanup_errors=True) as folder:
        monkeypatch = pytest.MonkeyPatch()
        _move_into(Path(folder), monkeypatch)
        yield
        monkeypatch.undo()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A scratch home of this test; settings, caches, runtime folder and profile lie in it."""
    with tempfile.TemporaryDirectory(prefix="goodmeasure-test-", ignore_cleanup_errors=True) as folder:
        yield _move_into(Path(folder), monkeypatch)


@pytest.fixture
def let_others_in() -> Callable[[Path], None]:
    """Let other users of this computer into a folder of this test: into all that it lies in, too."""
    top = Path(tempfile.gettempdir())

    def let(folder: Path) -> None:
        for place in (folder, *folder.parents):
            if top in place.parents:
                place.chmod(place.stat().st_mode | 0o055)

    return let


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a test did to the process's time zone."""
    monkeypatch.setenv("TZ", ZONE)
    time.tzset()
    yield
    if os.environ.get("TZ") != ZONE:
        os.environ["TZ"] = ZONE
    time.tzset()


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that forgets everything with the test."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own initialiser has no types
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.secrets.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError(username)


@pytest.fixture(autouse=True)
def memory_keyring() -> MemoryKeyring:
    """The keyring of this test. A child process has none (its session bus is switched off)."""
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    return backend


class _Listener(logging.Handler):
    """Collects what is logged at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning not announced with the marker `logs` fails the test; so does an announced one that stays away."""
    expected = [str(mark.args[0]) for mark in request.node.iter_markers("logs")]
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    stray = [line for line in listener.heard if not any(re.search(pattern, line) for pattern in expected)]
    missing = [pattern for pattern in expected if not any(re.search(pattern, line) for line in listener.heard)]
    assert not stray, "unexpected log records:\n" + "\n".join(stray)
    assert not missing, f"expected log records that never came: {missing}"


def _children() -> dict[int, str]:
    """Return this process's living children: number → command line. Empty where the system does not tell (no /proc)."""
    found: dict[int, str] = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            numbers = listing.read_text().split()
        except OSError:  # the thread ended between the glob and the read
            continue
        for number in numbers:
            try:
                command = (
                    Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                )
            except OSError:
                continue
            # An empty command line is a zombie, which subprocess.Popen collects later.
            # The resource tracker lives as long as its parent by design.
            if command and "multiprocessing.resource_tracker" not in command:
                found[int(number)] = command
    return found


def _left_over(threads: set[threading.Thread], children: set[int]) -> list[str]:
    # A dummy thread is a Qt or C thread that once ran Python: Python cannot know whether it still lives.
    new = [
        thread.name
        for thread in threading.enumerate()
        if thread not in threads and type(thread).__name__ != "_DummyThread"
    ]
    return [f"thread {name}" for name in new] + [
        f"process {pid}: {command}" for pid, command in _children().items() if pid not in children
    ]


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """What a test starts, it ends."""
    threads, children = set(threading.enumerate()), set(_children())
    yield
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := _left_over(threads, children)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"left running: {left}"
