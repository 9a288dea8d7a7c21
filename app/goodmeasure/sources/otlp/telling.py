"""Gathers what one agent's telemetry taught, in the records that logs teach, too."""

from goodmeasure.domain.events import (
    Batch,
    Generation,
    GenerationFlag,
    NoticeKind,
    Relation,
    SessionFacts,
    ToolCall,
    ToolKind,
    ToolStatus,
)
from goodmeasure.sources._formats.jsonl import Gathering
from goodmeasure.sources.base import identity
from goodmeasure.sources.otlp.usage import Usage

TELEMETRY = int(GenerationFlag.TELEMETRY)
Fact = str | int | None

_KINDS = {
    ToolKind.READ: "read readfile view readmanyfiles notebookread viewimage",
    ToolKind.EDIT: "edit multiedit write writefile replace applypatch notebookedit create strreplaceeditor",
    ToolKind.RUN: "bash shell runshellcommand exec execcommand localshell shellcommand writestdin powershell",
    ToolKind.SEARCH: "glob grep ls list listdirectory searchfilecontent grepsearch rg toolsearch",
    ToolKind.FETCH: "webfetch websearch googlewebsearch fetch",
    ToolKind.AGENT: "agent task invokeagent spawnagent waitagent sendinput closeagent wait",
}
_KIND_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names.split()}


def tool_kind(name: str | None) -> ToolKind | None:
    """Return what a tool does by its name, whichever agent's it is; None without a name."""
    if name is None:
        return None
    if name.startswith("mcp"):
        return ToolKind.MCP
    return _KIND_BY_NAME.get(name.replace("_", "").replace("-", "").lower(), ToolKind.OTHER)


class Telling:
    """What one request taught about one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.records = 0
        """Events and spans that this source sent."""
        self._gathering = Gathering(source)

    def batch(self) -> Batch:
        """Return what was gathered."""
        self._gathering.lines = self.records
        return self._gathering.batch()

    def meet(self, session: str, at: int | None, version: str | None = None, parent: str | None = None) -> None:
        """Note that a session was active at an instant."""
        old = self._gathering.sessions.get(session)
        known = [when for when in (old.started_at if old else None, old.ended_at if old else None, at) if when]
        parent = parent or (old.parent if old else None)
        self._gathering.sessions[session] = SessionFacts(
            session,
            parent,
            Relation.SUBAGENT if parent else None,
            min(known, default=None),
            max(known, default=None),
            None,
            None,
            None,
            version or (old.agent_version if old else None),
            None,
            None,
            0,
        )

    def add_call(
        self,
        session: str,
        at: int | None,
        provider: str | None,
        model: str | None,
        usage: Usage,
        facts: tuple[Fact, ...],
    ) -> None:
        """Add a billed call that `facts` identify among the telemetry of this source."""
        key = identity(self.source, "telemetry", "generation", *facts)
        call = Generation(key, session, at, provider, model, *usage[:6], None, None, usage.tier, TELEMETRY)
        self._gathering.add_generation(call)

    def add_tool_call(
        self,
        session: str,
        finished_at: int | None,
        duration_ms: int | None,
        name: str | None,
        status: ToolStatus | None,
        facts: tuple[Fact, ...],
    ) -> None:
        """Add a tool call or a half of it."""
        key = identity(self.source, "telemetry", "tool", *facts)
        called_at = None if finished_at is None or duration_ms is None else finished_at - duration_ms
        self._gathering.add_tool_call(ToolCall(key, session, called_at, finished_at, name, tool_kind(name), status))

    def add_prompt(self, session: str, at: int | None, *facts: Fact) -> None:
        """Add a prompt."""
        self._gathering.add_prompt(session, at, "telemetry", *facts)

    def add_notice(self, kind: NoticeKind, session: str, at: int | None, detail: str | None, *facts: Fact) -> None:
        """Add a notice."""
        self._gathering.add_notice(kind, session, at, detail, ("telemetry", *facts))

    def add_decision(
        self, session: str, at: int | None, *, allowed: bool, by_person: bool | None, facts: tuple[Fact, ...]
    ) -> None:
        """Add that a person or a rule (None: unknown which) allowed or refused a tool call."""
        kind = NoticeKind.APPROVED if allowed else NoticeKind.DENIED
        self.add_notice(kind, session, at, {True: "person", False: "rule", None: None}[by_person], *facts)

    def add_unknown(self, name: str | None) -> None:
        """Count a record that this version does not know."""
        self._gathering.add_unknown(name)
