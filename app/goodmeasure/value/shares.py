"""Shares of answers: what was said, what that can mean for all runs, and when there is not enough to say.

Formulas are from sampling textbooks: post-stratification with inverse inclusion probabilities (Hájek), Kish's effective
sample size, Wilson's interval, and bounds without assumptions (Manski).
"""

from collections import Counter
from collections.abc import Sequence
from math import inf, sqrt
from statistics import NormalDist
from typing import Final

from goodmeasure.domain.assessments import AssessmentName, Collected, Draw, Stratum
from goodmeasure.domain.runs import RatedRun
from goodmeasure.domain.shares import DrawnEstimate, Interval, Tally
from goodmeasure.value.coverage import judged_runs, response, sampled_answer, shared_answer
from goodmeasure.value.taxonomy import SHARED_ANSWERS

MIN_DRAWN_ANSWERS: Final = 20
"""An estimate for all runs needs this many answered draws …"""
MIN_RESPONSE_PERCENT: Final = 60
"""… and at least this response."""
Z_80: Final = NormalDist().inv_cdf(0.9)
"""An 80 % interval leaves a tenth on each side."""


def tally(runs: Sequence[RatedRun], name: AssessmentName) -> Tally:
    """Count the answers to `outcome`, `need` or `review` over the runs that may be judged.

    Not rated is counted, never imputed. Raises KeyError for a question that has no shares.
    """
    judged = judged_runs(runs)
    given = Counter(shared_answer(run, name) for run in judged)
    ways = Counter(run.answers[name].collected for run in judged if shared_answer(run, name) is not None)
    return Tally(
        name,
        {answer.value: given[answer.value] for answer in SHARED_ANSWERS[name]},
        given[None],
        {way: ways[way] for way in Collected},
        drawn_estimate(runs, name),
    )


def bounds(count: int, not_rated: int, runs: int) -> tuple[float, float]:
    """Return the worst cases of a share over all runs: [k / N, (k + unrated) / N], each from 0 to 1.

    Nothing is assumed of the runs that were not rated. Raises ValueError without runs or where the parts exceed them.
    """
    if runs <= 0 or count < 0 or not_rated < 0 or count + not_rated > runs:
        raise ValueError(f"{count} + {not_rated} of {runs} runs is no share")
    return count / runs, (count + not_rated) / runs


def drawn_estimate(runs: Sequence[RatedRun], name: AssessmentName) -> DrawnEstimate | None:
    """Estimate the shares over all runs from those that the app drew and the person answered.

    Post-stratified, p = Σ_h W_h p_h over h = costly, rest: W_h = Σ 1/π over all drawn runs of h (answered or not) as a
    part of that sum over both, p_h = Σ y/π ÷ Σ 1/π over the answered ones of h, π the inclusion probability. A pot in
    which nothing was answered is joined with the other. Interval: Wilson's at 80 %, on the effective number of answers
    1 / Σ (W_h² (1 - a_h / N_h) / n_h), n_h = (Σ 1/π)² / Σ 1/π² (Kish), a_h the answered draws and N_h = Σ 1/π over all
    drawn runs of h: of a pot that was answered whole, nothing is left to chance (finite population correction).

    None (not enough to say) below 20 answers, below 60 % response, or where draws were not recorded.
    """
    return estimate(runs, name, min_answers=MIN_DRAWN_ANSWERS)


def estimate(runs: Sequence[RatedRun], name: AssessmentName, *, min_answers: int) -> DrawnEstimate | None:
    """Return what `drawn_estimate` says, from this many answers on (at least 1)."""
    rate = response(runs, name)
    if rate is None or rate.answered < min_answers or 100 * rate.answered < MIN_RESPONSE_PERCENT * rate.drawn:
        return None
    drawn = [(run.draw, sampled_answer(run, name)) for run in judged_runs(runs) if run.draw is not None]
    pots = _pots(drawn)
    sizes = [sum(1 / draw.inclusion_probability for draw, _ in pot) for pot in pots]
    parts = [(size / sum(sizes), _weights(pot)) for size, pot in zip(sizes, pots, strict=True)]
    spread = sum(
        part**2 * (1 - len(weights) / size) / _effective_number(weights)
        for size, (part, weights) in zip(sizes, parts, strict=True)
    )
    answers_number = 1 / spread if spread > 0 else inf
    counts = Counter(value for _, value in drawn if value is not None)
    shares = {
        answer.value: sum(part * _weighted_share(weights, answer) for part, weights in parts)
        for answer in SHARED_ANSWERS[name]
    }
    return DrawnEstimate(
        rate.drawn,
        rate.answered,
        {answer: counts[answer] for answer in shares},
        {answer: wilson_interval(share, answers_number) for answer, share in shares.items()},
    )


def wilson_interval(share: float, answers: float, z: float = Z_80) -> Interval:
    """Return Wilson's interval of a share from `answers` (effective) answers, within 0 and 1."""
    share = min(max(share, 0.0), 1.0)
    middle = (share + z * z / (2 * answers)) / (1 + z * z / answers)
    reach = z / (1 + z * z / answers) * sqrt(share * (1 - share) / answers + z * z / (4 * answers * answers))
    # At 0 and 1 the ends are exact in theory; rounding must not push them beyond the share itself.
    return Interval(max(0.0, min(middle - reach, share)), share, min(1.0, max(middle + reach, share)))


_Drawn = tuple[Draw, str | None]


def _pots(drawn: list[_Drawn]) -> list[list[_Drawn]]:
    pots = [[one for one in drawn if one[0].stratum == stratum] for stratum in Stratum]
    pots = [pot for pot in pots if pot]
    everywhere = all(any(value is not None for _, value in pot) for pot in pots)
    return pots if everywhere else [drawn]


def _weights(pot: list[_Drawn]) -> list[tuple[float, str]]:
    return [(1 / draw.inclusion_probability, value) for draw, value in pot if value is not None]


def _effective_number(weights: list[tuple[float, str]]) -> float:
    return sum(weight for weight, _ in weights) ** 2 / sum(weight**2 for weight, _ in weights)


def _weighted_share(weights: list[tuple[float, str]], answer: str) -> float:
    return sum(weight for weight, value in weights if value == answer) / sum(weight for weight, _ in weights)
