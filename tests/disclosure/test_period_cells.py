"""The cells of a period: by hand, and before an attacker with an integer solver who holds all of them."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.disclosure import period_cells as made_in
from goodmeasure.disclosure.cells import count_bucket, minutes_outward, share_cells, two_digits
from goodmeasure.disclosure.numbers import Provider, TimeCell, step_minutes
from goodmeasure.disclosure.period_cells import period_cells
from goodmeasure.disclosure.providers import provider_of
from goodmeasure.disclosure.vocabulary import COUNT_BUCKETS, MOST_MINUTES
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.evidence import Grade
from goodmeasure.domain.facts import Autonomy, DataClass, ExternalAction
from goodmeasure.domain.numbers import Checks, ExactNumbers, ExactTime
from goodmeasure.domain.shares import Tally
from goodmeasure.domain.usage import Counters
from tests.disclosure.exact_periods import exact_period
from tests.disclosure.solver import Attacker, Hidden

CALLS = Counters(10, 1_234_567, 89_500_000, 400_000, 51_000, 98_765, 0, 12_345_678, 1, 2, 0)
UNKNOWN = Counters(3, 4_000, None, None, None, 500, None, None, 3, 3, 0)


@pytest.fixture
def numbers(tallies: dict[AssessmentName, Tally]) -> ExactNumbers:
    return ExactNumbers(
        runs=100,
        tallies=tallies,
        times={
            Grade.VERIFIED: ExactTime(725, 1555, 18, 0),
            Grade.LINKED: ExactTime(15, 60, 2, 0),
            Grade.SELF_REPORTED: ExactTime(-95, 3700, 40, 6),
        },
        autonomy={Autonomy.ASKED_EACH: 40, Autonomy.AUTO_EDITS: 30, Autonomy.AUTO_ALL: 3, Autonomy.UNATTENDED: 4},
        data_class={DataClass.PUBLIC: 0, DataClass.INTERNAL: 92, DataClass.CONFIDENTIAL: 8, DataClass.RESTRICTED: 0},
        actions={**dict.fromkeys(ExternalAction, 0), ExternalAction.PUSHED: 31, ExternalAction.PAID: 4},
        checks=Checks(20, 6, 5),
        usage=(
            *((run, "claude-sonnet-5", CALLS) for run in range(40)),
            *((run, "gpt-6", UNKNOWN) for run in range(38, 42)),
            (50, None, UNKNOWN),
        ),
    )


def test_cells_by_hand(numbers: ExactNumbers) -> None:
    cells = msgspec.to_builtins(period_cells(numbers))
    assert cells["outcome"]["shares"] == {
        "used": "40-50",
        "informed": "10-20",
        "partial": "0-10",
        "discarded": "0-10",
        "harmful": None,
        "other": None,
        "not_rated": "30-40",
    }
    assert cells["counts"] == {
        "outcome": {"used": "32-63", "informed": "8-15", "partial": "5-7", "discarded": "5-7", "harmful": None},
        "need": {"essential": "8-15", "helpful": "16-31", "extra": "8-15", "unnecessary": "5-7"},
        "review": None,
    }
    # Two linked runs are too few to stand alone, and one grade alone cannot be "other".
    assert cells["time"] == {
        "verified": {"low_minutes": 720, "high_minutes": 1560, "runs": "16-31", "losing_runs": None},
        "linked": None,
        "self_reported": {"low_minutes": -120, "high_minutes": 3900, "runs": "32-63", "losing_runs": "5-7"},
        "other": None,
    }
    assert cells["oversight"]["autonomy"] == {
        "asked_each": "40-50",
        "auto_edits": "30-40",
        "auto_all": None,
        "unattended": None,
        "other": "0-10",
        "not_known": "20-30",
    }
    assert cells["oversight"]["actions"]["pushed"] == "16-31"
    assert cells["oversight"]["actions"]["paid"] is None
    assert cells["oversight"]["checks"] == {"checked": "60-70", "unchecked": "10-20", "not_rated": "10-20"}


def test_cost_in_two_digits_by_provider(numbers: ExactNumbers) -> None:
    anthropic, other = period_cells(numbers).cost.lines
    assert (anthropic.provider, other.provider) == (Provider.ANTHROPIC, Provider.OTHER)
    assert anthropic.list_cost_cents == 49_000, "40 runs of 12.345678 USD are 49,383 cents"
    assert (anthropic.input_tokens, anthropic.output_tokens) == (49_000_000, 4_000_000)
    assert (anthropic.cache_read_tokens, anthropic.cache_write_tokens) == (3_600_000_000, 18_000_000)
    assert (anthropic.estimated, anthropic.unpriced) == ("20-30", "10-20")
    # Four runs of one provider and one of an unknown model: five together.
    assert (other.list_cost_cents, other.cache_read_tokens, other.unpriced) == (None, None, "90-100")
    fewer = replace(numbers, usage=numbers.usage[:-1])
    assert [line.provider for line in period_cells(fewer).cost.lines] == [Provider.ANTHROPIC]
    # Twenty calls of one run are one run.
    busy = replace(numbers, usage=(*numbers.usage, *((60, "gemini-4-pro", CALLS) for _ in range(20))))
    assert [line.provider for line in period_cells(busy).cost.lines] == [Provider.ANTHROPIC, Provider.OTHER]


def test_a_bar_of_checks_that_tells_of_a_hidden_answer_is_left_out(numbers: ExactNumbers) -> None:
    """Of at most thirty-five acting runs, nine in ten were checked: so fewer than four were not."""
    few = {**dict.fromkeys(ExternalAction, 0), ExternalAction.PUSHED: 10}
    assert period_cells(replace(numbers, actions=few, checks=Checks(10, 0, 0))).oversight.checks is None
    many = {**few, ExternalAction.PUSHED: 100}
    assert period_cells(replace(numbers, actions=many, checks=Checks(95, 3, 2))).oversight.checks is not None


def test_two_grades_too_rare_to_stand_alone_are_other(numbers: ExactNumbers) -> None:
    times = {
        Grade.VERIFIED: ExactTime(60, 120, 3, 0),
        Grade.LINKED: ExactTime(-30, 0, 2, 1),
        Grade.SELF_REPORTED: ExactTime(0, 600, 9, 0),
    }
    time = period_cells(replace(numbers, times=times)).time
    assert (time.verified, time.linked) == (None, None)
    assert time.other == TimeCell(30, 120, "5-7", None)
    assert time.self_reported is not None


def test_nothing_at_all(tally: Callable[..., Tally]) -> None:
    empty = {
        name: tally([0] * (4 if name is AssessmentName.NEED else 5), name=name)
        for name in (AssessmentName.OUTCOME, AssessmentName.NEED, AssessmentName.REVIEW)
    }
    nothing = ExactNumbers(
        0,
        empty,
        {},
        dict.fromkeys(Autonomy, 0),
        dict.fromkeys(DataClass, 0),
        dict.fromkeys(ExternalAction, 0),
        Checks(0, 0, 0),
        (),
    )
    cells = period_cells(nothing)
    assert (cells.outcome.shares, cells.counts.outcome, cells.time.other) == (None, None, None)
    assert (cells.oversight.autonomy, cells.oversight.checks, cells.cost.lines) == (None, None, ())


YEAR = [exact_period(Random(month)) for month in range(12)]  # noqa: S311 - made-up months, no secret


# The solver needs half a second for each month: eight seconds that no smaller year would be worth.
@pytest.mark.parametrize("numbers", YEAR, ids=lambda one: f"{one.runs} runs")
def test_an_attacker_with_an_integer_solver_learns_nothing_of_what_is_hidden(numbers: ExactNumbers) -> None:
    """Every kind that is not shown could still have had any number of runs from 0 (in "other": 1) to 4."""
    assert _found_out(numbers) == []


def test_the_attacker_is_a_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the app's own check, the same attacker works out what is hidden."""
    monkeypatch.setattr(made_in, "keeps_hidden", lambda *_args: True)
    found = [hidden for numbers in YEAR[:4] for hidden in _found_out(numbers)]
    assert any(hidden.most < 4 for hidden in found)


def _found_out(numbers: ExactNumbers) -> list[Hidden]:
    solved = Attacker(msgspec.to_builtins(period_cells(numbers))).solved()
    return [hidden for hidden in solved if hidden.least > (1 if hidden.in_other else 0) or hidden.most < 4]


def test_whole_parts_that_leave_nothing_do_not_tell_the_zeros(tally: Callable[..., Tally]) -> None:
    # 10 and 10 of 20 runs: two exact halves would say that no run was harmful.
    shares = share_cells(tally([10, 10, 0, 0, 0]))
    assert shares is not None
    assert (shares["used"], shares["informed"], shares["not_rated"]) == (None, "50-60", "50-60")


@pytest.mark.parametrize(
    ("count", "code"),
    [(0, None), (4, None), (5, "5-7"), (7, "5-7"), (8, "8-15"), (31, "16-31"), (8191, "4096-8191"), (10**6, "8192+")],
)
def test_buckets_of_runs(count: int, code: str | None) -> None:
    assert count_bucket(count) == code


@given(st.integers(0, 20_000))
def test_every_number_of_runs_is_in_its_bucket(count: int) -> None:
    code = count_bucket(count)
    if code is None:
        assert count < 5
    elif code == COUNT_BUCKETS[-1]:
        assert count >= 8192
    else:
        low, high = map(int, code.split("-"))
        assert low <= count <= high


@given(st.integers(-70_000, 70_000), st.integers(0, 70_000))
def test_times_are_rounded_outward_onto_the_grid(low: int, width: int) -> None:
    shown_low, shown_high = minutes_outward(low, low + width)
    assert shown_low % step_minutes(shown_low) == 0 == shown_high % step_minutes(shown_high)
    assert -MOST_MINUTES <= shown_low <= shown_high <= MOST_MINUTES
    if abs(low) <= MOST_MINUTES and abs(low + width) <= MOST_MINUTES:
        assert shown_low <= low
        assert low + width <= shown_high
        assert low - shown_low < 600 > shown_high - (low + width)


@given(st.integers(0, 10**14))
def test_two_digits_are_the_nearest(number: int) -> None:
    rounded = two_digits(number)
    assert len(str(rounded).rstrip("0")) <= 2
    assert abs(rounded - number) * 20 <= max(number, 20)


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("claude-opus-4-1-20250805", "anthropic"),
        ("us.anthropic.claude-sonnet-4-v1:0", "anthropic"),
        ("gpt-5-codex", "openai"),
        ("o4-mini", "openai"),
        ("openai/gpt-oss-120b", "openai"),
        ("models/gemini-2.5-pro", "google"),
        ("qwen3-coder-plus", "alibaba"),
        ("deepseek-r1-distill-llama-70b", "deepseek"),
        ("kimi-k2", "moonshot"),
        ("grok-code-fast-1", "xai"),
        ("glm-4.6", "zhipu"),
        ("devstral-small", "mistral"),
        ("llama3.3", "meta"),
        ("our-own-model", "other"),
        ("turbo1-house", "other"),
        ("", "other"),
        (None, "other"),
    ],
)
def test_providers_are_told_by_the_models_name(model: str | None, provider: str) -> None:
    assert provider_of(model) == provider
