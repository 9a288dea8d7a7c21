"""The cells of one period, for all levels at once: what is released first is released for ever, at every level.

Levels L1 and L2 are cut out of the same cells, so that holding both teaches no more than the richer one.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from goodmeasure.disclosure.cells import (
    MIN_MEMBERS,
    SMALL_CELL,
    bucket,
    count_bucket,
    estimate_cells,
    minutes_outward,
    partition_cells,
    share_cells,
    two_digits,
)
from goodmeasure.disclosure.fields import NeedSection, OutcomeSection, ReviewSection
from goodmeasure.disclosure.inference import BarSeen, count_span, keeps_hidden
from goodmeasure.disclosure.numbers import Cost, Counts, Oversight, Provider, Time
from goodmeasure.disclosure.providers import provider_of
from goodmeasure.disclosure.vocabulary import CountBucket, Record
from goodmeasure.domain.assessments import AssessmentName, Collected
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.numbers import Checks, ExactNumbers, ExactTime
from goodmeasure.domain.shares import MIN_ANSWERS, Tally
from goodmeasure.domain.usage import Counters, known_sum, total_of

_QUESTIONS: Final = (AssessmentName.OUTCOME, AssessmentName.NEED, AssessmentName.REVIEW)
_Shares = dict[str, str | None] | None


class PeriodCells(Record, frozen=True):
    """Everything that may ever be seen of one period."""

    outcome: OutcomeSection
    need: NeedSection
    review: ReviewSection
    counts: Counts
    time: Time
    cost: Cost
    oversight: Oversight
    version: Annotated[int, Meta(ge=1, le=1)] = 1


def period_cells(numbers: ExactNumbers) -> PeriodCells:
    """Return the cells of a period. They depend on nothing but these numbers."""
    bars: dict[str, _Shares] = {name.value: share_cells(numbers.tallies[name]) for name in _QUESTIONS}
    bars["autonomy"] = _kinds(numbers.autonomy, numbers.runs)
    bars["data_class"] = _kinds(numbers.data_class, numbers.runs)
    counts = {name.value: _counts(numbers.tallies[name], bars[name.value]) for name in _QUESTIONS}
    time = _time(numbers.times)
    actions = {action.value: count_bucket(runs) for action, runs in numbers.actions.items()}
    at_least = _at_least(time, actions)
    # A reader lays all bars side by side. If that would say more of what is hidden than hiding does, first the numbers
    # go, then `other`, whose few runs tell how many there are in all.
    if not _keep_hidden(bars, counts, numbers.runs, at_least):
        counts = dict.fromkeys(counts)
        if not _keep_hidden(bars, counts, numbers.runs, at_least):
            bars = _without_other(bars, numbers)
    fields = {
        **{name.value: _section(numbers.tallies[name], bars[name.value]) for name in _QUESTIONS},
        "counts": counts,
        "time": time,
        "cost": {"lines": _cost_lines(numbers)},
        "oversight": {
            "autonomy": bars["autonomy"],
            "data_class": bars["data_class"],
            "actions": actions,
            "checks": _checks(numbers.checks, actions),
        },
    }
    return msgspec.convert(fields, PeriodCells, strict=True)


def seen_bars(bars: Mapping[str, _Shares], counts: Mapping[str, Mapping[str, Any] | None]) -> list[BarSeen]:
    """Return bars and their numbers of runs as a reader sees them together; bars that are not shown are left out."""
    found = []
    for name, shares in bars.items():
        if shares is None:
            continue
        kinds = {kind: share for kind, share in shares.items() if kind not in {"other", "not_rated", "not_known"}}
        numbers = counts.get(name) or {}
        alone = tuple((share, numbers.get(kind)) for kind, share in kinds.items() if share is not None)
        rest = shares.get("not_rated") or shares.get("not_known")
        if rest is None:
            raise AssertionError("every bar says what is not rated or not known")
        found.append(BarSeen(alone, shares["other"], rest, len(kinds) - len(alone)))
    return found


def _keep_hidden(
    bars: Mapping[str, _Shares], counts: Mapping[str, dict[str, Any] | None], runs: int, at_least: int
) -> bool:
    return keeps_hidden(seen_bars(bars, counts), runs, at_least)


def _at_least(time: dict[str, Any], actions: Mapping[str, CountBucket | None]) -> int:
    """Return the runs that time and actions tell of: each has one grade, but may act in many ways."""
    timed = sum(count_span(cell["runs"])[0] for cell in time.values() if cell is not None)
    return max(timed, *(count_span(code)[0] for code in actions.values() if code is not None), 0)


def _without_other(bars: Mapping[str, _Shares], numbers: ExactNumbers) -> dict[str, _Shares]:
    rests = {name.value: numbers.tallies[name].not_rated for name in _QUESTIONS}
    counts: dict[str, dict[str, int]] = {name.value: numbers.tallies[name].counts for name in _QUESTIONS}
    for name, kinds in (("autonomy", numbers.autonomy), ("data_class", numbers.data_class)):
        counts[name] = {str(kind): count for kind, count in kinds.items()}
        rests[name] = numbers.runs - sum(kinds.values())
    found: dict[str, _Shares] = {}
    for name, shares in bars.items():
        if shares is None or shares["other"] is None:
            found[name] = shares
            continue
        rest_name = next(reversed(shares))
        hidden = sum(count for kind, count in counts[name].items() if shares[kind] is None)
        found[name] = {**shares, "other": None, rest_name: bucket(rests[name] + hidden, numbers.runs)}
    return found


def _kinds(counts: Mapping[Any, int], runs: int) -> _Shares:
    if runs < MIN_ANSWERS:
        return None
    named = {str(kind): count for kind, count in counts.items()}
    return partition_cells(named, runs - sum(named.values()), "not_known")


def _counts(tally: Tally, shares: _Shares) -> dict[str, Any] | None:
    if shares is None:
        return None
    return {answer: None if shares[answer] is None else count_bucket(count) for answer, count in tally.counts.items()}


def _section(tally: Tally, shares: _Shares) -> dict[str, Any]:
    return {
        "shares": shares,
        "app_drawn": None if shares is None else bucket(tally.collected[Collected.SAMPLED], tally.rated),
        "estimate": estimate_cells(tally),
    }


def _time(times: Mapping[Grade, ExactTime]) -> dict[str, Any]:
    alone = {grade: time for grade, time in times.items() if time.runs >= SMALL_CELL}
    rare = [time for grade, time in times.items() if grade not in alone]
    merged = ExactTime(
        sum(time.low_minutes for time in rare),
        sum(time.high_minutes for time in rare),
        sum(time.runs for time in rare),
        sum(time.losing_runs for time in rare),
    )
    as_other = len(rare) >= MIN_MEMBERS and merged.runs >= SMALL_CELL
    return {
        **{
            grade.value: _time_cell(alone[grade]) if grade in alone else None
            for grade in (Grade.VERIFIED, Grade.LINKED, Grade.SELF_REPORTED)
        },
        "other": _time_cell(merged) if as_other else None,
    }


def _time_cell(time: ExactTime) -> dict[str, Any]:
    low, high = minutes_outward(time.low_minutes, time.high_minutes)
    return {
        "low_minutes": low,
        "high_minutes": high,
        "runs": count_bucket(time.runs),
        "losing_runs": count_bucket(time.losing_runs),
    }


def _checks(checks: Checks, actions: Mapping[str, CountBucket | None]) -> _Shares:
    acting = checks.checked + checks.unchecked + checks.not_rated
    if acting < MIN_ANSWERS:
        return None
    cells = partition_cells({"checked": checks.checked, "unchecked": checks.unchecked}, checks.not_rated, "not_rated")
    if cells["other"] is not None:
        # Two kinds too rare to stand alone are all kinds: they go with the rest.
        cells = {**cells, "other": None, "not_rated": bucket(acting, acting)}
    known = [count_span(code) for code in actions.values() if code is not None]
    most = sum(high for _, high in known) + (SMALL_CELL - 1) * (len(actions) - len(known))
    least = max((low for low, _ in known), default=0)
    if not keeps_hidden(seen_bars({"checks": cells}, {}), acting, least, most):
        return None
    del cells["other"]
    return cells


def _cost_lines(numbers: ExactNumbers) -> list[dict[str, Any]]:
    used: dict[Provider, list[tuple[int, Counters]]] = {}
    for run, model, counters in numbers.usage:
        used.setdefault(provider_of(model), []).append((run, counters))
    rare = [
        provider for provider, calls in used.items() if _distinct(calls) < SMALL_CELL and provider != Provider.OTHER
    ]
    merged = [*used.pop(Provider.OTHER, []), *(call for provider in rare for call in used.pop(provider))]
    if _distinct(merged) >= SMALL_CELL:
        used[Provider.OTHER] = merged
    return [
        _cost_line(provider, [counters for _, counters in used[provider]]) for provider in Provider if provider in used
    ]


def _distinct(calls: list[tuple[int, Counters]]) -> int:
    return len({run for run, _ in calls})


def _cost_line(provider: Provider, calls: list[Counters]) -> dict[str, Any]:
    total = total_of(calls)
    micros = total.list_cost_micros if total.unpriced_generations < total.generations else None
    written = known_sum(total.cache_write_5m_tokens, total.cache_write_1h_tokens)
    return {
        "provider": provider,
        "list_cost_cents": None if micros is None else two_digits((micros + 5_000) // 10_000),
        "input_tokens": _rounded(total.input_tokens),
        "cache_read_tokens": _rounded(total.cache_read_tokens),
        "cache_write_tokens": _rounded(written),
        "output_tokens": _rounded(total.output_tokens),
        "estimated": bucket(total.estimated_generations, total.generations),
        "unpriced": bucket(total.unpriced_generations, total.generations),
    }


def _rounded(tokens: int | None) -> int | None:
    return None if tokens is None else two_digits(tokens)
