"""Which session a row of Claude Code belongs to, and what is known of each session."""

from pathlib import PurePosixPath

from goodmeasure.domain.events import Relation, SessionFacts, TitleRank
from goodmeasure.sources.claude_code.rows import Memory, Row, SessionNote

_RESUME_COPIES_UP_TO = (2, 0, 14)
"""Up to this version, going on with a session wrote a new file that copies its history."""

Place = tuple[str | None, str | None, bool | None]
"""What of a row decides on its session."""


class Sessions:
    """The sessions of one file: its own, its sub-agents', and those that a fork copied."""

    def __init__(self, path: str, memory: Memory) -> None:
        """`path` as for a reader; `memory` is kept and changed."""
        place = PurePosixPath(path)
        self._stem = place.name.removesuffix(".jsonl")
        self.agent = self._stem.removeprefix("agent-") if self._stem.startswith("agent-") else None
        """Id of the sub-agent whose file this is."""
        self._family = place.parent.parent.name if self.agent and place.parent.name == "subagents" else None
        self._memory = memory
        self._touched: dict[str, SessionNote] = {}
        self._place: Place | None = None
        self._here, self._note_here = self._stem, SessionNote()

    def begin(self, session: str | None, at: int | None) -> None:
        """Note the file's first row that is dated: rows older than it were copied here."""
        if self._memory.began is None and at is not None:
            self._memory.began, self._memory.own = at, session or self._stem

    def copied(self, at: int | None) -> bool:
        """Tell whether a row is older than its file: then a fork copied it here, with its old instant."""
        return at is not None and self._memory.began is not None and at < self._memory.began

    def of(self, row: Row, at: int | None) -> str:
        """Return the session that a row belongs to, and remember what the row tells of it."""
        place = (row.session_id, row.agent_id, row.is_sidechain)
        if place != self._place:
            self._place = place
            self._here, self._note_here = self._find(row)
        note = self._note_here
        if at is not None:
            began = self._memory.began
            if began is not None and at < began:
                self._tell_copied(note, row, at)
            elif note.first is None or note.last is None or at < note.first:
                _extend(note, at)
            elif at > note.last:
                note.last = at
        if note.cwd is None:
            note.cwd = row.cwd
        if note.branch is None:
            note.branch = row.git_branch or None
        if note.entrypoint is None:
            note.entrypoint = row.entrypoint
        if row.version is not None:
            note.version = row.version
        return self._here

    def note(self, session: str) -> SessionNote:
        """Return what is remembered of a session, to be changed."""
        note = self._touched.get(session)
        if note is None:
            note = self._memory.sessions.setdefault(session, SessionNote())
            self._touched[session] = note
        return note

    def entitle(self, session: str, title: str | None, rank: TitleRank) -> None:
        """Give a session a title: the higher rank wins, among equals the later, but the first prompt."""
        note = self.note(session)
        if title is not None and (rank > note.rank or (rank == note.rank and rank is not TitleRank.PROMPT)):
            note.title, note.rank = title, rank

    def join_conversation(self, session: str, message_id: str) -> None:
        """Tie together the files of one conversation.

        Old clients copied the history into a new file on resume, without a word of where from: but the first call's id
        stays the same, so files that share it are one conversation.
        """
        note = self.note(session)
        if note.conversation is None and note.parent is None:
            old = note.version is not None and _version(note.version) <= _RESUME_COPIES_UP_TO
            note.conversation = f"conversation/{message_id}" if old else ""

    def facts(self) -> dict[str, SessionFacts]:
        """Return the facts of every session touched since the last time."""
        told = {}
        for session, note in self._touched.items():
            root = note.conversation or None
            parent, relation = (root, Relation.RESUME) if root else (note.parent, note.relation)
            facts = told[session] = SessionFacts(
                session, parent, relation, note.first, note.last, note.cwd, note.branch, None, note.version,
                note.entrypoint, note.title, note.rank,
            )  # fmt: skip
            if root:
                told[root] = facts._replace(session=root, parent=None, relation=None)
        self._touched = {}
        self._place = None
        return told

    def _find(self, row: Row) -> tuple[str, SessionNote]:
        main = row.session_id or self._family or self._stem
        agent = self.agent or row.agent_id
        if agent is None and row.is_sidechain:
            agent = "sidechain"  # up to 2.0.14 sub-agents write into the session's own file and have no id
        if agent is None or main == self._stem == f"agent-{agent}":
            return main, self.note(main)
        session = f"{main}/{agent}"
        note = self.note(session)
        note.parent, note.relation = main, Relation.SUBAGENT
        return session, note

    def _tell_copied(self, note: SessionNote, row: Row, at: int) -> None:
        """Date a fork's own session by its own rows only.

        Up to about 2.1.60 copied rows keep the parent's session id: the only pointer from a fork to its parent.
        """
        own = self._memory.own
        if own is None or row.session_id is None or row.session_id == own:
            return
        _extend(note, at)
        fork = self.note(own)
        if fork.parent is None and not row.is_sidechain:
            fork.parent, fork.relation = row.session_id, Relation.FORK


def _extend(note: SessionNote, at: int) -> None:
    if note.first is None or at < note.first:
        note.first = at
    if note.last is None or at > note.last:
        note.last = at


def _version(text: str) -> tuple[int, ...]:
    parts = text.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else (99,)
