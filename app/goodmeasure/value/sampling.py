"""Which runs the app asks about: drawn by chance, so that the answers can speak for the runs that were not asked about.

Each run stands in one frame only: that of the first draw after it has ended, within `FRAME_DAYS`. So its inclusion
probability is that draw's, and needs no correction for days on which it might have been drawn, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from typing import Final

from goodmeasure.domain.assessments import Draw, Stratum

DAY_LIMIT: Final = 5
"""Most runs that are drawn on one day …"""
COSTLY_LIMIT: Final = 2
"""… of which at most this many from the costly ones."""
COSTLY_PERCENTILE: Final = 90
FRAME_DAYS: Final = 7
"""Runs that ended longer ago are never drawn: nobody remembers what became of them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of the frame."""

    run_id: int
    key: str
    """The run's key: the same on every machine, so a draw can be repeated from its seed."""
    list_cost_micros: int | None


@dataclass(frozen=True, slots=True)
class FrameEntry:
    """A run of the frame and what the draw decided."""

    run_id: int
    draw: Draw
    drawn: bool


def costly_from(costs: Sequence[int | None]) -> int | None:
    """Return the person's own 90th percentile of cost (nearest rank) in micro-USD; None where no cost is known."""
    known = sorted(cost for cost in costs if cost is not None)
    return known[ceil(len(known) * COSTLY_PERCENTILE / 100) - 1] if known else None


def draw_for_day(frame: Sequence[Candidate], threshold_micros: int | None, seed: bytes) -> list[FrameEntry]:
    """Draw at most five runs of the frame, and return the whole frame in the order of the runs' keys.

    Two strata: runs whose cost is known and at or above `threshold_micros`, of which min(2, N_costly) are drawn, and
    the rest, of which min(5 - n_costly, N_rest) are. Within a stratum each set of that size is equally likely, so the
    inclusion probability is n_h / N_h. Places that one stratum cannot fill are not given to the costly one: costly runs
    would crowd out the usual ones. The same frame and seed give the same draw, for ever: the order is that of a keyed
    hash, not of a library's random numbers.
    """
    strata: dict[Stratum, list[Candidate]] = {stratum: [] for stratum in Stratum}
    for candidate in sorted(frame, key=lambda candidate: candidate.key):
        strata[_stratum(candidate, threshold_micros)].append(candidate)
    costly = min(COSTLY_LIMIT, len(strata[Stratum.COSTLY]))
    places = {Stratum.COSTLY: costly, Stratum.REST: min(DAY_LIMIT - costly, len(strata[Stratum.REST]))}
    entries = [
        FrameEntry(candidate.run_id, Draw(stratum, places[stratum] / len(candidates)), candidate in chosen)
        for stratum, candidates in strata.items()
        for chosen in [sorted(candidates, key=lambda one: _rank(seed, one.key))[: places[stratum]]]
        for candidate in candidates
    ]
    order = {candidate.run_id: candidate.key for candidate in frame}
    return sorted(entries, key=lambda entry: order[entry.run_id])


def _stratum(candidate: Candidate, threshold_micros: int | None) -> Stratum:
    cost = candidate.list_cost_micros
    costly = threshold_micros is not None and cost is not None and cost >= threshold_micros
    return Stratum.COSTLY if costly else Stratum.REST


def _rank(seed: bytes, key: str) -> bytes:
    return blake2b(key.encode(), key=seed, digest_size=16).digest()
