"""What agents were allowed to do and did, whether people looked. What logs do not tell is unknown, never nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import AssessmentName, Review
from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.domain.facts import Autonomy, DataClass, ExternalAction, external_actions
from goodmeasure.domain.oversight import Reached, WatchedRun
from goodmeasure.domain.period import Span, days_span
from goodmeasure.domain.runs import RatedRun
from goodmeasure.domain.work import Reach
from goodmeasure.value.coverage import answer
from goodmeasure.viewmodels.overview import OverviewFilter, days_of
from goodmeasure.viewmodels.wording import counted, days, percent

if TYPE_CHECKING:
    from goodmeasure.services.oversight import Oversight
    from goodmeasure.services.queries import Queries

_AUTONOMY: dict[str | None, str] = {
    Autonomy.ASKED_EACH: "Asked before each change",
    Autonomy.AUTO_EDITS: "Edited without asking",
    Autonomy.AUTO_ALL: "Everything without asking",
    Autonomy.UNATTENDED: "Nobody was there to be asked",
    None: "The log does not tell",
}
_DATA: dict[str | None, str] = {
    DataClass.PUBLIC: "Public",
    DataClass.INTERNAL: "Internal",
    DataClass.CONFIDENTIAL: "Confidential",
    DataClass.RESTRICTED: "Restricted",
    None: "Not known yet",
}
_KINDS: dict[str | None, str] = {
    ToolKind.READ: "Read files",
    ToolKind.EDIT: "Changed files",
    ToolKind.RUN: "Ran commands",
    ToolKind.SEARCH: "Searched",
    ToolKind.FETCH: "Fetched from the web",
    ToolKind.AGENT: "Started sub-agents",
    ToolKind.MCP: "Called other services (MCP)",
    ToolKind.OTHER: "Other tools",
    None: "Tools of unknown kind",
}
_ACTIONS = {
    ExternalAction.PUSHED: "Pushed commits",
    ExternalAction.TRACKER_CHANGED: "Changed pull requests or tickets",
    ExternalAction.MESSAGE_SENT: "Sent messages",
    ExternalAction.FILE_SHARED: "Shared files",
    ExternalAction.DEPLOYED: "Deployed",
    ExternalAction.PAID: "Paid",
}
_REACHES = {
    Reach.DELETES: "Commands that delete or discard",
    Reach.NETWORK: "Commands that reach the network",
    Reach.CREDENTIALS: "Commands and files around credentials",
}
_ENDS = ((ToolStatus.ERROR, "failed"), (ToolStatus.DENIED, "denied"), (ToolStatus.INTERRUPTED, "interrupted"))

_NO_RUNS = "No runs in this period."


@dataclass(frozen=True, slots=True)
class OversightRow:
    """One line: what, in how many runs, and what else is known of it."""

    name: str
    run_ids: tuple[int, ...]
    """Newest first."""
    runs: str
    """`12 runs`."""
    share: str
    """Of the runs of the period; "" where that says nothing."""
    fraction: float | None
    said: str


@dataclass(frozen=True, slots=True)
class OversightPart:
    """One question and its lines; `none` is said where there are none."""

    title: str
    about: str
    rows: tuple[OversightRow, ...]
    none: str = ""


@dataclass(frozen=True, slots=True)
class OversightView:
    """Everything that the ledger tells of one period."""

    period: str
    summary: str
    allowed: OversightPart
    tools: OversightPart
    outside: OversightPart
    decisions: OversightPart
    data: OversightPart


def oversight(queries: "Queries", services: "Oversight", wanted: OverviewFilter) -> OversightView:
    """Say what agents were allowed to do and did in a week, month or quarter."""
    first, last = days_of(wanted.stretch, wanted.on or queries.today())
    span = days_span(first, last, queries.zone)
    runs = services.watched(span)
    rated = {run.run_id: run for run in queries.rated_runs(span)}
    return OversightView(
        days(first, last),
        counted(len(runs), "run"),
        OversightPart(
            "What they could do without asking",
            "The most that a run's permission modes allowed.",
            _by(runs, lambda run: run.autonomy, _AUTONOMY, lambda found: _checked(found, rated)),
            _NO_RUNS,
        ),
        OversightPart("What they did", "Tool calls by kind, and how they ended.", _tools(runs), "No tool calls."),
        OversightPart(
            "Outside the machine",
            "As the names of other tools tell; what a command does is not kept, so these are at least.",
            _outside(runs, rated),
            "No tool acted outside the machine, as far as names of tools tell." if runs else _NO_RUNS,
        ),
        OversightPart(
            "Allowed and refused", "Single calls that somebody decided on.", _decisions(runs), "No decision was logged."
        ),
        OversightPart(
            "How sensitive the data was",
            "Internal, where neither you nor a rule says otherwise.",
            _by(runs, lambda run: run.data_class, _DATA, lambda found: _checked(found, rated)),
            _NO_RUNS,
        ),
    )


def reached_part(found: Reached) -> OversightPart:
    """Say what commands and files reached for, as far as the logs that are there tell."""
    rows = tuple(
        _row(_REACHES[reach], calls, found.told, counted(sum(calls.values()), "call"))
        for reach, calls in found.calls.items()
        if calls
    )
    missing = found.runs - found.told
    about = "By the words of the command, so neither all of them nor only them; nothing of it is kept."
    if missing:
        about += f" Of {counted(missing, 'run')} nothing is known: the log is gone, or does not tell."
    return OversightPart("Commands worth knowing", about, rows, "None, in the logs that could be read.")


def span_of(queries: "Queries", wanted: OverviewFilter) -> Span:
    """Return the instants of a period in the reporting zone."""
    first, last = days_of(wanted.stretch, wanted.on or queries.today())
    return days_span(first, last, queries.zone)


def _by(
    runs: Sequence[WatchedRun],
    value_of: Callable[[WatchedRun], str | None],
    labels: Mapping[str | None, str],
    said: Callable[[Sequence[int]], str],
) -> tuple[OversightRow, ...]:
    groups: dict[str | None, list[int]] = defaultdict(list)
    for run in runs:
        groups[value_of(run)].append(run.run_id)
    return tuple(
        _row(label, groups[value], len(runs), said(groups[value])) for value, label in labels.items() if groups[value]
    )


def _row(name: str, run_ids: Iterable[int], whole: int, said: str) -> OversightRow:
    newest = tuple(reversed(list(run_ids)))
    fraction = len(newest) / whole if whole else None
    return OversightRow(name, newest, counted(len(newest), "run"), percent(fraction), fraction, said)


def _tools(runs: Sequence[WatchedRun]) -> tuple[OversightRow, ...]:
    calls: dict[str | None, Counter[str | None]] = defaultdict(Counter)
    behind: dict[str | None, dict[int, None]] = defaultdict(dict)
    for run in runs:
        for tool in run.tools:
            calls[tool.kind][tool.status] += tool.calls
            behind[tool.kind][run.run_id] = None
    return tuple(
        _row(label, behind[kind], len(runs), _ended(calls[kind])) for kind, label in _KINDS.items() if kind in calls
    )


def _ended(calls: Counter[str | None]) -> str:
    parts = [counted(calls.total(), "call")]
    parts += [f"{calls[status]:,} {word}" for status, word in _ENDS if calls[status]]
    if calls[None]:
        parts.append(f"{calls[None]:,} without a result")
    return " · ".join(parts)


def _outside(runs: Sequence[WatchedRun], rated: Mapping[int, RatedRun]) -> tuple[OversightRow, ...]:
    counts: Counter[ExternalAction] = Counter()
    behind: dict[ExternalAction, list[int]] = defaultdict(list)
    for run in runs:
        done = [tool for tool in run.tools if tool.status not in {ToolStatus.ERROR, ToolStatus.DENIED}]
        found = external_actions((tool.name, tool.kind) for tool in done for _ in range(tool.calls))
        for action, count in found.items():
            if count:
                counts[action] += count
                behind[action].append(run.run_id)
    return tuple(
        _row(label, behind[action], len(runs), f"at least {counts[action]:,} · {_checked(behind[action], rated)}")
        for action, label in _ACTIONS.items()
        if counts[action]
    )


def _checked(run_ids: Sequence[int], rated: Mapping[int, RatedRun]) -> str:
    """Say how many of these runs a person checked, as they were rated."""
    said = [answer(rated[run_id], AssessmentName.REVIEW) for run_id in run_ids if run_id in rated]
    unchecked = said.count(Review.NONE)
    checked = len([one for one in said if one is not None]) - unchecked
    parts = [f"{checked:,} checked"]
    if unchecked:
        parts.append(f"{unchecked:,} used unchecked")
    if rest := len(run_ids) - checked - unchecked:
        parts.append(f"{rest:,} not said")
    return ", ".join(parts)


def _decisions(runs: Sequence[WatchedRun]) -> tuple[OversightRow, ...]:
    calls: Counter[tuple[bool, str]] = Counter()
    behind: dict[tuple[bool, str], dict[int, None]] = defaultdict(dict)
    for run in runs:
        for decision in run.decisions:
            key = decision.allowed, decision.by or ""
            calls[key] += decision.calls
            behind[key][run.run_id] = None
    who = {"person": "by you", "rule": "by a rule"}
    return tuple(
        _row(
            f"{'Allowed' if key[0] else 'Refused'} {who.get(key[1], '(by whom is not logged)')}",
            behind[key],
            len(runs),
            counted(calls[key], "call"),
        )
        for key in sorted(calls, key=lambda key: (not key[0], key[1]))
    )
