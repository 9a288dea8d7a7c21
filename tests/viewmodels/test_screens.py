from dataclasses import asdict
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from goodmeasure.domain.runs import RunFilter
from goodmeasure.services.queries import Queries
from goodmeasure.viewmodels.inbox import InboxFilter, inbox
from goodmeasure.viewmodels.overview import OverviewFilter, Stretch, overview
from goodmeasure.viewmodels.run_detail import run_detail
from goodmeasure.viewmodels.runs import COLUMNS, run_choices, run_rows, runs
from goodmeasure.viewmodels.shell import shell
from goodmeasure.viewmodels.sources import sources
from goodmeasure.viewmodels.welcome import welcome


@pytest.fixture
def screen(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def said(view: Any) -> Any:
    return asdict(view)


@pytest.mark.parametrize("stretch", Stretch)
def test_overview(answers: Queries, screen: SnapshotAssertion, stretch: Stretch) -> None:
    assert said(overview(answers, OverviewFilter(stretch))) == screen


def test_overview_before_anything_was_read(nothing_read: Queries, screen: SnapshotAssertion) -> None:
    view = overview(nothing_read, OverviewFilter())
    assert view.first_start
    assert said(view) == screen


def test_inbox(answers: Queries, screen: SnapshotAssertion) -> None:
    assert said(inbox(answers, InboxFilter())) == screen


def test_todays_runs_come_first_and_skipped_ones_last(answers: Queries) -> None:
    view = inbox(answers, InboxFilter())
    assert [(one.run_id, one.drawn) for one in view.cards] == [(5, True), (4, True)]
    assert (view.today, view.today_all, view.day) == (1, 2, "2026-11-23")
    later = inbox(answers, InboxFilter(), skipped=(5,))
    assert ([one.run_id for one in later.cards], later.today) == ([4, 5], 0)


def test_run_rows(answers: Queries, screen: SnapshotAssertion) -> None:
    view = runs(answers, RunFilter())
    rows = run_rows(answers, view.ids)
    assert {"summary": view.summary, "rows": [said(rows[number]) for number in view.ids]} == screen


def test_every_row_has_a_text_for_every_column(answers: Queries) -> None:
    for row in run_rows(answers, [1, 2, 3, 4, 5]).values():
        assert len(row.texts) == len(row.full) == len(COLUMNS)
        assert all(row.texts)
        assert all(row.full)


def test_a_run_that_is_gone_is_left_out(answers: Queries) -> None:
    assert list(run_rows(answers, [1, 99])) == [1]


def test_what_the_list_can_be_narrowed_by(answers: Queries, screen: SnapshotAssertion) -> None:
    assert said(run_choices(answers)) == screen


@pytest.mark.parametrize("number", [1, 4])
def test_run_detail(answers: Queries, screen: SnapshotAssertion, number: int) -> None:
    assert said(run_detail(answers, number)) == screen


def test_unknown_is_said_and_never_zero(answers: Queries) -> None:
    row = run_rows(answers, [4])[4]
    texts = dict(zip((column.order.value for column in COLUMNS), row.texts, strict=True))
    assert texts["cost"] == texts["duration"] == texts["started"] == "unknown"
    assert texts["model"] == "–"


def test_sources(answers: Queries, screen: SnapshotAssertion) -> None:
    assert said(sources(answers)) == screen


def test_shell(answers: Queries, nothing_read: Queries) -> None:
    assert shell(answers).status == "5 runs · read 5 min ago"
    assert shell(answers).to_rate == 2
    assert shell(nothing_read).first_start


def test_welcome_names_what_was_found_and_what_else_can_be_read(nothing_read: Queries) -> None:
    view = welcome(nothing_read, {"claude-code": 34})
    assert view.title == "1 agent found on this computer"
    assert view.found == (("Claude Code", "34 files"),)
    assert view.others == "Also read, as soon as they leave files: Codex."
    assert welcome(nothing_read, {"codex": 2, "claude-code": 3}).found[0][0] == "Claude Code"


def test_welcome_where_nothing_was_found(nothing_read: Queries) -> None:
    view = welcome(nothing_read, {})
    assert view.found == ()
    assert "Claude Code, Codex" in view.others
    assert view.action == "Look again"
