"""Reads fields of Codex rows whose type differs from row to row; what has another type is taken as absent."""

import msgspec

from goodmeasure.sources._formats.jsonl import ABSENT, FAULTS, code_of, text_of
from goodmeasure.sources.codex.rows import Part, Typed

_decode_parts = msgspec.json.Decoder(list[Part])
_decode_typed = msgspec.json.Decoder(Typed)
_decode_keys = msgspec.json.Decoder(dict[str, msgspec.Raw])


def first_text(content: msgspec.Raw) -> str | None:
    """Return the first text of a message's content; None where it has none."""
    if content is ABSENT:
        return None
    try:
        parts = _decode_parts.decode(content)
    except FAULTS:
        return None
    return next((text for text in map(text_of, (part.text for part in parts)) if text), None)


def typed_of(raw: msgspec.Raw) -> Typed:
    """Return the type of an object; an empty one where it is none."""
    if raw is ABSENT:
        return Typed()
    try:
        return _decode_typed.decode(raw)
    except FAULTS:
        return Typed()


def keys_of(raw: msgspec.Raw) -> list[str]:
    """Return the names in an object; none where it is none."""
    if raw is ABSENT:
        return []
    try:
        return list(_decode_keys.decode(raw))
    except FAULTS:
        return []


def error_code_of(raw: msgspec.Raw) -> str | None:
    """Return Codex's short code of a failed turn: a word, or the one key of an object."""
    info = typed_of(raw).codex_error_info
    return code_of(text_of(info)) or code_of(next(iter(keys_of(info)), None))
