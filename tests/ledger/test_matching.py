from typing import Any

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.ledger.matching import WINDOW_MS, Call, agree, nearest, united
from goodmeasure.ledger.merging import Sighting

BEGUN = int(GenerationFlag.OUTPUT_LOWER_BOUND)
TOLD = int(GenerationFlag.TELEMETRY)
CALL = Call(1, 1, "opus-4-20260101", 1_000_000_000, 10, 100, 5, 0, 20, None, 0)


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ({}, {}),
        ({}, {"recorded_at": 1_000_000_000 + WINDOW_MS}),
        ({}, {"model": "opus-4"}),
        ({"model": None}, {}),
        ({"cache_write_5m_tokens": 2, "cache_write_1h_tokens": 3}, {}),
        ({"cache_write_1h_tokens": None}, {"cache_read_tokens": None}),
        ({"reasoning_tokens": 3}, {}),
        ({"output_tokens": 1, "flags": BEGUN, "reasoning_tokens": 1}, {"reasoning_tokens": 7}),
    ],
)
def test_one_call_told_twice(logged: dict[str, Any], told: dict[str, Any]) -> None:
    assert agree(CALL._replace(**logged), CALL._replace(**told))


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ({}, {"recorded_at": 1_000_000_001 + WINDOW_MS}),
        ({"recorded_at": None}, {}),
        ({}, {"model": "sonnet"}),
        ({}, {"input_tokens": 11}),
        ({}, {"cache_read_tokens": 0}),
        ({}, {"cache_write_1h_tokens": 1}),
        ({"output_tokens": 1}, {}),
        ({"output_tokens": 21, "flags": BEGUN}, {}),
        ({"output_tokens": None}, {"output_tokens": None}),
        ({"reasoning_tokens": 3}, {"reasoning_tokens": 4}),
    ],
)
def test_two_calls(logged: dict[str, Any], told: dict[str, Any]) -> None:
    assert not agree(CALL._replace(**logged), CALL._replace(**told))


def test_the_own_run_goes_before_the_nearer_instant() -> None:
    near, own = CALL._replace(id=2, run_id=9), CALL._replace(id=3, recorded_at=1_000_500_000)
    assert nearest(CALL, [near, own]) == own
    assert nearest(CALL, [near]) == near
    assert nearest(CALL, []) is None


SIGHTING = Sighting(1, 1, 1, 1, 1000, 10, 100, 5, 0, 20, 4, 2, None, None, 0, 77, 1)


def test_the_log_stands() -> None:
    told = SIGHTING._replace(session_id=2, run_id=2, source_file_id=2, model_id=2, recorded_at=2000, flags=TOLD)
    assert united(SIGHTING, told) == SIGHTING
    assert united(SIGHTING._replace(model_id=None), told) == SIGHTING._replace(model_id=2)


def test_a_begun_answer_is_completed_where_the_log_says_it_belongs() -> None:
    begun = SIGHTING._replace(output_tokens=1, reasoning_tokens=None, cost_micros=5, flags=BEGUN)
    told = SIGHTING._replace(session_id=2, run_id=2, source_file_id=2, model_id=2, recorded_at=2000, flags=TOLD)
    assert united(begun, told) == SIGHTING


def test_what_the_log_does_not_know_telemetry_tells() -> None:
    sparse = SIGHTING._replace(input_tokens=None, cache_read_tokens=None, cost_micros=None, cost_basis=0)
    told = SIGHTING._replace(session_id=2, run_id=2, source_file_id=2, model_id=2, recorded_at=2000, flags=TOLD)
    assert united(sparse, told) == SIGHTING
