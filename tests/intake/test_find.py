import os
from collections.abc import Callable
from pathlib import Path

import pytest

from goodmeasure.domain.events import Batch
from goodmeasure.intake.find import find_files, find_under, readable_name
from goodmeasure.sources.base import Lines, Root, Source
from goodmeasure.sources.registry import all_sources


def _reader(path: str, state: bytes | None) -> "_Nothing":  # noqa: ARG001  the signature is the contract's
    return _Nothing()


class _Nothing:
    def feed(self, lines: object, first_line: int) -> Batch:  # noqa: ARG002  as above
        return Batch()

    def state(self) -> bytes:
        return b""


AGENT = Source(
    "agent",
    "Agent",
    (
        Root(
            ".agent",
            ("logs/**/*.jsonl", "old/run-*.jsonl"),
            Lines(_reader),
            env="AGENT_DIR",
            markers=(".agent.json", "logs"),
        ),
        Root(".config/agent", ("logs/**/*.jsonl",), Lines(_reader)),
    ),
    {},
)


def _write(path: Path, text: str = "{}\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _places(home: Path) -> list[str]:
    return [file.place for file in find_files([AGENT], home).files]


def test_patterns_decide_what_is_a_log(home: Path) -> None:
    for name in (
        "logs/a.jsonl",
        "logs/x/y/b.jsonl",
        "old/run-1.jsonl",
        "old/other.jsonl",
        "logs/c.json",
        "old/x/run-2.jsonl",
    ):
        _write(home / ".agent" / name)
    _write(home / ".config/agent/logs/d.jsonl")

    assert _places(home) == ["logs/a.jsonl", "logs/x/y/b.jsonl", "old/run-1.jsonl", "logs/d.jsonl"]


def test_a_named_home_ignores_the_environment(home: Path, tmp_path: Path) -> None:
    _write(home / ".agent/logs/a.jsonl")
    _write(tmp_path / "elsewhere/logs/b.jsonl")
    variables = {"AGENT_DIR": str(tmp_path / "elsewhere")}

    assert [file.place for file in find_files([AGENT], home, variables).files] == ["logs/a.jsonl"]


def test_the_own_home_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "mine"))
    _write(tmp_path / "mine/.agent/logs/a.jsonl")
    _write(tmp_path / "one/logs/b.jsonl")
    _write(tmp_path / "two/logs/c.jsonl")
    variables = {"AGENT_DIR": f"{tmp_path / 'one'}, {tmp_path / 'two'}"}

    assert [file.place for file in find_files([AGENT], None, {}).files] == ["logs/a.jsonl"]
    assert [file.place for file in find_files([AGENT], None, variables).files] == ["logs/b.jsonl", "logs/c.jsonl"]


def test_a_marked_folder_in_the_home_is_one_more_root(home: Path) -> None:
    _write(home / ".agent/logs/a.jsonl")
    _write(home / "work-agent/.agent.json")
    _write(home / "work-agent/logs/b.jsonl")
    _write(home / "unmarked/logs/c.jsonl")

    assert _places(home) == ["logs/a.jsonl", "logs/b.jsonl"]


def test_links_are_followed_and_everything_is_met_once(home: Path, tmp_path: Path) -> None:
    real = _write(tmp_path / "dotfiles/agent/logs/a.jsonl")
    (home / ".agent").symlink_to(tmp_path / "dotfiles/agent")
    (real.parent / "again.jsonl").symlink_to(real)
    (real.parent / "nowhere.jsonl").symlink_to(tmp_path / "missing")
    os.link(real, real.parent / "hard.jsonl")
    (real.parent / "loop").symlink_to(real.parent)
    (real.parent / "self.jsonl").symlink_to(real.parent / "self.jsonl")
    _write(tmp_path / "shared-folder/b.jsonl")
    (real.parent / "shared-folder").symlink_to(tmp_path / "shared-folder")

    found = find_files([AGENT], home)

    assert [file.place for file in found.files] == ["logs/a.jsonl", "logs/shared-folder/b.jsonl"]
    assert found.obstacles == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are files only on Unix")
def test_what_is_no_file_is_passed_by(home: Path) -> None:
    _write(home / ".agent/logs/a.jsonl")
    os.mkfifo(home / ".agent/logs/pipe.jsonl")
    (home / ".agent/logs/null.jsonl").symlink_to("/dev/null")
    (home / ".agent/logs/folder.jsonl").mkdir()

    assert _places(home) == ["logs/a.jsonl"]


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions of Unix")
def test_a_closed_folder_is_told(home: Path, let_others_in: Callable[[Path], None]) -> None:
    closed = _write(home / ".agent/logs/closed/a.jsonl").parent
    _write(home / ".agent/logs/b.jsonl")
    let_others_in(home)
    closed.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        found = find_files([AGENT], home)
    finally:
        if root:
            os.seteuid(0)
        closed.chmod(0o700)

    assert [file.place for file in found.files] == ["logs/b.jsonl"]
    assert [(obstacle.source, obstacle.path) for obstacle in found.obstacles] == [("agent", str(closed))]
    assert "could not be opened" in found.obstacles[0].what


def test_an_agents_own_folder_can_be_read_by_itself(tmp_path: Path) -> None:
    _write(tmp_path / "copy/logs/x/a.jsonl")

    assert [file.place for file in find_under(AGENT, tmp_path / "copy").files] == ["logs/x/a.jsonl"]


def test_names_that_are_no_text_are_written_with_escapes(tmp_path: Path) -> None:
    assert readable_name("/a/ü.jsonl") == "/a/ü.jsonl"
    name = os.fsdecode(bytes(tmp_path) + b"/\xff.jsonl")

    assert readable_name(name) == f"{tmp_path}/\\xff.jsonl"
    readable_name(name).encode()


@pytest.mark.parametrize(("folder", "stranger"), [(".kimi-code", "workspaces.json"), (".kimi", "kimi.json")])
def test_a_folder_of_another_agent_with_the_same_marks_is_left_to_it(
    folder: str, stranger: str, tmp_path: Path
) -> None:
    wire = tmp_path / folder / "sessions/wd_p/session_1/wire.jsonl"
    wire.parent.mkdir(parents=True)
    wire.write_text("{}\n")
    (tmp_path / folder / "config.toml").touch()
    (tmp_path / folder / stranger).touch()
    codex = [source for source in all_sources() if source.key == "codex"]
    assert find_files(codex, tmp_path).files == []
    (tmp_path / folder / stranger).unlink()
    assert len(find_files(codex, tmp_path).files) == 1
