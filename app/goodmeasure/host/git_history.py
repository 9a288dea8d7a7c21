"""Asking a git repository what was committed, without changing it: no hooks, no locks, no network, nothing written.

Every command is one of git's own reading commands. What cannot be asked (git is missing, the folder is gone, a clone is
too shallow) is unavailable: that says nothing about the work.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

_SAFE: Final = (
    "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never",
    "-c", "diff.external=", "-c", "core.quotePath=false", "-c", "log.showSignature=false",
)  # fmt: skip
_HEADER: Final = "\x01%H%x00%P%x00%ct%x00%ae%x00%B%x00"
_PATCH: Final = (
    "--patch", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--diff-merges=off",
    "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules",
)  # fmt: skip
_ZEROS: Final = 5
"""How many zeros a header has."""
_REVERTS: Final = re.compile(r"This reverts commit ([0-9a-f]{7,64})")
# A line of a patch never begins like this, whatever stands in the files.
_NEXT_COMMIT: Final = re.compile(r"\x01[0-9a-f]{40,64}\x00")
_USUAL_BRANCHES: Final = ("main", "master", "trunk", "develop")
_TIMEOUT_SECONDS: Final = 120
_MOST_BRANCH_COMMITS: Final = 5000
_MOST_ADDED: Final = 200_000
"""Most lines that are read of one commit: what adds more was not typed by anybody."""
_LARGEST_FILE: Final = 1 << 20
_READ_AT_ONCE: Final = 8 << 20
_MOST_READ: Final = 256 << 20
"""Most bytes that are read of the files of one instant."""
_PATHS_AT_ONCE: Final = 500


class GitUnavailableError(Exception):
    """The repository cannot be asked; the text says why."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit with what it adds."""

    sha: str
    parents: tuple[str, ...]
    committed_at: int
    """Committer's instant, milliseconds since 1970 UTC: unlike the author's it moves with a rebase."""
    author_email: str
    message: str
    added: dict[str, list[str]] = field(default_factory=dict)
    """Per file (its name after the commit, relative to the root) the lines that it adds."""


class Repository:
    """One repository, worktrees included. Not for the thread that draws the window."""

    def __init__(self, root: Path) -> None:
        """Answers that cannot change while one looks are remembered: make a new one for the next look."""
        self.root = root
        self._notes: dict[str, str] = {}
        self._since: int | None = None
        self._landed: dict[str, dict[str, tuple[str, int]]] = {}

    @cached_property
    def own_emails(self) -> frozenset[str]:
        """The person's own addresses here, lower case; empty: unknown."""
        told = self._ask("config", "--get-all", "user.email", missing_ok=True)
        return frozenset(line.strip().lower() for line in told.splitlines() if line.strip())

    @cached_property
    def default_branch(self) -> str | None:
        """The branch that work lands on, as git names it; None where nothing was committed yet."""
        remote = self._ask("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD", missing_ok=True).strip()
        if remote and self._exists(remote):
            return remote
        for name in _USUAL_BRANCHES:
            if self._exists(f"refs/heads/{name}"):
                return f"refs/heads/{name}"
        return "HEAD" if self._exists("HEAD") else None

    @cached_property
    def is_shallow(self) -> bool:
        """Whether older history is missing here."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == "true"

    def commits(self, since: int, until: int) -> Iterator[Commit]:
        """Yield what was committed in [since, until] (ms UTC), on any branch or reachable only by the reflog.

        Newest first; merges have no added lines, and of one commit 200,000 lines are read at most. One git process,
        whose answer is read as it comes, so that no history is too large. Raises GitUnavailableError.
        """
        self._since = since
        span = (f"--since={_instant(since)}", f"--until={_instant(until + 1000)}")
        lines = self._lines("log", "--all", "--reflog", *span, f"--format={_HEADER}", *_PATCH)
        return (commit for commit in _commits_in(lines) if since <= commit.committed_at <= until)

    def landed_at(self, commit: Commit) -> tuple[str, int] | None:
        """Return the commit of the default branch with which a commit landed there, and its instant (ms UTC).

        A commit lands by being an ancestor of the branch's tip, by a single patch equal to its own (rebase, cherry
        pick), or by one equal to its whole branch (squash). None: it has not landed.
        """
        target = self.default_branch
        if target is None:
            return None
        if self._is_on_default(commit.sha):
            return commit.sha, commit.committed_at
        base = self._ask("merge-base", commit.sha, target, missing_ok=True).strip()
        if not base:
            return None
        landed = self._patch_ids(base, target)
        return next((landed[patch] for patch in self._patches_of(commit, base) if patch in landed), None)

    @cached_property
    def noted(self) -> frozenset[str]:
        """The commits with a note that git-ai keeps."""
        listed = self._ask("notes", "--ref=ai", "list", missing_ok=True)
        return frozenset(line.split()[1] for line in listed.splitlines() if " " in line)

    def note(self, sha: str) -> str:
        """Return the note that git-ai keeps with a commit; empty where there is none."""
        if sha in self.noted and sha not in self._notes:
            self._notes[sha] = self._ask("notes", "--ref=ai", "show", sha, missing_ok=True)
        return self._notes.get(sha, "")

    def reverted_at(self, sha: str) -> int | None:
        """Return when the default branch took a commit back ("This reverts commit …"), ms UTC; None: it did not."""
        target = self.default_branch
        if target is None or not self._is_on_default(sha):
            return None
        undone: list[str] = []
        reverted: int | None = None
        # Newest first: a revert that was itself taken back is met after the one that took it back, and says nothing.
        for name, at, named in self._reverts:
            if any(name.startswith(other) for other in undone):
                continue
            undone += named
            if any(sha.startswith(other) for other in named):
                reverted = at
        return reverted

    def lines_at(self, until: int, since_sha: str, paths: Sequence[str]) -> Iterator[str] | None:
        """Return the lines that some files hold on the default branch at an instant (ms UTC), as they are asked for.

        The files are those of `paths`, and those changed since `since_sha`: work moves. Files over a megabyte are left
        out, and at most 256 MB are read. None where the branch has no commit that old.
        """
        target = self.default_branch
        if target is None:
            return None
        at = next((sha for sha, committed_at in self._main_line if committed_at <= until), None)
        if at is None:
            return None
        changed = self._ask("diff", "--name-only", "-z", "--no-renames", since_sha, at, missing_ok=True).split("\0")
        wanted = list(dict.fromkeys([*paths, *(path for path in changed if path)]))
        return self._contents(at, wanted)

    def _patches_of(self, commit: Commit, base: str) -> Iterator[str]:
        """Yield the patch ids under which a commit may have landed: its own, then those of branches that hold it."""
        yield from self._ids_of(["show", "--format=%H", *_PATCH[:-1], commit.sha])
        tips = self._ask("for-each-ref", "--contains", commit.sha, "--format=%(objectname)").split()
        for tip in dict.fromkeys([*tips, commit.sha]):
            yield from self._ids_of(["diff", *_PATCH, base, tip])

    def _patch_ids(self, base: str, target: str) -> dict[str, tuple[str, int]]:
        """Return patch id → (commit, instant) of what the branch got after `base`."""
        if base in self._landed:
            return self._landed[base]
        limit = f"--max-count={_MOST_BRANCH_COMMITS}"
        whens = dict(
            line.split() for line in self._ask("log", limit, "--format=%H %ct", f"{base}..{target}").splitlines()
        )
        log = self._bytes("log", limit, "--no-merges", "--format=%H", *_PATCH, f"{base}..{target}")
        ids = self._run(["patch-id", "--stable"], given=log).decode("ascii", "replace")
        pairs = (line.split() for line in ids.splitlines())
        self._landed[base] = {patch: (sha, int(whens[sha]) * 1000) for patch, sha in pairs if sha in whens}
        return self._landed[base]

    def _ids_of(self, command: list[str]) -> Iterator[str]:
        patch = self._bytes(*command)
        for line in self._run(["patch-id", "--stable"], given=patch).decode("ascii", "replace").splitlines():
            yield line.split()[0]

    def _contents(self, tree: str, paths: Sequence[str]) -> Iterator[str]:
        blobs = [blob for chunk in _chunks(paths, _PATHS_AT_ONCE) for blob in self._blobs(tree, chunk)]
        portion: list[str] = []
        held = read = 0
        for number, (blob, size) in enumerate(blobs, 1):
            if size <= _LARGEST_FILE and read + size <= _MOST_READ:
                portion.append(blob)
                held, read = held + size, read + size
            if portion and (held >= _READ_AT_ONCE or number == len(blobs)):
                yield from self._texts(portion)
                portion, held = [], 0

    def _blobs(self, tree: str, paths: Sequence[str]) -> list[tuple[str, int]]:
        """Return id and size of the files that a tree holds at these paths."""
        listed = self._ask("ls-tree", "-r", "-l", "-z", tree, "--", *paths)
        facts = [entry.split("\t", 1)[0].split() for entry in listed.split("\0") if " blob " in entry]
        return [(fact[2], int(fact[3])) for fact in facts]

    def _texts(self, blobs: Sequence[str]) -> Iterator[str]:
        answer = self._run(["cat-file", "--batch"], given="".join(f"{blob}\n" for blob in blobs).encode())
        place = 0
        while place < len(answer):
            end = answer.index(b"\n", place)
            size = int(answer[place:end].split()[-1])
            yield from answer[end + 1 : end + 1 + size].decode("utf-8", "replace").splitlines()
            place = end + size + 2

    def _is_on_default(self, sha: str) -> bool:
        target = self.default_branch
        if target is None:
            return False
        return sha in self._recent or self._succeeds("merge-base", "--is-ancestor", sha, target)

    @cached_property
    def _recent(self) -> frozenset[str]:
        """Commits of the default branch since what was asked for; there may be more of them."""
        if self._since is None:
            return frozenset()
        return frozenset(self._ask("rev-list", *self._lately, self.default_branch or "HEAD").split())

    @cached_property
    def _main_line(self) -> list[tuple[str, int]]:
        """Commit and instant (ms UTC) along the default branch, newest first; what was merged is in them."""
        log = self._ask("log", "--first-parent", "--format=%H %ct", *self._lately, self.default_branch or "HEAD")
        pairs = [line.split() for line in log.splitlines()]
        return [(sha, int(at) * 1000) for sha, at in pairs]

    @cached_property
    def _reverts(self) -> list[tuple[str, int, list[str]]]:
        """Commits of the default branch that take others back, newest first: name, instant (ms UTC), whom."""
        words = ("--grep=This reverts commit", "--format=%H%x00%ct%x00%B%x01")
        log = self._ask("log", *words, *self._lately, self.default_branch or "HEAD")
        entries = [entry.strip().split("\x00") for entry in log.split("\x01")[:-1]]
        return [(name, int(at) * 1000, _REVERTS.findall(message)) for name, at, message in entries]

    @property
    def _lately(self) -> tuple[str, ...]:
        """Words that leave out what is older than what was asked for, clocks that were wrong by a day allowed for."""
        return () if self._since is None else (f"--since={_instant(self._since - 86_400_000)}",)

    def _exists(self, name: str) -> bool:
        return self._succeeds("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")

    def _succeeds(self, *command: str) -> bool:
        try:
            self._run(list(command))
        except _FailedError:
            return False
        return True

    def _ask(self, *command: str, missing_ok: bool = False) -> str:
        try:
            return self._bytes(*command).decode("utf-8", "replace")
        except _FailedError:
            if missing_ok:
                return ""
            raise

    def _bytes(self, *command: str) -> bytes:
        return self._run(list(command))

    def _lines(self, *command: str) -> Iterator[str]:
        """Yield the lines of git's answer as they come, without their ends."""
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        try:
            process = subprocess.Popen(  # noqa: S603 - git, and words of this module
                self._words(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=_environment(),
            )  # fmt: skip
        except OSError as error:
            raise GitUnavailableError(f"git could not be asked ({type(error).__name__})") from error
        with process:
            try:
                # Only line feeds end lines here: what else Python takes for one may stand inside.
                for line in process.stdout or ():
                    yield line.removesuffix(b"\n").decode("utf-8", "replace")
                    if time.monotonic() > deadline:
                        raise GitUnavailableError("git took too long")
                process.wait(_TIMEOUT_SECONDS)
            finally:
                process.kill()  # does nothing where it has ended
        if process.returncode:
            raise _FailedError("git could not list the history")

    def _words(self, command: Sequence[str]) -> list[str]:
        git = shutil.which("git")
        if git is None:
            raise GitUnavailableError("git is not installed")
        return [git, "-C", str(self.root), *_SAFE, *command]

    def _run(self, command: list[str], given: bytes = b"") -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - git, and words of this module
                self._words(command),
                input=given,
                capture_output=True,
                check=False,
                timeout=_TIMEOUT_SECONDS,
                env=_environment(),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GitUnavailableError(f"git could not be asked ({type(error).__name__})") from error
        if done.returncode:
            raise _FailedError(done.stderr.decode("utf-8", "replace").strip()[:200])
        return done.stdout


class _FailedError(GitUnavailableError):
    """Git answered with a failure."""


def repository_at(folder: str) -> Repository | None:
    """Return the repository that a working folder lies in; None where the folder is gone or in none.

    Raises GitUnavailableError where git is missing.
    """
    if not Path(folder).is_dir():
        return None
    here = Repository(Path(folder))
    try:
        root = here._ask("rev-parse", "--show-toplevel").strip()  # noqa: SLF001 - same module
    except _FailedError:
        return None
    return Repository(Path(root)) if root else None


def _instant(at: int) -> str:
    """Return milliseconds as git reads them; without the zone it would guess what a small number means."""
    return f"@{at // 1000} +0000"


def _environment() -> dict[str, str]:
    """Return this process's environment without what could lead git elsewhere, make it ask, or let it fetch."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _commits_in(lines: Iterable[str]) -> Iterator[Commit]:
    """Yield the commits of a log: a header that its fifth zero ends, then the patch."""
    entry: list[str] = []
    for line in lines:
        if _NEXT_COMMIT.match(line) and entry:
            yield _commit_of(entry)
            entry = []
        if len(entry) < _MOST_ADDED:
            entry.append(line)
    if entry:
        yield _commit_of(entry)


def _commit_of(entry: Sequence[str]) -> Commit:
    header, zeros = 0, 0
    while zeros < _ZEROS and header < len(entry):
        zeros += entry[header].count("\0")
        header += 1
    # A message of which not even the end was read has no end here, either.
    sha, parents, at, email, message, *_ = "\n".join([*entry[:header], ""])[1:].split("\0")
    return Commit(sha, tuple(parents.split()), int(at) * 1000, email.lower(), message, _added_lines(entry[header:]))


def _chunks(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def _added_lines(patch: Sequence[str]) -> dict[str, list[str]]:
    added: dict[str, list[str]] = {}
    lines: list[str] | None = None
    in_hunk = 0
    for line in patch:
        if in_hunk and line[:1] == "+":
            in_hunk -= 1
            if lines is not None:
                lines.append(line[1:])
        elif line.startswith("@@ "):
            in_hunk = _added_in_hunk(line)
        elif line.startswith("+++ ") and not in_hunk:
            lines = added.setdefault(line[6:].rstrip("\t"), []) if line.startswith("+++ b/") else None
    return added


def _added_in_hunk(header: str) -> int:
    """Return how many lines a hunk adds: a line that begins with `+++` inside it is an added line, not a header."""
    new = header.split(" ")[2]
    return int(new.partition(",")[2] or 1)
