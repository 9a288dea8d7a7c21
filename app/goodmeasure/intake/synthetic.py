"""Homes full of invented agent logs whose every number is known: for benchmarks, for tests, and for the demo.

The rows have the structure and the sizes of real ones (about 16 KB of Claude Code log and 12 KB of Codex log per model
call, most of it tool results), the words are invented, and the same seed gives the same bytes.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from goodmeasure.intake import synthetic_claude, synthetic_codex
from goodmeasure.intake.synthetic_words import Words, happens
from goodmeasure.intake.synthetic_work import DAY, SECOND, Habits, LogFile, Truth, count

_Era = TypeVar("_Era")

ENDS_AT = 1_795_420_800_000
"""2026-11-23T08:00:00Z, where synthetic years end unless told otherwise."""

_FRIDAY = 4
_LONGEST = DAY // 8
"""No session begins later before the end than this."""
_TRAP_EVERY = 23
"""One file in so many is bent out of its usual form."""


def write_home(
    folder: Path,
    *,
    seed: int = 1,
    days: int = 730,
    megabytes: float | None = None,
    sessions: int | None = None,
    ends_at: int = ENDS_AT,
    text_scale: float = 1.0,
    traps: bool = True,
    newest_eras: int | None = None,
) -> Truth:
    """Write `days` of Claude Code and Codex use under `folder` as if it were a home folder, and return what it holds.

    Stops after `sessions` sessions or, where that is None, after `megabytes` (10^6 bytes). `text_scale` shortens all
    filler text; `traps` adds every irregularity known from real logs; `newest_eras`: leave out all but so many of each
    agent's stretches of versions. The files' times of change are those of their last rows.
    Raises OSError where the folder cannot be written.
    """
    random = Random(seed)  # noqa: S311  invented data: reproducible is the point
    truth = Truth()
    limit = (megabytes or 0) * 1e6
    written = 0
    for number, files in enumerate(
        _sessions(random, truth, days, ends_at, text_scale, traps=traps, newest=newest_eras or 0)
    ):
        for file in files:
            bent = _bent(file, truth, len_so_far=truth.files, random=random) if traps else file
            _write(folder, bent)
            truth.files += 1
            truth.bytes += len(bent.data)
        written = number + 1
        if written == sessions or (sessions is None and truth.bytes >= limit):
            break
    return truth


def _sessions(
    random: Random, truth: Truth, days: int, ends_at: int, text_scale: float, *, traps: bool, newest: int
) -> Iterator[Iterator[LogFile]]:
    words = Words(random)
    habits = Habits(random, words, text_scale)
    first_at = ends_at - days * DAY
    while True:
        at = _working_moment(random, first_at, ends_at)
        turns = 1 + int(random.expovariate(1 / 3.5))
        if happens(random, 0.6):
            claude = _era_at(synthetic_claude.ERAS[-newest:], (at - first_at) / (ends_at - first_at))
            model = random.choices(claude.models, weights=(3, 2))[0]
            work = habits.work(at, model, synthetic_claude.SIZES, turns=turns)
            yield synthetic_claude.claude_files(claude, work, random, words, truth, text_scale=text_scale, traps=traps)
        else:
            codex = _era_at(synthetic_codex.ERAS[-newest:], (at - first_at) / (ends_at - first_at))
            work = habits.work(at, random.choice(codex.models), synthetic_codex.SIZES, turns=turns)
            yield synthetic_codex.codex_files(codex, work, random, words, truth, text_scale=text_scale, traps=traps)


def _era_at(eras: Sequence[_Era], share: float) -> _Era:
    """Return the era at a share of the whole time, 0 to 1: the eras follow each other evenly."""
    return eras[min(len(eras) - 1, max(0, int(share * len(eras))))]


def _working_moment(random: Random, first_at: int, ends_at: int) -> int:
    """Return a moment between 7 and 19 o'clock UTC of a working day, at least three hours before the end."""
    while True:
        day_at = random.randrange(first_at // DAY, ends_at // DAY + 1) * DAY
        weekday = (day_at // DAY + 3) % 7
        if weekday <= _FRIDAY or happens(random, 0.1):
            at = day_at + int(min(19.0, max(7.0, random.gauss(12.5, 2.8))) * 3_600 * SECOND)
            if at < ends_at - _LONGEST:
                return at


def _write(folder: Path, file: LogFile) -> None:
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.data)
    os.utime(path, ns=(file.written_at * 1_000_000, file.written_at * 1_000_000))


def _bent(file: LogFile, truth: Truth, *, len_so_far: int, random: Random) -> LogFile:
    """Return the file in one of the odd shapes that real files have, in turn; most files stay as they are."""
    if len_so_far % _TRAP_EVERY:
        return file
    shapes = (_spaced, _crlf, _cut_off, _invalid_utf8, _from_the_future, _broken_line, _empty_lines, _reordered, _zstd)
    return shapes[len_so_far // _TRAP_EVERY % len(shapes)](file, truth, random)


def _source_of(file: LogFile) -> str:
    return synthetic_claude.SOURCE if file.path.startswith(".claude") else synthetic_codex.SOURCE


def _spaced(file: LogFile, _truth: Truth, _random: Random) -> LogFile:
    return file._replace(data=_rewritten(file.data, sort=False))


def _reordered(file: LogFile, _truth: Truth, _random: Random) -> LogFile:
    return file._replace(data=_rewritten(file.data, sort=True))


def _rewritten(data: bytes, *, sort: bool) -> bytes:
    return b"".join(json.dumps(json.loads(line), sort_keys=sort).encode() + b"\n" for line in data.splitlines())


def _crlf(file: LogFile, _truth: Truth, _random: Random) -> LogFile:
    return file._replace(data=file.data.replace(b"\n", b"\r\n"))


def _cut_off(file: LogFile, truth: Truth, _random: Random) -> LogFile:
    count(truth.unreadable, _source_of(file))
    return file._replace(data=file.data + b'{"timestamp":"2026-01-01T00:00:00.000Z","type":"event_m')


def _invalid_utf8(file: LogFile, truth: Truth, _random: Random) -> LogFile:
    """Add a line that is broken in its first word, so that no reader can take it for anything."""
    count(truth.unreadable, _source_of(file))
    return file._replace(data=file.data + b'{"ty\xff\xfepe":"event_msg","message":"\xc3"}x\n')


def _broken_line(file: LogFile, truth: Truth, _random: Random) -> LogFile:
    count(truth.unreadable, _source_of(file))
    head, line, rest = file.data.partition(b"\n")
    return file._replace(data=head + line + b'{"type":"assistant","message":{"usage":{\n' + rest)


def _from_the_future(file: LogFile, truth: Truth, _random: Random) -> LogFile:
    count(truth.unknown, _source_of(file), 2)
    row = (
        b'{"timestamp":"2026-01-01T00:00:00.000Z","type":"dream-report",'
        b'"payload":{"type":"dream"},"total_tokens":123456}\n'
    )
    return file._replace(data=file.data + row * 2)


def _empty_lines(file: LogFile, _truth: Truth, _random: Random) -> LogFile:
    return file._replace(data=b"\n" + file.data + b"\n\n")


def _zstd(file: LogFile, _truth: Truth, _random: Random) -> LogFile:
    """Compress a rollout, as Codex does behind a switch; Claude Code never does, so its files stay."""
    if not file.path.startswith(".codex"):
        return file
    import zstandard  # noqa: PLC0415  only this shape needs it

    return file._replace(path=file.path + ".zst", data=zstandard.ZstdCompressor(level=1).compress(file.data))
