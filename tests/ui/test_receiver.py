"""Telemetry in the window: a real receiver on the loopback address, real requests of agents, the switch by keyboard."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from goodmeasure.ui.pages.receiver import ReceiverCard
from goodmeasure.ui.window import MainWindow
from tests.sources.telemetry import Capture, captures

pytestmark = pytest.mark.loopback
OpenWindow = Callable[..., MainWindow]
PATIENCE_MS = 20_000


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.wait(30)
    qtbot.waitUntil(lambda: window.is_settled, timeout=PATIENCE_MS)


def card_of(window: MainWindow) -> ReceiverCard:
    assert window.pages is not None
    return window.pages.sources.receiver


def choose(places: Path, **settings: object) -> None:
    (places / "profile" / "settings.json").write_text(json.dumps(settings))


def chosen(places: Path) -> object:
    return json.loads((places / "profile" / "settings.json").read_text())["receive_telemetry"]


def port_of(window: MainWindow) -> int:
    return window._session.desk.receiving.state().http_port


def send(window: MainWindow, request: Capture) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(window), timeout=30)
    try:
        connection.request("POST", request.path, request.plain, {"Content-Type": request.content_type})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture
def free_ports(places: Path) -> Path:
    """Places whose settings ask for any free port."""
    choose(places, telemetry_http_port=0, telemetry_grpc_port=0)
    return places


@pytest.fixture
def on_sources(free_ports: Path, open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    window = open_window(free_ports)
    window.go_to("sources")
    settle(qtbot, window)
    return window


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def switch_on(window: MainWindow, qtbot: QtBot) -> ReceiverCard:
    card = card_of(window)
    card.switch.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(card.switch, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.state.text().startswith("Listening"), timeout=PATIENCE_MS)
    settle(qtbot, window)
    return card


def test_nothing_listens_unless_asked(on_sources: MainWindow) -> None:
    card = card_of(on_sources)
    assert not card.switch.isChecked()
    assert card.state.text() == "Off: nothing listens on this computer."
    assert card.received.isHidden()
    assert card.try_again.isHidden()


def test_the_switch_listens_is_remembered_and_ends_with_the_window(
    on_sources: MainWindow, free_ports: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    card = switch_on(on_sources, qtbot)
    port = port_of(on_sources)
    assert f"http://127.0.0.1:{port} for HTTP" in card.state.text()
    assert card.received.text() == "Nothing received since then."
    on_sources.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    assert chosen(free_ports) is True
    again = open_window(free_ports)
    qtbot.waitUntil(lambda: again._session.desk.receiving.state().listening, timeout=PATIENCE_MS)
    again.go_to("sources")
    settle(qtbot, again)
    assert card_of(again).switch.isChecked()
    QTest.keyClick(card_of(again).switch, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card_of(again).state.text().startswith("Off"), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: chosen(free_ports) is False, timeout=PATIENCE_MS)
    settle(qtbot, again)
    assert not again._session.desk.receiving.state().listening


def test_what_an_agent_sends_ticks_it_while_one_looks(on_sources: MainWindow, qtbot: QtBot) -> None:
    assert on_sources.pages is not None
    found = on_sources.pages.sources
    card = switch_on(on_sources, qtbot)
    row = card.rows["copilot-cli"]
    assert row.heard.text() == "Nothing received yet."
    for request in captures("copilot-1.0.102/http-protobuf"):
        assert send(on_sources, request) == 200
    qtbot.waitUntil(lambda: "4 calls so far" in row.heard.text(), timeout=PATIENCE_MS)
    assert row.heard.text().startswith("First event received 20")
    assert row.heard.text() in row.head.accessibleName()
    assert "received since then, the last just now." in card.received.text()
    qtbot.waitUntil(lambda: "copilot-cli" in found.rows, timeout=PATIENCE_MS)


def test_what_is_refused_is_said_with_its_reason(on_sources: MainWindow, qtbot: QtBot) -> None:
    card = switch_on(on_sources, qtbot)
    request = next(captures("claude-code-2.1.330/http-json"))
    assert send(on_sources, replace(request, plain=b"{")) == 400
    qtbot.waitUntil(lambda: not card.refused.isHidden(), timeout=PATIENCE_MS)
    assert card.refused.text() == "1 request refused, because it was not an OTLP message; the last just now."


def test_a_taken_port_is_one_sentence_and_the_choice_stays(
    places: Path, taken_port: int, open_window: OpenWindow, qtbot: QtBot
) -> None:
    choose(places, telemetry_http_port=taken_port, telemetry_grpc_port=0, receive_telemetry=True)
    window = open_window(places)
    qtbot.waitUntil(lambda: "Telemetry is not received." in window.banner.text, timeout=PATIENCE_MS)
    window.go_to("sources")
    settle(qtbot, window)
    card = card_of(window)
    assert card.switch.isChecked()
    assert card.state.text().startswith(f"Port {taken_port} on 127.0.0.1 is taken")
    assert "on the Sources page" in card.state.text()
    assert not window._session.desk.receiving.state().listening
    QTest.mouseClick(card.try_again, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert not card.try_again.isHidden()
    QTest.mouseClick(card.switch, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.state.text().startswith("Off"), timeout=PATIENCE_MS)
    assert card.try_again.isHidden()
    qtbot.waitUntil(lambda: chosen(places) is False, timeout=PATIENCE_MS)


def test_another_port_is_chosen_and_remembered(
    places: Path, taken_port: int, open_window: OpenWindow, qtbot: QtBot
) -> None:
    choose(places, telemetry_http_port=taken_port, telemetry_grpc_port=0, receive_telemetry=True)
    window = open_window(places)
    qtbot.waitUntil(lambda: bool(card_of(window).receiving.problem), timeout=PATIENCE_MS)
    window.go_to("sources")
    settle(qtbot, window)
    card = card_of(window)
    QTest.mouseClick(card.fold.button, Qt.MouseButton.LeftButton)
    card.http_port.selectAll()
    QTest.keyClicks(card.http_port, "0")
    QTest.keyClick(card.http_port, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: card.state.text().startswith("Listening"), timeout=PATIENCE_MS)
    settle(qtbot, window)
    first = port_of(window)
    assert first not in {0, taken_port}
    QTest.keyClick(card.http_port, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert port_of(window) == first, "nothing was changed, so it listens on"
    card.http_port.selectAll()
    QTest.keyClicks(card.http_port, str(taken_port))
    QTest.keyClick(card.http_port, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "is taken" in card.state.text(), timeout=PATIENCE_MS)
    assert not window._session.desk.receiving.state().listening
    saved = json.loads((places / "profile" / "settings.json").read_text())
    assert (saved["telemetry_http_port"], saved["receive_telemetry"]) == (taken_port, True)


def test_once_the_port_is_free_trying_again_listens(places: Path, open_window: OpenWindow, qtbot: QtBot) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        choose(places, telemetry_http_port=port, telemetry_grpc_port=0, receive_telemetry=True)
        window = open_window(places)
        qtbot.waitUntil(lambda: bool(card_of(window).receiving.problem), timeout=PATIENCE_MS)
    window.go_to("sources")
    settle(qtbot, window)
    card = card_of(window)
    QTest.mouseClick(card.try_again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.state.text().startswith("Listening"), timeout=PATIENCE_MS)
    assert card.try_again.isHidden()
    assert port_of(window) == port


def test_the_lines_are_copied_exactly_by_keyboard(on_sources: MainWindow, qtbot: QtBot) -> None:
    card = switch_on(on_sources, qtbot)
    QTest.mouseClick(card.fold.button, Qt.MouseButton.LeftButton)
    row = card.rows["claude-code"]
    row.head.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row.head, Qt.Key.Key_Space)
    assert row.copy is not None
    assert row.lines is not None
    assert row.lines.isVisible()
    address = urlsplit(json.loads(row.lines.toPlainText())["env"]["OTEL_EXPORTER_OTLP_ENDPOINT"])
    assert address.port == port_of(on_sources)
    row.copy.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row.copy, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == row.lines.toPlainText()
    assert row.copy.text() == "Copied"
    qtbot.waitUntil(lambda: row.copy is not None and row.copy.text() == "Copy", timeout=PATIENCE_MS)
    QTest.keyClick(row.head, Qt.Key.Key_Space)
    assert not row.lines.isVisible()


def test_what_is_chosen_in_the_lines_survives_news(on_sources: MainWindow, qtbot: QtBot) -> None:
    card = switch_on(on_sources, qtbot)
    QTest.mouseClick(card.fold.button, Qt.MouseButton.LeftButton)
    row = card.rows["copilot-cli"]
    QTest.mouseClick(row.head, Qt.MouseButton.LeftButton)
    assert row.lines is not None
    row.lines.selectAll()
    picked = row.lines.textCursor().selectedText()
    for request in captures("copilot-1.0.102/http-protobuf"):
        send(on_sources, request)
    qtbot.waitUntil(lambda: "calls so far" in row.heard.text(), timeout=PATIENCE_MS)
    assert row.lines.textCursor().selectedText() == picked != ""
    assert row.lines.isVisible()


def test_tab_reaches_everything_that_is_unfolded_and_it_has_a_name(on_sources: MainWindow, qtbot: QtBot) -> None:
    card = card_of(on_sources)
    QTest.mouseClick(card.fold.button, Qt.MouseButton.LeftButton)
    row = card.rows["codex"]
    QTest.mouseClick(row.head, Qt.MouseButton.LeftButton)
    settle(qtbot, on_sources)
    wanted = {card.switch, card.fold.button, card.http_port, card.grpc_port, row.head, row.copy, row.lines}
    met = set()
    for _ in range(60):
        QTest.keyClick(on_sources.focusWidget() or on_sources, Qt.Key.Key_Tab)
        met.add(on_sources.focusWidget())
    assert wanted <= met
    assert all(widget is not None and widget.accessibleName() for widget in wanted)
