import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.intake import lines as lines_module
from goodmeasure.intake.lines import Lines
from goodmeasure.intake.tail import (
    UNFINISHED,
    Known,
    NotAFile,
    Start,
    ends_inside_line,
    fingerprint,
    open_log,
    start_of,
    unchanged,
)


def _known(path: Path, offset: int | None = None, *, mtime_ns: int | None = None) -> Known:
    facts = path.stat()
    end = facts.st_size if offset is None else offset
    with open_log(str(path)) as stream:
        mark = fingerprint(stream, end)
    mtime = facts.st_mtime_ns if mtime_ns is None else mtime_ns
    return Known(facts.st_dev, facts.st_ino, facts.st_size, mtime, end, mark, 1)


def _seen(path: Path) -> Known:
    facts = path.stat()
    return Known(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, 0, None, 0)


def _start(path: Path, known: Known) -> Start:
    with open_log(str(path)) as stream:
        return start_of(stream, _seen(path), known)


def _lines(data: bytes, start: int = 0, until: int | None = None) -> tuple[list[bytes], int, bool]:
    stream = io.BytesIO(data)
    open_line = ends_inside_line(stream, start)
    stream.seek(start)
    lines = Lines(stream, start, until, after_open_line=open_line)
    found, end = [], start
    for stretch in lines.stretches():
        found += stretch.lines
        end = stretch.end
    return found, end, lines.cut_off


def test_an_unchanged_entry_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a":1}\n')
    known = _known(path)

    assert unchanged(_seen(path), known)
    assert not unchanged(_seen(path), None)
    assert not unchanged(_seen(path)._replace(size_bytes=9), known)
    assert not unchanged(_seen(path)._replace(mtime_ns=1), known)
    assert not unchanged(_seen(path)._replace(inode=1), known)
    assert not unchanged(_seen(path)._replace(device=1), known)


def test_where_a_changed_file_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first = b'{"n":1}\n' * 2000
    path.write_bytes(first)
    known = _known(path)

    path.write_bytes(first + b'{"n":2}\n')
    assert _start(path, known) is Start.GO_ON

    path.write_bytes(b'{"n":3}\n' + first)
    assert _start(path, known) is Start.AGAIN, "another head"

    path.write_bytes(first[:-8] + b'{"n":9}\n{"n":2}\n')
    assert _start(path, known) is Start.AGAIN, "the same head, but another line before where we stood"

    path.write_bytes(first[:-8])
    assert _start(path, known) is Start.AGAIN, "shorter"

    path.write_bytes(first)
    os.utime(path, ns=(1, 1))
    assert _start(path, known) is Start.AGAIN, "touched: it may have been rewritten in the middle"

    assert _start(path, _known(path, 800, mtime_ns=UNFINISHED)) is Start.GO_ON, "read in part"

    os.utime(path, ns=(known.mtime_ns, known.mtime_ns))
    assert _start(path, known._replace(inode=1, device=2)) is Start.MOVED, "another mount of the same file"


def test_a_small_file_that_grew_beyond_its_first_fingerprint_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"n":1}\n')
    known = _known(path)
    path.write_bytes(b'{"n":1}\n' * 3000)

    assert _start(path, known) is Start.GO_ON


def test_only_complete_lines_are_consumed() -> None:
    assert _lines(b'{"a":1}\n{"b":2}\n') == ([b'{"a":1}', b'{"b":2}'], 16, False)
    assert _lines(b'{"a":1}\n{"b":') == ([b'{"a":1}'], 8, True)
    assert _lines(b'{"a":1}\r\n\r\n{"b":2}\r\n') == ([b'{"a":1}', b"", b'{"b":2}'], 20, False)
    assert _lines(b"") == ([], 0, False)
    assert _lines(b"\n\n") == ([b"", b""], 2, False)
    assert _lines(b'{"a":1}\n  ') == ([b'{"a":1}'], 8, False)


def test_a_last_line_that_is_whole_needs_no_line_end() -> None:
    assert _lines(b'{"a":1}\n{"b":2}') == ([b'{"a":1}', b'{"b":2}'], 15, False)
    assert _lines(b'{"a":1}\n{"b":2}\n{"c":3}\n', 15) == ([b'{"c":3}'], 24, False)
    assert _lines(b'{"a":1}\r\n{"b":2}\r\n{"c":3}', 16) == ([b'{"c":3}'], 25, False)
    assert _lines(b'{"a":1}\n12', 8) == ([], 8, True), "a number may go on"
    assert _lines(b'{"a":"x') == ([], 0, True)
    assert _lines(b"{" * 100_000) == ([], 0, True)


def test_reading_stops_where_it_is_told() -> None:
    assert _lines(b'{"a":1}\n{"b":2}\n{"c":3}\n', 0, 16) == ([b'{"a":1}', b'{"b":2}'], 16, False)


@given(
    st.lists(
        st.sampled_from([b'{"a":1}', b"", b'{"text":"' + b"x" * 90 + b'"}', b"junk\r", b'{"t":"\\"\\\\"}', b"\xff"])
    ),
    st.sampled_from([b"\n", b"\r\n"]),
    st.integers(1, 40),
    st.integers(16, 64),
    st.sampled_from([b"", b'{"cut', b'{"a":1}', b" "]),
)
def test_block_size_and_line_length_change_nothing(
    lines: list[bytes], end: bytes, block: int, long_line: int, last: bytes
) -> None:
    data = b"".join(line + end for line in lines) + last
    whole = _lines(data)
    before = lines_module.BLOCK_BYTES, lines_module.LONG_LINE_BYTES
    lines_module.BLOCK_BYTES, lines_module.LONG_LINE_BYTES = block, long_line
    try:
        pieces = _lines(data)
    finally:
        lines_module.BLOCK_BYTES, lines_module.LONG_LINE_BYTES = before

    assert [len(line) for line in pieces[0]] == [len(line) if len(line) <= 99 else 0 for line in whole[0]]
    assert pieces[1:] == whole[1:]


def test_a_stream_that_ends_early_says_so() -> None:
    lines = Lines(io.BytesIO(b'{"a":1}\n'), 0, 100)
    assert [stretch.lines for stretch in lines.stretches()] == [[b'{"a":1}']]
    assert lines.early


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are files only on Unix")
def test_opening_never_waits_and_takes_only_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotAFile):
        open_log(str(tmp_path / "pipe"))
    with pytest.raises(NotAFile):
        open_log("/dev/null")
    with pytest.raises(OSError, match=r"directory|regular file"):
        open_log(str(tmp_path))
