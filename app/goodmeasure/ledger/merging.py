"""What stays when one event is seen twice: pure rules over plain rows; the order of sightings does not matter."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from goodmeasure.domain.events import GenerationFlag

_SECOND_HAND = int(GenerationFlag.COPIED | GenerationFlag.RELAYED)


class Sighting(NamedTuple):
    """A generation as the ledger holds it, or as a file shows it; the order of `GENERATION_COLUMNS` after the key."""

    session_id: int
    run_id: int
    source_file_id: int
    model_id: int | None
    recorded_at: int | None
    input_tokens: int | None
    cache_read_tokens: int | None
    cache_write_5m_tokens: int | None
    cache_write_1h_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    web_search_requests: int | None
    reported_cost_micros: int | None
    service_tier: str | None
    flags: int
    cost_micros: int | None
    cost_basis: int


GENERATION_COLUMNS = ("key", *Sighting._fields)


def merged(old: Sighting, new: Sighting) -> Sighting:
    """Return what one generation is after two sightings.

    The sighting with the larger output gives all counters and the price (streams are logged as growing snapshots);
    known stands over unknown; of two instants the earlier stays (a copy may be stamped anew); only doubts that both
    share remain. The first sighting owns it, unless that was second hand (copied, relayed) and the new one is not.
    """
    fuller, other = (new, old) if _fullness(new) > _fullness(old) else (old, new)
    owner = new if old.flags & _SECOND_HAND and not new.flags & _SECOND_HAND else old
    return fuller._replace(
        session_id=owner.session_id,
        run_id=owner.run_id,
        source_file_id=owner.source_file_id,
        model_id=other.model_id if fuller.model_id is None else fuller.model_id,
        recorded_at=earlier(old.recorded_at, new.recorded_at),
        reported_cost_micros=larger(old.reported_cost_micros, new.reported_cost_micros),
        service_tier=fuller.service_tier or other.service_tier,
        flags=old.flags & new.flags,
    )


def _fullness(sighting: Sighting) -> tuple[int, ...]:
    # Equal outputs are told apart by the other counters and the price's inputs, so that no order of files decides.
    counted = (
        sighting.output_tokens,
        sighting.input_tokens,
        sighting.cache_read_tokens,
        sighting.cache_write_5m_tokens,
        sighting.cache_write_1h_tokens,
        sighting.reasoning_tokens,
        sighting.web_search_requests,
        sighting.cost_micros,
        sighting.cost_basis,
        sighting.model_id,
    )
    return tuple(-1 if value is None else value for value in counted)


def earlier(first: int | None, second: int | None) -> int | None:
    """Return the smaller of two instants; the known one where only one is."""
    if first is None or second is None:
        return second if first is None else first
    return min(first, second)


def larger(first: int | None, second: int | None) -> int | None:
    """Return the larger of two numbers; the known one where only one is."""
    if first is None or second is None:
        return second if first is None else first
    return max(first, second)


def merged_call(old: Sequence[Any], new: Sequence[Any], unknown_tool: int) -> tuple[Any, ...]:
    """Return (called_at, finished_at, tool_id, status) of a tool call from two sightings that may each know half."""
    tool = new[2] if old[2] == unknown_tool else old[2]
    return earlier(old[0], new[0]), earlier(old[1], new[1]), tool, larger(old[3], new[3])
