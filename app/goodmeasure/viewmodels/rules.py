"""Rules in words, the form that makes one, what a change of them would do, and the changes themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.domain.facts import FactName, fact_values
from goodmeasure.domain.rules import CONDITIONS, Rule
from goodmeasure.viewmodels.run_facts import LABELS, trial_sentence
from goodmeasure.viewmodels.wording import counted, title

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.rules import Change, Rules, Trial

MOST_LINES = 5
"""So many changes are named in a trial."""
CONDITION_WORDS = {
    "folder": "Folder",
    "repository": "Repository",
    "branch": "Branch",
    "source": "Agent",
    "tool": "Tool",
}
CONDITION_HINTS = {
    "folder": "it and what lies below: /home/me/shop",
    "repository": "root folder or remote address; * is anything",
    "branch": "release/*",
    "source": "",
    "tool": "one that was used: mcp__*",
}
_LABEL_OF_LOG = "as the log tells"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of the list."""

    rule: Rule
    says: str
    """`Project is shop`."""
    where: str
    """`folder /home/me/shop, agent Claude Code`."""


@dataclass(frozen=True, slots=True)
class RulesView:
    """The rules in their order."""

    rows: tuple[RuleRow, ...]
    sources: tuple[tuple[str, str], ...]
    """Agents that a rule can be about: key and label."""


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One fact of one run that would change."""

    title: str
    change: str
    """`Project: till → shop`."""


@dataclass(frozen=True, slots=True)
class TrialView:
    """What a change of the rules would do. Nothing was written."""

    sentence: str
    runs: int
    lines: tuple[TrialLine, ...]
    more: str
    """`and 12 more`; "" where all are named."""


def rules_view(queries: "Queries", rules: "Rules") -> RulesView:
    """Say the rules in their order."""
    reports = queries.sources()
    labels = {source.key: source.label for source in reports}
    rows = tuple(RuleRow(rule, says(rule), where(rule, labels)) for rule in rules.all())
    used = tuple((source.key, source.label) for source in reports if source.health is not None)
    return RulesView(rows, used)


def says(rule: Rule) -> str:
    """Return what a rule says: `Project is shop`."""
    return f"{LABELS[rule.fact]} is {rule.value}"


def where(rule: Rule, labels: Mapping[str, str]) -> str:
    """Return where a rule holds: `folder /home/me/shop, branch main`."""
    told = rule.conditions | ({"source": labels.get(rule.source, rule.source)} if rule.source else {})
    return ", ".join(f"{CONDITION_WORDS[name].lower()} {value}" for name, value in told.items())


def trial_view(queries: "Queries", trial: "Trial") -> TrialView:
    """Say what a change of the rules would do."""
    shown = trial.changes[:MOST_LINES]
    titles = {run.id: title(run.title) for run in queries.runs(list(dict.fromkeys(one.run_id for one in shown)))}
    lines = tuple(
        TrialLine(
            titles.get(one.run_id, title(None)),
            f"{LABELS[one.fact]}: {one.before or 'unknown'} → {one.after or _LABEL_OF_LOG}",
        )
        for one in shown
    )
    rest = len(trial.changes) - len(shown)
    return TrialView(
        trial_sentence(trial), len(trial.run_ids), lines, f"and {counted(rest, 'more change')}" if rest else ""
    )


def values_of(fact: FactName) -> tuple[str, ...]:
    """Return the values that a fact can have; empty where any name will do."""
    return fact_values(fact)


def rule_of(fact: str, value: str, conditions: Mapping[str, str], rule_id: int | None) -> Rule:
    """Return the rule that stands in a form; an empty condition is none."""
    told = {name: conditions[name].strip() or None for name in CONDITIONS}
    return Rule(rule_id, FactName(fact), value.strip(), **told)


def with_rule(rule: Rule, place: int) -> "Change":
    """Return the change that puts a new rule at a place, from 0."""
    return lambda rules: [*rules[:place], rule, *rules[place:]]


def replaced(rule: Rule) -> "Change":
    """Return the change that puts a rule in the place of the one with its number."""
    return lambda rules: [rule if one.id == rule.id else one for one in rules]


def without(rule_id: int | None) -> "Change":
    """Return the change that removes a rule."""
    return lambda rules: [one for one in rules if one.id != rule_id]


def moved(rule_id: int | None, steps: int) -> "Change":
    """Return the change that moves a rule up (-1) or down (1)."""

    def change(rules: list[Rule]) -> Sequence[Rule]:
        place = next((number for number, one in enumerate(rules) if one.id == rule_id), None)
        if place is None:
            return rules
        rest = [one for one in rules if one.id != rule_id]
        goal = min(max(place + steps, 0), len(rest))
        return [*rest[:goal], rules[place], *rest[goal:]]

    return change
