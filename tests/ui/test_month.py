"""Days of a month rated by keyboard in the real window, over real repositories: every figure is the one made by hand.

It takes several seconds, because it goes the whole way once: logs, git, import, draws, keys, evidence, the page. The
whole month, with times: `python -m tests.bench.month_rated`.
"""

from pathlib import Path
from random import Random

import pytest
from pytestqt.qtbot import QtBot

from tests.bench import month_by_hand as by_hand
from tests.bench.month_compared import _drawn, differences
from tests.bench.month_life import planned
from tests.bench.month_rated import Month, MonthClock, open_window


@pytest.fixture
def month(tmp_path: Path, qtbot: QtBot) -> Month:
    life, clock = planned(tmp_path, workdays=6), MonthClock()
    window = open_window(life, clock)
    qtbot.addWidget(window)

    def settle() -> None:
        qtbot.wait(5)
        qtbot.waitUntil(lambda: window.is_settled, timeout=20_000)

    with qtbot.waitActive(window, timeout=10_000):
        window.show()
        window.activateWindow()
    settle()
    return Month(life, window, clock, settle, Random(3))  # noqa: S311 - invented answers


def test_every_figure_of_a_rated_month_is_the_one_made_by_hand(month: Month) -> None:
    month.live()
    runs = month.life.runs
    assert differences(month) == []
    # The days are rich enough to prove something.
    estimate = by_hand.intervals(_drawn(month).values(), "outcome")
    assert estimate is not None
    assert any(low < share < high for low, share, high in estimate[2].values())
    assert {grade for _, grade in by_hand.evidence(runs)} == {"verified", "linked", "self_reported", "contradicted"}
    assert any(run.batch for run in runs)
    assert {"excluded", "pending"} & {run.given.get("outcome") for run in runs}
    assert any(not run.given for run in runs)
    # Two keys a run, five where chance asks everything; the next question is there without a wait for anything.
    assert all(one.keys <= (5 if one.drawn else 2 + (one.runs > 1)) for one in month.rated)
    # A figure that is off by one run is seen.
    next(run for run in runs if run.given.get("outcome") == "used").given["outcome"] = "informed"
    assert differences(month)
    month.window.close()
