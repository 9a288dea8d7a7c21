"""What may stand in a report of each level, and what may not."""

import copy
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from goodmeasure.disclosure.levels import LEVELS, STRUCTS, Level, Report
from goodmeasure.disclosure.numbers import step_minutes
from goodmeasure.disclosure.vocabulary import COUNT_BUCKETS
from goodmeasure.reports.canonical import canonical_bytes
from goodmeasure.reports.opening import open_report
from tests.disclosure.samples import LEVELS_FILLED, digits, sample


def _with(level: Level, path: str, value: object) -> dict[str, Any]:
    fields = copy.deepcopy(LEVELS_FILLED[level])
    place: Any = fields
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdecimal() else place[step]
    place[int(last) if last.isdecimal() else last] = value
    return fields


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_told_by_its_name_and_comes_back_whole(level: Level) -> None:
    report = sample(level)
    assert isinstance(report, STRUCTS[LEVELS.index(level)])
    assert report.level == level
    assert open_report(canonical_bytes(report)) == report


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("other", LEVELS)
def test_no_level_passes_as_another(level: Level, other: Level) -> None:
    fields = {**LEVELS_FILLED[level], "level": other}
    if level == other:
        msgspec.convert(fields, Report, strict=True)
        return
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields, Report, strict=True)


WRONG: list[tuple[Level, str, object]] = [
    ("L0", "runs_root", digits("x")[:-1]),
    ("L0", "runs_root", digits("x") + "\n"),
    ("L0", "runs_root", digits("x").upper()),
    ("L0", "period", "2026-11"),
    ("L0", "runs", 12),
    ("L1", "counts", LEVELS_FILLED["L2"]["counts"]),
    ("L1", "audit_links", [digits("x")] * 52),
    ("L1", "audit_links", [digits("x")] * 54),
    ("L1", "restates", "yes"),
    ("L2", "counts.outcome.used", 77),
    ("L2", "counts.outcome.used", "0-4"),
    ("L2", "counts.outcome.used", "70-80"),
    ("L2", "counts.outcome.other", "5-7"),
    ("L2", "time.verified.low_minutes", 725),
    ("L2", "time.verified.low_minutes", 690.0),
    ("L2", "time.verified.low_minutes", 1590),
    ("L2", "time.verified.high_minutes", 1590),
    ("L2", "time.verified.high_minutes", 90_000),
    ("L2", "time.verified.runs", None),
    ("L2", "time.total", None),
    ("L2", "noisy_runs.epsilon_tenths", 0),
    ("L2", "noisy_runs.epsilon_tenths", 21),
    ("L2", "noisy_runs.runs", 139.0),
    ("L2", "cost.lines.0.list_cost_cents", 41_200),
    ("L2", "cost.lines.0.list_cost_cents", -1),
    ("L2", "cost.lines.0.output_tokens", 2_340_000),
    ("L2", "cost.lines.0.provider", "claude-opus-4"),
    ("L2", "cost.lines.0.model", "claude-opus-4"),
    ("L2", "cost.lines.1", LEVELS_FILLED["L2"]["cost"]["lines"][0]),
    ("L2", "cost.total", 41_000),
    ("L2", "oversight.actions.pushed", "0-10"),
    ("L2", "oversight.checks.runs", "5-7"),
    ("L3", "runs", []),
    ("L3", "runs", [LEVELS_FILLED["L3"]["runs"][0]] * 11),
    ("L3", "runs.0.place", 2**14),
    ("L3", "runs.0.path", [digits("x")] * 13),
    ("L3", "runs.0.sealed_in", "2027-W53"),
    ("L3", "runs.0.title", "Fix the export"),
    ("L3", "runs.0.record.run_week", "2026-11"),
    ("L3", "runs.0.record.project", "site"),
    ("L3", "runs.0.references.0.text", "a commit"),
    ("L3", "runs.0.references.0.text", "abc\n"),
    ("L3", "runs.0.references.0.text", "x" * 121),
    ("L3", "runs.0.references.0.kind", "path"),
]


@pytest.mark.parametrize(("level", "path", "value"), WRONG, ids=lambda one: str(one)[:30])
def test_nothing_else_passes(level: Level, path: str, value: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(_with(level, path, value), Report, strict=True)


@pytest.mark.parametrize(
    ("level", "path"),
    [("L2", "cost"), ("L2", "oversight"), ("L2", "noisy_runs"), ("L2", "counts.review"), ("L2", "oversight.checks")],
)
def test_what_was_not_ticked_and_what_is_too_little_are_null(level: Level, path: str) -> None:
    report = msgspec.convert(_with(level, path, None), Report, strict=True)
    assert report.level == "L2"


def test_buckets_of_runs_double_and_leave_no_gap() -> None:
    ends = [tuple(map(int, bucket.split("-"))) for bucket in COUNT_BUCKETS[:-1]]
    assert ends[0] == (5, 7)
    assert all(later == (high + 1, 2 * (high + 1) - 1) for (_, high), later in pairwise(ends))
    assert COUNT_BUCKETS[-1] == f"{ends[-1][1] + 1}+"


def test_steps_of_time_grow_with_it() -> None:
    assert [step_minutes(minutes) for minutes in (0, -480, 481, 2400, -2401)] == [30, 30, 60, 60, 300]
