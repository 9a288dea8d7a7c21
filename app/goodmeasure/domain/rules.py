"""Rules that set facts of runs: ordered, the first that fits wins. They never set a judgement. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from goodmeasure.domain.facts import FactName


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where all conditions that are not None hold, `fact` is `value`."""

    id: int | None
    """The ledger's number; None until written."""
    fact: FactName
    value: str
    folder: str | None = None
    """Working folder, absolute: it and what lies below it."""
    repository: str | None = None
    """Root folder or remote address; `*` stands for anything."""
    branch: str | None = None
    """Branch at the start; `*` stands for anything."""
    source: str | None = None
    """Key of the source."""
    tool: str | None = None
    """A tool that was used at least once, in the agent's word; `*` stands for anything."""

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions that it has, by name."""
        told = {name: getattr(self, name) for name in CONDITIONS}
        return {name: value for name, value in told.items() if value is not None}


CONDITIONS = ("folder", "repository", "branch", "source", "tool")
"""What a rule can look at."""


@dataclass(frozen=True, slots=True)
class RunTraits:
    """What rules see of a run: its root session's place and the tools of all its sessions."""

    run_id: int
    folder: str | None
    root: str | None
    """Root folder of the project that the log tells."""
    repository: str | None
    """Remote address."""
    branch: str | None
    source: str
    tools: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FactChange:
    """What a change of rules would do to one fact of one run. None: as the log tells, or nothing."""

    run_id: int
    fact: FactName
    before: str | None
    after: str | None
    rule_id: int | None
    """The rule that would set it; None for one that is not written yet, and where none does."""


def fits(rule: Rule, run: RunTraits) -> bool:
    """Tell whether all conditions of a rule hold for a run; a condition on something unknown does not hold."""
    return bool(rule.conditions) and all(_holds(name, wanted, run) for name, wanted in rule.conditions.items())


def decided(rules: Iterable[Rule], run: RunTraits) -> dict[FactName, Rule]:
    """Return for each fact the first rule that fits."""
    found: dict[FactName, Rule] = {}
    for rule in rules:
        if rule.fact not in found and fits(rule, run):
            found[rule.fact] = rule
    return found


def _holds(name: str, wanted: str, run: RunTraits) -> bool:
    if name == "folder":
        return run.folder is not None and _is_below(run.folder, wanted)
    if name == "repository":
        return any(place is not None and fnmatchcase(place, wanted) for place in (run.root, run.repository))
    if name == "branch":
        return run.branch is not None and fnmatchcase(run.branch, wanted)
    if name == "source":
        return run.source == wanted
    return any(fnmatchcase(tool, wanted) for tool in run.tools)


def _is_below(folder: str, above: str) -> bool:
    # Logs may come from another system: both kinds of separators are known, whatever this computer uses.
    plain, top = (path.replace("\\", "/").rstrip("/") for path in (folder, above))
    return plain == top or plain.startswith(top + "/")
