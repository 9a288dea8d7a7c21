"""Which session a Qwen Code row belongs to: its own, a sub-agent's, or the one that a branch was copied from."""

from goodmeasure.domain.events import Relation, SessionFacts, TitleRank
from goodmeasure.sources.qwen_code.rows import Memory, Row

_PROMPT_PARTS = 3


class Sessions:
    """Keeps the facts of a file's own session in `memory`, and those of others for one `feed`."""

    def __init__(self, named: str, memory: Memory) -> None:
        """`named`: the session that the file's name states."""
        self._named = named
        self._memory = memory
        self._others: dict[str, SessionFacts] = {}

    def of(self, row: Row, at: int | None) -> str:
        """Return the session of a row, and note what the row tells of it."""
        memory = self._memory
        told = row.session_id or self._named
        if row.forked_from is not None and row.forked_from.session_id not in {None, told}:
            origin = str(row.forked_from.session_id)
            memory.session = memory.session or told
            if memory.parent is None:
                memory.parent, memory.relation = origin, Relation.FORK
            self._note_other(origin, None, at, row)
            return origin
        own = f"{told}/{row.agent_id}" if row.agent_id else told
        memory.session = memory.session or own
        if row.agent_id and memory.parent is None:
            memory.parent, memory.relation = told, Relation.SUBAGENT
        if own != memory.session:
            self._note_other(own, told if row.agent_id else None, at, row)
            return own
        memory.cwd = memory.cwd or row.cwd
        memory.branch = row.git_branch or memory.branch
        memory.version = row.version or memory.version
        if at is not None:
            memory.first_at = at if memory.first_at is None else min(memory.first_at, at)
            memory.last_at = at if memory.last_at is None else max(memory.last_at, at)
        return own

    def of_subagent(self, session: str, agent: str | None, at: int | None, row: Row) -> str:
        """Return the session of a sub-agent that `session` started; `session` itself without one."""
        if agent is None:
            return session
        self._note_other(f"{session}/{agent}", session, at, row)
        return f"{session}/{agent}"

    def entitle(self, session: str, title: str | None, rank: TitleRank) -> None:
        """Note a title of the file's own session: a higher rank wins, and among equals the later but for prompts."""
        memory = self._memory
        better = rank > memory.title_rank if rank is TitleRank.PROMPT else rank >= memory.title_rank
        if title is not None and session == memory.session and better:
            memory.title, memory.title_rank = title, rank

    def belongs_to(self, parent: str) -> None:
        """Note that another session's agent started this one."""
        if parent != self._memory.session:
            self._memory.parent, self._memory.relation = parent, Relation.SUBAGENT

    def facts(self) -> dict[str, SessionFacts]:
        """Return the facts of the file's own session, and of others met since the last time."""
        told, self._others = self._others, {}
        memory = self._memory
        if memory.session is not None:
            told[memory.session] = SessionFacts(
                memory.session, memory.parent, memory.relation, memory.first_at, memory.last_at, memory.cwd,
                memory.branch, None, memory.version, None, memory.title, memory.title_rank,
            )  # fmt: skip
        return told

    def _note_other(self, session: str, parent: str | None, at: int | None, row: Row) -> None:
        known = self._others.get(session)
        instants = [
            moment for moment in (known and known.started_at, known and known.ended_at, at) if moment is not None
        ]
        self._others[session] = SessionFacts(
            session, parent, Relation.SUBAGENT if parent else None, min(instants, default=None),
            max(instants, default=None), row.cwd, row.git_branch, None, row.version, None, None, TitleRank.NONE,
        )  # fmt: skip


def agent_of_prompt(prompt_id: str | None) -> str | None:
    """Return the sub-agent that an id such as `<session>#<agent>#<round>` names; None for a person's prompt."""
    parts = (prompt_id or "").split("#")
    return parts[1] or None if len(parts) == _PROMPT_PARTS else None
