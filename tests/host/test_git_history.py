"""Real repositories, made with git itself: what was committed, what landed, what was taken back, what stayed."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from goodmeasure.host import git_history
from goodmeasure.host.git_history import Commit, Repository, repository_at

DAY = 86_400_000
NOON = 1_795_435_200_000
FIRST = "".join(f"line number {number} of the first file\n" for number in range(20))


class Workshop:
    """Makes commits at told instants."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.email", "Robin@example.invalid")
        self.git("config", "user.name", "Robin")

    def git(self, *command: str, at: int = NOON) -> str:
        when = f"@{at // 1000} +0000"
        done = subprocess.run(
            ["git", "-C", str(self.root), *command],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_NOSYSTEM": "1"},
        )
        return done.stdout.strip()

    def commit(self, name: str, text: str, *, at: int = NOON, message: str = "Work") -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.git("add", "-A", at=at)
        self.git("commit", "-q", "-m", message, at=at)
        return self.git("rev-parse", "HEAD")

    @property
    def asked(self) -> Repository:
        return Repository(self.root)

    def named(self, sha: str) -> Commit:
        return next(commit for commit in self.asked.commits(0, NOON + 999 * DAY) if commit.sha == sha)


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path / "repo")
    shop.commit("README", "An invented project.\n", at=NOON - DAY)
    return shop


def test_commits_of_a_span_with_what_they_add(shop: Workshop) -> None:
    sha = shop.commit(
        "src/ä b.py", "one = 1\n+++ b/not a header\n@@ -1 +1 @@ nor this\n\x01abc\n", message="Two\n\nBody."
    )
    (found,) = shop.asked.commits(NOON, NOON)
    assert (found.sha, found.committed_at, found.author_email) == (sha, NOON, "robin@example.invalid")
    assert found.message.strip() == "Two\n\nBody."
    assert found.added == {"src/ä b.py": ["one = 1", "+++ b/not a header", "@@ -1 +1 @@ nor this", "\x01abc"]}
    assert list(shop.asked.commits(NOON + 1000, NOON + DAY)) == []
    assert shop.asked.own_emails == {"robin@example.invalid"}


def test_a_commit_that_only_the_reflog_knows_is_found(shop: Workshop) -> None:
    lost = shop.commit("a.txt", "soon amended\n")
    (shop.root / "a.txt").write_text("amended\n")
    shop.git("commit", "-q", "-a", "--amend", "-m", "Amended")
    assert lost in {commit.sha for commit in shop.asked.commits(NOON, NOON)}


def branch_of_three(shop: Workshop) -> list[str]:
    shop.git("switch", "-q", "-c", "topic")
    return [
        shop.commit("work.py", FIRST[: 200 * (number + 1)], at=NOON + number * 1000, message=f"Step {number}")
        for number in range(3)
    ]


def test_not_landed_while_it_is_only_on_its_branch(shop: Workshop) -> None:
    *_, last = branch_of_three(shop)
    assert shop.asked.landed_at(shop.named(last)) is None


def test_landed_by_merge(shop: Workshop) -> None:
    first, *_ = branch_of_three(shop)
    shop.git("switch", "-q", "main")
    shop.git("merge", "-q", "--no-ff", "topic", at=NOON + DAY)
    assert shop.asked.landed_at(shop.named(first)) == (first, NOON)


@pytest.mark.parametrize("keep_branch", [True, False])
def test_landed_by_squash_whatever_became_of_the_branch(shop: Workshop, keep_branch: bool) -> None:
    shas = branch_of_three(shop)
    shop.git("switch", "-q", "main")
    shop.commit("other.txt", "meanwhile\n", at=NOON + DAY)
    shop.git("merge", "-q", "--squash", "topic", at=NOON + DAY)
    shop.git("commit", "-q", "-m", "All of it", at=NOON + DAY)
    squash = shop.git("rev-parse", "HEAD")
    if not keep_branch:
        shop.git("branch", "-q", "-D", "topic")
    assert shop.asked.landed_at(shop.named(shas[-1])) == (squash, NOON + DAY)
    if keep_branch:
        assert shop.asked.landed_at(shop.named(shas[0])) == (squash, NOON + DAY)


def test_landed_by_rebase_and_by_cherry_pick(shop: Workshop) -> None:
    first, second, _ = branch_of_three(shop)
    shop.git("switch", "-q", "main")
    shop.commit("other.txt", "meanwhile\n", at=NOON + DAY)
    shop.git("cherry-pick", first, at=NOON + DAY)
    picked = shop.git("rev-parse", "HEAD")
    assert shop.asked.landed_at(shop.named(first)) == (picked, NOON + DAY)
    assert shop.asked.landed_at(shop.named(second)) is None
    shop.git("switch", "-q", "topic")
    shop.git("rebase", "-q", "main", at=NOON + 2 * DAY)
    shop.git("switch", "-q", "main")
    shop.git("merge", "-q", "--ff-only", "topic")
    landed = shop.asked.landed_at(shop.named(second))
    assert landed is not None
    assert landed[1] == NOON + 2 * DAY


def test_reverted_and_reverted_again(shop: Workshop) -> None:
    sha = shop.commit("work.py", FIRST)
    assert shop.asked.reverted_at(sha) is None
    shop.git("revert", "--no-edit", sha, at=NOON + DAY)
    assert shop.asked.reverted_at(sha) == NOON + DAY
    shop.git("revert", "--no-edit", "HEAD", at=NOON + 2 * DAY)
    assert shop.asked.reverted_at(sha) is None
    shop.git("revert", "--no-edit", "HEAD", at=NOON + 3 * DAY)
    assert shop.asked.reverted_at(sha) == NOON + DAY


def test_lines_are_found_at_their_time_and_where_they_moved(shop: Workshop) -> None:
    sha = shop.commit("work.py", FIRST)
    shop.git("mv", "work.py", "moved.py")
    shop.git("commit", "-q", "-m", "Moved", at=NOON + DAY)
    shop.commit("moved.py", FIRST[:200], at=NOON + 10 * DAY)
    after = {
        days: list(shop.asked.lines_at(NOON + days * DAY, sha, ["work.py"]) or ()) for days in (0, 2, 14)
    }  # fmt: skip
    assert after[0] == FIRST.splitlines()
    assert after[2] == FIRST.splitlines()
    assert after[14] == FIRST[:200].splitlines()
    assert shop.asked.lines_at(NOON - 30 * DAY, sha, ["work.py"]) is None


def snapshot(root: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")}


def test_nothing_is_written_and_nothing_is_run(shop: Workshop, tmp_path: Path) -> None:
    branch_of_three(shop)
    told = tmp_path / "hook-ran"
    for hook in ("post-index-change", "reference-transaction", "pre-auto-gc"):
        script = shop.root / ".git" / "hooks" / hook
        script.write_text(f"#!/bin/sh\ntouch {told}\n")
        script.chmod(0o755)
    shop.git("config", "core.fsmonitor", f"touch {told}")
    shop.git("config", "diff.external", f"touch {told}")
    (shop.root / ".gitattributes").write_text("*.py diff=tell\n")
    shop.git("config", "diff.tell.textconv", f"touch {told}; cat")
    told.unlink(missing_ok=True)
    before = snapshot(shop.root)
    for commit in shop.asked.commits(0, NOON + DAY):
        shop.asked.landed_at(commit)
        shop.asked.reverted_at(commit.sha)
        shop.asked.lines_at(NOON + DAY, commit.sha, ["work.py"])
    assert snapshot(shop.root) == before
    assert not told.exists()


def test_worktrees_submodules_and_shallow_clones(shop: Workshop, tmp_path: Path) -> None:
    sha = shop.commit("work.py", FIRST)
    shop.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    found = repository_at(str(tmp_path / "side"))
    assert found is not None
    assert sha in {commit.sha for commit in found.commits(NOON, NOON)}
    shallow = tmp_path / "shallow"
    shop.git("clone", "-q", "--depth", "1", f"file://{shop.root}", str(shallow))
    assert Repository(shallow).is_shallow
    assert [commit.sha for commit in Repository(shallow).commits(0, NOON)] == [sha]
    outer = Workshop(tmp_path / "outer")
    outer.commit("README", "Outer.\n")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", f"file://{shop.root}", "inner")
    inside = repository_at(str(outer.root / "inner"))
    assert inside is not None
    assert inside.root == outer.root / "inner"


@pytest.mark.parametrize("make", [lambda path: path / "gone", lambda path: path])
def test_no_repository_is_no_fault(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    assert repository_at(str(make(tmp_path))) is None


def test_an_empty_repository_has_nothing_to_say(tmp_path: Path) -> None:
    empty = Workshop(tmp_path / "empty").asked
    assert list(empty.commits(0, NOON)) == []
    assert empty.default_branch is None
    assert empty.lines_at(NOON, "0" * 40, ["a"]) is None


def test_large_files_are_not_read_and_many_are_read_a_portion_at_a_time(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_LARGEST_FILE", 50), ("_READ_AT_ONCE", 30), ("_PATHS_AT_ONCE", 3), ("_MOST_ADDED", 12)):
        monkeypatch.setattr(git_history, name, value)
    for number in range(8):
        (shop.root / f"small{number}.txt").write_text(f"small file number {number}\n")
    sha = shop.commit("large.txt", "x" * 51 + "\n")
    names = [f"small{number}.txt" for number in range(8)]
    found = shop.asked.lines_at(NOON, sha, [*names, "large.txt"])
    assert list(found or ()) == [f"small file number {number}" for number in range(8)]
    (cut,) = shop.asked.commits(NOON, NOON)
    assert cut.sha == sha
    assert 0 < sum(len(lines) for lines in cut.added.values()) < 9
