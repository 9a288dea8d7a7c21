"""A real gRPC client against the real server."""

from dataclasses import replace

import grpc
import pytest

from goodmeasure.ledger.connecting import connected
from goodmeasure.sources.otlp.records import Signal
from tests.intake.conftest import KEY
from tests.intake.otlp.conftest import Running
from tests.sources.telemetry import Capture, captures

pytestmark = pytest.mark.loopback
REQUEST = next(r for r in captures("gemini-cli-0.61.0/grpc") if r.signal is Signal.LOGS)


def status_of(running: Running, request: Capture) -> grpc.StatusCode:
    with pytest.raises(grpc.RpcError) as caught:
        running.call(request)
    code: grpc.StatusCode = caught.value.code()
    return code


def test_garbage_is_refused_for_good(running: Running) -> None:
    assert status_of(running, replace(REQUEST, plain=b"\xff\xff")) is grpc.StatusCode.INVALID_ARGUMENT
    assert running.call(REQUEST) == b""


def test_a_locked_ledger_means_come_again(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodmeasure.ledger.telemetry_writer.BUSY_MS", 50)
    other = connected(running.ledger.path, KEY)
    other.execute("BEGIN IMMEDIATE")
    assert status_of(running, REQUEST) is grpc.StatusCode.UNAVAILABLE
    other.execute("ROLLBACK")
    other.close()
    assert running.call(REQUEST) == b""
    assert running.rows("SELECT count(*) FROM generation") == [(6,)]


def test_a_large_message_is_taken(running: Running) -> None:
    padded = REQUEST.plain + b"\x7a" + b"\x80\x80\x80\x08" + bytes(16 << 20)  # field 15: unknown, 16 MiB
    assert running.call(replace(REQUEST, plain=padded, compression=None)) == b""
    assert running.rows("SELECT count(*) FROM generation") == [(6,)]


def test_too_much_is_refused(running: Running) -> None:
    padded = b"\x7a" + b"\x80\x80\x80\x24" + bytes(72 << 20)
    assert status_of(running, replace(REQUEST, plain=padded, compression=None)) is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_service_that_is_none_of_ours(running: Running) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{running.ports.grpc}") as channel:
        method: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/some.Service/Export")
        with pytest.raises(grpc.RpcError) as caught:
            method(b"", timeout=30)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
