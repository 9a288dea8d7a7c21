"""A trend in words: what changed, what did not, and what cannot be said."""

from datetime import date, timedelta

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.shares import Interval
from goodmeasure.value.trend import Change, Trend, TrendWeek
from goodmeasure.viewmodels.trend import trend_view

MONDAY = date(2026, 9, 21)
HALF, MORE = Interval(0.4, 0.5, 0.6), Interval(0.7, 0.8, 0.9)


def told(change: Change | None, shown: int = 8) -> Trend:
    weeks = [TrendWeek(MONDAY + timedelta(weeks=number), 12, HALF) for number in range(shown)]
    gap = TrendWeek(MONDAY + timedelta(weeks=shown), 4, None)
    return Trend(AssessmentName.NEED, "extra", (*weeks, gap), change)


def test_a_change_and_none() -> None:
    assert trend_view(told(Change(HALF, MORE, 0.1, 0.5))).sentence == (
        "More than before: 70 – 90 % in the last 4 weeks, 40 – 60 % before."
    )
    assert trend_view(told(Change(MORE, HALF, -0.5, -0.1))).sentence.startswith("Less than before: 40 – 60 %")
    assert trend_view(told(Change(HALF, HALF, -0.2, 0.2))).sentence.startswith("No clear change")
    assert trend_view(told(None)).sentence == "Not enough to say whether it changed."


def test_gaps_have_no_shares_and_say_why() -> None:
    view = trend_view(told(None))
    assert (view.title, view.enough) == ("not bothered", True)
    assert (view.weeks[0].label, view.weeks[0].share, view.weeks[0].about) == ("21 Sep", 0.5, "12 answers: 40 – 60 %")
    last = view.weeks[-1]
    assert (last.low, last.share, last.high, last.about) == (None, None, None, "4 answers: too few to say")
    assert "21 Sep: 12 answers: 40 – 60 %" in view.description


def test_too_few_weeks_are_no_trend() -> None:
    view = trend_view(told(None, shown=1))
    assert not view.enough
    assert view.sentence == "Not enough to say yet: 1 week has enough answers to drawn runs, a trend needs 8."
