import sys

from PySide6.QtCore import QObject


def test_calls_that_return_none_do_not_lose_it() -> None:
    # PySide6 6.12.0 on Python 3.11 loses one reference to None per such call, and aborts after some thousands.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - 100
