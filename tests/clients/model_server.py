"""A model that is not one: answers agents on loopback by script, and writes down what it really counted."""

import gzip
import json
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.clients.scripts import SIDE_ANSWER, Cue, Setting, Step, calls_of, counts_of, cue_of, filled_form
from tests.clients.wire import Answer, Question, Wire
from tests.clients.wires import wire_for


class Stage:
    """What the answers have in common: their numbering, the scene that is on, and the truth about all of them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.scene = ""
        self.truth: list[dict[str, Any]] = []
        self._refused: Counter[tuple[str, str, int]] = Counter()
        self._lock = threading.Lock()

    def open_row(self, wire: Wire, question: Question, cue: Cue) -> tuple[dict[str, Any], Step]:
        """Number the answer and write down what is known of it; `counts` is None until they are on the wire."""
        with self._lock:
            number = len(self.truth) + 1
            step = cue.step
            status = 200
            if step.fail_status:
                self._refused[self.scene, cue.script, cue.step_number] += 1
                if self._refused[self.scene, cue.script, cue.step_number] <= step.fail_times:
                    status = step.fail_status
            if step.use and not question.offered:
                step = Step(SIDE_ANSWER)
            row: dict[str, Any] = {
                "n": number,
                "scene": self.scene,
                "script": cue.script,
                "step": cue.step_number,
                "wire": wire.name,
                "model": question.model,
                "response_id": wire.response_id(number),
                "status": status,
                "tools": [],
                "finished": False,
                "counts": None,
            }
            self.truth.append(row)
            return row, step


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stage: Stage

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Say nothing: the truth is in the rows."""

    def do_HEAD(self) -> None:
        self._send(200, {})

    def do_GET(self) -> None:
        self._send(200 if "/models" in self.path else 404, {"data": [], "object": "list", "has_more": False})

    def do_POST(self) -> None:
        body = json.loads(self._body() or b"{}")
        path = self.path.split("?")[0].rstrip("/")
        if path.endswith(("/count_tokens", ":countTokens")):
            self._send(200, {"input_tokens": 1_234, "totalTokens": 1_234})
            return
        wire = wire_for(path)
        if wire is not None:
            self._answer(wire, wire.question(path, body))
            return
        self._send(404, {"error": {"type": "not_found_error", "message": "not played here"}})

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            data = b"".join(iter(self._chunk, b""))
        else:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        encoding = self.headers.get("Content-Encoding", "").lower()
        if encoding == "gzip":
            return gzip.decompress(data)
        return zlib.decompress(data) if encoding == "deflate" else data

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        data = self.rfile.read(size)
        self.rfile.readline()
        return data

    def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(data)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _answer(self, wire: Wire, question: Question) -> None:
        cue = cue_of(question.turns) if question.form is None else Cue("form", 0, Step(filled_form(question.form)))
        row, step = self.stage.open_row(wire, question, cue)
        number = row["n"]
        name = f"req_played{number:018d}"
        headers = {"request-id": name, "x-request-id": name}
        if row["status"] != 200:
            wait = {"retry-after": "1"} if row["status"] == 429 else {}
            status, refusal = wire.failure(row["status"])
            self._send(status, refusal, {**headers, **wait})
            return
        counts = counts_of(number, writes=wire.writes, thinks=step.think or wire.always_thinks)
        calls = calls_of(step, question.offered, self.stage.setting)
        answer = Answer(number, question.model, step, calls, counts, question.tells_usage)
        row["tools"] = [call.kind for call in calls]
        if question.streamed:
            told = wire.told_at_once(counts)
            row["counts"] = told and told._asdict()
            try:
                self._stream(wire, answer, headers)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
                return
        else:
            self._send(200, wire.whole(answer), headers)
        row["counts"] = counts._asdict() if question.tells_usage else None
        row["finished"] = True

    def _stream(self, wire: Wire, answer: Answer, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {
            "Content-Type": "text/event-stream; charset=utf-8",
            "Transfer-Encoding": "chunked",
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        for data in wire.frames(answer):
            if answer.step.pause_seconds:
                time.sleep(answer.step.pause_seconds)
            self._write_chunk(data)
        self._write_chunk(b"")

    def _write_chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


@contextmanager
def serving(stage: Stage) -> Iterator[str]:
    """Serve on a free loopback port while the block runs; yields the base address."""
    handler = type("Handler", (_Handler,), {"stage": stage})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="model")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
