"""A roll-up's page in a real browser: nothing asked for, everything has its name, and it prints."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodmeasure.disclosure.rolling_up import roll_up
from goodmeasure.reports.rollup_files import roll_up_bytes
from goodmeasure.reports.rollup_page import roll_up_page
from tests.disclosure.samples import NUMBERS
from tests.disclosure.team import colleague, team, told

if TYPE_CHECKING:
    from tests.reports.conftest import Chromium


def pages(document: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", document.read_bytes()))


@pytest.mark.browser
def test_a_roll_up_in_a_real_browser(chromium: "Chromium", tmp_path: Path) -> None:
    review = told("review", (20, 20, 20, 20, 20))
    people = [colleague(f"p{one}", level="L2", restates=None, review=review, **NUMBERS) for one in range(8)]
    page, printed = tmp_path / "rollup.html", tmp_path / "rollup.pdf"
    page.write_bytes(roll_up_page(roll_up_bytes(roll_up(people, 9, []).roll_up)))
    assert chromium.console(page) == []
    assert chromium.requests(page) == []
    names = chromium.names(page)
    headings = [name for role, name in names if role == "heading"]
    assert headings[:3] == [
        "What AI was worth to a team in week 47 of 2026",
        "What became of the work",
        "In runs: what became of the work",
    ]
    assert ("rowheader", "Used") in names
    assert all(name for role, name in names if role in {"heading", "table", "region", "rowheader"})
    chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert pages(printed) == 2


@pytest.mark.browser
def test_a_roll_up_of_stories_prints_on_one_sheet(chromium: "Chromium", tmp_path: Path) -> None:
    need = told("need", (20, 20, 20, 20))
    page, printed = tmp_path / "rollup.html", tmp_path / "rollup.pdf"
    review = told("review", (20, 20, 20, 20, 20))
    page.write_bytes(roll_up_page(roll_up_bytes(roll_up(team(8, need=need, review=review), 9, []).roll_up)))
    chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert pages(printed) == 1


def test_where_nobody_told_enough_the_page_says_so() -> None:
    page = roll_up_page(roll_up_bytes(roll_up(team(6, outcome=(1, 1, 1, 1, 1)), 9, []).roll_up)).decode()
    assert "nothing can be shown" in page
    assert "<table" not in page
