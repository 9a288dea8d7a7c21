"""Logs of lines, of every source: the same events however a log is cut, spelled or handed over."""

import json
from collections.abc import Callable

import pytest

from goodmeasure.sources.base import Lines
from tests.sources.conftest import Folded, lines_of
from tests.sources.test_wrong_types import LOGS

LINES = {
    key: [(reading, place, lines_of(data)) for reading, place, data in logs if isinstance(reading, Lines)]
    for key, logs in LOGS.items()
}
every_key = pytest.mark.parametrize("key", [key for key, logs in LINES.items() if logs])
SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "spaces": lambda line: json.dumps(json.loads(line), indent=1).replace("\n", " ").encode(),
    "other order": lambda line: json.dumps(dict(reversed(json.loads(line).items()))).encode(),
    "escapes": lambda line: json.dumps(json.loads(line), ensure_ascii=True).replace("/", "\\/").encode(),
    "carriage return": lambda line: line + b"\r",
}


def fed(reading: Lines, place: str, lines: list[bytes], cuts: tuple[int, ...] = ()) -> Folded:
    """Feed lines in the pieces that `cuts` make, each by a new reader that knows only the state of the last."""
    folded, state = Folded(), None
    for start, end in zip((0, *cuts), (*cuts, len(lines)), strict=True):
        reader = reading.reader(place, state)
        folded.add(reader.feed(lines[start:end], start + 1))
        state = reader.state()
    return folded


@every_key
def test_a_log_in_pieces_teaches_the_same_as_whole(key: str) -> None:
    for reading, place, lines in LINES[key]:
        whole = fed(reading, place, lines).events()
        for cut in range(1, len(lines)):
            assert fed(reading, place, lines, (cut,)).events() == whole, (place, cut)
        assert fed(reading, place, lines, tuple(range(1, len(lines)))).events() == whole, place


@every_key
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spelling_changes_nothing(key: str, spelling: str) -> None:
    for reading, place, lines in LINES[key]:
        spelled = [SPELLINGS[spelling](line) for line in lines]
        assert fed(reading, place, spelled).events() == fed(reading, place, lines).events(), place


@every_key
def test_views_of_memory_are_read_like_bytes(key: str) -> None:
    for reading, place, lines in LINES[key]:
        viewed = Folded()
        viewed.add(reading.reader(place, None).feed([memoryview(line) for line in lines], 1))
        assert viewed.events() == fed(reading, place, lines).events(), place


@every_key
def test_a_truncated_last_line_is_an_issue_and_its_neighbours_stay(key: str) -> None:
    for reading, place, lines in LINES[key]:
        cut = fed(reading, place, [*lines[:-1], lines[-1][:-1]])
        assert [issue.line for issue in cut.issues] == [len(lines)], place
        assert cut.events() == fed(reading, place, lines[:-1]).events(), place


@every_key
def test_a_state_stays_small_and_a_foreign_one_is_refused(key: str) -> None:
    for reading, place, lines in LINES[key]:
        reader = reading.reader(place, None)
        reader.feed(lines, 1)
        assert len(reader.state()) < 20_000, place
        with pytest.raises(ValueError, match=r".*"):
            reading.reader(place, b"\xc1 not a state")
