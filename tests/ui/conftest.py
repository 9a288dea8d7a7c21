"""The real window on a real ledger: a small invented home, read by the real import once per test run."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring
from pytestqt.qtbot import QtBot

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.intake.demo import write_demo_home
from goodmeasure.ui.app import application
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.session import Session
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.window import MainWindow


@pytest.fixture(scope="session")
def qapp_cls() -> Callable[[list[str]], object]:
    """The app's own application, dressed: pytest-qt asks for it once."""
    return lambda _arguments: application()


@pytest.fixture(scope="session")
def read_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with 40 invented runs, and a profile into which it was read. Tests work on copies."""
    folder = tmp_path_factory.mktemp("window")
    # Each test has a keyring of its own, so the key of a ledger that they share must lie beside it.
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]  # keyring's initialiser has no types
    desk = Desk(Choices(profile_dir=folder / "profile", home=folder / "home"))
    write_demo_home(folder / "home", now=desk.clock.now(), days=60, sessions=40)
    desk.importing.import_logs()
    # Guesses are asked of one run in ten, by chance: a test that is not about them knows which keys to press.
    desk.choose(replace(desk.settings, ask_guesses=False))
    desk.close()
    return folder


@pytest.fixture
def places(read_profile: Path, tmp_path: Path) -> Path:
    """A folder with a `profile` of this test's own and the `home` it was read from."""
    shutil.copytree(read_profile, tmp_path / "places")
    return tmp_path / "places"


OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[OpenWindow]:
    """Open the window on a folder with `profile` and `home`, and wait until it has asked for everything it shows.

    It follows the logs only where a test asks for that.
    """
    opened: list[MainWindow] = []

    def opening(places: Path, *, follows: bool = False) -> MainWindow:
        desk = Desk(Choices(profile_dir=places / "profile", home=places / "home"))
        window = MainWindow(Session(desk, Lanes()), Asker(), follows=follows)
        qtbot.addWidget(window)
        opened.append(window)
        with qtbot.waitActive(window, timeout=10_000):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)
        return window

    yield opening
    for window in opened:
        window.close()


@pytest.fixture
def window(places: Path, open_window: OpenWindow) -> MainWindow:
    return open_window(places)
