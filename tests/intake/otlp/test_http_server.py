"""What may come over HTTP: odd paths, odd framing, strangers, garbage, too much, too slow."""

import gzip
import socket
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlcipher3 import dbapi2

from goodmeasure.intake.otlp import http_server, taking
from goodmeasure.ledger.connecting import connected
from goodmeasure.ledger.health import refused
from goodmeasure.ledger.opening import Ledger
from tests.intake.conftest import KEY
from tests.intake.otlp.conftest import Running
from tests.sources.telemetry import captures

pytestmark = pytest.mark.loopback
CAPTURE = "claude-code-2.1.330/http-json"
LOGS = next(r.plain for r in captures(CAPTURE) if r.signal == "logs" and b"api_request" in r.plain)
PROTOBUF = next(r.plain for r in captures("copilot-1.0.102/http-protobuf") if r.signal == "traces")
KEPT = "SELECT count(*) FROM generation"


def calls(running: Running) -> int:
    count: int = running.rows(KEPT)[0][0]
    return count


def reasons(running: Running) -> dict[str, int]:
    """What was refused, once the receiver has stopped."""
    running.receiver.stop()
    return {row.reason: row.count for row in refused(running.ledger)}


@pytest.mark.parametrize("path", ["/v1/logs", "/", "/some/prefix/v1/logs", "/v1/logs/?x=1", "/v1/traces", "/odd"])
def test_any_path_will_do_for_json(running: Running, path: str) -> None:
    assert running.post(LOGS, path)[0] == 200
    assert calls(running) > 0


@pytest.mark.parametrize("path", ["/v1/traces", "/", "/odd"])
def test_any_path_will_do_for_protobuf(running: Running, path: str) -> None:
    assert running.post(PROTOBUF, path, Content_Type="application/x-protobuf")[0] == 200
    assert calls(running) == 4


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("identity", bytes),
    ],
    ids=["gzip", "upper case", "deflate", "raw deflate", "identity"],
)
def test_compressed(running: Running, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    assert running.post(pack(LOGS), Content_Encoding=encoding)[0] == 200
    assert calls(running) > 0


def test_a_content_type_with_its_character_set(running: Running) -> None:
    status, headers, body = running.post(LOGS, Content_Type="Application/JSON; charset=utf-8")
    assert (status, headers["content-type"], body) == (200, "application/json", b"{}")


def test_many_requests_over_one_connection(running: Running) -> None:
    import http.client  # noqa: PLC0415 - only here a connection is kept

    connection = http.client.HTTPConnection("127.0.0.1", running.ports.http, timeout=30)
    for _ in range(5):
        connection.request("POST", "/v1/logs", LOGS, {"Content-Type": "application/json", "Expect": "100-continue"})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"{}")
    connection.close()


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1", "[::1]:{port}", "LOCALHOST"])
def test_own_names_are_let_in(running: Running, host: str) -> None:
    assert running.post(LOGS, Host=host.format(port=running.ports.http))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example.invalid"},
        {"Host": "127.0.0.1.evil.example.invalid:4318"},
        {"Host": "localhost.evil.example.invalid"},
        {"Host": ""},
        {"Origin": "null"},
        {"Origin": "https://example.invalid"},
    ],
    ids=str,
)
def test_what_a_web_page_could_send_is_refused(running: Running, headers: dict[str, str]) -> None:
    status, answered, _ = running.post(LOGS, **headers)
    assert status == 403
    assert not any(name.startswith("access-control") for name in answered)
    assert calls(running) == 0
    assert reasons(running) == {"addressed to another machine, or sent by a web page": 1}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xff", {"Content_Type": "application/x-protobuf"}, 400),
        (b"not packed", {"Content_Encoding": "gzip"}, 400),
        (gzip.compress(LOGS)[:-20], {"Content_Encoding": "gzip"}, 400),
        (LOGS, {"Content_Type": "text/plain"}, 415),
        (LOGS, {"Content_Type": ""}, 415),
        (LOGS, {"Content_Encoding": "br"}, 415),
    ],
    ids=["json", "protobuf", "not gzip", "cut gzip", "text", "no type", "brotli"],
)
def test_garbage_is_refused_for_good_and_the_next_is_taken(
    running: Running, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert running.post(body, **headers)[0] == status
    assert running.post(LOGS)[0] == 200
    assert running.receiver.tally.refused == 1
    assert sum(reasons(running).values()) == 1


@pytest.mark.parametrize("framing", ["length", "chunks", "packed"])
def test_too_much_is_refused(running: Running, monkeypatch: pytest.MonkeyPatch, framing: str) -> None:
    monkeypatch.setattr(http_server, "MOST_BYTES", 100_000)
    monkeypatch.setattr(taking, "MOST_PLAIN_BYTES", 200_000)
    body, headers = b" " * 150_000 + LOGS, {}
    if framing == "packed":
        body, headers = gzip.compress(b" " * 1_000_000 + LOGS), {"Content_Encoding": "gzip"}
    elif framing == "chunks":
        body, headers = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body), {"Transfer_Encoding": "chunked"}
    assert running.post(body, **headers)[0] == 413
    assert calls(running) == 0
    assert reasons(running) == {"larger than the receiver takes": 1}


def raw(running: Running, *pieces: bytes) -> bytes:
    """Send bytes as they are and return everything that is answered."""
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=30) as connection:
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


HEAD = b"POST /v1/logs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 99\r\n\r\n{",
        b"Content-Length: -1\r\n\r\n{}",
        b"Content-Length: x\r\n\r\n{}",
        b"\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}garbage\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-5\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_what_breaks_off_is_dropped(running: Running, rest: bytes) -> None:
    raw(running, HEAD + rest)
    assert running.post(LOGS)[0] == 200
    assert reasons(running) == {"broken off, or not HTTP as agents send it": 1}


@pytest.mark.parametrize(
    "line", [b"GARBAGE\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
)
def test_other_protocols_are_sent_away(running: Running, line: bytes) -> None:
    assert b" 200 " not in raw(running, line)
    assert running.post(LOGS)[0] == 200


def test_chunks_with_trailers(running: Running) -> None:
    body = b"%X;name=value\r\n%b\r\n0\r\nTrailer: x\r\n\r\n" % (len(LOGS), LOGS)
    assert raw(running, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body).startswith(b"HTTP/1.1 200")


def test_a_slow_sender_is_cut_off(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "BODY_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=30) as connection:
        connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
        connection.settimeout(0.05)
        ended = False
        while not ended:
            try:
                connection.sendall(b" ")
                ended = connection.recv(10) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
    assert running.post(LOGS)[0] == 200


def test_too_many_connections_are_told_to_come_again(running: Running) -> None:
    held = [
        socket.create_connection(("127.0.0.1", running.ports.http), timeout=30)
        for _ in range(http_server.MOST_CONNECTIONS)
    ]
    for connection in held:
        connection.sendall(b"POST ")
    status, headers, _ = running.post(LOGS)
    assert (status, headers["retry-after"]) == (503, "2")
    for connection in held:
        connection.close()


def test_a_locked_ledger_means_come_again_and_nothing_is_lost(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodmeasure.ledger.telemetry_writer.BUSY_MS", 50)
    other = connected(running.ledger.path, KEY)
    other.execute("BEGIN IMMEDIATE")
    status, headers, _ = running.post(LOGS)
    assert (status, headers["retry-after"]) == (503, "5")
    assert running.receiver.tally.put_off == 1
    other.execute("ROLLBACK")
    other.close()
    assert running.post(LOGS)[0] == 200
    assert calls(running) > 0


def test_a_full_disk_means_come_again(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = running.rows("PRAGMA page_count")[0][0]
    limited = Limited(running.ledger, pages)
    monkeypatch.setattr(running.receiver._keeper._writer, "_ledger", limited)
    number = 0
    while running.post(_renumbered(LOGS, number))[0] == 200:
        number += 1
        assert number < 2000, "the ledger never became full"
    kept = calls(running)
    limited.pages = 1 << 30
    assert running.post(_renumbered(LOGS, number))[0] == 200
    assert calls(running) == kept + kept // max(number, 1)


class Limited:
    """A ledger that may not grow beyond some pages, as on a full disk."""

    def __init__(self, ledger: Ledger, pages: int) -> None:
        self.path = ledger.path
        self.pages = pages
        self.raw = ledger.raw
        self._ledger = ledger

    def writing(self, **options: bool) -> AbstractContextManager[dbapi2.Connection]:
        self._ledger.raw().execute(f"PRAGMA max_page_count={self.pages}")
        return self._ledger.writing(**options)


def _renumbered(body: bytes, number: int) -> bytes:
    return body.replace(b"req_011Fake", b"req_%05d_" % number).replace(b'"event.sequence"', b'"other"')


def test_only_the_loopback_address_is_listened_on(running: Running) -> None:
    """As the system sees it: gRPC's library opens its sockets past Python."""
    listening = {}
    for table in ("/proc/self/net/tcp", "/proc/self/net/tcp6"):
        with open(table, encoding="ascii") as rows:  # noqa: PTH123 - the system's own table
            for row in list(rows)[1:]:
                address, port = row.split()[1].split(":")
                if row.split()[3] == "0A":
                    listening[int(port, 16)] = address
    own = {"0100007F", "0000000000000000FFFF00000100007F"}  # 127.0.0.1, and the same as the newer protocol writes it
    assert {listening[running.ports.http], listening[running.ports.grpc]} <= own
