"""The fields of a report as people and other programs read about them, derived from `levels`, never written twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from msgspec import inspect

from goodmeasure.disclosure.levels import STRUCTS, Head, Level, Report
from goodmeasure.disclosure.vocabulary import (
    COUNT_BUCKETS,
    HASH,
    PERCENTS,
    REFERENCE,
    STEP_MINUTES,
    WEEK,
    WEEK_OR_MONTH,
)

_PATTERNS: Final = {
    WEEK: "an ISO week",
    WEEK_OR_MONTH: "an ISO week or month",
    PERCENTS: "a range in tens of percent",
    HASH: "64 hex digits",
    REFERENCE: "a name without blanks, up to 120 characters",
}
_LEVEL_MEANING: Final = "How much is disclosed."


@dataclass(frozen=True, slots=True)
class Field:
    """One value that can stand in a report."""

    path: str
    """Dotted; `[]` stands for each line of a list (`words.improved[].text`)."""
    holds: str
    """What kind of value it can hold."""
    meaning: str


def field_list(level: Level) -> tuple[Field, ...]:
    """Return every value that a report of this level can hold, in the order of the structs."""
    (struct,) = (one for one in STRUCTS if one.__struct_config__.tag == level)
    return tuple(_fields_of(inspect.type_info(struct), "", ""))


def head_fields() -> tuple[str, ...]:
    """Return the paths that every level has in common."""
    return ("level", *(field.encode_name for field in msgspec.structs.fields(Head)))


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
        case inspect.StructType(_, fields, tag_field, tag):
            if tag_field is not None:
                yield Field(tag_field, f"always `{tag}`", _LEVEL_MEANING)
            for part in fields:
                yield from _fields_of(part.type, f"{path}.{part.encode_name}".lstrip("."), "")
        case _:
            yield Field(path, _holds(kind), meaning)


def _holds(kind: inspect.Type) -> str:
    match kind:
        case inspect.LiteralType(values) if len(values) == 1:
            return f"always `{values[0]}`"
        case inspect.LiteralType(values):
            return "a bucket of runs" if set(values) == set(COUNT_BUCKETS) else "a bucket of ten percent"
        case inspect.EnumType(cls):
            return "one of " + ", ".join(f"`{member.value}`" for member in cls)
        case inspect.StrType(pattern=None, max_length=longest):
            return f"typed text, up to {longest} characters"
        case inspect.StrType(pattern=str(pattern)) if pattern in _PATTERNS:
            return _PATTERNS[pattern]
        case inspect.IntType():
            return _whole_number(kind)
    raise TypeError(f"{kind} has no place in a report: only enums, weeks, buckets, whole numbers and typed text do.")


def _whole_number(kind: inspect.IntType) -> str:
    if kind.multiple_of == STEP_MINUTES:
        return "minutes, rounded outward to half hours or coarser"
    low, high = kind.ge, kind.le if kind.le is not None else (kind.lt or 0) - 1
    return "two digits, then zeros" if high == 10**15 else f"a whole number from {low} to {high}"
