"""What was filled in for a run, in words, with what a person may choose instead."""

from dataclasses import dataclass

from goodmeasure.domain.facts import Autonomy, ExternalAction, FactName, fact_values
from goodmeasure.services.rules import Rules, Trial

LABELS = {
    FactName.PROJECT: "Project",
    FactName.COST_CENTER: "Cost centre",
    FactName.WORK_KIND: "Kind of work",
    FactName.DATA_CLASS: "Data",
}
_OF_LOG = {
    FactName.PROJECT: "from its folder",
    FactName.COST_CENTER: "from its project",
    FactName.WORK_KIND: "guessed from its title and tools",
    FactName.DATA_CLASS: "unless somebody says otherwise",
}
"""How a fact came to be that neither the person nor a rule has said."""
_AUTONOMY = {
    Autonomy.ASKED_EACH: "asked before each change",
    Autonomy.AUTO_EDITS: "edits without asking",
    Autonomy.AUTO_ALL: "everything without asking",
    Autonomy.UNATTENDED: "nobody was there to be asked",
}
_DONE = {
    ExternalAction.PUSHED: ("push", "pushes"),
    ExternalAction.TRACKER_CHANGED: ("change of a pull request or ticket", "changes of pull requests or tickets"),
    ExternalAction.MESSAGE_SENT: ("message", "messages"),
    ExternalAction.FILE_SHARED: ("file shared", "files shared"),
    ExternalAction.DEPLOYED: ("deployment", "deployments"),
    ExternalAction.PAID: ("payment", "payments"),
}
"""One and several of each."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact to be shown and corrected."""

    name: FactName
    label: str
    value: str
    origin: str
    """How it came to be, in words; empty where it is unknown."""
    choices: tuple[str, ...]
    """What it may be; empty: any name."""
    is_unknown: bool = False
    is_said: bool = False
    """By the person or a rule."""
    said_by_person: bool = False


@dataclass(frozen=True, slots=True)
class FactsShown:
    """A run's facts as a screen says them."""

    rows: tuple[FactRow, ...]
    autonomy: str
    outside: str
    """What it did outside the machine, as far as its tools tell."""


def run_facts(rules: Rules, run_id: int) -> FactsShown:
    """Return a run's facts in words. Raises LedgerError where there is no such run."""
    found = rules.facts_of(run_id)
    rows = tuple(
        FactRow(
            name,
            LABELS[name],
            one.value or "unknown",
            _origin(name, one.by, known=one.value is not None),
            fact_values(name),
            is_unknown=one.value is None,
            is_said=one.by != "log",
            said_by_person=one.by == "person",
        )
        for name, one in found.facts.items()
    )
    done = [f"{count} {_DONE[action][count > 1]}" for action, count in found.external_actions.items() if count]
    hidden = None in found.external_actions.values()
    outside = ", ".join(done) or ("not known" if hidden else "nothing")
    level = "not known" if found.autonomy is None else _AUTONOMY[Autonomy(found.autonomy)]
    return FactsShown(rows, level, f"at least {outside}" if done and hidden else outside)


def trial_sentence(trial: Trial) -> str:
    """Return what a change of rules would do, in one sentence."""
    runs = len(trial.run_ids)
    if not runs:
        return "No run would change."
    return f"{runs:,} {'run' if runs == 1 else 'runs'} would change."


def _origin(name: FactName, by: str, *, known: bool) -> str:
    if by == "log":
        return _OF_LOG[name] if known else ""
    return {"person": "you said so", "rule": "by a rule"}[by]
