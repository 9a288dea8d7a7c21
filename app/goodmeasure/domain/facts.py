"""What kind of run it was, as its log tells it: facts that nobody is asked for. Formulas: docs/value.md."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from goodmeasure.domain.events import ToolKind


class FactName(StrEnum):
    """A fact that a person or a rule may set."""

    PROJECT = "project"
    COST_CENTER = "cost_center"
    WORK_KIND = "work_kind"
    DATA_CLASS = "data_class"


class WorkKind(StrEnum):
    """What kind of work a run was."""

    BUILD = "build"
    FIX = "fix"
    REFACTOR = "refactor"
    TEST = "test"
    REVIEW = "review"
    OPERATE = "operate"
    RESEARCH = "research"
    ANALYSE = "analyse"
    WRITE = "write"
    PLAN = "plan"
    ADMIN = "admin"
    LEARN = "learn"
    OTHER = "other"


class DataClass(StrEnum):
    """How sensitive the data was that a run worked on."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


DEFAULT_DATA_CLASS = DataClass.INTERNAL
"""What holds where neither a person nor a rule says otherwise."""


class Autonomy(StrEnum):
    """What the agent could do without asking, the least first."""

    ASKED_EACH = "asked_each"
    AUTO_EDITS = "auto_edits"
    AUTO_ALL = "auto_all"
    UNATTENDED = "unattended"


class ExternalAction(StrEnum):
    """What an agent may do outside the machine."""

    PUSHED = "pushed"
    TRACKER_CHANGED = "tracker_changed"
    """A pull request, an issue or a ticket was made or changed."""
    MESSAGE_SENT = "message_sent"
    FILE_SHARED = "file_shared"
    DEPLOYED = "deployed"
    PAID = "paid"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS: dict[WorkKind, frozenset[str]] = {
    WorkKind.REVIEW: _words("review reviewing reviews audit inspect critique"),
    WorkKind.FIX: _words(
        "fix fixes fixed fixing bug bugs bugfix broken crash crashes crashing error errors fail fails failing failure"
        " debug hotfix regression repair wrong"
    ),
    WorkKind.REFACTOR: _words(
        "refactor refactoring rename restructure simplify cleanup tidy extract deduplicate modernise modernize"
        " reorganise reorganize"
    ),
    WorkKind.TEST: _words("test tests testing coverage pytest unittest e2e"),
    WorkKind.WRITE: _words(
        "doc docs documentation readme changelog letter mail email article text blog post essay translate translation"
        " summarise summarize summary draft proofread wording speech"
    ),
    WorkKind.ADMIN: _words(
        "upgrade bump dependency dependencies licence license config configuration settings setup install"
        " invoice calendar schedule expense"
    ),
    WorkKind.OPERATE: _words(
        "deploy deployment release rollback server servers cluster kubernetes docker ci pipeline migrate migration"
        " monitor logs incident backup restore"
    ),
    WorkKind.PLAN: _words("plan plans planning roadmap design architecture proposal estimate scope"),
    WorkKind.ANALYSE: _words(
        "analyse analyze analysis data dataset csv sql query statistics plot chart measure benchmark profile compare"
        " evaluate"
    ),
    WorkKind.RESEARCH: _words("research find search investigate explore look survey sources literature"),
    WorkKind.LEARN: _words("explain learn understand how what why teach tutorial meaning difference"),
    WorkKind.BUILD: _words("build add implement create make feature support write new"),
}
_WHERE_FILES_CHANGED = (WorkKind.FIX, WorkKind.REFACTOR, WorkKind.TEST, WorkKind.WRITE, WorkKind.ADMIN)
_WHERE_NONE_CHANGED = (
    WorkKind.REVIEW,
    WorkKind.PLAN,
    WorkKind.ANALYSE,
    WorkKind.WRITE,
    WorkKind.RESEARCH,
    WorkKind.LEARN,
    WorkKind.ADMIN,
)
_WHERE_COMMANDS_RAN = (WorkKind.TEST, WorkKind.OPERATE, WorkKind.FIX)
_WHERE_NO_TOOL_IS_KNOWN = (WorkKind.FIX, WorkKind.REFACTOR, WorkKind.TEST, WorkKind.OPERATE, WorkKind.BUILD)
_PLANNING = frozenset(("plan", "architect", "spec"))
_LEVELS: dict[str, Autonomy] = {
    **dict.fromkeys(
        ("default", "plan", "ask", "manual", "normal", "untrusted", "suggest", "approve", "off", "chat", "read-only"),
        Autonomy.ASKED_EACH,
    ),
    **dict.fromkeys(
        ("acceptEdits", "auto_edit", "auto-edit", "autoEdit", "on-failure", "smart_approve", "low", "auto-low"),
        Autonomy.AUTO_EDITS,
    ),
    **dict.fromkeys(
        (
            *("bypassPermissions", "dontAsk", "auto", "never", "yolo", "full-auto", "autopilot", "afk"),
            *("medium", "high", "auto-medium", "auto-high", "danger-full-access"),
        ),
        Autonomy.AUTO_ALL,
    ),
}
_ASKING_WHERE_THE_SANDBOX_ENDS = {
    "read-only": Autonomy.ASKED_EACH,
    "workspace-write": Autonomy.AUTO_EDITS,
    "danger-full-access": Autonomy.AUTO_ALL,
}
_STARTED_BY_A_PROGRAM = frozenset(("exec", "codex_exec", "sdk-cli", "sdk-py", "sdk-ts", "headless", "print"))
_RANK = {level: rank for rank, level in enumerate(Autonomy)}
_ACTIONS: dict[ExternalAction, tuple[frozenset[str], frozenset[str]]] = {
    ExternalAction.PAID: (
        _words("create send make confirm capture issue"),
        _words("payment charge refund invoice transfer payout"),
    ),
    ExternalAction.TRACKER_CHANGED: (
        _words("create update merge add close edit assign transition submit reopen write comment"),
        _words("pull pr issue ticket review comment epic story card label"),
    ),
    ExternalAction.MESSAGE_SENT: (
        _words("send post reply forward"),
        _words("message messages email mail reply thread chat channel dm"),
    ),
    ExternalAction.FILE_SHARED: (
        _words("share upload publish"),
        _words("file files document page drive folder artifact"),
    ),
    ExternalAction.DEPLOYED: (
        _words("create run trigger apply start deploy rollback publish"),
        _words("deploy deployment release rollback"),
    ),
    ExternalAction.PUSHED: (
        _words("push create"),
        _words("push"),
    ),
}  # fmt: skip
_ACTING = frozenset((ToolKind.MCP.value, ToolKind.OTHER.value, ""))


def work_kind(title: str | None, tool_kinds: Mapping[str, int], modes: Iterable[str] = ()) -> WorkKind:
    """Return what kind of work a run was, from what its tools did and the words of its title.

    `tool_kinds`: number of calls by `ToolKind` value. `modes`: permission modes in the agent's words. Files were
    changed: the first of fix, refactor, test, write, admin with a word in the title, else build. None changed: plan in
    a planning mode; then the first of test, operate, fix (if commands ran) and review, plan, analyse, write, research,
    learn, admin with a word; without any known tool call also fix, refactor, test, operate, build; else research if
    something was read, searched or fetched, operate if commands ran, other if nothing is known.
    """
    words = frozenset(re.findall(r"[a-z0-9]+", (title or "").lower()))
    reads = sum(tool_kinds.get(kind, 0) for kind in (ToolKind.READ, ToolKind.SEARCH, ToolKind.FETCH))
    runs, edits = tool_kinds.get(ToolKind.RUN, 0), tool_kinds.get(ToolKind.EDIT, 0)
    if edits:
        return _said(words, _WHERE_FILES_CHANGED) or WorkKind.BUILD
    if _PLANNING.intersection(modes):
        return WorkKind.PLAN
    order = (*(_WHERE_COMMANDS_RAN if runs else ()), *_WHERE_NONE_CHANGED)
    if not sum(tool_kinds.values()):
        order += _WHERE_NO_TOOL_IS_KNOWN
    return _said(words, order) or (
        WorkKind.RESEARCH if reads else WorkKind.OPERATE if runs else WorkKind.OTHER
    )  # fmt: skip


def autonomy(
    modes: Iterable[str], *, prompts: int, asked_person: int = 0, entrypoint: str | None = None
) -> Autonomy | None:
    """Return what the agent could do without asking; None where the log does not tell.

    The most that any of its known permission modes allowed. `unattended` where a mode is known and nobody prompted
    (`prompts` is 0), or a program started it (`entrypoint`, the agent's word). Without a known mode: `asked_each` where
    a person approved or denied a call (`asked_person` > 0).
    """
    levels = [level for mode in modes if (level := _level(mode))]
    if entrypoint in _STARTED_BY_A_PROGRAM or (levels and not prompts):
        return Autonomy.UNATTENDED
    if levels:
        return max(levels, key=_RANK.__getitem__)
    return Autonomy.ASKED_EACH if asked_person else None


def external_actions(tools: Iterable[tuple[str | None, str | None]]) -> dict[ExternalAction, int | None]:
    """Return how often a run acted outside the machine, by kind, as the names of its tools tell.

    `tools`: name and `ToolKind` value of each call that did not fail. Counted are calls of tools that are neither the
    agent's own readers nor editors (MCP and others), whose name joins a verb and an object of the kind. None: nothing
    was seen, but commands ran that the ledger does not keep, or no call is known; so where commands ran, a number is
    "at least".
    """
    seen: dict[ExternalAction, int] = {}
    calls = list(tools)
    for name, kind in calls:
        action = _action(name or "") if (kind or "") in _ACTING else None
        if action is not None:
            seen[action] = seen.get(action, 0) + 1
    hidden = not calls or any(kind == ToolKind.RUN for _, kind in calls)
    return {action: seen.get(action, None if hidden else 0) for action in ExternalAction}


def fact_values(name: FactName) -> tuple[str, ...]:
    """Return the values that a fact can have; empty where a person may choose any name."""
    if name is FactName.WORK_KIND:
        return tuple(WorkKind)
    return tuple(DataClass) if name is FactName.DATA_CLASS else ()


def _said(words: frozenset[str], order: Iterable[WorkKind]) -> WorkKind | None:
    return next((kind for kind in order if words & _WORDS[kind]), None)


def _level(mode: str) -> Autonomy | None:
    policy, _, sandbox = mode.partition("/")
    if policy == "on-request":
        return _ASKING_WHERE_THE_SANDBOX_ENDS.get(sandbox, Autonomy.AUTO_EDITS)
    return _LEVELS.get(policy)


def _action(name: str) -> ExternalAction | None:
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.rsplit("__", 1)[-1])
    words = frozenset(re.findall(r"[a-z]+", spread.lower()))
    for action, (verbs, objects) in _ACTIONS.items():
        if words & verbs and words & objects:
            return action
    return None
