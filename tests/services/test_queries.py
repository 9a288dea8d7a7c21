"""What the sources say of themselves on this computer."""

import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from goodmeasure.host.clock import Clock
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.services.queries import Queries, SourceReport


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
