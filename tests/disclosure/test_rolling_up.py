"""A roll-up tells of a team and of nobody in it, whatever was rolled up before."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodmeasure.disclosure.adding_up import PEOPLE, Contribution
from goodmeasure.disclosure.levels import Numbers
from goodmeasure.disclosure.period_cells import period_cells
from goodmeasure.disclosure.providers import provider_of
from goodmeasure.disclosure.rolling_up import Added, roll_up
from goodmeasure.disclosure.rollup import Bar
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.facts import ExternalAction
from goodmeasure.domain.numbers import ExactNumbers
from tests.disclosure.exact_periods import exact_period
from tests.disclosure.samples import LEVELS_FILLED, NUMBERS
from tests.disclosure.team import ANSWERS, NOT_TOLD, colleague, team, told


def bar(added: Added, question: str) -> Bar | None:
    return next((bar for bar in added.roll_up.bars if bar.question == question), None)


def percents(found: Bar | None) -> dict[str, tuple[int, int]]:
    return {share.answer: (share.low_percent, share.high_percent) for share in found.shares} if found else {}


def test_shares_are_the_mean_of_everyones_range_widened_to_fives() -> None:
    added = roll_up(team(8), 8, [])
    # Of 60 runs 20 were used (30-40 %), 10 each of three (10-20 %), 10 not rated (10-20 %), none harmful.
    assert percents(bar(added, "outcome")) == {
        "used": (30, 40),
        "informed": (10, 20),
        "partial": (10, 20),
        "discarded": (10, 20),
        # Nobody says so, but whoever hides it has it within the grey.
        "harmful": (0, 20),
        "not_rated": (10, 20),
    }
    assert added.roll_up.people_at_least == 5
    assert added.roll_up.contribution == "90-100"


def test_below_five_there_is_nothing() -> None:
    with pytest.raises(Refusal, match=r"5 people or more \(8 are better\): there are 4"):
        roll_up(team(4), 10, [])
    assert roll_up(team(5), 10, []).roll_up.contribution == "50-60"


def test_how_many_took_part_is_unknown_where_nobody_says_how_many_were_invited() -> None:
    assert roll_up(team(5), None, []).roll_up.contribution is None


def test_more_cannot_come_than_were_invited() -> None:
    with pytest.raises(Refusal, match="6 people shared 2026-W47, so more than 5 were invited"):
        roll_up(team(6), 5, [])


def test_reports_of_two_periods_do_not_add_up() -> None:
    with pytest.raises(Refusal, match=r"different periods \(2026-W46, 2026-W47\)"):
        roll_up([*team(5), colleague("other", period="2026-W46")], 6, [])


def test_an_answer_of_which_one_person_could_hold_more_than_half_is_merged() -> None:
    alone = colleague("alone", (0, 0, 0, 0, 40), not_rated=0)
    added = roll_up([*team(7), alone], 8, [])
    found = bar(added, "outcome")
    assert found is not None
    assert found.merged == ("harmful",)
    assert "harmful" not in percents(found)
    # A single one would only be renamed by "other": it is within the grey.
    assert "other" not in percents(found)
    assert percents(found)["not_rated"][1] >= 90 // 8


def test_two_such_answers_become_other() -> None:
    people = [colleague(f"p{number}", (0, 0, 20, 20, 0), not_rated=20) for number in range(6)]
    people += [colleague("q", (60, 0, 0, 0, 0), not_rated=0), colleague("r", (0, 60, 0, 0, 0), not_rated=0)]
    found = bar(roll_up(people, 8, []), "outcome")
    assert found is not None
    assert found.merged == ("used", "informed")
    # Two of eight have 90 to 100 %; six may hide a little of both within their grey of 30 to 40 %.
    assert percents(found)["other"] == (20, 55)
    assert not {"used", "informed"} & set(percents(found))


def test_one_to_four_without_an_answer_count_as_unknown() -> None:
    unknown = colleague("new", outcome=(1, 0, 0, 0, 0))
    assert percents(bar(roll_up(team(8), 9, []), "outcome"))["used"] == (30, 40)
    mixed = roll_up([*team(8), unknown], 9, [])
    # (8 x 30 + 0) / 9 and (8 x 40 + 100) / 9, widened.
    assert percents(bar(mixed, "outcome"))["used"] == (25, 50)
    assert len(mixed.members["outcome"]) == 9


def test_five_without_an_answer_are_a_group_of_their_own() -> None:
    mixed = roll_up([*team(8), *(colleague(f"new {one}", (1, 0, 0, 0, 0)) for one in range(5))], 13, [])
    assert percents(bar(mixed, "outcome"))["used"] == (30, 40)
    assert len(mixed.members["outcome"]) == 8


def test_a_question_of_which_too_few_told_is_missing() -> None:
    some = [colleague(f"p{one}", review=told("review", (5, 5, 5, 5, 5))) for one in range(4)]
    assert bar(roll_up([*team(8), *some], 12, []), "review") is None


def numbers(mark: str, **changed: Any) -> Any:
    return colleague(mark, level="L2", restates=None, **{**NUMBERS, **changed})


def test_numbers_are_sums_of_ranges() -> None:
    added = roll_up([numbers(f"p{one}") for one in range(6)], 6, []).roll_up
    runs = {(one.question, one.answer): (one.low_runs, one.high_runs) for one in added.runs}
    # 6 x 64 = 384 to 6 x 127 = 762, widened to fives.
    assert runs["outcome", "used"] == (380, 765)
    assert ("outcome", "harmful") not in runs
    # What runs did outside the machine is known only in part.
    assert runs["actions", "pushed"] == (95, None)
    time = {one.evidence: (one.low_hours, one.high_hours) for one in added.time}
    # 6 x 12 h to 6 x 26 h; 6 x -1.5 h to 6 x 60 h: outward, losses too.
    assert time == {"verified": (70, 160), "self_reported": (-10, 360)}
    cost = {(one.provider, one.kind): (one.low, one.high) for one in added.costs}
    assert cost["anthropic", "list_cost_cents"] == (240_000, 250_000)
    assert {bar.question for bar in added.bars} == {"outcome", "autonomy", "data_class", "checks"}


def test_a_hidden_count_is_as_large_as_the_cell_that_hides_it() -> None:
    shares = {"used": "50-60", "informed": None, "partial": None, "discarded": None, "harmful": None}
    outcome = {"shares": {**shares, "other": None, "not_rated": "50-60"}, "app_drawn": "0-10", "estimate": None}
    counts: dict[str, Any] = {"used": "5-7", "informed": None, "partial": None, "discarded": None, "harmful": None}
    people = [numbers(f"p{one}") for one in range(5)]

    def informed(hidden: dict[str, Any] | None) -> int | None:
        fields = {**LEVELS_FILLED["L2"], "restates": None, "outcome": outcome}
        fields["counts"] = {**NUMBERS["counts"], "outcome": hidden}
        shy = Contribution("shy", msgspec.convert(fields, Numbers, strict=True))
        runs = roll_up([*people, shy], 6, []).roll_up.runs
        return next(one.high_runs for one in runs if (one.question, one.answer) == ("outcome", "informed"))

    # 5 to 7 runs are half of all or more, so these are 14 at most, of which up to 60 % are hidden: 8. And 5 x 31.
    assert informed(counts) == 165
    assert informed(None) is None


def test_numbers_need_five_and_not_all_but_a_few() -> None:
    with_numbers = [numbers(f"p{one}") for one in range(6)]
    for others in (1, 4):
        shown = roll_up([*with_numbers, *team(others)], 12, []).roll_up
        assert not shown.runs
        assert not shown.time
        assert not shown.costs
        assert {bar.question for bar in shown.bars} == {"outcome"}
    assert roll_up([*with_numbers, *team(5)], 12, []).roll_up.time
    assert not roll_up([*with_numbers[:4], *team(5)], 12, []).roll_up.time


def test_a_tick_that_few_left_out_is_not_told() -> None:
    people = [numbers(f"p{one}") for one in range(8)]
    shown = roll_up([*people, numbers("shy", cost=None, oversight=None)], 9, []).roll_up
    assert shown.time
    assert not shown.costs
    assert {bar.question for bar in shown.bars} == {"outcome"}


def test_a_provider_that_one_person_mostly_paid_for_is_in_other() -> None:
    def cost(provider: str, cents: int) -> dict[str, Any]:
        line = NUMBERS["cost"]["lines"][0]
        return {"lines": [{**line, "provider": provider, "list_cost_cents": cents}]}

    people = [numbers(f"p{one}", cost=cost("anthropic", 1000)) for one in range(7)]
    heavy = numbers("heavy", cost=cost("anthropic", 90_000))
    shown = roll_up([*people, heavy], 8, []).roll_up
    assert [one for one in shown.costs if one.kind == "list_cost_cents"] == []
    even = roll_up([*people, numbers("even", cost=cost("anthropic", 1100))], 8, []).roll_up
    assert [(one.provider, one.low, one.high) for one in even.costs if one.kind == "list_cost_cents"] == [
        ("anthropic", 7700, 8500)
    ]


@pytest.mark.parametrize("more", [1, 4])
def test_a_roll_up_that_differs_by_a_few_is_refused(more: int) -> None:
    first = roll_up(team(8), 12, [])
    with pytest.raises(Refusal, match="subtracting the two would tell about fewer than 5 people"):
        roll_up(team(8 + more), 12, [first.members])
    with pytest.raises(Refusal, match="subtracting"):
        roll_up(team(8)[more:] + [colleague(f"new {one}") for one in range(more)], 12, [first.members])


def test_the_same_people_and_five_more_are_welcome() -> None:
    first = roll_up(team(8), 13, [])
    assert roll_up(team(8), 13, [first.members]).roll_up == first.roll_up
    assert roll_up(team(13), 13, [first.members]).members[PEOPLE] > first.members[PEOPLE]


def test_one_person_more_in_one_part_is_refused_there_only() -> None:
    with_review: dict[str, Any] = {"review": told("review", (10, 10, 10, 10, 10))}
    ten = [colleague(f"p{one}", **(with_review if one < 5 else {})) for one in range(10)]
    first = roll_up(ten, 20, [])
    assert bar(first, "review")
    five_more = [colleague(f"q{one}", **(with_review if one < 1 else {})) for one in range(5)]
    second = roll_up([*ten, *five_more], 20, [first.members])
    assert bar(second, "outcome")
    assert bar(second, "review") is None


def rank(vectors: Sequence[Sequence[int]]) -> int:
    matrix = [[Fraction(value) for value in vector] for vector in vectors]
    found = 0
    for column in range(len(matrix[0])):
        pivot = next((row for row in range(found, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for row in range(found + 1, len(matrix)):
            factor = matrix[row][column] / matrix[found][column]
            matrix[row] = [one - factor * other for one, other in zip(matrix[row], matrix[found], strict=True)]
        found += 1
    return found


def few_that_stand_apart(sets: Sequence[Iterable[str]], people: Sequence[str]) -> list[tuple[str, ...]]:
    """Every group of one to four whose sum is some combination of the sums of these sets."""
    vectors = [[int(person in one) for person in people] for one in map(set, sets)]
    whole = rank(vectors)
    groups = (group for size in range(1, 5) for group in combinations(people, size))
    return [group for group in groups if rank([*vectors, [int(one in group) for one in people]]) == whole]


PLANTED = [
    {f"person {one}" for one in of}
    for of in (range(10), [*range(5), 10, 11, 12, 13, 14], [*range(5, 10), *range(11, 15)])
]


def test_the_attacker_finds_who_stands_apart_where_the_rule_is_broken() -> None:
    assert few_that_stand_apart([*PLANTED, PLANTED[0] | {"person 10"}], [f"person {one}" for one in range(15)])


@settings(max_examples=12)
@given(st.lists(st.sets(st.integers(0, 11), min_size=5), min_size=2, max_size=5))
def test_no_combination_of_roll_ups_gives_the_sum_of_a_few(wanted: list[set[int]]) -> None:
    everyone = team(12)
    made: list[Added] = []
    for one in wanted:
        try:
            made.append(roll_up([everyone[number] for number in sorted(one)], 12, [each.members for each in made]))
        except Refusal:
            continue
    people = [person.mark for person in everyone]
    assert few_that_stand_apart([each.members[PEOPLE] for each in made], people) == []


counts_of_a_person = st.tuples(st.lists(st.integers(0, 60), min_size=5, max_size=5), st.integers(0, 60))


@given(st.lists(counts_of_a_person, min_size=5, max_size=9))
def test_the_truth_lies_within_every_range(people: list[tuple[list[int], int]]) -> None:
    shared = [colleague(f"p{one}", counts, not_rated=rest) for one, (counts, rest) in enumerate(people)]
    added = roll_up(shared, len(shared), [])
    in_sum = [
        (counts, rest)
        for person, (counts, rest) in zip(shared, people, strict=True)
        if person.mark in added.members.get("outcome", frozenset())
    ]
    for number, answer in enumerate(ANSWERS["outcome"]):
        if answer not in percents(bar(added, "outcome")):
            continue
        if any(sum(counts) + rest == 0 for counts, rest in in_sum):
            continue
        true = sum(Fraction(100 * counts[number], sum(counts) + rest) for counts, rest in in_sum) / len(in_sum)
        low, high = percents(bar(added, "outcome"))[answer]
        assert low <= true <= high


def shared(mark: str, exact: ExactNumbers) -> Contribution:
    """What a person with these numbers shares at level L2, everything ticked."""
    cells = {name: value for name, value in msgspec.to_builtins(period_cells(exact)).items() if name != "version"}
    fields = {**LEVELS_FILLED["L2"], "restates": None, "noisy_runs": None, **cells}
    return Contribution(mark, msgspec.convert(fields, Numbers, strict=True))


Told = dict[str, list[ExactNumbers]]
"""Part of a roll-up → the true numbers of who is in it."""


@pytest.mark.parametrize("seed", range(12))
def test_no_true_number_lies_outside_its_range(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - tests that repeat, not secrets
    people = {f"p{one}": exact_period(chance) for one in range(chance.randint(5, 9))}
    added = roll_up([shared(mark, exact) for mark, exact in people.items()], 20, [])
    told = {part: [people[mark] for mark in marks] for part, marks in added.members.items()}
    check_bars(added, told)
    check_runs(added, told)
    check_time(added, told)
    check_cost(added, told)


def check_bars(added: Added, told: Told) -> None:
    for found in added.roll_up.bars:
        if found.question not in ANSWERS:
            continue
        tallies = [exact.tallies[AssessmentName(found.question)] for exact in told[found.question]]
        for answer, (low, high) in percents(found).items():
            if answer in tallies[0].counts:
                true = sum(Fraction(100 * tally.counts[answer], tally.runs) for tally in tallies) / len(tallies)
                assert low <= true <= high, (found.question, answer)


def check_runs(added: Added, told: Told) -> None:
    for runs in added.roll_up.runs:
        if runs.question == "actions":
            number = sum(exact.actions[ExternalAction(runs.answer)] for exact in told["actions"])
        else:
            number = sum(exact.tallies[AssessmentName(runs.question)].counts[runs.answer] for exact in told["counts"])
        assert runs.low_runs <= number, runs
        assert runs.high_runs is None or number <= runs.high_runs, runs


def check_time(added: Added, told: Told) -> None:
    for time in added.roll_up.time:
        if time.evidence != "other":
            of = [exact.times[Grade(time.evidence)] for exact in told[f"time {time.evidence}"]]
            assert 60 * time.low_hours <= sum(one.low_minutes for one in of)
            assert sum(one.high_minutes for one in of) <= 60 * time.high_hours


def check_cost(added: Added, told: Told) -> None:
    for cost in added.roll_up.costs:
        if cost.kind == "input_tokens" and cost.provider != "other":
            used = [
                counters.input_tokens or 0
                for exact in told[f"cost input_tokens {cost.provider}"]
                for _, model, counters in exact.usage
                if provider_of(model).value == cost.provider
            ]
            assert cost.low <= sum(used) <= cost.high


def test_nothing_in_a_roll_up_names_anybody() -> None:
    added = roll_up([numbers(f"p{one}", name=f"Canary {one}", audience="Canary") for one in range(6)], 6, [])
    assert "anary" not in repr(added.roll_up)
    assert NOT_TOLD["shares"] is None
