"""Reading a log that is one JSON document, written anew as a whole by its agent."""

from typing import IO, TypeVar

import msgspec

from goodmeasure.sources._formats.jsonl import FAULTS, UnreadableLineError, second_reading

T = TypeVar("T")

_MOST_BYTES = 512 << 20


def decoded_document(decoder: "msgspec.json.Decoder[T]", stream: IO[bytes]) -> T:
    """Return the document. Raises UnreadableLineError, whose text says why, without the document's own text.

    Agents that do not replace a file in one step leave it cut off for a moment: then it is read again once it changed.
    """
    data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise UnreadableLineError(f"The file is larger than {_MOST_BYTES >> 20} MB.")
    try:
        return decoder.decode(data)
    except FAULTS as fault:
        return _second(decoder, data, fault)


def _second(decoder: "msgspec.json.Decoder[T]", data: bytes, fault: Exception) -> T:
    try:
        document = second_reading(decoder, data, fault)
    except UnreadableLineError as refusal:
        raise UnreadableLineError(str(refusal).replace("The line", "The file", 1)) from refusal
    if document is None:
        raise UnreadableLineError("The file is empty.")
    return document
