"""From the bytes of an OTLP request to groups of records, by OpenTelemetry's own protobuf package.

Attributes that are not in `attributes.READ`, bodies, span events and links are dropped unread: they stay inside the
decoded message and go away with it.
"""

import base64
import json
from collections.abc import Iterable
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from goodmeasure.sources._formats.jsonl import instant
from goodmeasure.sources.otlp.attributes import LONGEST_TEXT, READ, Attributes, Value
from goodmeasure.sources.otlp.records import Event, Group, Signal, Span

_NANOS_PER_MILLI = 1_000_000
_LATEST_NANOS = 1 << 62
_ID_NAMES = frozenset({"traceId", "trace_id", "spanId", "span_id", "parentSpanId", "parent_span_id"})
_TOP_NAMES = {
    "resourceLogs": Signal.LOGS,
    "resource_logs": Signal.LOGS,
    "resourceSpans": Signal.TRACES,
    "resource_spans": Signal.TRACES,
    "resourceMetrics": Signal.METRICS,
    "resource_metrics": Signal.METRICS,
}
_UNREAD = ("body", "events", "links", "exemplars", "dataPoints", "data_points")
_FAULTS = (DecodeError, json_format.ParseError, ValueError, TypeError, RecursionError, AttributeError)

Request = ExportLogsServiceRequest | ExportTraceServiceRequest | ExportMetricsServiceRequest
REQUESTS: dict[Signal, type[Request]] = {
    Signal.LOGS: ExportLogsServiceRequest,
    Signal.TRACES: ExportTraceServiceRequest,
    Signal.METRICS: ExportMetricsServiceRequest,
}


class UndecodableError(ValueError):
    """The bytes are no OTLP request."""


def decoded_protobuf(body: bytes, signal: Signal | None) -> list[Group]:
    """Return what a protobuf body holds; `signal` None: find out which it is. Raises UndecodableError."""
    for kind in (signal,) if signal else tuple(Signal):
        request = REQUESTS[kind]()
        try:
            request.ParseFromString(body)
        except DecodeError:
            continue
        if signal or not body or _is(kind, request):
            return _groups(request)
    raise UndecodableError("The body is not an OTLP message in protobuf.")


def decoded_json(body: bytes) -> list[Group]:
    """Return what a JSON body holds; names in either spelling, numbers as texts or numbers. Raises UndecodableError."""
    try:
        document = json.loads(body.decode("utf-8", "replace"), object_hook=_pruned, strict=False)
        signal = next((_TOP_NAMES[name] for name in document if name in _TOP_NAMES), None)
        request = REQUESTS[signal or Signal.LOGS]()
        json_format.ParseDict(document, request, ignore_unknown_fields=True)
    except _FAULTS as fault:
        raise UndecodableError("The body is not an OTLP message in JSON.") from fault
    if not isinstance(document, dict) or (signal is None and document):
        raise UndecodableError("The body is JSON, but not an OTLP message.")
    return _groups(request)


def _pruned(node: dict[str, Any]) -> dict[str, Any]:
    """Drop from a JSON object what is not read, before anything is made of it; ids become what ParseDict takes."""
    for name in _UNREAD:
        node.pop(name, None)
    attributes = node.get("attributes")
    if isinstance(attributes, list):
        node["attributes"] = [pair for pair in attributes if isinstance(pair, dict) and pair.get("key") in READ]
    for name in _ID_NAMES & node.keys():
        node[name] = _base64_of_hex(node[name])
    text = node.get("stringValue", node.get("string_value"))
    if isinstance(text, str):
        # Half of a surrogate pair, left where a program cut a text, is no text for protobuf.
        node.pop("string_value", None)
        node["stringValue"] = text.encode("utf-8", "replace").decode() if len(text) <= LONGEST_TEXT else ""
    return node


def _base64_of_hex(text: Any) -> str:
    try:
        return base64.b64encode(bytes.fromhex(text)).decode()
    except (TypeError, ValueError):
        return ""


def _is(kind: Signal, request: Message) -> bool:
    """Tell whether the first record makes sense as this kind: other kinds' bytes decode, too, but into nothing."""
    if isinstance(request, ExportLogsServiceRequest):
        records = (r for g in request.resource_logs for s in g.scope_logs for r in s.log_records)
        return any(r.time_unix_nano or r.observed_time_unix_nano for r in records)
    if isinstance(request, ExportTraceServiceRequest):
        spans = (r for g in request.resource_spans for s in g.scope_spans for r in s.spans)
        return any(r.trace_id and r.start_time_unix_nano for r in spans)
    if isinstance(request, ExportMetricsServiceRequest):
        metrics = (r for g in request.resource_metrics for s in g.scope_metrics for r in s.metrics)
        return any(r.name and r.WhichOneof("data") for r in metrics)
    raise AssertionError(kind)


def _groups(request: Request) -> list[Group]:
    if isinstance(request, ExportLogsServiceRequest):
        return [
            Group(_read(sent.resource.attributes), part.scope.name, events=[_event(r) for r in part.log_records])
            for sent in request.resource_logs
            for part in sent.scope_logs
        ]
    if isinstance(request, ExportTraceServiceRequest):
        return [
            Group(_read(sent.resource.attributes), part.scope.name, spans=[_span(r) for r in part.spans])
            for sent in request.resource_spans
            for part in sent.scope_spans
        ]
    return [
        Group(_read(sent.resource.attributes), part.scope.name, metrics=len(part.metrics))
        for sent in request.resource_metrics
        for part in sent.scope_metrics
    ]


def _event(record: Any) -> Event:
    attributes = _read(record.attributes)
    stamp = attributes.get("event.timestamp")
    at = instant(stamp) if isinstance(stamp, str) else None
    if at is None:
        at = _millis(record.time_unix_nano) or _millis(record.observed_time_unix_nano)
    name = attributes.get("event.name") or record.event_name
    return Event(name if isinstance(name, str) else None, at, record.trace_id.hex(), record.span_id.hex(), attributes)


def _span(record: Any) -> Span:
    return Span(
        record.name[:LONGEST_TEXT],
        record.trace_id.hex(),
        record.span_id.hex(),
        record.parent_span_id.hex(),
        _millis(record.start_time_unix_nano),
        _millis(record.end_time_unix_nano),
        record.status.code == Status.STATUS_CODE_ERROR,
        _read(record.attributes),
    )


def _read(pairs: Iterable[KeyValue]) -> Attributes:
    found: Attributes = {}
    for pair in pairs:
        if pair.key in READ:
            value = _value(pair.value)
            if value is not None:
                found[pair.key] = value
    return found


def _value(value: AnyValue) -> Value | None:
    kind = value.WhichOneof("value")
    if kind == "string_value":
        text = value.string_value
        return text if 0 < len(text) <= LONGEST_TEXT else None
    if kind in {"int_value", "double_value", "bool_value"}:
        found: Value = getattr(value, kind)
        return found
    return None


def _millis(nanos: int) -> int | None:
    return nanos // _NANOS_PER_MILLI if 0 < nanos < _LATEST_NANOS else None
