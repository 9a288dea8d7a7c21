"""What the sources say of themselves on this computer."""

import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.domain.period import Span
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.services.queries import Queries, SourceReport
from tests.ledger.conftest import KEY, NOON, Teller


@pytest.fixture
def reports(tmp_path: Path) -> Iterator[dict[str, SourceReport]]:
    ledger = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    yield {report.key: report for report in Queries(ledger, UTC, Clock()).sources()}
    ledger.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the folders named here are Linux's")
def test_places_are_those_of_this_system_each_once(reports: dict[str, SourceReport]) -> None:
    assert reports["codex"].places == ("~/.codex",)
    for report in reports.values():
        assert report.places
        assert len(set(report.places)) == len(report.places)
        assert not [place for place in report.places if place.startswith(("~/Library", "~/AppData"))]


def test_what_has_no_folder_says_so(reports: dict[str, SourceReport]) -> None:
    assert reports["manual"].places == ("what you log yourself",)
    assert reports["chatgpt-export"].places == ("where you name them",)


def test_the_estimated_share_is_that_of_the_span(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite", KEY)
    told, flag = Teller(ledger), int(GenerationFlag.ESTIMATED)
    told.write(
        told.call("c1", flags=flag, input_tokens=7, cache_read_tokens=None),
        told.call("c2", flags=flag | int(GenerationFlag.RESIDUAL), input_tokens=5),
        *(told.call(f"c{number}") for number in (3, 4, 5)),
        told.call("later", at=NOON + 86_400_000, flags=flag),
    )
    queries = Queries(ledger, UTC, Clock())
    share = queries.estimated_share(Span(NOON, NOON + 1000))
    assert (share.whole.generations, share.estimated.generations, share.of_calls) == (5, 2, 0.4)
    assert (share.estimated.input_tokens, share.whole.input_tokens) == (12, 42)
    assert queries.estimated_share(Span(NOON - 1000, NOON)).of_calls is None
    ledger.close()
