"""OTLP over HTTP on the loopback address: any path, protobuf or JSON, gzip, deflate, chunked, kept-alive."""

import sys
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from goodmeasure.intake.otlp.answers import (
    BROKEN,
    FOREIGN,
    MOST_BYTES,
    TOO_LARGE,
    WRONG_TYPE,
    RefusedError,
    TryLaterError,
)
from goodmeasure.intake.otlp.taking import Taking
from goodmeasure.sources.otlp.records import Signal

HOST = "127.0.0.1"
MOST_CONNECTIONS = 32
BODY_SECONDS = 20.0
"""How long a body may take to arrive."""
_IDLE_SECONDS = 10.0
_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_TYPES = {"application/json": True, "application/x-protobuf": False, "application/protobuf": False}
_PIECE = 1 << 16
_LONGEST_LINE = 1 << 10


class _BrokenError(Exception):
    """The connection ended, or what came is not HTTP."""


class HttpServer(ThreadingHTTPServer):
    """The listening end. Raises OSError where the port is taken."""

    allow_reuse_address = sys.platform != "win32"  # there it would let two programs share the port
    daemon_threads = False
    block_on_close = True
    request_queue_size = 16

    def __init__(self, port: int, taking: Taking) -> None:
        """`port` 0: any that is free, see `server_port`."""
        self.taking = taking
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._guard = threading.Lock()
        self._open: set[Any] = set()
        super().__init__((HOST, port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, name="telemetry over HTTP", daemon=True)

    def server_bind(self) -> None:
        """Bind without asking a name server for this machine's name, as the library would."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End all connections and stop listening."""
        self.shutdown()
        self._thread.join()
        with self._guard:
            connections = list(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(0)  # reading only: an answer under way still goes out, then its thread ends
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a connection a thread, or send it away where too many are open."""
        if not self._places.acquire(blocking=False):
            with suppress(OSError):
                request.sendall(
                    b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            self.shutdown_request(request)
            return
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.discard(request)
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: what a sender breaks is its own affair, and its bytes are nobody's."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    server: HttpServer

    def do_POST(self) -> None:
        """Take one request."""
        taking = self.server.taking
        is_json = False
        try:
            self._check_sender()
            is_json = self._is_json()
            encoding = self.headers.get("Content-Encoding", "").strip().lower()
            body = taking.unpacked(self._body(), encoding)
            taking.take(body, _signal_of(self.path), is_json=is_json)
        except RefusedError as refusal:
            self.close_connection = True
            self._answer(refusal.http_status, is_json=is_json)
        except TryLaterError as later:
            taking.put_off()
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, is_json=is_json, retry_after=later.seconds)
        except (_BrokenError, OSError):
            self.close_connection = True
            taking.refused(BROKEN)
        else:
            self._answer(HTTPStatus.OK, is_json=is_json)

    def _check_sender(self) -> None:
        """Refuse what a web page sends: its address may have been bent to this machine, but its Host was not."""
        host = self.headers.get("Host", "")
        name = host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
        if name.lower() not in _NAMES or "Origin" in self.headers:
            self._discard()
            raise self.server.taking.refused(FOREIGN, 403)

    def _is_json(self) -> bool:
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in _TYPES:
            self._discard()
            raise self.server.taking.refused(WRONG_TYPE, 415)
        return _TYPES[kind]

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunked_body(time.monotonic() + BODY_SECONDS)
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            raise _BrokenError
        if len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
            self._discard()
            raise self.server.taking.refused(TOO_LARGE, 413)
        return self._piece(int(length), time.monotonic() + BODY_SECONDS)

    def _chunked_body(self, deadline: float) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while length := self._chunk_length():
            size += length
            if size > MOST_BYTES:
                self._discard()
                raise self.server.taking.refused(TOO_LARGE, 413)
            pieces.append(self._piece(length, deadline))
            if self.rfile.readline(_LONGEST_LINE).strip():
                raise _BrokenError
        while self.rfile.readline(_LONGEST_LINE).strip():  # trailers, which nobody needs
            if time.monotonic() > deadline:
                raise _BrokenError
        return b"".join(pieces)

    def _chunk_length(self) -> int:
        words = self.rfile.readline(_LONGEST_LINE).partition(b";")[0].strip()
        try:
            return int(words.decode("ascii"), 16) if words.isalnum() else -1
        except ValueError:
            raise _BrokenError from None

    def _piece(self, length: int, deadline: float) -> bytes:
        if length < 0:
            raise _BrokenError
        pieces: list[bytes] = []
        while length:
            piece = self.rfile.read1(min(length, _PIECE))
            if not piece or time.monotonic() > deadline:
                raise _BrokenError
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def _discard(self) -> None:
        """Read on a little, so that the sender is ready to hear the answer; the connection then ends."""
        self.close_connection = True
        left, deadline = 2 * MOST_BYTES, time.monotonic() + _IDLE_SECONDS / 2
        length = self.headers.get("Content-Length", "")
        if length.isascii() and length.isdecimal():
            left = min(left, int(length[:_LONGEST_LINE]))
        self.connection.settimeout(0.5)
        with suppress(OSError):
            while left > 0 and time.monotonic() < deadline and (piece := self.rfile.read1(min(left, _PIECE))):
                left -= len(piece)

    def _answer(self, status: int, *, is_json: bool, retry_after: int | None = None) -> None:
        body = b"{}" if is_json else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if is_json else "application/x-protobuf")
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Tell nobody which Python this is."""
        return "GoodMeasure"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Log nothing of what is sent."""


def _signal_of(path: str) -> Signal | None:
    """Return what a path says about its body; None where it is not one of OTLP's."""
    last = path.partition("?")[0].rstrip("/").rpartition("/")[2].lower()
    return Signal(last) if last in tuple(Signal) else None
