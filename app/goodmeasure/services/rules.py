"""Facts of runs and the rules that set them: made by correcting a run, tried before they count, never a judgement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.facts import ExternalAction, FactName, external_actions, fact_values
from goodmeasure.domain.rules import CONDITIONS, FactChange, Rule
from goodmeasure.domain.runs import RunDetail
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads, rules
from goodmeasure.ledger.opening import Ledger

__all__ = ["Change", "Fact", "FactChange", "Rule", "Rules", "RunFacts", "Trial"]

Change = Callable[[list[Rule]], Sequence[Rule]]
"""Makes other rules of those that there are."""
_LONGEST_NAME = 60
_LONGEST_CONDITION = 1_000


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a run and who says so."""

    value: str | None
    by: str
    """`person`, `rule`, or `log`: told by the log, or the default."""
    rule_id: int | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What was filled in for a run, for correction."""

    facts: dict[FactName, Fact]
    autonomy: str | None
    external_actions: dict[ExternalAction, int | None]
    """How often, by kind; None: not known (`domain.facts.external_actions`)."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change of rules would do. Nothing was written."""

    changes: tuple[FactChange, ...]
    """By run, in the order of runs."""

    @property
    def run_ids(self) -> tuple[int, ...]:
        """Every run of which a fact would change, once."""
        return tuple(dict.fromkeys(change.run_id for change in self.changes))


class Rules:
    """The verbs around facts. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def facts_of(self, run_id: int) -> RunFacts:
        """Return what was filled in for a run. Raises LedgerError where there is none."""
        detail = reads.run_detail(self._ledger, run_id)
        said = rules.said_of_run(self._ledger, run_id)
        run = detail.run
        shown = {
            FactName.PROJECT: run.project,
            FactName.COST_CENTER: run.cost_center,
            FactName.WORK_KIND: run.work_kind,
            FactName.DATA_CLASS: run.data_class,
        }
        facts = {}
        for name, value in shown.items():
            there = said.get(name)
            by = "log" if there is None else "person" if there[1] is None else "rule"
            facts[name] = Fact(value, by, there[1] if there else None)
        return RunFacts(facts, run.autonomy, _actions(detail))

    def correct(self, run_id: int, facts: Mapping[FactName, str | None]) -> RunFacts:
        """Write what the person says of a run: it beats every rule. None takes it back.

        Raises Refusal for a value that a fact cannot have, LedgerError where the ledger cannot be written.
        """
        checked = {name: None if value is None else _value(name, value) for name, value in facts.items()}
        rules.correct(self._ledger, run_id, checked, self._clock.now())
        return self.facts_of(run_id)

    def always(self, run_id: int, fact: FactName, value: str, conditions: Sequence[str] = ("folder",)) -> Rule:
        """Return the rule "always so where … is like this run's", not written yet: `try_rule` it, then `add` it.

        `conditions`: some of `domain.rules.CONDITIONS` but `tool`. Raises Refusal where the run's log does not tell
        one of them, and for a value that the fact cannot have.
        """
        run = rules.traits_of_run(self._ledger, run_id)
        told = {
            "folder": run.folder,
            "repository": run.repository or run.root,
            "branch": run.branch,
            "source": run.source,
        }
        for name in conditions:
            if told.get(name) is None:
                raise Refusal(f"The log of this run tells no {name}: make the rule from something else.")
        return _checked(Rule(None, fact, value, **{name: told[name] for name in conditions}))

    def all(self) -> list[Rule]:
        """Return the rules in their order: of those that fit, the first sets the fact."""
        return rules.rules(self._ledger)

    def try_rule(self, rule: Rule, position: int | None = None) -> Trial:
        """Return what adding a rule would change; `position` from 0, None: last. Nothing is written.

        Raises Refusal for a rule that makes no sense.
        """
        planned = self.all()
        planned.insert(len(planned) if position is None else max(position, 0), _checked(rule))
        return self._trial(planned)

    def try_without(self, rule_id: int) -> Trial:
        """Return what removing a rule would change. Nothing is written."""
        return self._trial([rule for rule in self.all() if rule.id != rule_id])

    def add(self, rule: Rule, position: int | None = None) -> Rule:
        """Write a rule and apply it to every run that is there. Raises Refusal for one that makes no sense."""
        return rules.add_rule(self._ledger, _checked(rule), position, self._clock.now())

    def remove(self, rule_id: int) -> None:
        """Delete a rule: its facts are told by the next rule that fits, else by the log. Raises LedgerError."""
        rules.remove_rule(self._ledger, rule_id)

    def move(self, rule_id: int, position: int) -> None:
        """Put a rule at another place, from 0. Raises LedgerError."""
        rules.move_rule(self._ledger, rule_id, position)

    def try_change(self, change: Change) -> Trial:
        """Return what a change of the rules would do to runs. Nothing is written.

        Raises Refusal where it makes a rule that makes no sense.
        """
        return self._trial([_checked(rule) for rule in change(self.all())])

    def apply(self, change: Change) -> None:
        """Change the rules in one step, for every run that is there. Raises as `try_change`, and LedgerError."""
        rules.set_rules(self._ledger, lambda before: [_checked(rule) for rule in change(before)], self._clock.now())

    def _trial(self, planned: Sequence[Rule]) -> Trial:
        return Trial(tuple(rules.changes(self._ledger, planned)))


def _actions(detail: RunDetail) -> dict[ExternalAction, int | None]:
    return external_actions((row.name, row.kind) for row in detail.tool_calls if row.status not in {"error", "denied"})


def _checked(rule: Rule) -> Rule:
    """Return a rule with its words trimmed. Raises Refusal for one that makes no sense."""
    told = {name: value.strip() for name, value in rule.conditions.items()}
    if not told:
        raise Refusal(f"A rule needs a condition: give at least one of {', '.join(CONDITIONS)}.")
    for name, value in told.items():
        if not value or len(value) > _LONGEST_CONDITION:
            raise Refusal(f"The condition {name} is empty or too long: leave it out, or write what it must be like.")
    return Rule(rule.id, rule.fact, _value(rule.fact, rule.value), **told)


def _value(name: FactName, value: str) -> str:
    plain = " ".join(value.split())
    known = fact_values(name)
    if known and plain not in known:
        raise Refusal(f"{value!r} is not a {name.value.replace('_', ' ')}: use one of {', '.join(known)}.")
    if not plain or len(plain) > _LONGEST_NAME:
        raise Refusal(f"A {name.value.replace('_', ' ')} needs a name of at most {_LONGEST_NAME} characters.")
    return plain
