"""Canonical bytes: RFC 8785's own examples, without floats."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.reports.canonical import CanonicalError, canonical_bytes, canonical_json
from goodmeasure.reports.files import ReportFiles
from goodmeasure.reports.opening import open_report


def test_keys_are_sorted_as_rfc_8785_says() -> None:
    # Section 3.2.3: sorted by UTF-16 code units, so that a pair of surrogates comes before U+FB33.
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(canonical_json(value)).values()) == [2, 4, 6, 7, 1, 5, 3]


def test_texts_are_escaped_as_rfc_8785_says() -> None:
    # Section 3.2.2.2.
    assert canonical_json({"string": '\u20ac$\u000f\u000aA\'\u0042"\\\\"/'}) == (
        b'{"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize("value", [1.0, float("nan"), [{"a": 0.5}], 2**53, -(2**53), {1: 2}, "\ud800", {"a"}])
def test_what_has_no_canonical_bytes(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical_json(value)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_VALUES)
def test_canonical_bytes_are_json_and_stay_themselves(value: object) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


def test_a_report_has_one_sequence_of_bytes(files: ReportFiles) -> None:
    assert canonical_bytes(open_report(files.report)) == files.report
