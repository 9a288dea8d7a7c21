"""Judgements as files of OpenTelemetry, Langfuse and MLflow: labels, never a number for what was said, and back again.

Their word for a label is "score"; it stands only in this module. Every fact that a format has no field for is a text
under `goodmeasure.…` in its attributes or metadata, so that a file of ours comes back exactly. Shapes: OpenTelemetry's
semantic conventions for generative AI (events, development), Langfuse's ingestion of `score-create`, MLflow 3's
`Assessment`.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from goodmeasure import __version__
from goodmeasure.domain.assessments import AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.interchange import Exchanged, Format, ReadFile
from goodmeasure.value.taxonomy import QUESTIONS, TAXONOMY_VERSION

LARGEST_BYTES: Final = 64 << 20
_OURS: Final = "goodmeasure."
_EVENT: Final = "gen_ai.evaluation.result"
_NAME: Final = "gen_ai.evaluation.name"
_LABEL: Final = "gen_ai.evaluation.score.label"
_CONVERSATION: Final = "gen_ai.conversation.id"
_SPACE: Final = UUID("6f1a0d1e-8a55-5d3c-9b38-1d1f0f1f7a11")
"""Under which a judgement's id is hashed: the same judgement has the same one in every file."""
_SOURCES: Final = {
    "ANNOTATION": AssessmentSource.HUMAN,
    "EVAL": AssessmentSource.LLM_JUDGE,
    "API": AssessmentSource.CODE,
    "AI_JUDGE": AssessmentSource.LLM_JUDGE,
    **{source.value: source for source in AssessmentSource},
}
"""Who judged, in the words of all three."""
_INSTANT: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")


class _NotOursError(ValueError):
    """A record that is no judgement of this taxonomy; the text says why."""


def write_file(judgements: Sequence[Exchanged], wanted: Format) -> bytes:
    """Return the bytes of a file with these judgements, in their order."""
    document = {Format.OTEL: _otel, Format.LANGFUSE: _langfuse, Format.MLFLOW: _mlflow}[wanted](judgements)
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def read_file(data: bytes, wanted: Format) -> ReadFile:
    """Return the judgements in a file of this format; what this taxonomy does not know is counted.

    Raises Refusal for a file that is not of this format.
    """
    if len(data) > LARGEST_BYTES:
        raise Refusal(f"The file has more than {LARGEST_BYTES >> 20} MB: export fewer judgements at a time.")
    records, read = {
        Format.OTEL: (_otel_records, _from_otel),
        Format.LANGFUSE: (_langfuse_records, _from_langfuse),
        Format.MLFLOW: (_mlflow_records, _from_mlflow),
    }[wanted]
    found = ReadFile()
    try:
        there = list(records(_document(data)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refusal(f"This is no {wanted.value} file: choose its --format.") from error
    for record in there:
        try:
            found.judgements.append(_known(record, read))
        except _NotOursError as reason:
            found.left_aside[str(reason)] += 1
    return found


# ---- OpenTelemetry


def _otel(judgements: Sequence[Exchanged]) -> dict[str, Any]:
    scope = {"name": "goodmeasure", "version": __version__}
    service = _attributes({"service.name": "goodmeasure"})
    records = [_otel_record(one) for one in judgements]
    return {
        "resourceLogs": [{"resource": {"attributes": service}, "scopeLogs": [{"scope": scope, "logRecords": records}]}]
    }


def _otel_record(one: Exchanged) -> dict[str, Any]:
    at = str(one.assessed_at * 1_000_000)
    told = {_NAME: one.name, _LABEL: one.value, _CONVERSATION: one.session, **_facts(one)}
    return {
        "timeUnixNano": at,
        "observedTimeUnixNano": at,
        "severityNumber": 9,
        "eventName": _EVENT,
        "attributes": _attributes(told),
    }


def _attributes(told: Mapping[str, str | None]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in told.items() if value is not None]


def _otel_records(document: Any) -> Iterator[Any]:
    for logs in document["resourceLogs"]:
        for scope in logs["scopeLogs"]:
            for record in scope["logRecords"]:
                told = {one["key"]: one["value"].get("stringValue") for one in record.get("attributes", ())}
                if _EVENT in {record.get("eventName"), told.get("event.name")}:
                    yield record | {"attributes": told}


def _from_otel(record: Mapping[str, Any]) -> Exchanged:
    told = record["attributes"]
    at = int(record.get("timeUnixNano") or record["observedTimeUnixNano"]) // 1_000_000
    # The conventions have no field for who judged: without ours, a program did.
    return _exchanged(told.get(_NAME), told.get(_LABEL), told.get(_CONVERSATION), "CODE", at, told)


# ---- Langfuse


def _langfuse(judgements: Sequence[Exchanged]) -> dict[str, Any]:
    return {
        "batch": [
            {
                "id": _id(one),
                "type": "score-create",
                "timestamp": _written(one.assessed_at),
                "body": {
                    "id": _id(one, changes=False),  # a later answer takes the place of this one
                    "name": one.name,
                    "value": one.value,
                    "dataType": "CATEGORICAL",
                    "sessionId": one.session,
                    "metadata": _facts(one),
                },
            }
            for one in judgements
        ]
    }


def _langfuse_records(document: Any) -> Iterator[Any]:
    """Yield what was written for the ingestion interface, and what the interface lists (`{"data": […]}`)."""
    if "batch" in document:
        for event in document["batch"]:
            if event["type"] == "score-create":
                yield {"timestamp": event["timestamp"], **event["body"]}
    else:
        yield from document["data"]


def _from_langfuse(record: Mapping[str, Any]) -> Exchanged:
    label = record.get("stringValue", record.get("value"))
    told = record.get("metadata") or {}
    session = record.get("sessionId") or record.get("traceId")
    return _exchanged(record["name"], label, session, record.get("source", "API"), _instant(record["timestamp"]), told)


# ---- MLflow


def _mlflow(judgements: Sequence[Exchanged]) -> list[dict[str, Any]]:
    return [
        {
            "assessment_id": f"a-{_id(one).replace('-', '')}",
            "assessment_name": one.name,
            "source": {"source_type": one.source.value, "source_id": "goodmeasure"},
            "create_time": _written(one.assessed_at),
            "last_update_time": _written(one.assessed_at),
            "feedback": {"value": one.value},
            "metadata": _facts(one),
            "valid": True,
        }
        for one in judgements
    ]


def _mlflow_records(document: Any) -> Iterator[Any]:
    for record in document["assessments"] if isinstance(document, dict) else document:
        if record["assessment_name"] is not None and "feedback" in record and record.get("valid", True):
            yield record


def _from_mlflow(record: Mapping[str, Any]) -> Exchanged:
    told = record.get("metadata") or {}
    judge, at = record["source"]["source_type"], _instant(record["create_time"])
    return _exchanged(record["assessment_name"], record["feedback"].get("value"), None, judge, at, told)


# ---- what all have in common


def _facts(one: Exchanged) -> dict[str, str]:
    """Return what no format has a field for, as texts: another program cannot average a text."""
    told = {
        "run": one.run,
        "session": one.session,
        "agent": one.agent,
        "source": one.source.value,
        "collected": one.collected.value,
        "inclusion_probability": None if one.inclusion_probability is None else repr(one.inclusion_probability),
        "answer_seconds": None if one.answer_seconds is None else repr(one.answer_seconds),
        "suggested": one.suggested,
        "taxonomy_version": str(one.taxonomy_version),
    }
    return {_OURS + name: value for name, value in told.items() if value is not None}


def _known(record: Any, read: Callable[[Mapping[str, Any]], Exchanged]) -> Exchanged:
    try:
        return read(record)
    except _NotOursError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise _NotOursError("cannot be read") from error


def _exchanged(name: Any, label: Any, session: Any, judge: str, at: int, told: Mapping[str, Any]) -> Exchanged:
    if name not in list(AssessmentName):
        raise _NotOursError("no question of this taxonomy")
    if label not in [choice.value for choice in QUESTIONS[AssessmentName(name)].choices]:
        raise _NotOursError(f"no answer to {name}")

    def fact(called: str) -> str | None:
        value = told.get(_OURS + called)
        if value is not None and not isinstance(value, str):
            raise _NotOursError("cannot be read")
        return value

    version = int(fact("taxonomy_version") or TAXONOMY_VERSION)
    if version != TAXONOMY_VERSION:
        raise _NotOursError("another version of the taxonomy")
    return Exchanged(
        fact("run"),
        fact("session") or (None if session is None else str(session)),
        fact("agent"),
        str(name),
        str(label),
        _SOURCES[fact("source") or judge],
        Collected(fact("collected") or Collected.SELF_SELECTED),
        _fraction(fact("inclusion_probability"), 1),
        at,
        _fraction(fact("answer_seconds"), math.inf),
        fact("suggested"),
        version,
    )


def _fraction(text: str | None, largest: float) -> float | None:
    if text is None:
        return None
    number = float(text)
    if not 0 <= number <= largest or not math.isfinite(number):
        raise _NotOursError("cannot be read")
    return number


def _id(one: Exchanged, *, changes: bool = True) -> str:
    """Return the judgement's id; not `changes`: that of its place, which a later answer has, too."""
    named = (one.run or "", one.name, one.source.value, *((one.value, str(one.assessed_at)) if changes else ()))
    return str(uuid5(_SPACE, "\x1f".join(named)))


def _written(at: int) -> str:
    seconds, rest = divmod(at, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def _instant(text: str) -> int:
    """Return milliseconds since 1970 UTC of an ISO instant; finer parts are cut off."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise _NotOursError("cannot be read")
    whole = datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00"))
    return round(whole.timestamp()) * 1000 + int((match[2] or "0").ljust(3, "0")[:3])


def _document(data: bytes) -> Any:
    """Return the file's document; collectors write one of OpenTelemetry's on each line, which then are one."""
    if b"\n" not in data.strip():
        return json.loads(data)
    with suppress(ValueError):
        return json.loads(data)
    lines = [json.loads(line) for line in data.splitlines() if line.strip()]
    return {"resourceLogs": [logs for line in lines for logs in line["resourceLogs"]]}
