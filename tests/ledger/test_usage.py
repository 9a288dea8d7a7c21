"""Sums by any group, for days as people live them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.domain.period import Span, days_span, instant
from goodmeasure.domain.usage import Counters
from goodmeasure.ledger.usage import usage_rows

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = Span()


def at(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


def days(teller: Any, zone: str = "Europe/Berlin", span: Span = ALWAYS, group: str = "day") -> dict[str | None, int]:
    return {
        row.group[group]: row.counters.generations for row in usage_rows(teller.ledger, (group,), span, ZoneInfo(zone))
    }


def test_counters_are_summed_and_unknown_stays_unknown(teller: Any) -> None:
    teller.write(
        teller.session(),
        teller.call("c1", output_tokens=5, flags=int(GenerationFlag.OUTPUT_LOWER_BOUND)),
        teller.call("c2", output_tokens=None, model="odd", flags=int(GenerationFlag.ESTIMATED)),
        teller.call("c3", output_tokens=7, input_tokens=None),
    )
    (row,) = usage_rows(teller.ledger, (), ALWAYS, BERLIN)
    assert row.group == {}
    assert row.counters == Counters(3, 20, 300, 15, None, 12, None, 12, 1, 1, 1)
    by_model = {row.group["model"]: row.counters for row in usage_rows(teller.ledger, ("model",), ALWAYS, BERLIN)}
    assert by_model["odd"] == Counters(1, 10, 100, 5, None, None, None, None, 1, 1, 0)


def test_an_empty_ledger_has_no_rows(teller: Any) -> None:
    for group in ((), ("source",), ("day", "model"), ("session",)):
        assert usage_rows(teller.ledger, group, ALWAYS, BERLIN) == []


def test_groups_can_be_combined_and_unknown_ones_come_last(teller: Any) -> None:
    teller.write(
        teller.session("a", cwd="/shop"), teller.call("c1", "a"), teller.call("c2", "a", model=None, provider=None)
    )
    teller.write(teller.session("b", cwd=None), teller.call("c3", "b"), path="/b", source="codex")
    rows = usage_rows(teller.ledger, ("source", "project", "model"), ALWAYS, BERLIN)
    assert [(tuple(row.group.values()), row.counters.generations) for row in rows] == [
        (("claude-code", "shop", "opus"), 1),
        (("claude-code", "shop", None), 1),
        (("codex", None, "opus"), 1),
    ]
    assert [row.counters.generations for row in usage_rows(teller.ledger, (), ALWAYS, BERLIN, source="codex")] == [1]
    assert [row.counters.generations for row in usage_rows(teller.ledger, (), ALWAYS, BERLIN, project="shop")] == [2]


def test_one_model_of_two_providers_is_one_group(teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1"), teller.call("c2", provider="bedrock"))
    (row,) = usage_rows(teller.ledger, ("model",), ALWAYS, BERLIN)
    assert (row.group, row.counters.generations, row.counters.output_tokens) == ({"model": "opus"}, 2, 40)


def test_a_day_of_23_and_one_of_25_hours_hold_their_own_calls(teller: Any) -> None:
    calls = {
        "2026-03-28T23:59:59": 0,
        "2026-03-29T00:00:00": 0,
        "2026-03-29T23:59:59": 0,
        "2026-03-30T00:00:00": 0,
        "2026-10-25T00:00:00": 0,
        "2026-10-25T02:30:00": 0,
        "2026-10-25T23:59:59": 0,
        "2026-10-26T00:00:00": 0,
    }
    events = [teller.call(text, at=at(text, fold=fold)) for text, fold in calls.items()]
    teller.write(teller.session(), *events, teller.call("again", at=at("2026-10-25T02:30:00", fold=1)))
    expected = {
        "2026-03-28": 1,
        "2026-03-29": 2,
        "2026-03-30": 1,
        "2026-10-25": 4,
        "2026-10-26": 1,
    }
    assert days(teller) == expected
    (spring, autumn) = (days_span(day, day, BERLIN) for day in (date(2026, 3, 29), date(2026, 10, 25)))
    assert days(teller, span=spring) == {"2026-03-29": 2}
    assert days(teller, span=autumn) == {"2026-10-25": 4}
    assert days(teller, "UTC") == {"2026-03-28": 2, "2026-03-29": 2, "2026-10-24": 1, "2026-10-25": 4}


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Kathmandu", "2026-11-24"), ("Pacific/Chatham", "2026-11-24"), ("America/St_Johns", "2026-11-23")],
)
def test_zones_off_the_hour_have_exact_days(teller: Any, zone: str, day: str) -> None:
    teller.write(teller.session(), teller.call("c1", at=at("2026-11-23T19:20:00", "UTC")))
    assert days(teller, zone) == {day: 1}


def test_weeks_and_months_hold_whole_days(teller: Any) -> None:
    for text in ("2025-12-28T12:00:00", "2025-12-29T00:00:00", "2026-01-04T23:59:59", "2026-01-05T00:00:00"):
        teller.write(teller.session(), teller.call(text, at=at(text)))
    assert days(teller, group="week") == {"2025-W52": 1, "2026-W01": 2, "2026-W02": 1}
    assert days(teller, group="month") == {"2025-12": 2, "2026-01": 2}
    both = usage_rows(teller.ledger, ("month", "week"), ALWAYS, BERLIN)
    assert [(*row.group.values(), row.counters.generations) for row in both] == [
        ("2025-12", "2025-W52", 1),
        ("2025-12", "2026-W01", 1),
        ("2026-01", "2026-W01", 1),
        ("2026-01", "2026-W02", 1),
    ]


def test_a_call_of_unknown_instant_counts_only_where_time_is_not_asked(teller: Any) -> None:
    teller.write(teller.session(), teller.call("c1", at=None), teller.call("c2", at=-5), teller.call("c3"))
    assert days(teller) == {"2026-11-23": 1, None: 2}
    assert usage_rows(teller.ledger, (), ALWAYS, BERLIN)[0].counters.generations == 3
    assert days(teller, span=Span(0, None)) == {"2026-11-23": 1}
    assert days(teller, span=Span(1, None)) == {"2026-11-23": 1}
    assert usage_rows(teller.ledger, ("session",), Span(0, None), BERLIN)[0].counters.generations == 1


def test_a_span_that_starts_between_quarter_hours_is_exact(teller: Any) -> None:
    teller.write(teller.session(), *(teller.call(f"c{index}", at=teller.noon + index) for index in range(4)))
    assert days(teller, span=Span(teller.noon + 1, teller.noon + 3)) == {"2026-11-23": 2}
    assert usage_rows(teller.ledger, (), Span(teller.noon + 3, None), BERLIN)[0].counters.generations == 1


def test_a_session_has_its_subagents_folded_in(teller: Any) -> None:
    teller.write(
        teller.session("root"),
        teller.session("agent", parent="root", relation="subagent"),
        teller.call("c1", "root"),
        teller.call("c2", "agent", at=teller.noon + 86_400_000),
    )
    for group in (("session",), ("session", "model")):
        (row,) = usage_rows(teller.ledger, group, ALWAYS, BERLIN)
        assert (row.group["session"], row.counters.generations) == ("root", 2)
    assert len(usage_rows(teller.ledger, ("session", "day"), ALWAYS, BERLIN)) == 2


def test_all_tables_that_can_answer_give_the_same_answer(teller: Any) -> None:
    for index in range(300):
        session = f"s{index % 7}"
        teller.write(
            teller.session(session, cwd=f"/p{index % 3}"),
            teller.call(
                f"c{index}", session, at=teller.noon + index * 3_333_333, output_tokens=index, model=f"m{index % 4}"
            ),
            path=f"/{session}",
            finish=False,
        )
    teller.writer.finish()

    def by_project(*groups: str, span: Span = ALWAYS) -> dict[str | None, int]:
        totals: dict[str | None, int] = {}
        for row in usage_rows(teller.ledger, ("project", *groups), span, BERLIN):
            totals[row.group["project"]] = totals.get(row.group["project"], 0) + (row.counters.output_tokens or 0)
        return totals

    whole = by_project()
    assert sum(whole.values()) == sum(range(300))
    assert (
        by_project("session")
        == by_project("session", "model")
        == by_project("day", "model")
        == by_project("week")
        == whole
    )
    assert by_project(span=Span(teller.noon // 900_000 * 900_000, None)) == by_project(span=Span(1, None)) == whole


def test_an_unknown_group_is_a_mistake_of_the_caller(teller: Any) -> None:
    with pytest.raises(ValueError, match="colour"):
        usage_rows(teller.ledger, ("colour",), ALWAYS, BERLIN)
