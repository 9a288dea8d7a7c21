"""What the banner says: the newest notice, and after it all others, each until it is closed or dealt with."""

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from goodmeasure.ui.widgets.frames import Banner


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


def close(banner: Banner) -> None:
    next(button for button in banner.findChildren(QPushButton) if button.accessibleName().startswith("Close")).click()


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
def test_what_stood_there_comes_back_when_the_newer_notice_is_closed(banner: Banner) -> None:
    closed: list[str] = []
    banner.closed.connect(closed.append)
    banner.say("The key lies beside the ledger.")
    banner.say_later("Logs are deleted soon.")
    banner.say("Telemetry is not received.")
    banner.say("Telemetry is not received.")
    assert banner.text == "Telemetry is not received."
    assert banner._more.text() == "2 more"
    close(banner)
    assert banner.text == "The key lies beside the ledger."
    close(banner)
    assert banner.text == "Logs are deleted soon."
    assert banner._more.isHidden()
    close(banner)
    assert banner.isHidden()
    assert closed == ["Telemetry is not received.", "The key lies beside the ledger.", "Logs are deleted soon."]


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
def test_what_is_being_dealt_with_goes_and_the_rest_stays(banner: Banner) -> None:
    banner.say("Telemetry is not received.")
    banner.say("The logs could not be read.", "Try again")
    assert banner.action.text() == "Try again"
    banner.settle()
    assert banner.text == "Telemetry is not received."
    assert banner.action.isHidden()
    banner.settle()
    assert banner.text == "Telemetry is not received."
