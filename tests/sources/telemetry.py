"""Captured OTLP requests (see `make_telemetry_fixtures.py`) as agents sent them, and what they say: shared by tests."""

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import json_format

from goodmeasure.sources.otlp.decoding import REQUESTS, decoded_json, decoded_protobuf
from goodmeasure.sources.otlp.mapping import Told, told
from goodmeasure.sources.otlp.records import Signal

HERE = Path(__file__).parent / "otlp"
TRUTH: dict[str, list[list[Any]]] = json.loads((HERE / "expected.json").read_text())
"""Per capture (`<client>-<version>/<variant>`): model and six disjoint counters of each call that was told."""


@dataclass(frozen=True)
class Capture:
    """One request as it came over the wire."""

    transport: str
    """`http` or `grpc`."""
    path: str
    signal: Signal
    content_type: str
    compression: str | None
    chunked: bool
    plain: bytes
    """The body, not compressed."""

    @property
    def is_json(self) -> bool:
        return "json" in self.content_type

    @property
    def body(self) -> bytes:
        """The body, compressed if it came so."""
        return gzip.compress(self.plain) if self.compression == "gzip" else self.plain

    def told(self) -> list[Told]:
        groups = decoded_json(self.plain) if self.is_json else decoded_protobuf(self.plain, self.signal)
        return told(groups)


def captures(name: str) -> Iterator[Capture]:
    """Return the requests of one capture, in the order of arrival."""
    for request in json.loads((HERE / f"{name}.json").read_text()):
        signal = Signal(request["signal"])
        document = request["body"]
        is_json = "json" in request["content_type"]
        plain = json.dumps(document).encode() if is_json else _packed(signal, document)
        yield Capture(
            request["transport"],
            request["path"],
            signal,
            request["content_type"],
            request["compression"],
            request["chunked"],
            plain,
        )


def _packed(signal: Signal, document: Any) -> bytes:
    request = REQUESTS[signal]()
    json_format.ParseDict(_based(document), request)
    return request.SerializeToString()


def _based(node: Any) -> Any:
    if isinstance(node, list):
        return [_based(one) for one in node]
    if isinstance(node, dict):
        return {
            name: base64.b64encode(bytes.fromhex(value)).decode()
            if name in {"traceId", "spanId", "parentSpanId"}
            else _based(value)
            for name, value in node.items()
        }
    return node
