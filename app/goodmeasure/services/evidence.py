"""Looking for commits that back up what was said about runs. Reads logs and repositories; changes only the ledger."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.domain.work import Committed, Written
from goodmeasure.host.clock import Clock
from goodmeasure.host.git_history import Commit, GitUnavailableError, Repository, repository_at
from goodmeasure.intake.line_files import log_lines
from goodmeasure.intake.tail import open_log
from goodmeasure.ledger.evidence import (
    RunPlace,
    RunWork,
    answer_candidate,
    checks,
    commits_of,
    keep_evidence,
    keep_work,
    log_files,
    run_places,
    work_of,
)
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.salts import EVIDENCE, salt
from goodmeasure.sources.registry import all_sources
from goodmeasure.value.evidence import containment, effective_lines, line_hashes, link_of

LOOK_BACK_DAYS = 45
"""Runs that ended longer ago are left alone: their survival after 30 days has been asked by then."""
_DAY_MS = 86_400_000
_BEFORE_MS = 60_000
_AFTER_MS = 3 * _DAY_MS
_AGAIN_MS = _DAY_MS // 2
_SURVIVALS = (14, 30)
_NOT_WORK = ("package-lock.json", "yarn.lock", "uv.lock", "poetry.lock", "Cargo.lock", "go.sum", ".min.js", ".snap")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look for evidence came to."""

    runs: int
    linked: int
    """Runs with at least one commit that counts."""
    candidates: int
    """Runs that only have candidates: the person may say."""
    unavailable: int
    """Runs whose folder is gone, lies in no repository, or could not be asked."""


class Evidence:
    """The verb "look for commits". Not for the thread that draws the window."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._salt = salt(ledger, EVIDENCE)
        self._hashed: dict[str, frozenset[bytes]] = {}
        self._work_readers = {source.key: source.work for source in all_sources() if source.work is not None}

    def look(
        self,
        run_ids: Iterable[int] | None = None,
        *,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Looked:
        """Look for the commits of these runs; None: of the recent ones that were not asked about today.

        `progress` gets (runs done, runs in all). Raises LedgerError.
        """
        now = self._clock.now()
        places = self._places(run_ids, now)
        by_repository: dict[Path | None, list[RunPlace]] = defaultdict(list)
        repositories: dict[str | None, Repository | None] = {}
        for place in places:
            if place.cwd not in repositories:
                repositories[place.cwd] = _repository(place.cwd)
            repository = repositories[place.cwd]
            by_repository[repository.root if repository else None].append(place)
        gone = len(by_repository.get(None, ()))
        done = 0
        for root, here in by_repository.items():
            self._hashed.clear()
            commits = _commits(root, here)
            for place in here:
                if cancelled():
                    return self._looked(places[:done], gone)
                self._look_at(place, root, commits, now)
                done += 1
                if progress:
                    progress(done, len(places))
        return self._looked(places, gone)

    def decide(self, run_id: int, commit: str, *, belongs: bool) -> None:
        """Keep whether a commit, named by the beginning of its id, belongs to a run.

        Raises Refusal where no commit, or more than one, is meant; LedgerError.
        """
        known = [one.sha for one in commits_of(self._ledger, [run_id]).get(run_id, ()) if one.sha.startswith(commit)]
        if len(known) != 1:
            raise Refusal(f"{len(known) or 'No'} commits of this run begin with {commit!r}: show lists them.")
        answer_candidate(self._ledger, run_id, known[0], belongs=belongs, now=self._clock.now())

    def _places(self, run_ids: Iterable[int] | None, now: int) -> list[RunPlace]:
        if run_ids is not None:
            wanted = set(run_ids)
            return [place for place in run_places(self._ledger, 0, now) if place.run_id in wanted]
        asked = checks(self._ledger)
        return [
            place
            for place in run_places(self._ledger, now - LOOK_BACK_DAYS * _DAY_MS, now)
            if now - asked.get(place.run_id, 0) >= _AGAIN_MS
        ]

    def _look_at(self, place: RunPlace, root: Path | None, commits: Sequence[Commit] | None, now: int) -> None:
        work = self._work(place)
        if root is None or commits is None:
            keep_evidence(self._ledger, place.run_id, [], now=now, available=False)
            return
        repository = Repository(root)
        known = commits_of(self._ledger, [place.run_id]).get(place.run_id, ())
        confirmed = {one.sha for one in known if one.link is Link.PERSON}
        try:
            found = [
                evidence
                for commit in commits
                if (evidence := self._about(repository, commit, place, work, now, confirmed=commit.sha in confirmed))
                is not None
            ]
        except GitUnavailableError:
            keep_evidence(self._ledger, place.run_id, [], now=now, available=False)
            return
        keep_evidence(self._ledger, place.run_id, found, now=now, available=True)

    def _work(self, place: RunPlace) -> RunWork:
        """Return what a run wrote: from the ledger, or from its logs while they are there."""
        kept = work_of(self._ledger, place.run_id)
        files: dict[str, set[bytes]] = defaultdict(set)
        commits: dict[str, None] = {}
        read = False
        sessions = {session.partition("/")[0] for session in place.sessions}
        for log in log_files(self._ledger, place.run_id):
            reader = self._work_readers.get(log.source)
            if reader is None:
                continue
            try:
                with open_log(log.path) as stream:
                    lines = log_lines(stream, packed=log.path.endswith(".zst"))
                    for told in reader(log.path, lines):
                        if told.session not in sessions:
                            continue
                        if isinstance(told, Committed):
                            commits[told.sha] = None
                        elif isinstance(told, Written) and not told.path.endswith(_NOT_WORK):
                            files[told.path] |= line_hashes(effective_lines(told.text), self._salt)
                read = True
            except OSError:
                continue  # tidied up by its agent: what was kept of it stays
        if not read:
            return kept or RunWork({}, ())
        work = RunWork({path: frozenset(hashes) for path, hashes in files.items() if hashes}, tuple(commits))
        if kept != work:
            keep_work(self._ledger, place.run_id, work)
        return work

    def _about(
        self,
        repository: Repository,
        commit: Commit,
        place: RunPlace,
        work: RunWork,
        now: int,
        *,
        confirmed: bool,
    ) -> CommitEvidence | None:
        """Return what a commit means for a run; None: nothing. `confirmed`: the person said that it belongs."""
        after = commit.committed_at - place.ended_at
        if commit.committed_at < place.started_at - _BEFORE_MS or after > _AFTER_MS:
            return None
        named = _names(commit, place, work) or _noted(repository, commit, place)
        mine = not repository.own_emails or commit.author_email in repository.own_emails
        if not named and not mine:
            return None
        written = frozenset().union(*work.files.values())
        added = self._added(commit)
        share = containment(written, added)
        link = link_of(
            named=named,
            share=share,
            same_file=not _paths(repository, place, work).isdisjoint(commit.added),
            minutes_after=after / 60_000,
        )
        if link is None:
            return None
        if link is Link.CANDIDATE and confirmed:
            link = Link.PERSON
        if link is Link.CANDIDATE:
            return CommitEvidence(commit.sha, str(repository.root), link, share, None, None, None, None)
        return self._followed(repository, commit, link, share, written & added, now)

    def _added(self, commit: Commit) -> frozenset[bytes]:
        """Return the hashes of what a commit adds; many runs may ask about one commit."""
        if commit.sha not in self._hashed:
            text = "\n".join(line for lines in commit.added.values() for line in lines)
            self._hashed[commit.sha] = line_hashes(effective_lines(text), self._salt)
        return self._hashed[commit.sha]

    def _followed(
        self,
        repository: Repository,
        commit: Commit,
        link: Link,
        share: float | None,
        lines: frozenset[bytes],
        now: int,
    ) -> CommitEvidence:
        """Return a linked commit with what became of it."""
        landed = repository.landed_at(commit)
        if landed is None:
            return CommitEvidence(commit.sha, str(repository.root), link, share, None, None, None, None)
        landed_sha, landed_at = landed
        kept: list[float | None] = []
        for days in _SURVIVALS:
            due = landed_at + days * _DAY_MS
            there = repository.lines_at(due, landed_sha, list(commit.added)) if due <= now and lines else None
            hashes = None if there is None else line_hashes(effective_lines("\n".join(there)), self._salt)
            kept.append(None if hashes is None else containment(lines, hashes))
        return CommitEvidence(
            commit.sha,
            str(repository.root),
            link,
            share,
            landed_at,
            repository.reverted_at(landed_sha),
            kept[0],
            kept[1],
        )

    def _looked(self, places: Sequence[RunPlace], unavailable: int) -> Looked:
        found = commits_of(self._ledger, [place.run_id for place in places])
        linked = {run for run, all_ in found.items() if any(one.link is not Link.CANDIDATE for one in all_)}
        return Looked(len(places), len(linked), len(set(found) - linked), unavailable)


def _repository(cwd: str | None) -> Repository | None:
    try:
        return repository_at(cwd) if cwd else None
    except GitUnavailableError:
        return None


def _commits(root: Path | None, places: Sequence[RunPlace]) -> list[Commit] | None:
    if root is None:
        return None
    since = min(place.started_at for place in places) - _BEFORE_MS
    until = max(place.ended_at for place in places) + _AFTER_MS
    try:
        return Repository(root).commits(since, until)
    except GitUnavailableError:
        return None


def _names(commit: Commit, place: RunPlace, work: RunWork) -> bool:
    """Return whether a commit was made inside the run, or its message names one of the run's sessions."""
    made_inside = any(commit.sha.startswith(sha) for sha in work.commits)
    return made_inside or any(session in commit.message for session in place.sessions if len(session) >= 16)  # noqa: PLR2004 - shorter ids may stand in a message by chance


def _noted(repository: Repository, commit: Commit, place: RunPlace) -> bool:
    """Return whether a git-ai note on the commit names one of the run's sessions, by the hash that it uses."""
    note = repository.note(commit.sha)
    if not note:
        return False
    tools = ("claude", "codex", "cursor", "opencode", "gemini", "github-copilot-cli")
    keys = {
        "s_" + sha256(f"{tool}:{session}".encode()).hexdigest()[:14] for tool in tools for session in place.sessions
    }
    return any(key in note for key in keys)


def _paths(repository: Repository, place: RunPlace, work: RunWork) -> set[str]:
    """Return the run's files as git names them."""
    base = Path(place.cwd or repository.root)
    found = set()
    for path in work.files:
        whole = base / path
        if whole.is_relative_to(repository.root):
            found.add(whole.relative_to(repository.root).as_posix())
    return found
