"""Looking for commits that back up what was said about runs. Reads logs and repositories; changes only the ledger."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
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
_LINES_AT_ONCE = 10_000
_LONG = 16
"""A session's shorter name may stand in a message by chance."""
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
            works: dict[int, RunWork] = {}
            for place in here:
                if cancelled():
                    return self._looked(places[:done], gone)
                works[place.run_id] = self._work(place)
            history = self._history(root, here, works)
            for place in here:
                if cancelled():
                    return self._looked(places[:done], gone)
                self._look_at(place, history, works[place.run_id], now)
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
            every = run_places(self._ledger, 0, now)
            # What hangs on one part of a session does not hang on another: they are looked at together.
            families = {place.first_part for place in every if place.is_part and place.run_id in wanted}
            return [
                place for place in every if place.run_id in wanted or (place.is_part and place.first_part in families)
            ]
        asked = checks(self._ledger)
        return [
            place
            for place in run_places(self._ledger, now - LOOK_BACK_DAYS * _DAY_MS, now)
            # A run that has gone on since it was asked about is asked about anew.
            if now - asked.get(place.run_id, 0) >= _AGAIN_MS or asked.get(place.run_id, 0) <= place.ended_at
        ]

    def _history(
        self, root: Path | None, places: Sequence[RunPlace], works: Mapping[int, RunWork]
    ) -> "_History | None":
        """Return what was committed around these runs, the latest first; None where nobody can be asked."""
        if root is None:
            return None
        salts = {works[place.run_id].salt or self._salt for place in places}
        since = min(place.started_at for place in places) - _BEFORE_MS
        until = max(place.ended_at for place in places) + _AFTER_MS
        repository = Repository(root)
        try:
            seen = [_seen(commit, salts) for commit in repository.commits(since, until)]
        except GitUnavailableError:
            return None
        return _History(repository, sorted(seen, key=lambda one: one.commit.committed_at))

    def _look_at(self, place: RunPlace, history: "_History | None", work: RunWork, now: int) -> None:
        if history is None:
            keep_evidence(self._ledger, place.run_id, [], now=now, available=False)
            return
        known = commits_of(self._ledger, [place.run_id]).get(place.run_id, ())
        run = _Run(
            place,
            work,
            work.salt or self._salt,
            frozenset().union(*work.files.values()),
            _paths(history.repository, place, work),
            frozenset(one.sha for one in known if one.link is Link.PERSON),
        )
        try:
            found = [one for seen in history.around(place) if (one := _about(history.repository, seen, run, now))]
        except GitUnavailableError:
            keep_evidence(self._ledger, place.run_id, [], now=now, available=False)
            return
        others = [seen.commit.sha for seen in history.seen] if place.is_part else ()
        keep_evidence(self._ledger, place.run_id, found, now=now, available=True, not_its=others)

    def _work(self, place: RunPlace) -> RunWork:
        """Return what a run wrote: from the ledger, or from its logs while they are there."""
        kept = work_of(self._ledger, place.run_id)
        files: dict[str, set[bytes]] = defaultdict(set)
        commits: dict[str, None] = {}
        read = False
        sessions = {session.partition("/")[0] for session in place.sessions}
        for log in log_files(self._ledger, place.first_part):
            reader = self._work_readers.get(log.source)
            if reader is None:
                continue
            try:
                with open_log(log.path) as stream:
                    lines = log_lines(stream, packed=log.path.endswith(".zst"))
                    for told in reader(log.path, lines):
                        if told.session not in sessions or not place.holds(told.at):
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

    def _looked(self, places: Sequence[RunPlace], unavailable: int) -> Looked:
        found = commits_of(self._ledger, [place.run_id for place in places])
        linked = {run for run, all_ in found.items() if any(one.link is not Link.CANDIDATE for one in all_)}
        return Looked(len(places), len(linked), len(set(found) - linked), unavailable)


def _repository(cwd: str | None) -> Repository | None:
    try:
        return repository_at(cwd) if cwd else None
    except GitUnavailableError:
        return None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A commit without its text."""

    commit: Commit
    """Its files have no lines."""
    added: Mapping[bytes, frozenset[bytes]]
    """Under each salt the hashes of the lines that it adds."""


@dataclass(frozen=True, slots=True)
class _History:
    """What was committed in one repository, by instant."""

    repository: Repository
    seen: Sequence[_Seen]

    def around(self, place: RunPlace) -> Sequence[_Seen]:
        """Return what may hang on a run by its instant."""
        first = bisect_left(self.seen, place.started_at - _BEFORE_MS, key=_instant)
        return self.seen[first : bisect_right(self.seen, place.ended_at + _AFTER_MS, key=_instant)]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run whose commits are looked for."""

    place: RunPlace
    work: RunWork
    salt: bytes
    written: frozenset[bytes]
    paths: frozenset[str]
    """Its files as git names them."""
    confirmed: frozenset[str]
    """Commits of which the person said that they belong to it."""


def _instant(seen: _Seen) -> int:
    return seen.commit.committed_at


def _seen(commit: Commit, salts: Iterable[bytes]) -> _Seen:
    lines = effective_lines("\n".join(line for lines in commit.added.values() for line in lines))
    return _Seen(
        replace(commit, added={path: [] for path in commit.added}), {salt: line_hashes(lines, salt) for salt in salts}
    )


def _about(repository: Repository, seen: _Seen, run: _Run, now: int) -> CommitEvidence | None:
    """Return what a commit means for a run; None: nothing."""
    commit, place = seen.commit, run.place
    named = _names(commit, place, run.work) or _noted(repository, commit, place)
    mine = not repository.own_emails or commit.author_email in repository.own_emails
    if not named and not mine:
        return None
    added = seen.added[run.salt]
    share = containment(run.written, added)
    link = link_of(
        named=named,
        share=share,
        same_file=not run.paths.isdisjoint(commit.added),
        minutes_after=(commit.committed_at - place.ended_at) / 60_000,
    )
    if link is None:
        return None
    if link is Link.CANDIDATE and commit.sha in run.confirmed:
        link = Link.PERSON
    if link is Link.CANDIDATE:
        return CommitEvidence(commit.sha, str(repository.root), link, share, None, None, None, None)
    return _followed(repository, commit, link, share, run.written & added, run.salt, now)


def _followed(
    repository: Repository,
    commit: Commit,
    link: Link,
    share: float | None,
    lines: frozenset[bytes],
    salt: bytes,
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
        kept.append(None if there is None else containment(lines, _found_again(lines, there, salt)))
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


def _found_again(wanted: frozenset[bytes], there: Iterable[str], salt: bytes) -> set[bytes]:
    """Return which of these lines are among those of a tree, of which only a little is held at a time."""
    found: set[bytes] = set()
    rest = iter(there)
    while len(found) < len(wanted) and (portion := list(islice(rest, _LINES_AT_ONCE))):
        found |= wanted & line_hashes(effective_lines("\n".join(portion)), salt)
    return found


def _names(commit: Commit, place: RunPlace, work: RunWork) -> bool:
    """Return whether a commit was made inside the run, or its message names one of the run's sessions.

    Of a session that was split it is named for the part in whose time it was committed.
    """
    if any(commit.sha.startswith(sha) for sha in work.commits):
        return True
    named = any(session in commit.message for session in place.sessions if len(session) >= _LONG)
    return named and (not place.is_part or place.holds(commit.committed_at))


def _noted(repository: Repository, commit: Commit, place: RunPlace) -> bool:
    """Return whether a git-ai note on the commit names one of the run's sessions, by the hash that it uses."""
    note = repository.note(commit.sha)
    if not note:
        return False
    tools = ("claude", "codex", "cursor", "opencode", "gemini", "github-copilot-cli")
    keys = {
        "s_" + sha256(f"{tool}:{session}".encode()).hexdigest()[:14] for tool in tools for session in place.sessions
    }
    return any(key in note for key in keys) and (not place.is_part or place.holds(commit.committed_at))


def _paths(repository: Repository, place: RunPlace, work: RunWork) -> frozenset[str]:
    """Return the run's files as git names them."""
    base = Path(place.cwd or repository.root)
    found = set()
    for path in work.files:
        whole = base / path
        if whole.is_relative_to(repository.root):
            found.add(whole.relative_to(repository.root).as_posix())
    return frozenset(found)
