"""What may stand in the files of a team sum, and the fixed public list of cells that are summed.

A member's own values are in none of these files in the clear: they leave split into shares, and each share is sealed
for one steward (`reports.team`). Every number here is public or a sum. `docs/team-sum.md` describes the protocol.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta

from goodmeasure.disclosure.vocabulary import Hash, Name, Record, Week, WeekOrMonth, demand_period, demand_plain

STEWARDS: Final = 3
"""How many stewards a team has …"""
THRESHOLD: Final = 2
"""… and how many of them it takes to open a sum."""
SMALLEST_TEAM: Final = 5
"""No sum is ever opened of fewer members than this …"""
DEFAULT_SMALLEST: Final = 8
"""… and, unless the team decides otherwise, than this; see `default_smallest`."""
LARGEST_TEAM: Final = 200
LARGEST_CAP: Final = 1_000_000
"""The sum of 200 such values is far below half of the field's prime: no sum can wrap around."""

SHARE_BYTES: Final = 8
_SEAL_BYTES: Final = 32 + 16
"""HPKE (RFC 9180) with X25519 and ChaCha20-Poly1305: the sender's key before, the tag behind."""


Section = Literal["runs", "outcome", "need", "review", "time", "cost"]


@dataclass(frozen=True, slots=True)
class TeamCell:
    """One number that every member contributes and the team learns the sum of."""

    name: str
    section: Section
    """Sections are opened separately: each only if enough members have something in it."""
    lowest: int
    """What is below counts as this …"""
    highest: int
    """… and what is above as this, so that nobody dominates a sum."""
    meaning: str


def _counts(section: Section, answers: dict[str, str]) -> tuple[TeamCell, ...]:
    return (
        _members(section),
        *(TeamCell(f"{section}_{name}", section, 0, 400, meaning) for name, meaning in answers.items()),
    )


def _members(section: Section) -> TeamCell:
    return TeamCell(f"{section}_members", section, 0, 1, "Members who have something in this section.")


def _minutes(grade: str, words: str) -> tuple[TeamCell, ...]:
    return (
        TeamCell(f"time_{grade}_runs", "time", 0, 400, f"Runs with a time answer, {words}."),
        TeamCell(f"time_{grade}_low_minutes", "time", -2_400, 9_600, f"Low end of the minutes saved, {words}."),
        TeamCell(f"time_{grade}_high_minutes", "time", -2_400, 14_400, f"High end of the minutes saved, {words}."),
    )


TEAM_CELLS: Final[tuple[TeamCell, ...]] = (
    TeamCell("runs_members", "runs", 0, 1, "Members who took part and had runs."),
    TeamCell("runs_all", "runs", 0, 2_000, "Runs that may be judged, rated or not."),
    *_counts(
        "outcome",
        {
            "used": "Runs that were used.",
            "informed": "Runs that taught or decided something.",
            "partial": "Runs that were partly used.",
            "discarded": "Runs that were not used.",
            "harmful": "Runs that made it worse.",
        },
    ),
    *_counts(
        "need",
        {
            "essential": "Runs without which it could not have been done.",
            "helpful": "Runs without which it would have been slower or worse.",
            "extra": "Runs for what would not have been done otherwise.",
            "unnecessary": "Runs without which it would have been done as well.",
        },
    ),
    *_counts(
        "review",
        {
            "none": "Runs used unchecked.",
            "accepted": "Runs checked and left unchanged.",
            "light_edits": "Runs that needed small fixes.",
            "heavy_edits": "Runs that needed substantial rework.",
            "rejected": "Runs checked and not used.",
        },
    ),
    _members("time"),
    *_minutes("verified", "where the work landed and stayed"),
    *_minutes("linked", "where commits are linked"),
    *_minutes("self_reported", "as people say themselves"),
    _members("cost"),
    TeamCell("cost_dollars", "cost", 0, 5_000, "List cost in whole US dollars, of runs whose price is known."),
    TeamCell("cost_unpriced_runs", "cost", 0, 2_000, "Runs of unknown price, which are not in that sum."),
)
"""Every cell, in the order in which shares stand. The first of a section counts the members with something in it."""

SECTIONS: Final[tuple[Section, ...]] = get_args(Section)
GATES: Final = tuple(f"{section}_members" for section in SECTIONS)
"""The cells that the stewards open first, one for each section."""

_SEALED_LENGTH: Final = 4 * -(-(_SEAL_BYTES + SHARE_BYTES * len(TEAM_CELLS)) // 3)

ShareHex = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
Sealed = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}\Z", min_length=_SEALED_LENGTH, max_length=_SEALED_LENGTH)]
StewardNumber = Annotated[int, Meta(ge=1, le=STEWARDS)]
Value = Annotated[int, Meta(ge=-LARGEST_CAP, le=LARGEST_CAP)]
Total = Annotated[int, Meta(ge=-LARGEST_CAP * LARGEST_TEAM, le=LARGEST_CAP * LARGEST_TEAM)]


class Person(Record, frozen=True):
    """Somebody by name and key."""

    name: Name
    key: Hash
    """The Ed25519 key that signs this person's files."""

    def __post_init__(self) -> None:
        demand_plain("a name", self.name)


class Steward(Person, frozen=True):
    """Somebody for whom shares are sealed."""

    sealing_key: Hash
    """X25519."""


class CellRange(Record, frozen=True):
    """The range of one cell in this team."""

    name: Annotated[str, Meta(max_length=60)]
    lowest: Value
    highest: Value


class Card(Record, frozen=True):
    """One person's public keys; the signing key is the one that signed it."""

    format: Literal["goodmeasure-team-card/1"]
    name: Name
    sealing_key: Hash

    def __post_init__(self) -> None:
        demand_plain("a name", self.name)


class Roster(Record, frozen=True):
    """Who belongs to the team, who its stewards are, and the ranges of the cells. Signed by the coordinator."""

    format: Literal["goodmeasure-team-roster/1"]
    team: Name
    made_in: Week
    smallest: Annotated[int, Meta(ge=SMALLEST_TEAM, le=LARGEST_TEAM)]
    """No sum is opened of fewer members."""
    coordinator: Person
    members: Annotated[tuple[Person, ...], Meta(min_length=SMALLEST_TEAM, max_length=LARGEST_TEAM)]
    stewards: tuple[Steward, Steward, Steward]
    cells: Annotated[tuple[CellRange, ...], Meta(min_length=len(TEAM_CELLS), max_length=len(TEAM_CELLS))]

    def __post_init__(self) -> None:
        demand_plain("a name", self.team)
        demand_period(self.made_in)
        _demand_distinct("member", self.members)
        _demand_distinct("steward", self.stewards)
        if self.coordinator.key in {steward.key for steward in self.stewards}:
            raise ValueError("the coordinator is a steward: that one person could then open two sums")
        if self.smallest > len(self.members):
            raise ValueError("it has fewer members than it needs for a sum")
        for cell, known in zip(self.cells, TEAM_CELLS, strict=True):
            if cell.name != known.name or not cell.lowest <= 0 < cell.highest:
                raise ValueError(f"its cell {cell.name[:40]} is not one of the public list")
            if cell.name in GATES and (cell.lowest, cell.highest) != (0, 1):
                raise ValueError(f"its cell {cell.name} must count each member once")


class Contribution(Record, frozen=True):
    """One member's shares for one period, of the same size whether they contribute or abstain."""

    format: Literal["goodmeasure-team-contribution/1"]
    roster: Hash
    period: WeekOrMonth
    member: Hash
    shares: tuple[Sealed, Sealed, Sealed]
    """Sealed for the first, second and third steward of the roster."""

    def __post_init__(self) -> None:
        demand_period(self.period)


class Listed(Record, frozen=True):
    """One contribution in a closing list."""

    member: Hash
    contribution: Hash


class Closing(Record, frozen=True):
    """Which contributions are summed. Signed by the coordinator, once in a period."""

    format: Literal["goodmeasure-team-closing/1"]
    roster: Hash
    period: WeekOrMonth
    contributions: Annotated[tuple[Listed, ...], Meta(min_length=SMALLEST_TEAM, max_length=LARGEST_TEAM)]
    """Ordered by member."""

    def __post_init__(self) -> None:
        demand_period(self.period)
        if any(first.member >= second.member for first, second in pairwise(self.contributions)):
            raise ValueError("it names a member twice, or not in order")


class CountAnswer(Record, frozen=True):
    """A steward's share of how many members have something in each section. The first answer."""

    format: Literal["goodmeasure-team-count/1"]
    roster: Hash
    period: WeekOrMonth
    closing: Hash
    steward: StewardNumber
    counts: Annotated[tuple[ShareHex, ...], Meta(min_length=len(GATES), max_length=len(GATES))]


class SectionShares(Record, frozen=True):
    """A steward's shares of the sums of one section, without its count."""

    section: Section
    sums: Annotated[tuple[ShareHex, ...], Meta(min_length=1, max_length=len(TEAM_CELLS))]


class SumAnswer(Record, frozen=True):
    """A steward's shares of the sums of those sections in which there are enough members. The second answer."""

    format: Literal["goodmeasure-team-sums/1"]
    roster: Hash
    period: WeekOrMonth
    closing: Hash
    steward: StewardNumber
    sections: Annotated[tuple[SectionShares, ...], Meta(min_length=1, max_length=len(SECTIONS))]

    def __post_init__(self) -> None:
        order = [SECTIONS.index(part.section) for part in self.sections]
        if order != sorted(set(order)):
            raise ValueError("it names a section twice, or not in order")
        if any(len(part.sums) != len(sums_of(part.section)) for part in self.sections):
            raise ValueError("a section does not hold all its sums")


class CellTotal(Record, frozen=True):
    """The sum of one cell over all members who took part."""

    name: Annotated[str, Meta(max_length=60)]
    sum: Total


class SectionTotal(Record, frozen=True):
    """The sums of one section; none where too few members have something in it."""

    section: Section
    members: Annotated[int, Meta(ge=0, le=LARGEST_TEAM)]
    cells: Annotated[tuple[CellTotal, ...], Meta(max_length=len(TEAM_CELLS))]


class TeamTotal(Record, frozen=True):
    """What the team learns, and whoever it shows this to."""

    format: Literal["goodmeasure-team-total/1"]
    team: Name
    roster: Hash
    period: WeekOrMonth
    closing: Hash
    on_roster: Annotated[int, Meta(ge=SMALLEST_TEAM, le=LARGEST_TEAM)]
    handed_in: Annotated[int, Meta(ge=SMALLEST_TEAM, le=LARGEST_TEAM)]
    """Files, abstentions among them."""
    sections: Annotated[tuple[SectionTotal, ...], Meta(min_length=len(SECTIONS), max_length=len(SECTIONS))]


def default_smallest(members: int) -> int:
    """Return of how many members a sum is opened unless the team decides otherwise.

    8, and two fewer than the members where these are few: a sum that needs everybody makes abstaining hard.
    """
    return max(SMALLEST_TEAM, min(DEFAULT_SMALLEST, members - 2))


def cells_of(section: str) -> tuple[TeamCell, ...]:
    """Return the cells of a section, its count first."""
    return tuple(cell for cell in TEAM_CELLS if cell.section == section)


def sums_of(section: str) -> tuple[TeamCell, ...]:
    """Return the cells of a section that are opened last: all but its count."""
    return cells_of(section)[1:]


def _demand_distinct(what: str, people: tuple[Person, ...]) -> None:
    for found in ({person.key for person in people}, {person.name.casefold() for person in people}):
        if len(found) != len(people):
            raise ValueError(f"it names a {what} twice")
