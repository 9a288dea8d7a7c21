"""The whole protocol against a model that simply adds: the exact sums, or a refusal, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from goodmeasure.disclosure.team import SECTIONS, TEAM_CELLS, Closing, Listed, cells_of, sums_of
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.team.answering import members_by_section, opened_count, opened_sums, team_total
from goodmeasure.reports.team.handing_in import clipped, contribution_file, opened_closing, opened_contribution
from goodmeasure.reports.team.signed import signed_file
from tests.reports.team.people import NAMES, PERIOD, Round, key_of, public_of, roster_of

VALUES = st.builds(
    lambda sections, raw: {
        cell.name: int(cell.section in sections) if cell.name.endswith("_members") else value
        for cell, value in zip(TEAM_CELLS, raw, strict=True)
        if cell.section in sections
    },
    st.sets(st.sampled_from(SECTIONS)).map(lambda found: {*found, "runs"}),
    st.lists(st.integers(-20_000, 20_000), min_size=len(TEAM_CELLS), max_size=len(TEAM_CELLS)),
)


class TeamSum(RuleBasedStateMachine):
    """Members hand in, abstain or stay away; stewards answer or stay silent; some files are not what they should be."""

    @initialize(
        members=st.integers(5, 12),
        spare=st.integers(0, 7),
        ways=st.lists(st.sampled_from(["contribute"] * 8 + ["abstain", "away"]), min_size=12, max_size=12),
        values=st.lists(VALUES, min_size=1, max_size=12),
    )
    def begin(self, members: int, spare: int, ways: list[str], values: list[Mapping[str, int]]) -> None:
        self.names = NAMES[:members]
        self.round = Round(roster_of(members, smallest=max(5, members - spare)))
        self.handed_in: dict[str, Mapping[str, int]] = {}
        self.spoilt: set[str] = set()
        for place, (name, way) in enumerate(zip(self.names, ways, strict=False)):
            if way != "away":
                self.hand_in(name, values[place % len(values)] if way == "contribute" else None)

    def hand_in(self, name: str, values: Mapping[str, int] | None) -> None:
        self.round.hand_in(name, values)
        self.handed_in[name] = clipped(self.round.roster.record, values or {})

    @property
    def smallest(self) -> int:
        return self.round.roster.record.smallest

    @property
    def listed(self) -> list[str]:
        assert self.round.closing is not None
        keys = {one.member for one in self.round.closing.record.contributions}
        return [name for name in self.names if public_of(name) in keys]

    def members_in(self, section: str) -> int:
        return sum(self.handed_in[name].get(f"{section}_members", 0) for name in self.listed)

    @precondition(lambda self: self.round.closing is None)
    @rule(place=st.integers(0, 11), values=st.none() | VALUES)
    def hands_in_late(self, place: int, values: Mapping[str, int] | None) -> None:
        name = self.names[place % len(self.names)]
        if name not in self.handed_in:
            self.hand_in(name, values)

    @precondition(lambda self: self.round.closing is None)
    @rule(place=st.integers(0, 11), steward=st.integers(0, 2))
    def hands_in_a_broken_seal(self, place: int, steward: int) -> None:
        """A member whose program sealed garbage for one steward: that steward refuses, the others do not notice."""
        name = self.names[place % len(self.names)]
        if name in self.handed_in:
            return
        data = contribution_file(self.round.roster, PERIOD, None, key_of(name))
        good = opened_contribution(data, self.round.roster, PERIOD)
        shares = list(good.record.shares)
        shares[steward] = shares[(steward + 1) % 3]
        data = signed_file(msgspec.structs.replace(good.record, shares=tuple(shares)), key_of(name))
        bad = opened_contribution(data, self.round.roster, PERIOD)
        self.round.files[bad.digest] = bad
        self.handed_in[name] = clipped(self.round.roster.record, {})
        self.spoilt.add(self.names[steward])

    @precondition(lambda self: self.round.closing is None)
    @rule()
    def closes(self) -> None:
        if len(self.handed_in) < self.smallest:
            with pytest.raises(Refusal, match="have handed in"):
                self.round.close()
        else:
            self.round.close()
            assert sorted(self.listed) == sorted(self.handed_in)

    @precondition(lambda self: self.round.closing is not None)
    @rule(steward=st.integers(0, 2))
    def answers(self, steward: int) -> None:
        """A steward's app counts, and gives the sums as soon as two have counted enough."""
        name = self.names[steward]
        if name in self.spoilt:
            with pytest.raises(Refusal, match="cannot be opened"):
                self.round.count(name)
            return
        self.round.count(name)
        if len({one.signer for one in self.round.counts}) == 1:
            with pytest.raises(Refusal, match="answers of 2 stewards"):
                self.round.sum(name)
        elif self.members_in("runs") < self.smallest:
            with pytest.raises(Refusal, match="no sum of this period is ever opened"):
                self.round.sum(name)
        else:
            self.round.sum(name)

    @invariant()
    def the_sums_are_exact_or_refused(self) -> None:
        if not hasattr(self, "round") or self.round.closing is None:
            return
        these = (self.round.roster, self.round.closing, self.round.counts, self.round.sums)
        if min(len({one.signer for one in answers}) for answers in these[2:]) < 2:
            with pytest.raises(Refusal):
                team_total(*these)
            return
        total = team_total(*these)
        members = {section: self.members_in(section) for section in SECTIONS}
        assert members_by_section(self.round.closing, self.round.counts) == members
        for section in total.sections:
            assert section.members == members[section.section]
            if members[section.section] < self.smallest:
                assert section.cells == ()
                continue
            truth = {
                cell.name: sum(self.handed_in[name][cell.name] for name in self.listed)
                for cell in sums_of(section.section)
            }
            assert {cell.name: cell.sum for cell in section.cells} == truth


TestTeamSum = TeamSum.TestCase
TestTeamSum.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)


@given(st.binary(max_size=300), st.integers(0, 10_000))
def test_what_is_not_whole_is_refused(data: bytes, place: int) -> None:
    """Garbage, and a true file that was cut short or changed in one place."""
    roster = roster_of(5)
    good = contribution_file(roster, PERIOD, None, key_of("Ada"))
    changed = bytearray(good)
    changed[place % len(good)] ^= 1
    for bad in (data, good[: place % len(good)], bytes(changed)):
        with pytest.raises(Refusal):
            opened_contribution(bad, roster, PERIOD)


def full(number: int) -> dict[str, int]:
    return {cell.name: min(cell.highest, number) for cell in TEAM_CELLS}


@pytest.fixture(scope="module")
def answered() -> Round:
    """Eight members who all contributed, closed, and answered by all three stewards."""
    made = Round(roster_of(8, smallest=8))
    for number, name in enumerate(NAMES[:8], 1):
        made.hand_in(name, full(number))
    made.close()
    for name in NAMES[:3]:
        made.count(name)
    for name in NAMES[:3]:
        made.sum(name)
    return made


def test_any_two_stewards_give_what_all_three_give(answered: Round) -> None:
    assert answered.closing is not None
    whole = team_total(answered.roster, answered.closing, answered.counts, answered.sums)
    assert {cell.name: cell.sum for part in whole.sections for cell in part.cells}["outcome_used"] == 36
    for silent in range(3):
        others = [place for place in range(3) if place != silent]
        assert whole == team_total(
            answered.roster,
            answered.closing,
            [answered.counts[place] for place in others],
            [answered.sums[place] for place in others],
        )


def test_a_steward_who_changes_a_sum_is_found_out_by_the_third(answered: Round) -> None:
    assert answered.closing is not None
    honest = answered.sums[0].record
    part = honest.sections[1]
    sums = (f"{(int(part.sums[0], 16) + 1):016x}", *part.sums[1:])
    parts = (honest.sections[0], msgspec.structs.replace(part, sums=sums), *honest.sections[2:])
    record = msgspec.structs.replace(honest, sections=parts)
    changed = [opened_sums(signed_file(record, key_of("Ada")), answered.roster, answered.closing)]
    with pytest.raises(Refusal, match="do not agree"):
        team_total(answered.roster, answered.closing, answered.counts, changed + answered.sums[1:])


def test_a_value_out_of_its_range_spoils_the_sum_and_does_not_enter_it() -> None:
    made = Round(roster_of(5))
    for name in NAMES[:5]:
        made.hand_in(name, full(1))
    ranges = made.roster.record.cells
    wide = tuple(msgspec.structs.replace(cell, highest=9_000) if cell.highest > 1 else cell for cell in ranges)
    lax = replace(made.roster, record=msgspec.structs.replace(made.roster.record, cells=wide))
    found = Round(lax).hand_in("Ada", {**full(1), "outcome_used": 9_000})
    made.files = {digest: one for digest, one in made.files.items() if one.signer != found.signer}
    made.files[found.digest] = found
    made.close()
    for name in NAMES[:2]:
        made.count(name)
    for name in NAMES[:2]:
        made.sum(name)
    assert made.closing is not None
    with pytest.raises(Refusal, match="A sum is impossible"):
        team_total(made.roster, made.closing, made.counts, made.sums)


def test_files_of_a_step_have_one_size_whoever_hands_in_and_whatever() -> None:
    roster = roster_of(12)
    sizes = {
        len(contribution_file(roster, PERIOD, values, key_of(name)))
        for name in NAMES[:12]
        for values in (None, full(1), full(400), dict.fromkeys((cell.name for cell in TEAM_CELLS), -5_000))
    }
    assert len(sizes) == 1
    assert sizes.pop() < 2_500


def test_a_sealed_share_of_somebody_else_cannot_be_handed_in(answered: Round) -> None:
    """Counting a colleague twice would tell their values: the seal says whose it is."""
    made = Round(answered.roster)
    for name in NAMES[:8]:
        made.hand_in(name, full(1))
    first = next(one for one in made.files.values() if one.signer == public_of("Ada"))
    copied = msgspec.structs.replace(first.record, member=public_of("Hal"))
    data = signed_file(copied, key_of("Hal"))
    copy = opened_contribution(data, made.roster, PERIOD)
    made.files = {digest: one for digest, one in made.files.items() if one.signer != copy.signer} | {copy.digest: copy}
    made.close()
    with pytest.raises(Refusal, match="What Hal sealed for you cannot be opened"):
        made.count("Bo")


def test_nobody_hands_in_or_answers_in_another_name(answered: Round) -> None:
    file = next(iter(answered.files.values())).record
    other = next(name for name in NAMES[:8] if public_of(name) != file.member)
    with pytest.raises(Refusal, match="not signed by the member that it names"):
        opened_contribution(signed_file(file, key_of(other)), answered.roster, PERIOD)
    stranger = msgspec.structs.replace(file, member=public_of("Zoe"))
    with pytest.raises(Refusal, match="not signed by the member that it names"):
        opened_contribution(signed_file(stranger, key_of("Zoe")), answered.roster, PERIOD)
    assert answered.closing is not None
    count, sums = answered.counts[0].record, answered.sums[0].record
    for name in ("Bo", "Hal", "Zoe"):
        with pytest.raises(Refusal, match="not signed by that steward"):
            opened_count(signed_file(count, key_of(name)), answered.roster, answered.closing)
        with pytest.raises(Refusal, match="not signed by that steward"):
            opened_sums(signed_file(sums, key_of(name)), answered.roster, answered.closing)


def test_two_files_of_one_member_are_not_chosen_between() -> None:
    made = Round(roster_of(6, smallest=6))
    for name in NAMES[:6]:
        made.hand_in(name, full(1))
    made.hand_in("Cy", full(2))
    with pytest.raises(Refusal, match="handed in two different files"):
        made.close()


def test_a_closing_list_by_somebody_else_or_about_strangers_is_refused(answered: Round) -> None:
    assert answered.closing is not None
    record = answered.closing.record
    by_another = signed_file(record, key_of("Bo"))
    stranger = Listed("0" * 64, "0" * 64)
    with_stranger = msgspec.structs.replace(record, contributions=(stranger, *record.contributions))
    fewer = msgspec.structs.replace(record, contributions=record.contributions[:6])
    coordinator = key_of(answered.roster.record.coordinator.name)
    for data, why in (
        (by_another, "not signed by the coordinator"),
        (signed_file(with_stranger, coordinator), "not a member"),
        (signed_file(fewer, coordinator), "fewer than 8"),
        (signed_file(msgspec.structs.replace(record, period="2026-09"), coordinator), "not for 2026-10"),
        (signed_file(msgspec.structs.replace(record, roster="0" * 64), coordinator), "another roster"),
    ):
        with pytest.raises(Refusal, match=why):
            opened_closing(data, answered.roster, PERIOD)


def test_a_list_that_names_a_member_twice_cannot_be_read(answered: Round) -> None:
    assert answered.closing is not None
    record = answered.closing.record
    twice = {
        **msgspec.to_builtins(record),
        "contributions": [msgspec.to_builtins(record.contributions[0])] * 8,
    }
    with pytest.raises(msgspec.ValidationError, match="names a member twice"):
        msgspec.convert(twice, Closing)


def test_each_section_needs_enough_members_of_its_own() -> None:
    made = Round(roster_of(6, smallest=6))
    for number, name in enumerate(NAMES[:6]):
        made.hand_in(name, {cell.name: 1 for cell in cells_of("runs") + (cells_of("cost") if number < 4 else ())})
    made.close()
    for name in NAMES[1:3]:
        made.count(name)
    for name in NAMES[1:3]:
        made.sum(name)
    assert made.closing is not None
    parts = {part.section: part for part in team_total(made.roster, made.closing, made.counts, made.sums).sections}
    assert (parts["runs"].members, parts["cost"].members) == (6, 4)
    assert [cell.sum for cell in parts["runs"].cells] == [6]
    assert parts["cost"].cells == ()
    # Not only is it not shown: the shares that would open it were never given.
    assert all([part.section for part in answer.record.sections] == ["runs"] for answer in made.sums)
