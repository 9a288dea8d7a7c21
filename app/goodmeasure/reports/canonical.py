"""The bytes that are signed: canonical JSON (RFC 8785, the JSON Canonicalization Scheme), without floats.

One report has exactly one sequence of bytes, so a signature over the bytes is a signature over the report.
"""

from typing import Any, Final

import msgspec
import rfc8785

from goodmeasure.disclosure.levels import Report

LARGEST_NUMBER: Final = 2**53 - 1
"""Larger integers are not exact in every JSON reader (RFC 8785, section 3.2.2.3)."""


class CanonicalError(ValueError):
    """A value without canonical bytes: a float, a number too large, a key that is not text, a lone surrogate."""


def canonical_bytes(report: Report) -> bytes:
    """Return the canonical UTF-8 bytes of a report."""
    return canonical_json(msgspec.to_builtins(report))


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON value made of dicts, lists, texts, integers, booleans and None.

    Raises CanonicalError for floats (their text differs between writers) and for what RFC 8785 cannot hold.
    """
    _demand_exact(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise CanonicalError(f"A report cannot hold this value: {error}.") from error


def _demand_exact(value: Any) -> None:
    if isinstance(value, float):
        raise CanonicalError("A report holds no floating-point number.")
    if isinstance(value, dict):
        for one in value.values():
            _demand_exact(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _demand_exact(one)
