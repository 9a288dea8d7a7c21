"""Rows of a log of JSON lines, the damaged ones told and passed by."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from goodmeasure.domain.events import ParseIssue
from goodmeasure.sources._formats.jsonl import FAULTS, Gathering, UnreadableLineError, second_reading

T = TypeVar("T")


def rows_of(
    decoder: "msgspec.json.Decoder[T]", lines: Iterable[bytes | memoryview], first_line: int, gathering: Gathering
) -> Iterator[tuple[int, T]]:
    """Yield each line's number and row; lines are counted, and damage noted, in `gathering`."""
    for number, line in enumerate(lines, first_line):
        gathering.lines += 1
        try:
            row: T | None = decoder.decode(line)
        except FAULTS as fault:
            try:
                row = second_reading(decoder, line, fault)
            except UnreadableLineError as refusal:
                gathering.issues.append(ParseIssue(number, str(refusal)))
                continue
        if row is not None:
            yield number, row
