"""The L1 report: exactly the listed fields, and nothing of a person's data beyond coarse shares."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import msgspec
import pytest

from goodmeasure.disclosure.fields import EvidenceGrade
from goodmeasure.disclosure.levels import Story
from goodmeasure.disclosure.period_cells import PeriodCells, period_cells
from goodmeasure.disclosure.writing import Header, TypedWords, write_numbers, write_story
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.facts import Autonomy, DataClass, ExternalAction
from goodmeasure.domain.numbers import Checks, ExactNumbers
from goodmeasure.domain.period import period_named
from goodmeasure.domain.shares import Tally

WEEK = period_named("2026-W47")
Tallies = dict[AssessmentName, Tally]


def _about(tallies: Tallies) -> ExactNumbers:
    runs = tallies[AssessmentName.OUTCOME].runs
    return ExactNumbers(
        runs,
        tallies,
        {},
        dict.fromkeys(Autonomy, 0),
        dict.fromkeys(DataClass, 0),
        dict.fromkeys(ExternalAction, 0),
        Checks(0, 0, 0),
        (),
    )


@pytest.fixture
def cells(tallies: Tallies) -> PeriodCells:
    return period_cells(_about(tallies))


def test_a_report_by_hand(cells: PeriodCells, words: TypedWords, header: Header) -> None:
    report = write_story(cells, WEEK, words, header)
    assert (report.format, report.level, report.period) == ("goodmeasure-report/1", "L1", "2026-W47")
    assert (report.name, report.audience, report.purpose) == ("Ada Example", "Platform leads", "Plan the next quarter")
    # Written on 28 November; 90 days later is 26 February 2027, in week 8.
    assert (report.written_in, report.expires_after) == ("2026-W48", "2027-W08")
    assert [line.text for line in report.words.improved] == [
        "The release notes write themselves now.",
        "Found the cause of the slow export.",
    ]
    assert {line.evidence for line in report.words.improved} == {EvidenceGrade.SELF_REPORTED}
    assert report.outcome.shares is not None
    assert report.outcome.shares.used == "40-50"
    assert report.outcome.app_drawn == "20-30"
    assert report.need.shares is not None
    assert report.need.shares.unnecessary == "0-10"
    assert report.review.shares is None
    assert report.review.app_drawn is None


def test_no_number_and_no_day_leaves(cells: PeriodCells, words: TypedWords, header: Header) -> None:
    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for one in value.values() for leaf in leaves(one)]
        if isinstance(value, list | tuple):
            return [leaf for one in value for leaf in leaves(one)]
        return [value]

    found = leaves(msgspec.to_builtins(write_story(cells, WEEK, words, header)))
    assert [leaf for leaf in found if not isinstance(leaf, str | None)] == [1], (
        "only the taxonomy's version is a number"
    )


@pytest.mark.parametrize(("cost", "oversight"), [(False, False), (True, False), (False, True), (True, True)])
def test_each_appendix_leaves_only_with_its_own_tick(
    cells: PeriodCells, header: Header, *, cost: bool, oversight: bool
) -> None:
    report = write_numbers(cells, WEEK, TypedWords(), header, cost=cost, oversight=oversight)
    assert (report.cost is not None, report.oversight is not None) == (cost, oversight)


def test_the_day_of_writing_leaves_only_as_its_week(cells: PeriodCells, words: TypedWords, header: Header) -> None:
    days = [date(2026, 11, day) for day in range(23, 30)]
    reports = {write_story(cells, WEEK, words, replace(header, written_on=day, kept_days=7)) for day in days}
    assert len(reports) == 1


def test_too_much_is_refused(cells: PeriodCells, header: Header) -> None:
    refused = {
        "There are 6 lines on what AI improved: keep the 5": TypedWords(improved=["x"] * 6),
        "There are 4 lines on what did not work: keep the 3": TypedWords(did_not_work=["x"] * 4),
        "There are 4 lines on what you need: keep the 3": TypedWords(needed=["x"] * 4),
        "Line 2 on what you need has 141 characters: shorten it to 140": TypedWords(needed=["x", "x y" * 47]),
    }
    for sentence, words in refused.items():
        with pytest.raises(Refusal, match=sentence):
            write_story(cells, WEEK, words, header)
    for change in ({"name": " "}, {"audience": "x " * 31 + "x"}, {"purpose": "a\u202eb"}):
        with pytest.raises(Refusal):
            write_story(cells, WEEK, TypedWords(), replace(header, **change))  # type: ignore[arg-type]  # texts only


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_report_expires_within_a_year(cells: PeriodCells, header: Header, days: int) -> None:
    with pytest.raises(Refusal, match="kept from 1 to 366 days"):
        write_story(cells, WEEK, TypedWords(), replace(header, kept_days=days))


def test_nothing_at_all_is_a_report_too(tally: Callable[..., Tally], header: Header) -> None:
    nothing = {
        name: tally([0] * number, name=name)
        for name, number in ((AssessmentName.OUTCOME, 5), (AssessmentName.NEED, 4), (AssessmentName.REVIEW, 5))
    }
    report = write_story(period_cells(_about(nothing)), period_named("2026-11"), TypedWords(), header)
    assert report.outcome.shares is None
    assert report.words.improved == ()


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"level": "L2"},
        {"taxonomy": 1.0},
        {"taxonomy": True},
        {"period": "2026-W54"},
        {"period": "2021-W53"},
        {"period": "2026-W47\n"},
        {"period": "2026-11-23"},
        {"written_in": "2026-11"},
        {"expires_after": "2026-W01"},
        {"name": "a\u202eb"},
        {"name": "x" * 61},
        {"name": ""},
        {"purpose": None},
        {"words": {"improved": [{"text": "a\nb", "evidence": "linked"}], "did_not_work": [], "needed": []}},
        {"words": {"improved": [{"text": "a", "evidence": "proven"}], "did_not_work": [], "needed": []}},
        {"words": {"improved": [], "did_not_work": [" a"], "needed": []}},
        {"words": {"improved": [], "did_not_work": ["a"] * 4, "needed": []}},
        {"need": {"shares": None, "app_drawn": "15-25", "estimate": None}},
        {"need": {"shares": None, "app_drawn": None, "estimate": {"response": "60-70", "essential": "40-30"}}},
    ],
    ids=str,
)
def test_nothing_unlisted_passes_the_gate(
    cells: PeriodCells, words: TypedWords, header: Header, change: dict[str, object]
) -> None:
    fields = msgspec.to_builtins(write_story(cells, WEEK, words, header))
    assert msgspec.convert(fields, Story, strict=True) == write_story(cells, WEEK, words, header)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**fields, **change}, Story, strict=True)


@pytest.mark.parametrize("code", ["40-30", "40-40", "05-10", "30-40\n", "0-110", "-10-20"])
def test_ranges_are_ranges(cells: PeriodCells, words: TypedWords, header: Header, code: str) -> None:
    fields = msgspec.to_builtins(write_story(cells, WEEK, words, header))
    estimate = {"response": "60-70", "essential": "30-40", "helpful": None, "extra": None, "unnecessary": None}
    fields["need"]["estimate"] = estimate
    msgspec.convert(fields, Story, strict=True)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**fields, "need": {**fields["need"], "estimate": {**estimate, "extra": code}}}, Story)
