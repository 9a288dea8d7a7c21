"""The team sum, step by step, through a shared folder: cards, roster, handing in, closing, answering, combining.

Every file is signed once: what was signed is kept in the ledger before it is written into the folder, and written again
where it is missing there. So a crash between any two steps loses nothing and opens nothing twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from goodmeasure.disclosure.team import (
    SECTIONS,
    TEAM_CELLS,
    THRESHOLD,
    Closing,
    Roster,
    TeamCell,
    TeamTotal,
    default_smallest,
)
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import Period, period_named
from goodmeasure.host.clock import Clock
from goodmeasure.host.paths import Profile
from goodmeasure.host.signing import signing_key
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.team import TeamFile, accept_roster, is_accepted, sign_once, team_files
from goodmeasure.reports.canonical import canonical_json
from goodmeasure.reports.signing import fingerprint
from goodmeasure.reports.team.answering import (
    count_file,
    members_by_section,
    opened_count,
    sections_to_open,
    sum_file,
    team_total,
)
from goodmeasure.reports.team.cells import member_values
from goodmeasure.reports.team.folder import TeamFolder
from goodmeasure.reports.team.handing_in import clipped, closing_file, contribution_file
from goodmeasure.reports.team.roster import (
    card_file,
    member_of,
    opened_roster,
    ranges_of,
    roster_code,
    roster_file,
    steward_number,
)
from goodmeasure.reports.team.signed import Signed
from goodmeasure.services.queries import Queries

__all__ = [
    "SECTIONS",
    "TEAM_CELLS",
    "CardFacts",
    "OwnValue",
    "RosterFacts",
    "RoundFacts",
    "Team",
    "TeamFacts",
    "TeamTotal",
    "default_smallest",
]


@dataclass(frozen=True, slots=True)
class CardFacts:
    """One card in the folder."""

    name: str
    fingerprint: str
    """Of the signing key, as OpenSSH prints it."""
    own: bool


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """The roster in the folder, and what this person is in it."""

    team: str
    code: str
    """What teammates compare: who has the same code has the same roster."""
    smallest: int
    coordinator: str
    members: tuple[str, ...]
    stewards: tuple[str, ...]
    accepted: bool
    """This person has compared the code."""
    is_member: bool
    is_coordinator: bool
    steward: int | None
    """This person's number among the stewards, from 1."""


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What lies in the folder before any period."""

    cards: tuple[CardFacts, ...]
    has_card: bool
    """This person's own card is there."""
    roster: RosterFacts | None
    periods: tuple[str, ...]
    """Periods with files, newest first."""
    problems: tuple[str, ...]
    """Files that were left aside, a sentence each."""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """How far one period has come. Who abstained is in none of this: nobody knows it."""

    period: str
    is_over: bool
    handed_in: tuple[str, ...]
    """Names of the members whose files are there."""
    missing: tuple[str, ...]
    signed_here: bool
    """This person has handed in, whether contributing or abstaining."""
    own_file_there: bool
    """The file that this person handed in still lies in the folder."""
    listed: tuple[str, ...] | None
    """Names in the closing list; None: not closed yet."""
    counted: tuple[str, ...]
    """Stewards whose counts are there."""
    summed: tuple[str, ...]
    """Stewards whose sums are there."""
    answered_here: bool
    """This person has given all answers that a steward can give now."""
    members: dict[str, int] | None
    """Members by section, once two stewards have answered."""
    opens: tuple[str, ...]
    """Sections that may be opened."""
    total: TeamTotal | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnValue:
    """One of a person's own values. Nobody else ever sees it."""

    cell: TeamCell
    value: int
    """Within the range."""
    cut: bool
    """The range cut something off."""


class Team:
    """The verbs of a team sum. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, profile: Profile, queries: Queries, clock: Clock) -> None:
        self._ledger = ledger
        self._profile = profile
        self._queries = queries
        self._clock = clock

    def join(self, folder: Path, name: str) -> Path:
        """Put this person's card into the folder. Raises Refusal."""
        key = signing_key(self._profile)
        return TeamFolder(folder).put(TeamFolder(folder).card_path(self._own), card_file(name, key))

    def write_roster(
        self,
        folder: Path,
        team: str,
        stewards: Sequence[str],
        *,
        members: Sequence[str] = (),
        smallest: int | None = None,
    ) -> RosterFacts:
        """Make the roster from the cards, as its coordinator, and accept it. Raises Refusal."""
        place = TeamFolder(folder)
        cards, problems = place.cards()
        if problems:
            raise Refusal(problems[0])
        data = roster_file(
            team,
            cards,
            stewards,
            signing_key(self._profile),
            self._queries.today(),
            members=members or None,
            smallest=smallest,
        )
        roster = opened_roster(data)
        place.put(place.roster_path, data)
        accept_roster(self._ledger, bytes.fromhex(roster.digest), data, self._clock.now())
        return self._roster_facts(roster)

    def accept(self, folder: Path, code: str) -> RosterFacts:
        """Accept the roster in the folder, whose code this person has compared. Raises Refusal for another code."""
        roster = _roster_in(TeamFolder(folder))
        if "".join(code.lower().replace("-", " ").split()) != roster_code(roster).replace("-", ""):
            raise Refusal(f"The roster in {folder} has another code: find out which roster your team has agreed on.")
        accept_roster(self._ledger, bytes.fromhex(roster.digest), roster.data, self._clock.now())
        return self._roster_facts(roster)

    def look(self, folder: Path) -> TeamFacts:
        """Say what lies in the folder. Raises Refusal where it cannot be read or its roster cannot be trusted."""
        place, own = TeamFolder(folder), self._own
        cards, problems = place.cards()
        roster = place.roster()
        return TeamFacts(
            tuple(
                CardFacts(card.record.name, fingerprint(bytes.fromhex(card.signer)), card.signer == own)
                for card in cards
            ),
            any(card.signer == own for card in cards),
            None if roster is None else self._roster_facts(roster),
            tuple(name for name in place.periods() if _is_period(name)),
            tuple(problems),
        )

    def look_at_round(self, folder: Path, period: str) -> RoundFacts:
        """Say how far a period has come. Raises Refusal where a file that all depends on cannot be trusted."""
        place, round_period = TeamFolder(folder), period_named(period)
        roster = _roster_in(place)
        there, problems = place.contributions(roster, period)
        by_key = {member.key: member.name for member in roster.record.members}
        handed_in = {one.signer for one in there}
        closing = place.closing(roster, period)
        listed = set() if closing is None else {one.member for one in closing.record.contributions}
        counts, more = ([], []) if closing is None else place.counts(roster, closing)
        sums, yet_more = ([], []) if closing is None else place.sums(roster, closing)
        members = None
        if closing is not None and len(counts) >= THRESHOLD:
            members = members_by_section(closing, counts)
        opens = () if members is None else sections_to_open(roster.record, members)
        total = None
        if closing is not None and opens and len(sums) >= THRESHOLD:
            total = team_total(roster, closing, counts, sums)
        kept = self._kept("contribution", roster, period)
        own, names = steward_number(roster.record, self._own), [steward.name for steward in roster.record.stewards]
        answered = {one.record.steward for one in (sums if opens else counts)}
        return RoundFacts(
            period=period,
            is_over=round_period.last_on < self._queries.today(),
            handed_in=tuple(name for key, name in by_key.items() if key in handed_in),
            missing=tuple(name for key, name in by_key.items() if key not in handed_in),
            signed_here=kept is not None,
            own_file_there=kept is not None and any(one.data == kept.body for one in there),
            listed=None if closing is None else tuple(name for key, name in by_key.items() if key in listed),
            counted=tuple(names[one.record.steward - 1] for one in counts),
            summed=tuple(names[one.record.steward - 1] for one in sums),
            answered_here=own in answered,
            members=members,
            opens=tuple(opens),
            total=total,
            problems=(*problems, *more, *yet_more),
        )

    def own_values(self, folder: Path, period: str, *, with_cost: bool = False) -> tuple[OwnValue, ...]:
        """Return what this person would contribute: their own values, which nobody else ever sees. Raises Refusal."""
        roster = _roster_in(TeamFolder(folder))
        values = self._values(period_named(period), with_cost=with_cost)
        counted, ranges = clipped(roster.record, values), ranges_of(roster.record)
        return tuple(
            OwnValue(
                cell,
                counted[cell.name],
                cut=not ranges[cell.name].lowest <= values[cell.name] <= ranges[cell.name].highest,
            )
            for cell in TEAM_CELLS
        )

    def contribute(self, folder: Path, period: str, *, abstain: bool = False, with_cost: bool = False) -> Path:
        """Hand in this person's file for a period that is over, and return where it lies.

        What was handed in first stays: calling again writes the same bytes, whatever is asked for. Raises Refusal where
        the roster is not accepted, or where values were handed in for a period that overlaps.
        """
        place, own = TeamFolder(folder), self._own
        roster, whole = _roster_in(place), self._ended(period)
        values = None if abstain else self._values(whole, with_cost=with_cost)
        made = contribution_file(roster, period, values, signing_key(self._profile))

        def allow(earlier: Sequence[TeamFile]) -> None:
            if not abstain and (other := _overlapping(earlier, whole)):
                raise Refusal(
                    f"You handed in for {other.period} before, and two sums could be subtracted: abstain this time."
                )

        return place.put(place.member_path(period, own), self._signed_once("contribution", roster, period, made, allow))

    def close(self, folder: Path, period: str) -> Path:
        """Sign the list of the files that count, as the coordinator, once. Raises Refusal."""
        place, whole = TeamFolder(folder), self._ended(period)
        roster = _roster_in(place)
        contributions, _ = place.contributions(roster, period)
        made = closing_file(roster, period, contributions, signing_key(self._profile))
        kept = self._signed_once("closing", roster, period, made, _no_shared_member(roster.record, whole))
        return place.put(place.closing_path(period), kept)

    def answer(self, folder: Path, period: str) -> tuple[Path, ...]:
        """Give the answers that a steward can give now, and return where they lie.

        The count at once; the sums as soon as two stewards have counted enough members. Raises Refusal where this
        person is no steward, has answered another closing list, or a listed file is missing or not whole.
        """
        place, whole = TeamFolder(folder), self._ended(period)
        roster = _roster_in(place)
        number = steward_number(roster.record, self._own)
        if number is None:
            raise Refusal("You are not a steward in this roster: nothing is sealed for you.")
        closing = _closing_in(place, roster, period)
        files = {one.digest: one for one in place.contributions(roster, period)[0]}
        key = signing_key(self._profile)
        made = count_file(roster, closing, files, key)
        kept = self._signed_once("count", roster, period, made, _no_shared_member(roster.record, whole))
        # What was counted for another list of this period is refused here, before anything is written.
        opened_count(kept, roster, closing)
        written = [place.put(place.answer_path(period, "count", number), kept)]
        counts, _ = place.counts(roster, closing)
        if len(counts) >= THRESHOLD and sections_to_open(roster.record, members_by_section(closing, counts)):
            made = sum_file(roster, closing, files, counts, key)
            kept = self._signed_once("sums", roster, period, made)
            written.append(place.put(place.answer_path(period, "sums", number), kept))
        return tuple(written)

    def combine(self, folder: Path, period: str) -> tuple[TeamTotal, Path]:
        """Return the sums, which anybody with the folder can work out, and where they were written. Raises Refusal."""
        place = TeamFolder(folder)
        roster = _roster_in(place)
        closing = _closing_in(place, roster, period_named(period).name)
        counts, _ = place.counts(roster, closing)
        sums, _ = place.sums(roster, closing)
        total = team_total(roster, closing, counts, sums)
        return total, place.put(place.total_path(period), canonical_json(msgspec.to_builtins(total)))

    def tidy(self, folder: Path, period: str) -> Path:
        """Take this person's own file out of the folder, once the sums are there, and return where it lay.

        Two stewards together could open it as long as it lies there. Nobody else's file is touched. Raises Refusal.
        """
        place = TeamFolder(folder)
        roster, facts = _roster_in(place), self.look_at_round(folder, period)
        if facts.total is None:
            raise Refusal(f"The sums of {period} are not there yet: the stewards need your file.")
        kept = self._kept("contribution", roster, period)
        path = place.member_path(period, self._own)
        if kept is None or not place.remove(path, kept.body):
            raise Refusal(f"Your file of {period} is not in the folder: there is nothing to take out.")
        return path

    @property
    def _own(self) -> str:
        return signing_key(self._profile).public_key().public_bytes_raw().hex()

    def _roster_facts(self, roster: Signed[Roster]) -> RosterFacts:
        own, record = self._own, roster.record
        return RosterFacts(
            record.team,
            roster_code(roster),
            record.smallest,
            record.coordinator.name,
            tuple(member.name for member in record.members),
            tuple(steward.name for steward in record.stewards),
            is_accepted(self._ledger, bytes.fromhex(roster.digest)),
            member_of(record, own) is not None,
            record.coordinator.key == own,
            steward_number(record, own),
        )

    def _ended(self, name: str) -> Period:
        period = period_named(name)
        if period.last_on >= self._queries.today():
            raise Refusal(f"{name} is not over yet: hand in after {period.last_on.isoformat()}.")
        return period

    def _values(self, period: Period, *, with_cost: bool) -> dict[str, int]:
        zone = self._queries.zone
        return member_values(self._queries.rated_runs(period.span(zone)), zone, with_cost=with_cost)

    def _signed_once(
        self,
        kind: str,
        roster: Signed[Roster],
        period: str,
        body: bytes,
        allow: Callable[[Sequence[TeamFile]], None] = lambda _earlier: None,
    ) -> bytes:
        made = TeamFile(kind, roster.data, period, body)
        return sign_once(self._ledger, made, bytes.fromhex(roster.digest), self._clock.now(), allow)

    def _kept(self, kind: str, roster: Signed[Roster], period: str) -> TeamFile | None:
        kept = team_files(self._ledger, kind)
        return next((one for one in kept if (one.roster, one.period) == (roster.data, period)), None)


def _roster_in(place: TeamFolder) -> Signed[Roster]:
    roster = place.roster()
    if roster is None:
        raise Refusal(f"There is no roster in {place.folder} yet: ask the coordinator to write it.")
    return roster


def _closing_in(place: TeamFolder, roster: Signed[Roster], period: str) -> Signed[Closing]:
    closing = place.closing(roster, period)
    if closing is None:
        raise Refusal(f"{period} is not closed yet: ask {roster.record.coordinator.name} to close it.")
    return closing


def _no_shared_member(roster: Roster, period: Period) -> Callable[[Sequence[TeamFile]], None]:
    """Return the check that no member of a roster was summed before in a period that overlaps."""

    def allow(earlier: Sequence[TeamFile]) -> None:
        keys = {member.key for member in roster.members}
        ours = [one for one in earlier if keys & {member.key for member in opened_roster(one.roster).record.members}]
        if other := _overlapping(ours, period):
            raise Refusal(
                f"{other.period} was closed before with some of these members, and two sums could be subtracted: "
                "choose a period that does not overlap."
            )

    return allow


def _overlapping(earlier: Sequence[TeamFile], period: Period) -> TeamFile | None:
    for one in earlier:
        other = period_named(one.period)
        if other.first_on <= period.last_on and period.first_on <= other.last_on:
            return one
    return None


def _is_period(name: str) -> bool:
    try:
        period_named(name)
    except Refusal:
        return False
    return True
