"""A day is drawn once, a run stands in one frame, and both outlive everything."""

from typing import Any

import pytest
from sqlcipher3 import dbapi2

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected, Draw, Stratum
from goodmeasure.domain.period import Span
from goodmeasure.ledger.assessments import append_assessments
from goodmeasure.ledger.behind import has_drawn
from goodmeasure.ledger.draws import (
    DrawnRun,
    DrawRecord,
    costs,
    draw_of,
    drawn_since,
    drawn_waiting,
    frame,
    record_draws,
)
from goodmeasure.ledger.reads import rated_runs

DAY = 86_400_000


def run_of(teller: Any, session: str, *, ended_at: int, cost: int | None = 5) -> int:
    known = {"output_tokens": cost} if cost is not None else {"model": "odd"}
    teller.write(
        teller.session(session, started_at=ended_at - 60_000, ended_at=ended_at),
        teller.call(f"call-{session}", session, ended_at, **known),
    )
    return {name: int(run_id) for name, run_id in teller.rows("SELECT native_id, run_id FROM session")}[session]


def record(day: str, *entries: tuple[int, Draw, bool]) -> DrawRecord:
    return DrawRecord(day, 1000, b"s" * 32, 7, entries)


REST = Draw(Stratum.REST, 0.5)


def test_frame_holds_ended_runs_of_the_last_days_that_never_stood_in_one(teller: Any) -> None:
    now = teller.noon
    fresh = run_of(teller, "fresh", ended_at=now - DAY)
    unpriced = run_of(teller, "unpriced", ended_at=now - 2 * DAY, cost=None)
    run_of(teller, "going on", ended_at=now - 60_000)
    run_of(teller, "forgotten", ended_at=now - 8 * DAY)
    framed = run_of(teller, "framed", ended_at=now - DAY)
    record_draws(teller.ledger, [record("2026-11-22", (framed, REST, False))])
    found = frame(teller.ledger, now, now - 7 * DAY)
    assert {(one.run_id, one.list_cost_micros) for one in found} == {(fresh, 5), (unpriced, None)}
    assert [one.key for one in found] == sorted(one.key for one in found)
    assert sorted(costs(teller.ledger, now, now - 7 * DAY), key=str) == [5, 5, None]


def test_a_day_keeps_its_first_draw(teller: Any) -> None:
    first, second = (run_of(teller, name, ended_at=teller.noon) for name in ("first", "second"))
    record_draws(teller.ledger, [record("2026-11-23", (first, REST, True))])
    record_draws(teller.ledger, [record("2026-11-23", (second, REST, True))])
    assert has_drawn(teller.ledger, "2026-11-23")
    assert not has_drawn(teller.ledger, "2026-11-24")
    assert draw_of(teller.ledger, first) == REST
    assert draw_of(teller.ledger, second) is None


def test_only_the_drawn_are_asked_about_until_they_have_an_outcome(teller: Any) -> None:
    drawn, other = (run_of(teller, name, ended_at=teller.noon) for name in ("drawn", "other"))
    record_draws(teller.ledger, [record("2026-11-23", (drawn, REST, True), (other, REST, False))])
    assert drawn_waiting(teller.ledger, 0) == [drawn]
    assert drawn_since(teller.ledger, 0) == [DrawnRun(drawn, "2026-11-23", None)]
    assert drawn_waiting(teller.ledger, 1001) == []
    assert [(run.run_id, run.draw) for run in rated_runs(teller.ledger, Span(None, None))] == [
        (drawn, REST),
        (other, None),
    ]
    said = Assessment(
        id=None,
        run_id=drawn,
        name=AssessmentName.OUTCOME,
        value="used",
        source=AssessmentSource.HUMAN,
        collected=Collected.SAMPLED,
        inclusion_probability=0.5,
        assessed_at=2000,
        answer_seconds=None,
        suggested=None,
        supersedes_id=None,
        taxonomy_version=1,
    )
    append_assessments(teller.ledger, [said])
    assert drawn_waiting(teller.ledger, 0) == []


def test_a_draw_cannot_be_rewritten(teller: Any) -> None:
    run_id = run_of(teller, "drawn", ended_at=teller.noon)
    record_draws(teller.ledger, [record("2026-11-23", (run_id, REST, True))])
    for change in ("UPDATE draw_run SET drawn = 0", "DELETE FROM draw_run", "UPDATE draw SET seed = x'00'"):
        with pytest.raises(dbapi2.DatabaseError, match="append-only"):
            teller.ledger.raw().execute(change)
