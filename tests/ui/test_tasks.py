import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from goodmeasure.ui.tasks import Lanes


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[Lanes]:
    del qtbot
    lanes = Lanes()
    yield lanes
    lanes.close()


def unexpected(error: Exception) -> None:
    raise error


def test_a_job_runs_elsewhere_and_its_result_arrives_here(lanes: Lanes, qtbot: QtBot) -> None:
    here = QThread.currentThread()
    arrived: list[tuple[int, bool]] = []

    def done(thread: int) -> None:
        arrived.append((thread, QThread.currentThread() is here))

    lanes.read("page", threading.get_ident, done, unexpected)
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived[0][0] != threading.get_ident()
    assert arrived[0][1]


def test_only_the_newest_answer_arrives(lanes: Lanes, qtbot: QtBot) -> None:
    gate = threading.Event()
    arrived: list[str] = []

    def slow() -> str:
        gate.wait(5)
        return "old"

    lanes.read("page", slow, arrived.append, unexpected)
    lanes.read("page", lambda: "new", arrived.append, unexpected)
    lanes.read("other", lambda: "other", arrived.append, unexpected)
    qtbot.waitUntil(lambda: len(arrived) == 2)
    gate.set()
    qtbot.waitUntil(lambda: lanes.busy == 0)
    assert sorted(arrived) == ["new", "other"]


def test_writes_keep_their_order_and_all_arrive(lanes: Lanes, qtbot: QtBot) -> None:
    written: list[int] = []
    arrived: list[int] = []

    def write(number: int) -> int:
        written.append(number)
        return number

    for number in range(50):
        lanes.write(partial(write, number), arrived.append, unexpected)
    qtbot.waitUntil(lambda: len(arrived) == 50)
    assert written == arrived == list(range(50))


def test_a_failure_arrives_as_one(lanes: Lanes, qtbot: QtBot) -> None:
    failures: list[Exception] = []
    lanes.read("page", lambda: 1 // 0, unexpected_result, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ZeroDivisionError)


def unexpected_result(result: object) -> None:
    raise AssertionError(result)


def test_closing_ends_the_writes_and_drops_the_answers(qtbot: QtBot) -> None:
    lanes, gate = Lanes(), threading.Event()
    written: list[int] = []
    arrived: list[object] = []

    def write() -> None:
        gate.wait(5)
        written.append(1)

    lanes.write(write, arrived.append, unexpected)
    gate.set()
    lanes.close()
    qtbot.wait(20)
    assert written == [1]
    assert arrived == []
    lanes.read("late", lambda: 1, unexpected_result, unexpected)
    lanes.write(lambda: 1, unexpected_result, unexpected)
    assert lanes.busy == 0
