"""Contexts weighed, and who is left alone."""

from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.findings import Detector, Dismissals, LookedAtRun, ModelCall, ToolUse
from goodmeasure.findings.carrying import context_heavy, weighted_context
from goodmeasure.findings.looking import exempt, look_for

COUNTS = st.integers(0, 10**6)


def call(*counts: int | None, session: int = 1) -> ModelCall:
    return ModelCall._make((session, 1, "m", *counts, None))


def run(number: int = 1, **known: object) -> LookedAtRun:
    plain: dict[str, object] = {
        "run_id": number, "source": "s", "project_id": 1, "project": "shop", "started_at": 1, "ended_at": 2,
        "unattended": False, "outcome": None, "need": None, "linked": False, "cost_micros": None,
    }  # fmt: skip
    return LookedAtRun(**(plain | known))  # type: ignore[arg-type]  # as named


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)))
def test_a_context_is_weighed_as_its_formula_says(counts: list[tuple[int, int, int, int, int]]) -> None:
    told = weighted_context([call(*one) for one in counts])
    assert told is not None
    by_hand = sum(100 * fresh + 10 * read + 125 * (short + long) for fresh, read, short, long, _ in counts) / 100
    assert abs(told[0] - by_hand) < 1e-3
    assert told[1] == sum(one[-1] for one in counts)


def test_what_the_log_does_not_count_is_not_weighed() -> None:
    assert weighted_context([call(1, 2, 3, 4, 5), call(1, 2, 3, 4, None)]) is None
    assert weighted_context([call(None, 2, 3, 4, 5)]) is None
    assert weighted_context([call(100, None, None, None, 5)]) == (100.0, 5)


def test_sessions_of_a_run_are_not_thrown_together() -> None:
    halves = tuple(call(40_000, 0, 0, 0, 10, session=number) for number in (1, 2))
    assert context_heavy([run(calls=halves)], lambda *_: 1.0) == []
    whole = tuple(one._replace(session=1) for one in halves)
    (found,) = context_heavy([run(calls=whole)], lambda *_: 1.0)
    assert found.seen == {"runs": 1, "context_tokens": 80_000, "excess_tokens": 79_700}


def test_exempt_is_who_was_informed_and_changed_nothing() -> None:
    read, edit = ToolUse(1, "Read", "read", "ok"), ToolUse(1, "Edit", "edit", "ok")
    assert exempt(run(outcome="informed", tools=(read,)))
    assert not exempt(run(outcome="informed", tools=(read, edit)))
    assert not exempt(run(outcome="used", tools=(read,)))


@given(st.integers(0, 60), st.integers(0, 5))
def test_a_dismissal_lasts_thirty_days_and_lowers_for_good(days: int, count: int) -> None:
    """Eagerness falls by half the threshold per dismissal; 90,000 tokens stand for 1.2 times the threshold."""
    now = 100 * 86_400_000
    said: dict[tuple[Detector, int | None], Dismissals] = {}
    if count:
        said[Detector.CONTEXT_HEAVY, 1] = Dismissals(count, now - days * 86_400_000)
    heavy = run(calls=(call(90_000, 0, 0, 0, 10),), outcome="used")
    heavier = run(calls=(call(90_000 * 4, 0, 0, 0, 10),), outcome="used")
    assert bool(look_for([heavy], said, now)) is (count == 0)
    assert bool(look_for([heavier], said, now)) is (count == 0 or days >= 30)
