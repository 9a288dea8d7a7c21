"""Bodies that are damaged, odd or hostile: read where they are OTLP, refused where they are not, never a crash."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.sources.otlp.decoding import UndecodableError, decoded_json, decoded_protobuf
from goodmeasure.sources.otlp.mapping import told
from goodmeasure.sources.otlp.records import Signal
from tests.sources.telemetry import captures

LOGS = list(captures("codex-0.169.0/http-json"))
JSON = next(request.plain for request in LOGS if request.signal is Signal.LOGS)
PROTOBUF = next(r.plain for r in captures("copilot-1.0.102/http-protobuf") if r.signal is Signal.TRACES)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"1", b'"text"', b'{"a": 1}', b'{"resourceLogs": 1}', b"\xff\xfe", b"[" * 5000]
)
def test_json_that_is_not_otlp_is_refused(body: bytes) -> None:
    with pytest.raises(UndecodableError):
        decoded_json(body)


def test_empty_messages_hold_nothing() -> None:
    assert decoded_json(b"{}") == decoded_json(b'{"resourceSpans": []}') == []
    assert decoded_protobuf(b"", None) == decoded_protobuf(b"", Signal.TRACES) == []


@pytest.mark.parametrize("body", [b"\xff", b"garbage", b"\x0a\xff\xff\xff\xff\x0f", PROTOBUF[:-3]])
@pytest.mark.parametrize("signal", [None, *Signal])
def test_bytes_that_are_not_otlp_are_refused(body: bytes, signal: Signal | None) -> None:
    with pytest.raises(UndecodableError):
        decoded_protobuf(body, signal)


def snake(node: Any) -> Any:
    if isinstance(node, list):
        return [snake(one) for one in node]
    if isinstance(node, dict):
        return {
            "".join(f"_{c.lower()}" if c.isupper() else c for c in name): snake(value) for name, value in node.items()
        }
    return node


def test_names_in_the_other_spelling_mean_the_same() -> None:
    assert told(decoded_json(json.dumps(snake(json.loads(JSON))).encode())) == told(decoded_json(JSON))


def test_spaces_and_unknown_fields_change_nothing() -> None:
    document = json.loads(JSON)
    document["newField"] = {"deep": [1, 2]}
    document["resourceLogs"][0]["other"] = "x"
    assert told(decoded_json(json.dumps(document, indent=3).encode())) == told(decoded_json(JSON))


@pytest.mark.parametrize("damage", [b"\\ud83d", b"\xff\xfe", b"\x01"])
def test_a_text_that_was_cut_or_damaged_costs_no_number(damage: bytes) -> None:
    assert b"Invented text." in JSON
    damaged = JSON.replace(b"Invented text.", b"Invented " + damage).replace(
        b'"codex_exec"', b'"codex_exec' + damage + b'"'
    )
    (before,), (after,) = told(decoded_json(JSON)), told(decoded_json(damaged))
    assert [call[5:11] for call in after.batch.generations] == [call[5:11] for call in before.batch.generations]


@given(st.binary(max_size=400))
def test_no_bytes_break_it(body: bytes) -> None:
    for signal in (None, *Signal):
        try:
            told(decoded_protobuf(body, signal))
        except UndecodableError:
            continue


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_no_json_breaks_it(data: Any) -> None:
    """Replace parts of a real request by anything."""
    document = json.loads(JSON)
    node: Any = document
    for _ in range(data.draw(st.integers(0, 9))):
        if not isinstance(node, (list, dict)) or not node:
            break
        place = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if data.draw(st.integers(0, 3)) == 0:
            node[place] = data.draw(VALUES)
            break
        node = node[place]
    try:
        told(decoded_json(json.dumps(document).encode()))
    except UndecodableError:
        return
