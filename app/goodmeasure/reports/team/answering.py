"""The stewards' two answers, and the sums that two of them open.

First the stewards open how many members have something in each section. Only the sections in which these are enough are
opened then; the others stay closed for ever.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.team import (
    GATES,
    SECTIONS,
    TEAM_CELLS,
    THRESHOLD,
    CellTotal,
    Closing,
    Contribution,
    CountAnswer,
    Roster,
    Section,
    SectionShares,
    SectionTotal,
    SumAnswer,
    TeamTotal,
    sums_of,
)
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.team.handing_in import purpose
from goodmeasure.reports.team.roster import member_of, ranges_of, steward_number, steward_of
from goodmeasure.reports.team.sealing import SealError, sealing_key, unsealed
from goodmeasure.reports.team.shamir import PRIME, value_of
from goodmeasure.reports.team.signed import Signed, opened_file, signed_file

AnswerT = TypeVar("AnswerT", CountAnswer, SumAnswer)
Counts = Sequence[Signed[CountAnswer]]
Sums = Sequence[Signed[SumAnswer]]


def count_file(
    roster: Signed[Roster],
    closing: Signed[Closing],
    contributions: Mapping[str, Signed[Contribution]],
    key: Ed25519PrivateKey,
) -> bytes:
    """Return a steward's first answer. `contributions`: files by digest, at least those that the closing lists.

    Raises Refusal where the key is no steward's, a listed file is missing, or what is sealed in one is not whole.
    """
    number, sums = _own_sums(roster, closing, contributions, key)
    return signed_file(
        CountAnswer(
            "goodmeasure-team-count/1",
            roster.digest,
            closing.record.period,
            closing.digest,
            number,
            tuple(_hex(sums[gate]) for gate in GATES),
        ),
        key,
    )


def sum_file(
    roster: Signed[Roster],
    closing: Signed[Closing],
    contributions: Mapping[str, Signed[Contribution]],
    counts: Counts,
    key: Ed25519PrivateKey,
) -> bytes:
    """Return a steward's second answer: shares of the sums of the sections that `counts` allow to open.

    Raises Refusal as `count_file` and `members_by_section`, and where too few took part: then nothing is opened.
    """
    open_sections = sections_to_open(roster.record, members_by_section(closing, counts))
    if not open_sections:
        raise Refusal(f"Fewer than {roster.record.smallest} members contributed: no sum of this period is ever opened.")
    number, sums = _own_sums(roster, closing, contributions, key)
    return signed_file(
        SumAnswer(
            "goodmeasure-team-sums/1",
            roster.digest,
            closing.record.period,
            closing.digest,
            number,
            tuple(
                SectionShares(section, tuple(_hex(sums[cell.name]) for cell in sums_of(section)))
                for section in open_sections
            ),
        ),
        key,
    )


def opened_count(data: bytes, roster: Signed[Roster], closing: Signed[Closing]) -> Signed[CountAnswer]:
    """Return a steward's first answer. Raises Refusal where it is not about this closing, or not by that steward."""
    found = opened_file(data, CountAnswer, "The steward's count")
    _demand_answer_to(found, roster, closing)
    return found


def opened_sums(data: bytes, roster: Signed[Roster], closing: Signed[Closing]) -> Signed[SumAnswer]:
    """Return a steward's second answer. Raises Refusal as `opened_count`."""
    found = opened_file(data, SumAnswer, "The steward's sums")
    _demand_answer_to(found, roster, closing)
    return found


def members_by_section(closing: Signed[Closing], counts: Counts) -> dict[str, int]:
    """Return how many members have something in each section.

    Raises Refusal below two answers, where three do not agree, and where a count is impossible.
    """
    by_steward = _by_steward(counts)
    found: dict[str, int] = {
        section: value_of({number: int(answer.counts[place], 16) for number, answer in by_steward.items()})
        for place, section in enumerate(SECTIONS)
    }
    if not 0 <= found["runs"] <= len(closing.record.contributions) or any(
        not 0 <= members <= found["runs"] for members in found.values()
    ):
        raise Refusal("The count is impossible, so no sum can be trusted: a member's file was made by another program.")
    return found


def sections_to_open(roster: Roster, members: Mapping[str, int]) -> tuple[Section, ...]:
    """Return the sections that may be opened, those in which enough members have something; none: too few took part."""
    return tuple(section for section in SECTIONS if members[section] >= roster.smallest)


def team_total(roster: Signed[Roster], closing: Signed[Closing], counts: Counts, sums: Sums) -> TeamTotal:
    """Return the sums over all members who took part; the same from any two stewards' answers.

    Raises Refusal below two answers of each kind, where three do not agree, and where a sum is impossible.
    """
    members = members_by_section(closing, counts)
    opened = sections_to_open(roster.record, members)
    if not opened:
        raise Refusal(f"Fewer than {roster.record.smallest} members contributed: no sum of this period is ever opened.")
    by_steward = _by_steward(sums)
    if any(tuple(part.section for part in answer.sections) != opened for answer in by_steward.values()):
        raise Refusal("A steward opened other sections than the counts allow: ask them to update Good Measure.")
    if len(by_steward) < THRESHOLD:
        raise Refusal(f"It takes the sums of {THRESHOLD} stewards, not of {len(by_steward)}: wait for another.")
    return TeamTotal(
        "goodmeasure-team-total/1",
        roster.record.team,
        roster.digest,
        closing.record.period,
        closing.digest,
        len(roster.record.members),
        len(closing.record.contributions),
        tuple(
            SectionTotal(
                section,
                members[section],
                _cells(roster.record, members[section], section, opened.index(section), by_steward)
                if section in opened
                else (),
            )
            for section in SECTIONS
        ),
    )


def _cells(
    roster: Roster, members: int, section: str, place: int, answers: Mapping[int, SumAnswer]
) -> tuple[CellTotal, ...]:
    ranges, found = ranges_of(roster), []
    for column, cell in enumerate(sums_of(section)):
        total = value_of({number: int(answer.sections[place].sums[column], 16) for number, answer in answers.items()})
        if not ranges[cell.name].lowest * members <= total <= ranges[cell.name].highest * members:
            raise Refusal("A sum is impossible, so none can be trusted: a member's file was made by another program.")
        found.append(CellTotal(cell.name, total))
    return tuple(found)


def _own_sums(
    roster: Signed[Roster],
    closing: Signed[Closing],
    contributions: Mapping[str, Signed[Contribution]],
    key: Ed25519PrivateKey,
) -> tuple[int, dict[str, int]]:
    """Return a steward's number and their share of the sum of every cell."""
    number = steward_number(roster.record, key.public_key().public_bytes_raw().hex())
    if number is None:
        raise Refusal("You are not a steward in this roster: nothing is sealed for you.")
    opening, totals = sealing_key(key), [0] * len(TEAM_CELLS)
    for listed in closing.record.contributions:
        member = member_of(roster.record, listed.member)
        name = listed.member[:16] if member is None else member.name
        found = contributions.get(listed.contribution)
        if found is None or found.signer != listed.member:
            raise Refusal(f"The file of {name}, which the closing list names, is not in the folder: wait for it.")
        bound = purpose(roster.digest, closing.record.period, listed.member, number)
        try:
            shares = unsealed(found.record.shares[number - 1], opening, bound, len(TEAM_CELLS))
        except SealError as error:
            raise Refusal(
                f"What {name} sealed for you cannot be opened, so you cannot answer: tell the team."
            ) from error
        totals = [(total + share) % PRIME for total, share in zip(totals, shares, strict=True)]
    return number, {cell.name: total for cell, total in zip(TEAM_CELLS, totals, strict=True)}


def _demand_answer_to(
    found: Signed[CountAnswer] | Signed[SumAnswer], roster: Signed[Roster], closing: Signed[Closing]
) -> None:
    if (found.record.roster, found.record.period) != (roster.digest, closing.record.period):
        raise Refusal("The steward's answer belongs to another roster or period: it does not count here.")
    if found.record.closing != closing.digest:
        raise Refusal("The steward's answer belongs to another closing list: do not use either.")
    if found.signer != steward_of(roster.record, found.record.steward).key:
        raise Refusal("The steward's answer was not signed by that steward: it does not count.")


def _by_steward(answers: Iterable[Signed[AnswerT]]) -> dict[int, AnswerT]:
    found: dict[int, AnswerT] = {}
    for answer in answers:
        if found.setdefault(answer.record.steward, answer.record) != answer.record:
            raise Refusal(f"Steward {answer.record.steward} gave two different answers: use neither, tell the team.")
    return found


def _hex(share: int) -> str:
    return f"{share:016x}"
