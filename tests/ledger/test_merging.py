"""No order of files, and no way of cutting them into stretches, changes what the ledger holds."""

import random
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodmeasure.domain.period import Span
from goodmeasure.ledger.merging import Sighting, merged
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.summaries import rebuild
from goodmeasure.ledger.usage import usage_rows

number = st.one_of(st.none(), st.integers(0, 3))
sightings = st.builds(
    Sighting,
    session_id=st.just(1),
    run_id=st.just(1),
    source_file_id=st.just(1),
    model_id=st.one_of(st.none(), st.just(1)),
    recorded_at=number,
    input_tokens=number,
    cache_read_tokens=number,
    cache_write_5m_tokens=number,
    cache_write_1h_tokens=number,
    output_tokens=number,
    reasoning_tokens=number,
    web_search_requests=number,
    reported_cost_micros=number,
    service_tier=st.none(),
    flags=st.integers(0, 31),
    cost_micros=number,
    cost_basis=st.integers(0, 2),
)


@given(sightings, sightings, sightings)
def test_merging_asks_neither_for_order_nor_for_grouping(first: Sighting, second: Sighting, third: Sighting) -> None:
    assert merged(first, second) == merged(second, first)
    assert merged(merged(first, second), third) == merged(first, merged(second, third))
    assert merged(first, first) == first


KEYS = [f"call {index}" for index in range(6)]
DAYS = [f"2026-11-{day}" for day in range(20, 26)]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Files, each with sightings of (call, output, flags); every file is one session, some hang on others."""
    return [
        (
            f"session {index}",
            draw(
                st.lists(
                    st.tuples(st.sampled_from(KEYS), st.integers(0, 50), st.sampled_from([0, 0, 1, 4, 8])), max_size=5
                )
            ),
        )
        for index in range(draw(st.integers(1, 5)))
    ]


def tell(teller: Any, history: list[tuple[str, list[tuple[str, int, int]]]], order: random.Random) -> None:
    """Write the files in a random order and in random stretches, finishing at random moments."""
    stretches = []
    for index, (name, calls) in enumerate(history):
        parent = history[index // 2][0] if index else None
        facts = teller.session(name, parent=parent, relation="subagent" if parent else None)
        events: list[Any] = [facts]
        events += [teller.call(key, name, output_tokens=output, flags=flags) for key, output, flags in calls]
        stretches.append((name, events))
    while stretches:
        name, events = order.choice(stretches)
        cut = order.randint(1, len(events))
        # Within one stretch a reader gives each key once, merged.
        seen: dict[Any, Any] = {}
        for event in events[:cut]:
            seen.setdefault((type(event), event[0]), event)
        left = [event for event in events[:cut] if event not in seen.values()] + events[cut:]
        teller.write(*seen.values(), path=f"/logs/{name}", finish=order.random() < 0.3)
        stretches = [(other, rest) for other, rest in stretches if other != name]
        if left:
            stretches.append((name, left))
    teller.writer.finish()


def totals(ledger: Ledger) -> Any:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only here

    return usage_rows(ledger, ("source", "model", "day"), Span(), ZoneInfo("Europe/Berlin"))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_any_order_of_files_gives_the_same_totals(
    new_teller: Callable[[], Any],
    history: list[tuple[str, list[tuple[str, int, int]]]],
    first: random.Random,
    second: random.Random,
) -> None:
    one, other = new_teller(), new_teller()
    tell(one, history, first)
    tell(other, history, second)
    assert totals(one.ledger) == totals(other.ledger)
    assert sorted(one.rows("SELECT key FROM run WHERE merged_into_id IS NULL")) == sorted(
        other.rows("SELECT key FROM run WHERE merged_into_id IS NULL")
    )
    flags = "SELECT key, flags, output_tokens FROM generation ORDER BY key"
    assert one.rows(flags) == other.rows(flags)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.randoms(use_true_random=False))
def test_summaries_kept_up_to_date_equal_summaries_made_anew(
    new_teller: Callable[[], Any], history: list[tuple[str, list[tuple[str, int, int]]]], order: random.Random
) -> None:
    teller = new_teller()
    tell(teller, history, order)
    tables = ("run_summary", "usage_bucket")
    kept = {table: sorted(teller.rows(f"SELECT * FROM {table}"), key=str) for table in tables}  # noqa: S608 - constant names
    words = teller.rows("SELECT rowid FROM run_text WHERE run_text MATCH 'shop' ORDER BY 1")
    rebuild(teller.ledger)
    assert {table: sorted(teller.rows(f"SELECT * FROM {table}"), key=str) for table in tables} == kept  # noqa: S608 - constant names
    assert teller.rows("SELECT rowid FROM run_text WHERE run_text MATCH 'shop' ORDER BY 1") == words
    calls = teller.rows("SELECT count(*) FROM generation")
    assert teller.rows("SELECT coalesce(sum(generations), 0) FROM usage_bucket") == calls
    assert teller.rows("SELECT coalesce(sum(generations), 0) FROM run_summary") == calls
