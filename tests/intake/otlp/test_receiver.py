"""Starting, stopping, and two at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from goodmeasure.domain.errors import Refusal
from goodmeasure.intake.otlp.receiver import Ports, Receiver
from goodmeasure.ledger.opening import Ledger
from tests.intake.otlp.conftest import Running
from tests.sources.telemetry import captures

pytestmark = pytest.mark.loopback


def another(ledger: Ledger, changed: Callable[[], None] = lambda: None) -> Receiver:
    return Receiver(
        ledger, cost_of=lambda _: (None, "unknown"), project_of=lambda cwd: (cwd, cwd), now=lambda: 0, changed=changed
    )


@pytest.mark.parametrize("option", ["http", "grpc"])
def test_a_taken_port_is_said_and_nothing_is_left_listening(running: Running, option: str) -> None:
    port = getattr(running.ports, option)
    second = another(running.ledger)
    with pytest.raises(Refusal, match=rf"^Port {port} on 127\.0\.0\.1 is taken.*--{option}"):
        second.start(Ports(**{"http": 0, "grpc": 0, option: port}))
    assert running.post(b"{}")[0] == 200


def test_a_port_is_free_again_after_stopping(running: Running) -> None:
    running.post(b"{}")
    running.receiver.stop()
    again = another(running.ledger)
    assert again.start(running.ports) == running.ports
    again.stop()


def test_stopping_twice_is_no_harm(running: Running) -> None:
    running.receiver.stop()
    running.receiver.stop()


def test_what_changed_is_told_after_it_is_kept(ledger: Ledger) -> None:
    told = threading.Event()
    receiver = another(ledger, told.set)
    running = Running(receiver, receiver.start(Ports(0, 0)), ledger)
    try:
        for request in captures("copilot-1.0.102/http-protobuf"):
            running.send(request)
        assert told.wait(30)
    finally:
        receiver.stop()
    assert running.rows("SELECT sum(generations) FROM run_summary") == [(4,)]


def test_a_refusal_is_written_and_told_without_waiting_for_more(ledger: Ledger) -> None:
    told = threading.Event()
    receiver = another(ledger, told.set)
    running = Running(receiver, receiver.start(Ports(0, 0)), ledger)
    try:
        assert running.post(b"{")[0] == 400
        assert told.wait(30)
        assert running.rows("SELECT reason, count FROM telemetry_refusal") == [("not an OTLP message", 1)]
    finally:
        receiver.stop()


def test_many_agents_at_once(running: Running) -> None:
    names = [
        "claude-code-2.1.330/http-json",
        "codex-0.169.0/grpc",
        "qwen-code-0.24.4/http",
        "copilot-1.0.102/http-protobuf",
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(running.send, [request for name in names * 2 for request in captures(name)]))
    assert dict(running.rows("SELECT source, calls FROM telemetry_feed")) == {
        "claude-code": 6,
        "codex": 6,
        "qwen-code": 5,
        "copilot-cli": 4,
    }
    assert running.rows("SELECT count(*) FROM generation") == [(21,)]
    assert running.receiver.tally.taken == 2 * sum(len(list(captures(name))) for name in names)


def test_a_stopped_receiver_is_silent(running: Running) -> None:
    running.receiver.stop()
    with pytest.raises(ConnectionRefusedError):
        running.post(b"{}")
