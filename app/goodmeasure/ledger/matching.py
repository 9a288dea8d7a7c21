"""When a call in a log and a call told by telemetry are one: pure rules over plain rows."""

from collections.abc import Iterable
from typing import NamedTuple

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.ledger.merging import Sighting, larger

WINDOW_MS = 30 * 60_000
"""How far apart the instants of one call may lie: a log may date an answer's first words, telemetry its end."""
_LOWER_BOUND = int(GenerationFlag.OUTPUT_LOWER_BOUND)


class Call(NamedTuple):
    """A call as far as it can be compared. Instants are milliseconds since 1970 UTC."""

    id: int
    run_id: int
    model: str | None
    recorded_at: int | None
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    flags: int


def agree(logged: Call, told: Call) -> bool:
    """Tell whether a logged call and one told by telemetry can be the same: model, instant and every known counter.

    A log that holds only the start of an answer's stream may show less output.
    """
    if logged.output_tokens is None or told.output_tokens is None or not _near(logged, told):
        return False
    if not _same_model(logged.model or "", told.model or ""):
        return False
    begun = bool(logged.flags & _LOWER_BOUND)
    return (
        _equal(logged.input_tokens, told.input_tokens)
        and _equal(logged.cache_read_tokens, told.cache_read_tokens)
        and _equal(_written(logged), _written(told))
        and (logged.output_tokens <= told.output_tokens if begun else logged.output_tokens == told.output_tokens)
        and (begun or _equal(logged.reasoning_tokens, told.reasoning_tokens))
    )


def nearest(call: Call, candidates: Iterable[Call]) -> Call | None:
    """Return the candidate of the same run, else of any, that is nearest in time; None without candidates."""
    return min(
        candidates,
        key=lambda other: (
            other.run_id != call.run_id,
            abs((other.recorded_at or 0) - (call.recorded_at or 0)),
            other.id,
        ),
        default=None,
    )


def united(logged: Sighting, told: Sighting) -> Sighting:
    """Return the one call: the log says where it belongs.

    Its counters stand, unless it holds only their start, or does not know one of them.
    """
    if not (_lacks(logged, told) or logged.flags & _LOWER_BOUND):
        return logged._replace(
            model_id=logged.model_id or told.model_id,
            service_tier=logged.service_tier or told.service_tier,
        )
    return told._replace(
        session_id=logged.session_id,
        run_id=logged.run_id,
        source_file_id=logged.source_file_id,
        model_id=logged.model_id or told.model_id,
        recorded_at=logged.recorded_at,
        reasoning_tokens=larger(logged.reasoning_tokens, told.reasoning_tokens),
        web_search_requests=logged.web_search_requests,
        reported_cost_micros=logged.reported_cost_micros,
        service_tier=logged.service_tier or told.service_tier,
        flags=logged.flags & ~_LOWER_BOUND,
    )


def _lacks(logged: Sighting, told: Sighting) -> bool:
    """Tell whether the log lacks a counter that telemetry knows (a lifetime of cache writes is no counter)."""
    unknown = logged.input_tokens is None or logged.cache_read_tokens is None
    return unknown and told.input_tokens is not None and told.cache_read_tokens is not None


def _near(first: Call, second: Call) -> bool:
    return (
        first.recorded_at is not None
        and second.recorded_at is not None
        and abs(first.recorded_at - second.recorded_at) <= WINDOW_MS
    )


def _same_model(first: str, second: str) -> bool:
    """Tell whether two names can mean one model: one may carry a date that the other lacks, or be unknown."""
    return first.startswith(second) or second.startswith(first)


def _equal(first: int | None, second: int | None) -> bool:
    return first is None or second is None or first == second


def _written(call: Call) -> int | None:
    short, long = call.cache_write_5m_tokens, call.cache_write_1h_tokens
    return None if short is None and long is None else (short or 0) + (long or 0)
