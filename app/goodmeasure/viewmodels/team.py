"""The team sum: one step after the other, what each waits for, and who can go on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import Period, month_of, period_named, week_of
from goodmeasure.viewmodels.share import period_words
from goodmeasure.viewmodels.wording import counted, exact, minutes

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.team import RosterFacts, RoundFacts, Team, TeamFacts, TeamTotal

REVIEWED = "Nobody outside has reviewed it yet: use it where you would also trust three colleagues with the numbers."
FEWEST_TIMES = 5
"""No range of time is shown of fewer runs than this."""

_MONTHS, _WEEKS = 3, 5
_SECTIONS = {
    "runs": "Runs",
    "outcome": "What became of the work",
    "need": "Would it have been done without AI?",
    "review": "Human check",
    "time": "Time",
    "cost": "Cost",
}


class State(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    """This person can go on."""
    WAITING = "waiting"
    """Somebody else has to, or an earlier step."""


class Action(StrEnum):
    """What this person can do."""

    JOIN = "join"
    WRITE_ROSTER = "write_roster"
    ACCEPT = "accept"
    CONTRIBUTE = "contribute"
    ABSTAIN = "abstain"
    CLOSE = "close"
    ANSWER = "answer"
    SAVE = "save"
    TIDY = "tidy"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way."""

    key: str
    """`join`, `roster`, `hand_in`, `close`, `answer` or `sums`."""
    title: str
    state: State
    text: str
    """A sentence or two."""
    lines: tuple[tuple[str, str], ...] = ()
    """Name and what it is, side by side."""
    actions: tuple[tuple[Action, str], ...] = ()
    """With the words on its button; the first is the one that leads on."""


@dataclass(frozen=True, slots=True)
class SumLine:
    """One sum, or one of a person's own values."""

    section: str
    members: str
    """`8 members`; empty in a person's own values and in all but the first line of a section."""
    meaning: str
    value: str


@dataclass(frozen=True, slots=True)
class TeamView:
    """The page."""

    folder: str
    """Empty: none was chosen."""
    problem: str
    """Why the folder cannot be used; empty: it can."""
    period: str
    periods: tuple[tuple[str, str], ...]
    """Name and words of those that are over, newest first."""
    steps: tuple[Step, ...]
    others: tuple[str, ...]
    """Everybody else with a card."""
    smallest: int
    """Of how many members a sum is opened, unless the coordinator chooses otherwise."""
    code: str
    """The roster's code; empty: there is no roster."""
    own: tuple[SumLine, ...]
    """What this person would contribute; nobody else ever sees it."""
    sums: tuple[SumLine, ...]
    left_aside: tuple[str, ...]


def team_page(team: "Team", queries: "Queries", folder: Path | None, period: str, *, with_cost: bool) -> TeamView:
    """Say how far a team sum has come. `period`: as chosen last; "" for the newest month that is over."""
    from goodmeasure.services.team import default_smallest  # noqa: PLC0415 - loads cryptography: on first use

    today = queries.today()
    periods = tuple((one.name, period_words(one)) for one in finished_periods(today))
    chosen = period if any(name == period for name, _ in periods) else periods[0][0]
    if folder is None:
        return TeamView("", "", chosen, periods, (), (), 0, "", (), (), ())
    try:
        facts = team.look(folder)
        # Only who may hand in is asked about a period at all.
        at = team.look_at_round(folder, chosen) if facts.roster is not None and facts.roster.accepted else None
        own = _own(team, folder, chosen, with_cost=with_cost) if _may_hand_in(facts, at) else ()
    except Refusal as refusal:
        return TeamView(str(folder), str(refusal), chosen, periods, (), (), 0, "", (), (), ())
    return TeamView(
        str(folder),
        "",
        chosen,
        periods,
        tuple(_steps(facts, at, dict(periods)[chosen])),
        tuple(card.name for card in facts.cards if not card.own),
        default_smallest(len(facts.cards)),
        facts.roster.code if facts.roster is not None else "",
        own,
        sum_lines(at.total) if at is not None and at.total is not None else (),
        facts.problems + (() if at is None else at.problems),
    )


def finished_periods(today: date) -> list[Period]:
    """Return the last months and then the last weeks that are over on this day, newest first."""

    def before(period_of: Callable[[date], Period], number: int) -> list[Period]:
        found, day = [], period_of(today).first_on
        for _ in range(number):
            found.append(period_of(day - timedelta(days=1)))
            day = found[-1].first_on
        return found

    return [*before(month_of, _MONTHS), *before(week_of, _WEEKS)]


def sum_lines(total: "TeamTotal") -> tuple[SumLine, ...]:
    """Return the sums of a team as people read them."""
    lines: list[SumLine] = []
    for part in total.sections:
        head, first = _SECTIONS[part.section], counted(part.members, "member")
        found = _value_lines({cell.name: cell.sum for cell in part.cells}, shows_zero=True)
        if not found:
            found = [("Too few have something here: not opened", "")]
        for meaning, value in found:
            lines.append(SumLine(head, first, meaning, value))
            first = ""
    return tuple(lines)


def _value_lines(values: dict[str, int], *, shows_zero: bool) -> list[tuple[str, str]]:
    """Return meaning and value of some cells. The three cells of a time are one line: a range, of 5 runs or more."""
    meanings, lines = _meanings(), []
    for name, value in values.items():
        if name.endswith("_minutes"):
            continue
        grade = name.removesuffix("_runs")
        low, high = values.get(f"{grade}_low_minutes"), values.get(f"{grade}_high_minutes")
        if low is not None and high is not None:
            words = meanings[name].partition(", ")[2]
            text = "too few runs" if value < FEWEST_TIMES else f"{minutes(low)} to {minutes(high)}"
            line = (f"Time saved, {words} ({counted(value, 'run')})", text)
        else:
            line = (meanings[name], f"${exact(value)}" if name.endswith("_dollars") else exact(value))
        if value or shows_zero:
            lines.append(line)
    return lines


def _own(team: "Team", folder: Path, period: str, *, with_cost: bool) -> tuple[SumLine, ...]:
    found = team.own_values(folder, period, with_cost=with_cost)
    lines = [
        SumLine(words, "", meaning, value)
        for section, words in _SECTIONS.items()
        for meaning, value in _value_lines(
            {
                one.cell.name: one.value
                for one in found
                if one.cell.section == section and not one.cell.name.endswith("_members")
            },
            shows_zero=False,
        )
    ]
    cut = [one.cell.meaning.rstrip(".") for one in found if one.cut]
    return (*lines, *(SumLine("Cut to the range of its cell", "", meaning, "") for meaning in cut))


def _meanings() -> dict[str, str]:
    from goodmeasure.services.team import TEAM_CELLS  # noqa: PLC0415 - loads cryptography: on first use

    return {cell.name: cell.meaning.rstrip(".") for cell in TEAM_CELLS}


def _may_hand_in(facts: "TeamFacts", at: "RoundFacts | None") -> bool:
    return at is not None and at.is_over and not at.signed_here and facts.roster is not None and facts.roster.is_member


def _steps(facts: "TeamFacts", at: "RoundFacts | None", period: str) -> list[Step]:
    steps = [_join(facts), _roster(facts)]
    if facts.roster is not None and at is not None:
        steps += [
            _hand_in(facts.roster, at, period),
            _close(facts.roster, at, period),
            _answer(facts.roster, at),
            _sums(facts.roster, at),
        ]
    return steps


def _join(facts: "TeamFacts") -> Step:
    if facts.has_card:
        others = len(facts.cards) - 1
        text = (
            f"It is in the folder, beside {counted(others, 'other')}."
            if others
            else "It is in the folder, alone so far."
        )
        return Step("join", "Your card", State.DONE, text)
    text = "Your name and your public keys: with these, files can be signed by you and sealed for you."
    return Step("join", "Your card", State.NOW, text, actions=((Action.JOIN, "Put my card into the folder"),))


def _roster(facts: "TeamFacts") -> Step:
    found = facts.roster
    if found is None:
        text = (
            "There is none yet. One person, the coordinator, writes it once everybody's card is there: who the members"
            " are, and three stewards whom the team chooses. The manager is no steward, and neither is the coordinator."
        )
        state = State.NOW if facts.has_card else State.WAITING
        actions = ((Action.WRITE_ROSTER, "Write the roster…"),) if facts.has_card else ()
        here = (("Cards", ", ".join(card.name for card in facts.cards)),) if facts.cards else ()
        return Step("roster", "Roster", state, text, here, actions)
    lines = (
        ("Team", found.team),
        ("Members", ", ".join(found.members)),
        ("Stewards", ", ".join(found.stewards)),
        ("Coordinator", found.coordinator),
        ("Smallest sum", f"of {found.smallest} members"),
        ("Code", found.code),
    )
    if found.accepted:
        return Step("roster", "Roster", State.DONE, f"{found.team}, {_roles(found)}.", lines)
    text = (
        "Read the names: do you know all of them, and is the manager no steward? Then compare the code with a teammate,"
        " in person or by phone. Whoever has the same code has the same roster."
    )
    return Step("roster", "Roster", State.NOW, text, lines, ((Action.ACCEPT, "The codes are the same"),))


def _roles(found: "RosterFacts") -> str:
    roles = [
        word
        for word, holds in (
            ("a member", found.is_member),
            (f"steward {found.steward}", found.steward is not None),
            ("the coordinator", found.is_coordinator),
        )
        if holds
    ]
    return f"where you are {' and '.join(roles)}" if roles else "where you have no part"


def _hand_in(found: "RosterFacts", at: "RoundFacts", period: str) -> Step:
    files = at.handed_in if at.listed is None else at.listed
    title, here = "Hand in", f"{len(files)} of {len(found.members)} members have handed in."
    if not found.is_member:
        return Step("hand_in", title, State.WAITING, here)
    if at.signed_here:
        text = f"You have handed in for {period}. Whether you contributed or abstained, not even this app can see."
        return Step("hand_in", title, State.DONE, f"{text} {here}")
    if at.listed is not None:
        return Step("hand_in", title, State.WAITING, f"{period} was closed without you.")
    text = (
        f"{here} Your values are split into three sealed shares; no steward alone can open them. An abstention is a"
        " file of the same size that nobody can tell apart. What you hand in first stays."
    )
    both = ((Action.CONTRIBUTE, "Contribute…"), (Action.ABSTAIN, "Abstain…"))
    return Step("hand_in", title, State.NOW, text, actions=both)


def _close(found: "RosterFacts", at: "RoundFacts", period: str) -> Step:
    title, files = "Close", len(at.handed_in)
    if at.listed is not None:
        text = f"{found.coordinator} closed {period} with {counted(len(at.listed), 'file')}."
        return Step("close", title, State.DONE, text)
    missing = (("Missing", ", ".join(at.missing)),) if at.missing else ()
    if not found.is_coordinator:
        text = f"{found.coordinator} closes {period} once the files are there."
        return Step("close", title, State.WAITING, text, missing)
    if files < found.smallest:
        text = f"It takes {found.smallest} files; {files} of them are there."
        return Step("close", title, State.WAITING, text, missing)
    text = "You sign which files count. This can be done once: who hands in later is not in this sum."
    return Step("close", title, State.NOW, text, missing, ((Action.CLOSE, f"Close {period}…"),))


def _answer(found: "RosterFacts", at: "RoundFacts") -> Step:
    title = "Open"
    lines = tuple(
        (name, "gave the sums" if name in at.summed else "counted" if name in at.counted else "has not answered yet")
        for name in found.stewards
    )
    if at.listed is None:
        return Step("answer", title, State.WAITING, "Once it is closed, two of the three stewards open the sums.")
    if at.members is not None and not at.opens:
        text = f"{_took_part(at)} contributed, and it takes {found.smallest}: no sum of this period is ever opened."
        return Step("answer", title, State.DONE, text, lines)
    if at.total is not None:
        return Step("answer", title, State.DONE, f"{_took_part(at)} contributed.", lines)
    if found.steward is None or at.answered_here:
        text = "It takes two stewards: first they count who contributed, then they give the sums."
        return Step("answer", title, State.WAITING, text, lines)
    text = "You open your own shares, which alone tell nothing. First members are counted, then sums are given."
    label = "Give the sums" if at.opens else "Count"
    return Step("answer", title, State.NOW, text, lines, ((Action.ANSWER, label),))


def _sums(found: "RosterFacts", at: "RoundFacts") -> Step:
    if at.total is None:
        return Step("sums", "Sums", State.WAITING, "They appear here, for everybody who has the folder.")
    text = (
        f"{found.team}, {period_words(period_named(at.period))}: {_took_part(at)} of {len(found.members)}."
        " The sums tell of nobody alone, and compare nobody."
    )
    actions: tuple[tuple[Action, str], ...] = ((Action.SAVE, "Save total.json"),)
    if at.own_file_there:
        text += " Two stewards together could still open your file: take it out of the folder when all is said."
        actions += ((Action.TIDY, "Remove my file"),)
    return Step("sums", "Sums", State.DONE, text, actions=actions)


def _took_part(at: "RoundFacts") -> str:
    return counted(at.members["runs"] if at.members else 0, "member")
