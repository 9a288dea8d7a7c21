"""The month's figures made by hand: from the plan and the answers alone, with none of the app's own arithmetic.

Formulas are written out from docs/value.md; fractions are exact until a root has to be drawn.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, sqrt

from tests.bench.month_life import PlannedRun

ANSWERS = {
    "outcome": ("used", "informed", "partial", "discarded", "harmful"),
    "need": ("essential", "helpful", "extra", "unnecessary"),
    "review": ("none", "accepted", "light_edits", "heavy_edits", "rejected"),
}
BANDS = {
    "lost_30_plus": (-120, -30),
    "lost_5_30": (-30, -5),
    "same": (-5, 5),
    "saved_5_15": (5, 15),
    "saved_15_30": (15, 30),
    "saved_30_60": (30, 60),
    "saved_60_120": (60, 120),
    "saved_120_240": (120, 240),
    "saved_240_plus": (240, 480),
}
_Z = 1.2815515655446004
"""A tenth of the normal curve lies above it."""


@dataclass(slots=True)
class Draw:
    """One run of a day's frame."""

    run: PlannedRun
    costly: bool
    chance: Fraction
    drawn: bool = False


def frames(runs: Sequence[PlannedRun], days: Iterable[date]) -> dict[int, Draw]:
    """Return how each run stood in the frame of its own day: at most two costly ones drawn, five in all."""
    found: dict[int, Draw] = {}
    for day in days:
        known = sorted(run.cost_micros for run in runs if run.day <= day)
        threshold = known[ceil(len(known) * 9 / 10) - 1]
        of_day = [run for run in runs if run.day == day]
        costly = [run for run in of_day if run.cost_micros >= threshold]
        rest = [run for run in of_day if run.cost_micros < threshold]
        n_costly = min(2, len(costly))
        for part, places in ((costly, n_costly), (rest, min(5 - n_costly, len(rest)))):
            for run in part:
                found[run.number] = Draw(run, part is costly, Fraction(places, len(part)))
    return found


def places(of_day: Iterable[Draw]) -> Counter[bool]:
    """Return how many of a frame's costly (True) and other runs are drawn: the sum of their chances."""
    sums: dict[bool, Fraction] = defaultdict(Fraction)
    for one in of_day:
        sums[one.costly] += one.chance
    return Counter({costly: int(total) for costly, total in sums.items()})


def judged(runs: Sequence[PlannedRun]) -> list[PlannedRun]:
    """Return the runs that may be judged."""
    return [run for run in runs if run.given.get("outcome") != "excluded"]


def shared(run: PlannedRun, question: str) -> str | None:
    """Return an answer that stands in shares."""
    value = run.given.get(question)
    return value if value in ANSWERS[question] else None


def counts(runs: Sequence[PlannedRun], question: str) -> dict[str, int]:
    """Count each answer, and those not rated."""
    found = dict.fromkeys((*ANSWERS[question], "not_rated"), 0)
    for run in judged(runs):
        found[shared(run, question) or "not_rated"] += 1
    return found


def coverage(runs: Sequence[PlannedRun]) -> tuple[int, int, Fraction, Fraction]:
    """Return rated runs, all runs, and the rated share by runs and by cost."""
    every = judged(runs)
    rated = [run for run in every if shared(run, "outcome")]
    cost = Fraction(sum(run.cost_micros for run in rated), sum(run.cost_micros for run in every))
    return len(rated), len(every), Fraction(len(rated), len(every)), cost


def intervals(draws: Iterable[Draw], question: str) -> tuple[int, int, dict[str, tuple[float, float, float]]] | None:
    """Return drawn runs, answered ones, and each answer's low end, share and high end; None: not enough to say."""
    drawn = [one for one in draws if one.drawn and one.run.given.get("outcome") != "excluded"]
    answered = [one for one in drawn if shared(one.run, question) and not one.run.batch]
    if len(answered) < 20 or Fraction(len(answered), len(drawn)) < Fraction(6, 10):
        return None
    pots = [[one for one in drawn if one.costly is costly] for costly in (True, False)]
    pots = [pot for pot in pots if pot]
    if any(not any(one in answered for one in pot) for pot in pots):
        pots = [drawn]
    whole = sum((1 / one.chance for one in drawn), Fraction())
    shares: dict[str, Fraction] = defaultdict(Fraction)
    spread = Fraction()
    for pot in pots:
        size = sum((1 / one.chance for one in pot), Fraction())
        weights = {one.run.number: 1 / one.chance for one in pot if one in answered}
        total = sum(weights.values(), Fraction())
        for one in pot:
            if one.run.number in weights:
                shares[shared(one.run, question) or ""] += size / whole * weights[one.run.number] / total
        effective = total**2 / sum((weight**2 for weight in weights.values()), Fraction())
        spread += (size / whole) ** 2 * (1 - len(weights) / size) / effective
    number = float(1 / spread)
    return len(drawn), len(answered), {answer: _wilson(float(shares[answer]), number) for answer in ANSWERS[question]}


def _wilson(share: float, number: float) -> tuple[float, float, float]:
    z2 = _Z * _Z
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    reach = _Z * sqrt(share * (1 - share) / number + z2 / (4 * number**2)) / (1 + z2 / number)
    return max(0.0, min(middle - reach, share)), share, min(1.0, max(middle + reach, share))


def time_range(runs: Sequence[PlannedRun]) -> tuple[int, int, int]:
    """Return the low and the high end in minutes, and how many runs have a time."""
    days: dict[date, list[tuple[int, int]]] = defaultdict(list)
    names = list(BANDS)
    for run in judged(runs):
        band = run.given.get("time_saved")
        if band not in BANDS:
            continue
        low, high = BANDS[band]
        if run.given.get("confidence") == "guess":
            place = names.index(band)
            low = BANDS[names[max(place - 1, 0)]][0]
            high = BANDS[names[min(place + 1, len(names) - 1)]][1]
        counts_whole = run.given.get("need") in {"essential", "helpful"} and run.given.get("outcome") in {
            *("used", "informed", "partial")
        }
        days[run.day].append((low, high) if counts_whole else (min(low, 0), min(high, 0)))
    low_sum = sum(min(480, sum(low for low, _ in bands)) for bands in days.values())
    high_sum = sum(min(480, sum(high for _, high in bands)) for bands in days.values())
    return low_sum, high_sum, sum(len(bands) for bands in days.values())


def evidence(runs: Sequence[PlannedRun]) -> dict[tuple[str, str], set[int]]:
    """Return the numbers of the runs of each outcome and grade, by what became of their work in git."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for run in judged(runs):
        outcome = shared(run, "outcome")
        if outcome is None:
            continue
        fallen = "contradicted" if outcome == "used" else "linked"
        grade = {"kept": "verified", "gone": fallen, "reverted": fallen, "branch": "linked", "": "self_reported"}
        found[outcome, grade[run.fate]].add(run.number)
    return found
