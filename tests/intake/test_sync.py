"""What an import does with files that grow, change, vanish, lie or cannot be read."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.files import FileIssue
from goodmeasure.intake import sync
from goodmeasure.intake.report import ImportReport, Progress, SourceImport
from goodmeasure.intake.sync import import_paths
from goodmeasure.intake.synthetic import write_home
from goodmeasure.ledger.opening import Ledger
from goodmeasure.sources.registry import all_sources

Import = Callable[..., ImportReport]
Usage = dict[tuple[str, str, str], tuple[int | None, ...]]

SESSION = "0a0a0a0a-1111-4222-8333-444444444444"


def call(number: int, *, output: int = 10, text: str = "done") -> str:
    """One logged Claude Code call with invented text."""
    return json.dumps(
        {
            "type": "assistant",
            "uuid": f"{number:08d}-0000-4000-8000-000000000000",
            "sessionId": SESSION,
            "timestamp": f"2026-03-02T10:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
            "cwd": "/home/robin/work/field-guide",
            "version": "2.1.226",
            "message": {
                "id": f"msg_{number}",
                "model": "claude-opus-4-7",
                "role": "assistant",
                "stop_reason": "end_turn",
                "content": [{"type": "text", "text": text}],
                "usage": {"input_tokens": 1, "output_tokens": output, "cache_read_input_tokens": 100},
            },
        }
    )


@pytest.fixture
def log(home: Path) -> Path:
    path = home / ".claude/projects/field-guide" / f"{SESSION}.jsonl"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def generations(usage: Callable[[], Usage]) -> Callable[[], tuple[int, int]]:
    """Generations and output tokens in the ledger."""

    def sums() -> tuple[int, int]:
        rows = usage().values()
        return sum(row[0] or 0 for row in rows), sum(row[5] or 0 for row in rows)

    return sums


def only(report: ImportReport) -> SourceImport:
    (part,) = report.sources
    return part


Sums = Callable[[], tuple[int, int]]


def test_an_appended_line_is_read_alone(log: Path, read: Import, generations: Sums) -> None:
    log.write_text("".join(call(n) + "\n" for n in range(50)))
    assert only(read()).lines == 50
    with log.open("a") as stream:
        stream.write(call(50) + "\n")

    part = only(read())

    assert (part.files, part.files_read, part.lines, part.generations_added) == (1, 1, 1, 1)
    assert generations() == (51, 510)


def test_a_line_that_grows_is_read_once_it_is_whole(log: Path, read: Import, generations: Sums) -> None:
    log.write_text(call(0) + "\n" + call(1)[:100])

    first = only(read())
    assert (first.lines, first.unreadable) == (1, 1)
    assert first.issues == (FileIssue(str(log), 2, "cut off in the middle"),)
    assert only(read()).files_read == 0

    with log.open("a") as stream:
        stream.write(call(1)[100:] + "\n")
    second = only(read())

    assert (second.lines, second.unreadable, second.issues) == (1, 0, ())
    assert generations() == (2, 20)


def test_a_cut_off_line_leaves_the_health_record_once_it_is_whole(log: Path, read: Import, ledger: Ledger) -> None:
    def issues() -> list[tuple[int, str]]:
        return list(ledger.raw().execute("SELECT line, what FROM file_issue").fetchall())

    log.write_text(call(0) + "\n" + call(1)[:100])
    read()
    assert issues() == [(2, "cut off in the middle")]
    log.write_text(call(0) + "\n" + call(1) + "\n")
    read()

    assert issues() == []


def test_a_last_line_without_line_end_counts_at_once_and_only_once(log: Path, read: Import, generations: Sums) -> None:
    log.write_text(call(0) + "\n" + call(1))
    assert only(read()).unreadable == 0
    assert generations() == (2, 20)
    with log.open("a") as stream:
        stream.write("\n" + call(2) + "\n")

    assert only(read()).lines == 1
    assert generations() == (3, 30)


def test_a_rewritten_file_is_read_again_without_counting_twice(log: Path, read: Import, generations: Sums) -> None:
    log.write_text("".join(call(n) + "\n" for n in range(10)))
    read()
    log.write_text("".join(call(n) + "\n" for n in (*range(20, 25), *range(10))))

    part = only(read())

    assert (part.lines, part.generations_added, part.duplicates) == (15, 5, 0)
    assert generations() == (15, 150)


def test_a_truncated_file_keeps_what_was_read(log: Path, read: Import, generations: Sums) -> None:
    log.write_text("".join(call(n) + "\n" for n in range(10)))
    read()
    log.write_text("".join(call(n) + "\n" for n in range(3)))

    part = only(read())

    assert (part.lines, part.generations_added) == (3, 0)
    assert generations() == (10, 100)


def test_a_replaced_file_is_another_file(log: Path, read: Import, generations: Sums) -> None:
    log.write_text("".join(call(n) + "\n" for n in range(10)))
    read()
    fresh = log.with_suffix(".new")
    fresh.write_text("".join(call(n) + "\n" for n in range(10, 30)))
    fresh.replace(log)

    assert only(read()).lines == 20
    assert generations() == (30, 300)


def test_a_rotated_log_is_followed_under_both_names(log: Path, read: Import, generations: Sums) -> None:
    log.write_text("".join(call(n) + "\n" for n in range(10)))
    read()
    log.rename(log.with_name("old.jsonl"))
    log.write_text(call(10) + "\n")

    part = only(read())

    assert part.generations_added == 1
    assert generations() == (11, 110)


def test_larger_counts_replace_smaller_ones(log: Path, read: Import, generations: Sums) -> None:
    log.write_text(call(0, output=3) + "\n")
    read()
    with log.open("a") as stream:
        stream.write(call(0, output=900) + "\n")
    read()

    assert generations() == (1, 900)


def test_a_file_that_vanishes_between_finding_and_reading_is_no_issue(log: Path, read: Import) -> None:
    log.write_text(call(0) + "\n")
    gone = log.with_name("gone.jsonl")
    gone.write_text(call(1) + "\n")

    part = only(read(progress=lambda _: gone.unlink(missing_ok=True)))

    assert (part.files, part.files_read, part.generations_added, part.issues) == (2, 1, 1, ())


def test_a_log_once_taken_for_another_agents_is_read_again(
    log: Path, read: Import, ledger: Ledger, generations: Sums
) -> None:
    log.write_text(call(0) + "\n")
    read()
    ledger.raw().execute("UPDATE source_file SET source = 'codex'")

    assert only(read()).lines == 1
    assert only(read()).files_read == 0
    assert generations() == (1, 10)


def test_a_vanished_file_keeps_its_events(log: Path, read: Import, generations: Sums) -> None:
    log.write_text(call(0) + "\n")
    read()
    log.unlink()

    assert read().sources == ()
    assert generations() == (1, 10)


def test_an_empty_file_is_seen_and_says_nothing(log: Path, read: Import) -> None:
    log.touch()

    part = only(read())

    assert (part.files, part.files_read, part.lines, part.issues) == (1, 0, 0, ())


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions of Unix")
def test_an_unreadable_file_is_told_and_tried_again(
    log: Path,
    read: Import,
    generations: Sums,
    nobody: Callable[[], AbstractContextManager[None]],
    let_others_in: Callable[[Path], None],
) -> None:
    log.write_text(call(0) + "\n")
    closed = log.with_name("closed.jsonl")
    closed.write_text(call(1) + "\n")
    let_others_in(log.parent)
    log.chmod(0o644)
    closed.chmod(0)
    with nobody():
        first = only(read())
        again = only(read())
    assert [(issue.file, issue.line) for issue in first.issues] == [(str(closed), None)]
    assert "could not be read: permission denied" in first.issues[0].what
    assert first.generations_added == 1
    assert len(again.issues) == 1, "told again as long as it lasts"
    closed.chmod(0o600)

    assert only(read()).issues == ()
    assert generations() == (2, 20)


@pytest.fixture
def nobody(ledger: Ledger) -> Callable[[], AbstractContextManager[None]]:
    """Run a block as a user whom permissions bind: tests may run as root."""

    @contextmanager
    def as_nobody() -> Iterator[None]:
        ledger.raw().execute("SELECT count(*) FROM source_file").fetchone()
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield
        finally:
            if root:
                os.seteuid(0)

    return as_nobody


def test_a_line_of_300_megabytes_is_exact_and_memory_stays_flat(log: Path, read: Import, generations: Sums) -> None:
    head, tail = call(1, output=77, text="\0").encode().split(b"\\u0000")
    piece = b'no \\"end\\" in sight\\n' * 40_000
    with log.open("wb") as stream:
        stream.write(call(0).encode() + b"\n" + head)
        while stream.tell() < 300_000_000:
            stream.write(piece)
        stream.write(tail + b"\n" + call(2).encode() + b"\n")
    before = _peak_megabytes()

    part = only(read())

    assert (part.lines, part.unreadable) == (3, 0)
    assert generations() == (3, 97)
    assert _peak_megabytes() - before < 60


def _peak_megabytes() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource  # noqa: PLC0415  Unix only

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform.startswith("linux") else 1 << 20)


def test_a_compressed_log_is_read_like_a_plain_one(home: Path, read: Import, usage: Callable[[], Usage]) -> None:
    import zstandard  # noqa: PLC0415  only this test packs

    write_home(home, seed=2, sessions=12, text_scale=0.02, traps=False)
    read()
    plain = usage()
    for path in list(home.glob(".codex/sessions/**/*.jsonl")):
        path.with_name(path.name + ".zst").write_bytes(zstandard.ZstdCompressor().compress(path.read_bytes()))

    again = next(part for part in read().sources if part.source == "codex")

    assert usage() == plain
    assert again.generations_added == 0
    assert again.duplicates > 0


def test_a_damaged_compressed_log_is_told(home: Path, read: Import) -> None:
    path = (
        home / ".codex/sessions/2026/03/02/rollout-2026-03-02T10-00-00-0190aaaa-0000-7000-8000-000000000000.jsonl.zst"
    )
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is not compressed at all" * 100)

    (issue,) = only(read()).issues

    assert issue.file == str(path)
    assert "damaged" in issue.what
    assert only(read()).files_read == 0


def test_a_home_that_is_written_while_it_is_read_is_exact_in_the_end(
    log: Path, read: Import, generations: Sums
) -> None:
    def write() -> None:
        with log.open("a", buffering=1) as stream:
            for number in range(1500):
                line = call(number)
                stream.write(line[:200])
                stream.flush()
                stream.write(line[200:] + "\n")

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        read()
    writer.join()
    part = only(read())

    assert generations() == (1500, 15_000)
    assert part.unreadable == 0


def test_a_cancelled_import_keeps_what_it_has_and_goes_on(
    home: Path,
    read: Import,
    usage: Callable[[], Usage],
    expected: Callable[[object], Usage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth = write_home(home, seed=9, sessions=80, text_scale=0.02)
    monkeypatch.setattr(sync, "_TRANSACTION_BYTES", 200_000)
    seen: list[Progress] = []

    def after_a_third() -> bool:
        return bool(seen) and seen[-1].bytes_done > seen[-1].bytes_total / 3

    monkeypatch.setattr(sync, "_PROGRESS_SECONDS", 0.0)
    stopped = read(progress=seen.append, cancelled=after_a_third)
    part_way = sum(row[0] or 0 for row in usage().values())
    seen.clear()
    resumed = read(progress=seen.append)

    assert stopped.cancelled
    assert 0 < part_way < sum(row[0] or 0 for row in expected(truth).values())
    assert not resumed.cancelled
    assert usage() == expected(truth)
    assert seen[-1].bytes_done == seen[-1].bytes_total
    assert seen[-1].files_done == seen[-1].files_total
    assert [progress.bytes_done for progress in seen] == sorted(progress.bytes_done for progress in seen)


def test_progress_is_told_at_most_ten_times_a_second(home: Path, read: Import) -> None:
    write_home(home, seed=1, sessions=60, text_scale=0.02)
    seen: list[Progress] = []

    read(progress=seen.append)

    assert seen[0].bytes_done == 0
    assert seen[-1].bytes_done == seen[-1].bytes_total > 0
    assert len(seen) < 60


def no_cost(_generation: Sequence[Any]) -> tuple[int | None, str]:
    return None, "unknown"


def by_folder(cwd: str) -> tuple[str, str]:
    return cwd, cwd


def test_named_files_and_folders_find_their_source(tmp_path: Path, ledger: Ledger, usage: Callable[[], Usage]) -> None:
    write_home(tmp_path / "other", seed=4, sessions=30, text_scale=0.02, traps=False)
    claude = next((tmp_path / "other/.claude").rglob("*.jsonl"))
    moved = tmp_path / "downloads" / "a log.jsonl"
    moved.parent.mkdir()
    moved.write_bytes(claude.read_bytes())

    first = import_paths(ledger, all_sources(), [moved], cost_of=no_cost, project_of=by_folder)
    second = import_paths(ledger, all_sources(), [tmp_path / "other/.codex"], cost_of=no_cost, project_of=by_folder)
    third = import_paths(
        ledger, all_sources(), [tmp_path / "other", tmp_path / "downloads"], cost_of=no_cost, project_of=by_folder
    )

    assert [part.source for part in first.sources] == ["claude-code"]
    assert [part.source for part in second.sources] == ["codex"]
    assert [part.source for part in third.sources] == ["claude-code", "codex"]
    assert {source for source, _, _ in usage()} == {"claude-code", "codex"}


def test_a_path_without_a_log_is_refused(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "letter.jsonl").write_text('{"dear":"reader"}\n')
    (tmp_path / "folder").mkdir()

    for name, words in (("letter.jsonl", "No log"), ("folder", "No log"), ("missing", "There is no file")):
        with pytest.raises(Refusal, match=words):
            import_paths(ledger, all_sources(), [tmp_path / name], cost_of=no_cost, project_of=by_folder)


def test_files_named_in_bytes_that_are_no_text_are_read(log: Path, read: Import, generations: Sums) -> None:
    name = os.fsdecode(bytes(log.parent) + b"/\xff\xfe.jsonl")
    Path(name).write_text(call(0) + "\n")

    assert only(read()).generations_added == 1
    assert only(read()).files_read == 0
    assert generations() == (1, 10)
