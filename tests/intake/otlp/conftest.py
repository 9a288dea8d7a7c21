"""A real receiver on the loopback address, with a scratch ledger, and what it wrote."""

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import pytest

from goodmeasure.intake.otlp.receiver import Ports, Receiver
from goodmeasure.ledger.opening import Ledger
from tests.sources.telemetry import Capture

METHODS = {
    "logs": "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    "traces": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "metrics": "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
}
NOW = 1_795_435_200_000


@dataclass
class Running:
    """A receiver that listens, and an agent that sends to it."""

    receiver: Receiver
    ports: Ports
    ledger: Ledger

    def post(self, body: bytes, path: str = "/v1/logs", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Send a body over HTTP; names of headers have `_` for `-`."""
        sent = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.ports.http, timeout=30)
        try:
            connection.request("POST", path, body, sent)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def send(self, request: Capture) -> None:
        """Send a captured request as its agent sent it; it must be taken."""
        if request.transport == "grpc":
            assert self.call(request) == b""
            return
        headers = {"Content_Type": request.content_type}
        if request.compression:
            headers["Content_Encoding"] = request.compression
        body = request.body
        if request.chunked:
            headers["Transfer_Encoding"] = "chunked"
            body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in _parts(body)) + b"0\r\n\r\n"
        status, _, answer = self.post(body, request.path, **headers)
        assert (status, answer) == (200, b"{}" if request.is_json else b"")

    def call(self, request: Capture) -> bytes:
        """Send a body over gRPC, compressed as it came."""
        compression = grpc.Compression.Gzip if request.compression == "gzip" else grpc.Compression.NoCompression
        with grpc.insecure_channel(f"127.0.0.1:{self.ports.grpc}", compression=compression) as channel:
            method: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(METHODS[request.signal])
            answer: bytes = method(request.plain, timeout=30)
            return answer

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        return list(self.ledger.raw().execute(question).fetchall())


def _parts(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


@pytest.fixture
def started(ledger: Ledger) -> Iterator[Callable[[], Running]]:
    """Start a receiver; it is stopped with the test."""
    made: list[Receiver] = []

    def start() -> Running:
        receiver = Receiver(
            ledger, cost_of=lambda _: (None, "unknown"), project_of=lambda cwd: (cwd, cwd), now=lambda: NOW
        )
        ports = receiver.start(Ports(0, 0))
        made.append(receiver)
        return Running(receiver, ports, ledger)

    yield start
    for receiver in made:
        receiver.stop()


@pytest.fixture
def running(started: Callable[[], Running]) -> Running:
    return started()
