"""Whoever is asked, the same period has the same tokens and the same cost: screens, groupings, single runs and reports.

The ledger under test holds golden homes of every source, so unknown, estimated and unpriced parts are among them.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.period import Span, days_span
from goodmeasure.domain.runs import RunFilter
from goodmeasure.domain.usage import Counters, total_of
from goodmeasure.host.git import project_of
from goodmeasure.intake.sync import import_home, import_paths
from goodmeasure.ledger.codes import COST_BASIS
from goodmeasure.ledger.traits import run_traits
from goodmeasure.pricing.list_prices import ListPrices
from goodmeasure.reports.exact import exact_numbers
from goodmeasure.sources.base import Source
from goodmeasure.viewmodels.inbox import card
from goodmeasure.viewmodels.overview import OverviewFilter, Stretch, days_of, overview
from goodmeasure.viewmodels.run_detail import run_detail
from goodmeasure.viewmodels.runs import COLUMNS, run_rows
from goodmeasure.viewmodels.spend import GROUPS, SpendFilter, spend
from goodmeasure.viewmodels.wording import all_tokens, cost, exact
from tests.cli.terminal import Terminal
from tests.sources.homes import golden_homes, lay_out

PASSPHRASE = "a passphrase of the tests"  # noqa: S105 - of an invented ledger
HOMES_OF_EACH = 4
GROUPINGS = ("source", "model", "project", "day", "week", "month", "session", "cost_center", "work_kind")
SUMMED = (
    "input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens,"
    " cost_micros"
)
EVERYTHING = Span(None, None)


def some_homes() -> list[tuple[Source, str, dict[str, Any]]]:
    """Return a few golden homes of every source."""
    taken = Counter[str]()
    homes = []
    for home in golden_homes():
        taken[home[0].key] += 1
        if taken[home[0].key] <= HOMES_OF_EACH:
            homes.append(home)
    return homes


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one-total")
    said(folder / "profile", "doctor")  # the terminal has no keyring: the key lies under the passphrase
    cost_of = ListPrices().cost_of
    with Desk(
        Choices(profile_dir=folder / "profile", timezone="Europe/Berlin"), ask_passphrase=lambda: PASSPHRASE
    ) as desk:
        for number, (source, name, _) in enumerate(some_homes()):
            home = lay_out(source, name, folder / f"home-{number}")
            if all(root.default is None for root in source.roots):
                import_paths(desk.ledger, [source], [home], cost_of=cost_of, project_of=project_of)
            else:
                import_home(desk.ledger, [source], home, cost_of=cost_of, project_of=project_of)
    return folder / "profile"


@pytest.fixture
def desk(profile: Path) -> Iterator[Desk]:
    with Desk(Choices(profile_dir=profile, timezone="Europe/Berlin"), ask_passphrase=lambda: PASSPHRASE) as opened:
        yield opened


@pytest.fixture
def truth(desk: Desk) -> Counters:
    """The plain sum over all calls."""
    sums = ", ".join(f"sum({name})" for name in SUMMED.split(", "))
    unpriced = f"sum(cost_basis = {COST_BASIS['unknown']})"
    query = f"SELECT count(*), {sums}, {unpriced}, sum(flags & 2 > 0), sum(flags & 1 > 0) FROM generation"  # noqa: S608 - constant parts
    found = Counters(*desk.ledger.raw().execute(query).fetchone())
    assert found.generations > 200
    assert min(found.unpriced_generations, found.estimated_generations, found.output_lower_bound_generations) > 0
    return found


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_groupings_add_up_to_the_total(desk: Desk, truth: Counters, grouping: str) -> None:
    usage = desk.queries.usage([grouping], EVERYTHING)
    assert usage.totals == truth
    assert total_of([row.counters for row in usage.rows]) == truth


def test_runs_and_their_calls_add_up_to_the_total(desk: Desk, truth: Counters) -> None:
    runs = desk.queries.runs(desk.queries.run_ids(RunFilter()))
    assert total_of([run.counters for run in runs]) == truth
    details = [desk.queries.run(run.id) for run in runs]
    assert total_of([row.counters for detail in details for row in detail.generations]) == truth
    assert [total_of([row.counters for row in detail.generations]) for detail in details if detail.generations] == [
        run.counters for run in runs if run.counters.generations
    ]


def test_sources_count_the_same_calls(desk: Desk, truth: Counters) -> None:
    health = [report.health for report in desk.queries.sources() if report.health]
    assert sum(row.generations for row in health) == truth.generations
    assert sum(row.estimated_generations for row in health) == truth.estimated_generations
    assert sum(row.output_lower_bound_generations for row in health) == truth.output_lower_bound_generations


def test_screens_say_what_the_runs_hold(desk: Desk) -> None:
    ids = list(desk.queries.run_ids(RunFilter()))
    runs = {run.id: run for run in desk.queries.runs(ids)}
    rows = run_rows(desk.queries, ids)
    tokens, money = (next(n for n, c in enumerate(COLUMNS) if c.label == label) for label in ("Tokens", "Cost"))
    for run_id, run in runs.items():
        if not run.counters.generations:
            continue
        said = exact(all_tokens(run.counters))
        assert rows[run_id].full[tokens].startswith(f"{said} tokens")
        assert rows[run_id].texts[money] == cost(run.counters)
        shown = run_detail(desk.queries, run_id)
        assert ("All tokens", said) in [(label, full) for label, _, full in shown.usage]
        assert shown.cost == cost(run.counters)
        assert card(desk.queries, run_id).tokens_exact == f"{said} tokens"


@pytest.mark.parametrize("on", [date(2026, 11, 20), date(2026, 10, 1), date(2025, 9, 1)])
@pytest.mark.parametrize("stretch", list(Stretch))
def test_the_overview_says_the_period_s_total(desk: Desk, stretch: Stretch, on: date) -> None:
    span = days_span(*days_of(stretch, on), desk.zone)
    total = desk.queries.usage(["day"], span).totals
    shown = overview(desk.queries, OverviewFilter(stretch, on)).cost
    assert shown.tokens_exact == f"{exact(all_tokens(total) if total.generations else 0)} tokens"
    assert shown.cost == cost(total)


@pytest.mark.parametrize("on", [date(2026, 11, 20)])
@pytest.mark.parametrize("stretch", list(Stretch))
@pytest.mark.parametrize("group", [name for name, _ in GROUPS])
def test_the_cost_page_says_the_period_s_total_however_it_is_laid_out(
    desk: Desk, group: str, stretch: Stretch, on: date
) -> None:
    span = days_span(*days_of(stretch, on), desk.zone)
    total = desk.queries.usage(["day"], span).totals
    tokens = all_tokens(total) if total.generations else 0
    shown = spend(desk.queries, SpendFilter(OverviewFilter(stretch, on), group))
    assert (shown.tokens_exact, shown.cost) == (f"{exact(tokens)} tokens", cost(total))
    parts = [row.tokens_exact.removesuffix(" tokens").replace(",", "") for row in shown.rows]
    assert sum(int(part) for part in parts if part.isdecimal()) == (tokens or 0)
    assert sum(column.micros or 0 for column in shown.columns) == (total.list_cost_micros or 0)


def test_what_a_report_s_cost_is_made_of_is_the_total_of_its_runs(desk: Desk, truth: Counters) -> None:
    rated = desk.queries.rated_runs(EVERYTHING)
    traits = run_traits(desk.ledger, [run.run_id for run in rated])
    numbers = exact_numbers(rated, traits, desk.zone)
    assert total_of([counters for _, _, counters in numbers.usage]) == truth


def said(profile: Path, *arguments: str) -> dict[str, Any]:
    place = ("--timezone", "Europe/Berlin")
    done = Terminal(profile.parent, profile)(*place, *arguments, "--json", GOODMEASURE_PASSPHRASE=PASSPHRASE)
    assert done.status == 0, done.err
    answer: dict[str, Any] = done.document
    return answer


@pytest.mark.parametrize("command", [("usage",), ("daily",), ("weekly",), ("monthly",), ("session",)])
def test_the_terminal_says_the_same_total(profile: Path, truth: Counters, command: tuple[str, ...]) -> None:
    totals = said(profile, *command)["totals"]
    names = ("generations", *(name for name in SUMMED.split(", ") if name != "cost_micros"))
    assert [totals[name] for name in names] == list(truth)[:7]
    assert totals["unpriced_generations"] == truth.unpriced_generations
    assert totals["estimated_generations"] == truth.estimated_generations
    # Null where a part is unpriced: half a cost is no cost.
    assert totals["list_cost_micros"] is None
