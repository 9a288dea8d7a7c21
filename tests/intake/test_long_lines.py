import json

from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.intake.long_lines import KEPT_TEXT_BYTES, LongLine

_TEXT = st.one_of(
    st.text(max_size=30),
    st.text(alphabet='"\\ax\n\u2028ü', max_size=40),
    st.builds(
        lambda part, times: part * times, st.text(alphabet='"\\a', min_size=1, max_size=3), st.just(KEPT_TEXT_BYTES)
    ),
)
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), _TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXT, inner, max_size=4)),
    max_leaves=12,
)


def _compacted(line: bytes, cuts: list[int]) -> bytes:
    long_line = LongLine(1 << 20)
    at = 0
    for cut in [*sorted(cuts), len(line)]:
        long_line.add(line[at:cut])
        at = cut
    return long_line.line()


def _emptied(value: object) -> object:
    """What compaction is meant to keep, told by a whole parse."""
    if isinstance(value, str):
        return value if len(json.dumps(value).encode()) <= KEPT_TEXT_BYTES else ""
    if isinstance(value, list):
        return [_emptied(part) for part in value]
    if isinstance(value, dict):
        return [(_emptied(key), _emptied(part)) for key, part in value.items()]
    return value


@given(_JSON, st.lists(st.integers(0, 3000), max_size=6))
def test_structure_and_numbers_stay_whatever_the_pieces(value: object, cuts: list[int]) -> None:
    line = json.dumps(value).encode()

    kept = json.loads(_compacted(line, [min(cut, len(line)) for cut in cuts]), object_pairs_hook=_pairs)

    assert kept == _emptied(value)


def _pairs(pairs: list[tuple[str, object]]) -> list[tuple[str, object]]:
    return pairs


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_anything_passes_through_in_any_pieces(line: bytes, cuts: list[int]) -> None:
    assert _compacted(line, [min(cut, len(line)) for cut in cuts]) == _compacted(line, [])


def test_short_lines_stay_as_they_are() -> None:
    line = b'{"a":"b","n":[1,2.5e3,null],"q":"\\"\\\\"}'

    assert _compacted(line, [3, 9, 20, 33, 34, 35]) == line


def test_many_escaped_quotes_cost_no_more_than_their_length() -> None:
    text = b'\\"' * 2_000_000

    assert _compacted(b'{"a":"' + text + b'","n":7}', [1_000_001, 2_500_000]) == b'{"a":"","n":7}'


def test_a_line_that_stays_too_large_is_given_up() -> None:
    line = LongLine(1000)
    for _ in range(100):
        line.add(b"1234567890,1234567890")

    assert line.too_long
    assert line.line() == b""
