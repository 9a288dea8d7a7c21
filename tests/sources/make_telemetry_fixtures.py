"""Reduce captured OTLP requests to fixtures: structure, names, ids and numbers stay, every other text is invented.

Run by hand: `python -m tests.sources.make_telemetry_fixtures CAPTURES`, where `CAPTURES/<client>/<variant>` holds
`raw/NNNN-<signal>.body` (the bytes as received; gRPC keeps its five-byte prefix), `raw/NNNN-<signal>.headers.json` and
`ledger.jsonl` (what the scripted model answered). Bodies become JSON, however they came, so that a change can be read;
`telemetry.py` encodes them again as they came.
"""

import base64
import gzip
import json
import sys
from pathlib import Path
from typing import Any

from google.protobuf import json_format

from goodmeasure.sources.otlp.attributes import READ
from goodmeasure.sources.otlp.decoding import REQUESTS
from goodmeasure.sources.otlp.records import Signal

HERE = Path(__file__).parent / "otlp"
INVENTED = "Invented text."
_COUNTS = ("input_uncached", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
_KEPT_UNREAD = 3
"""How many records of one part of a program that are not read stay, to show that they are left aside."""


def main(captures: Path) -> None:
    truth = {}
    for folder in sorted(captures.glob("*/*")):
        if (folder / "raw").is_dir():
            client, variant = folder.parts[-2:]
            requests = [_request(headers) for headers in sorted((folder / "raw").glob("*.headers.json"))]
            file = HERE / client / f"{variant}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("[\n" + ",\n".join(json.dumps(request) for request in requests) + "\n]\n")
            truth[f"{client}/{variant}"] = _truth(client, folder / "ledger.jsonl", file.read_text())
    rows = (f"{json.dumps(name)}: {json.dumps(calls)}" for name, calls in truth.items())
    (HERE / "expected.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


def _request(headers: Path) -> dict[str, Any]:
    told = json.loads(headers.read_text())
    sent = {name.lower(): value for name, value in told["headers"]}
    body = headers.with_name(headers.name.replace(".headers.json", ".body")).read_bytes()
    transport = "grpc" if told["proto"] == "grpc" else "http"
    compression = sent.get("grpc-encoding" if transport == "grpc" else "content-encoding")
    body = body[5:] if transport == "grpc" else body
    if compression == "gzip":
        body = gzip.decompress(body)
    signal = next(signal for signal in Signal if signal[:-1] in told["path"].lower())
    is_json = "json" in sent["content-type"]
    return {
        "transport": transport,
        "path": told["path"],
        "signal": signal,
        "content_type": sent["content-type"],
        "compression": compression,
        "chunked": sent.get("transfer-encoding") == "chunked",
        "body": _reduced(json.loads(body) if is_json else _document(signal, body)),
    }


def _document(signal: Signal, body: bytes) -> Any:
    request = REQUESTS[signal]()
    request.ParseFromString(body)
    return _hexed(json_format.MessageToDict(request))


def _hexed(node: Any) -> Any:
    """Give ids the form that JSON from agents has: hexadecimal, where the package writes base64."""
    if isinstance(node, list):
        return [_hexed(one) for one in node]
    if isinstance(node, dict):
        return {
            name: base64.b64decode(value).hex() if name in {"traceId", "spanId", "parentSpanId"} else _hexed(value)
            for name, value in node.items()
        }
    return node


def _reduced(document: dict[str, Any]) -> dict[str, Any]:
    for group in (one for groups in document.values() for one in groups):
        _invent(group.get("resource", {}))
        for part in (*group.get("scopeLogs", []), *group.get("scopeSpans", []), *group.get("scopeMetrics", [])):
            for kind in ("logRecords", "spans", "metrics"):
                if kind in part:
                    left = iter(range(_KEPT_UNREAD))
                    part[kind] = [record for record in part[kind] if _is_read(record) or next(left, None) is not None]
                    for record in part[kind]:
                        _invent(record)
    return document


def _is_read(record: dict[str, Any]) -> bool:
    keys = {pair["key"] for pair in record.get("attributes", [])}
    return bool(keys & {"event.name", "gen_ai.operation.name", "ai.operationId"}) or any(
        "tokens" in key for key in keys & READ
    )


def _invent(record: dict[str, Any]) -> None:
    if "attributes" in record:
        record["attributes"] = [_invented(pair) for pair in record["attributes"]]
    if isinstance(record.get("body"), dict) and not str(record["body"].get("stringValue", "")).startswith(
        "claude_code."
    ):
        record["body"] = {"stringValue": INVENTED}
    for name in ("events", "links"):
        record.pop(name, None)
    for kind in ("sum", "histogram", "gauge", "exponentialHistogram"):
        if kind in record:
            points = record[kind].get("dataPoints", [])[:1]
            record[kind]["dataPoints"] = points
            for point in points:
                point.pop("exemplars", None)
                point["attributes"] = [_invented(pair) for pair in point.get("attributes", [])]
    record.pop("description", None)
    record.get("status", {}).pop("message", None)


def _invented(pair: dict[str, Any]) -> dict[str, Any]:
    value = pair.get("value") or {}
    if pair["key"] in READ or not any(name in value for name in ("stringValue", "arrayValue", "kvlistValue")):
        return pair
    return {"key": pair["key"], "value": {"stringValue": INVENTED}}


def _truth(client: str, ledger: Path, sent: str) -> list[list[Any]]:
    """Return the answers that were told: the model and the counters of each."""
    rows = [json.loads(line) for line in ledger.read_text().splitlines()]
    answers = [row for row in rows if row["counts"] and not row.get("note", "").startswith("stream dropped")]
    if client.startswith("opencode"):
        answers = [row for row in answers if row["response_id"] in sent]  # it ends before its last spans are sent
    elif client.startswith(("goose", "kilocode")):
        answers = []  # they send no counts
    return [[row["model"], *(row["counts"][name] for name in _COUNTS)] for row in answers]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
