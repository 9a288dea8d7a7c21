"""The fields of a report as people and other programs read about them, derived from `fields`, never written twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from msgspec import inspect

from goodmeasure.disclosure.fields import PERCENTS, WEEK, WEEK_OR_MONTH, Report

_PATTERNS: Final = {
    WEEK: "an ISO week",
    WEEK_OR_MONTH: "an ISO week or month",
    PERCENTS: "a range in tens of percent",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value that can stand in a report."""

    path: str
    """Dotted; `[]` stands for each line of a list (`words.improved[].text`)."""
    holds: str
    """What kind of value it can hold."""
    meaning: str


def field_list() -> tuple[Field, ...]:
    """Return every value that a report can hold, in the order of the structs."""
    return tuple(_fields_of(inspect.type_info(Report), "", ""))


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a report, as it stands in `resources/report.schema.json`."""
    schema = msgspec.json.schema(Report)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Good Measure report", **schema}


def _fields_of(kind: inspect.Type, path: str, meaning: str) -> Iterator[Field]:
    match kind:
        case inspect.Metadata(inner, extra):
            yield from _fields_of(inner, path, (extra or {}).get("description", meaning))
        case inspect.UnionType(kinds) if any(isinstance(one, inspect.NoneType) for one in kinds):
            (known,) = (one for one in kinds if not isinstance(one, inspect.NoneType))
            for field in _fields_of(known, path, meaning):
                yield Field(
                    field.path, f"{field.holds}, or nothing" if field.path == path else field.holds, field.meaning
                )
        case inspect.VarTupleType(item):
            yield from _fields_of(item, f"{path}[]", meaning)
        case inspect.StructType(_, fields):
            for part in fields:
                yield from _fields_of(part.type, f"{path}.{part.encode_name}".lstrip("."), "")
        case _:
            yield Field(path, _holds(kind), meaning)


def _holds(kind: inspect.Type) -> str:
    match kind:
        case inspect.LiteralType(values) if len(values) == 1:
            return f"always `{values[0]}`"
        case inspect.LiteralType():
            return "a bucket of ten percent"
        case inspect.EnumType(cls):
            return "one of " + ", ".join(f"`{member.value}`" for member in cls)
        case inspect.StrType(pattern=None, max_length=longest):
            return f"typed text, up to {longest} characters"
        case inspect.StrType(pattern=str(pattern)) if pattern in _PATTERNS:
            return _PATTERNS[pattern]
    raise TypeError(f"{kind} has no place in a report: only enums, weeks, buckets and typed text do.")
