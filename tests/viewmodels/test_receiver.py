from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from goodmeasure.host.clock import Clock, reporting_zone
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.telemetry_writer import Sent, TelemetryWriter
from goodmeasure.services.queries import Queries
from goodmeasure.services.receiving import Receiving
from goodmeasure.sources.otlp.mapping import Told
from goodmeasure.viewmodels.receiver import ReceiverView, receiver
from tests.sources.telemetry import captures

NOW = 1_795_435_200_000
HOUR = 3_600_000


class Stopped(Clock):
    def now(self) -> int:
        return NOW


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    yield opened
    opened.close()


@pytest.fixture
def receiving(ledger: Ledger) -> Iterator[Receiving]:
    made = Receiving(ledger, Stopped())
    yield made
    made.stop()


@pytest.fixture
def seen(ledger: Ledger, receiving: Receiving) -> Callable[[], ReceiverView]:
    queries = Queries(ledger, reporting_zone("Europe/Berlin"), Stopped())
    return lambda: receiver(receiving, queries)


@pytest.fixture
def hear(ledger: Ledger) -> Callable[[list[Told]], None]:
    def write(told: list[Told]) -> None:
        writer = TelemetryWriter(ledger, lambda _: (None, "unknown"), lambda cwd: (cwd, cwd))
        sent = [Sent(one.source, one.batch, one.metrics, NOW - HOUR) for one in told]
        writer.write(sent, {"not an OTLP message": 2}, NOW - HOUR)
        writer.finish()

    return write


def test_off_by_default_and_nothing_heard(seen: Callable[[], ReceiverView]) -> None:
    view = seen()
    assert (view.listening, view.state_text, view.refused) == (False, "Off: nothing listens on this computer.", ())
    assert {agent.heard_text for agent in view.agents} == {"Nothing received yet."}
    assert {"claude-code", "codex", "gemini-cli", "qwen-code", "copilot-cli", "opencode", "kilo", "otlp"} <= {
        agent.source for agent in view.agents
    }
    assert all("http://127.0.0.1:4318" in agent.lines for agent in view.agents)


@pytest.mark.loopback
def test_on_says_where_and_gives_lines_for_its_ports(seen: Callable[[], ReceiverView], receiving: Receiving) -> None:
    state = receiving.start(0, 0)
    view = seen()
    assert view.listening
    assert view.state_text.startswith(f"Listening on http://127.0.0.1:{state.http_port} for HTTP and http://127.0.0.1:")
    assert all(f"http://127.0.0.1:{state.http_port}" in agent.lines for agent in view.agents)
    assert receiving.start(0, 0) == state, "it listens already"
    receiving.stop()
    assert not seen().listening


def test_the_first_event_ticks_its_agent(seen: Callable[[], ReceiverView], hear: Callable[[list[Told]], None]) -> None:
    for request in captures("copilot-1.0.102/http-protobuf"):
        hear(request.told())
    heard = {agent.source: agent.heard_text for agent in seen().agents if agent.heard}
    assert list(heard) == ["copilot-cli"]
    assert heard["copilot-cli"].startswith("First event received ")
    assert "2026" in heard["copilot-cli"]
    assert heard["copilot-cli"].endswith("; 4 calls so far, the last request 1 h ago.")
    assert seen().refused == ("4 requests refused, because they were not an OTLP message; the last 1 h ago.",)


def test_metrics_alone_are_called_what_they_are(
    seen: Callable[[], ReceiverView], hear: Callable[[list[Told]], None]
) -> None:
    for request in captures("claude-code-2.1.330/http-json"):
        if request.signal == "metrics":
            hear(request.told())
    (claude,) = [agent for agent in seen().agents if agent.source == "claude-code"]
    assert claude.heard_text.endswith("but only metrics, which tell no calls: check the lines.")
