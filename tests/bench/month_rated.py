"""A month of runs rated by keyboard in the real window: `python -m tests.bench.month_rated [--workdays 22]`.

Makes logs and git repositories, imports them, and goes through the month day by day: draws, asks, presses keys. Then
everything that the Value page says is compared with figures made by hand (`month_compared.py`), and keys and waits are
counted.

The model of a person's time is Card, Moran and Newell's keystroke-level model: 0.28 s for a key, 1.35 s for making up
one's mind, once for each question; reading a card beyond that is not in it. The machine's part is measured: from the
key until the next question is on the screen.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.runs import RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.ui.app import application
from goodmeasure.ui.asking import Asker
from goodmeasure.ui.pages.inbox import InboxPage
from goodmeasure.ui.session import Session
from goodmeasure.ui.tasks import Lanes
from goodmeasure.ui.window import MainWindow
from tests.bench.month_life import Life, PlannedRun, planned

KEY_SECONDS, MIND_SECONDS = 0.28, 1.35
_KEYS = {
    "outcome": {
        "1": "used",
        "2": "informed",
        "3": "partial",
        "4": "discarded",
        "5": "harmful",
        "H": "pending",
        "0": "excluded",
    },
    "need": {"1": "essential", "2": "helpful", "3": "extra", "4": "unnecessary"},
    "time_saved": {
        "1": "lost_30_plus",
        "2": "lost_5_30",
        "3": "same",
        "4": "saved_5_15",
        "5": "saved_15_30",
        "6": "saved_30_60",
        "7": "saved_60_120",
        "8": "saved_120_240",
        "9": "saved_240_plus",
        "0": "unknown",
    },
    "review": {"1": "none", "2": "accepted", "3": "light_edits", "4": "heavy_edits", "5": "rejected"},
    "confidence": {"1": "sure", "2": "fairly", "3": "guess"},
}
_LIKELY = {
    "outcome": "11111122233344450H",
    "need": "11222222334",
    "time_saved": "1223344455566678990",
    "review": "12222333345",
    "confidence": "11223",
}
"""Keys, the likely ones more often."""


class MonthClock(Clock):
    """The clock of the invented person."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> int:
        """Return the instant that it was set to."""
        return self.at


@dataclass(slots=True)
class Rated:
    """What it took to rate one run."""

    keys: int
    questions: int
    machine_seconds: float
    drawn: bool
    runs: int = 1

    @property
    def keystroke_seconds(self) -> float:
        """Keys and waits, for each run."""
        return (self.keys * KEY_SECONDS + self.machine_seconds) / self.runs

    @property
    def model_seconds(self) -> float:
        """The same with making up one's mind."""
        return self.keystroke_seconds + self.questions * MIND_SECONDS / self.runs


@dataclass(slots=True)
class Month:
    """A month in the window."""

    life: Life
    window: MainWindow
    clock: MonthClock
    settle: Callable[[], None]
    random: Random
    rated: list[Rated] = field(default_factory=list)
    by_run_id: dict[int, PlannedRun] = field(default_factory=dict)

    @property
    def inbox(self) -> InboxPage:
        """The page that asks."""
        if self.window.pages is None:
            raise AssertionError("the window is open")
        return self.window.pages.inbox

    def live(self) -> None:
        """Import everything, then let each day come, and rate what it asks."""
        desk = self.window._session.desk
        desk.importing.import_logs()
        self.window._session.changed.emit("events")
        self.settle()
        runs = desk.queries.runs(desk.queries.run_ids(RunFilter()))
        by_session = {run.session: run for run in self.life.runs}
        self.by_run_id = {run.id: by_session[run.session] for run in runs}
        for day in self.life.days:
            self.clock.at = self.life.at(day, 18)
            self.window._each_minute()
            self.settle()
            self.window.go_to("inbox")
            self.inbox.refresh()
            self.settle()
            self._rate_today()
        self.clock.at = self.life.at(self.life.days[-1] + timedelta(days=15), 18)
        desk.evidence.look()

    def _rate_today(self) -> None:
        """Answer most of what was drawn; on some days go on, one run at a time or several at once."""
        while self._asks():
            self._rate_or_skip(0.12)
        if self.random.random() < 0.5:
            self._press("Return")
            for _ in range(2):
                if self._asks():
                    self._rate_or_skip(0.0)

    def _asks(self) -> bool:
        return self.inbox.state.run_id is not None

    def _rate_or_skip(self, skipped: float) -> None:
        if self.random.random() < skipped:
            self._press("S")
            return
        state = self.inbox.state
        if state.run_id is None:
            return
        shown = [state.run_id]
        keys, machine = 0, 0.0
        is_drawn = state.run_id in state.drawn
        if not is_drawn and state.similar and self.random.random() < 0.7:
            machine += self._press("X")
            keys += 1
            shown += self.inbox.state.others
        runs = [self.by_run_id[run_id] for run_id in shown]
        questions = ["outcome", "need", "time_saved", "review", "confidence"] if is_drawn else ["outcome", "need"]
        asked = 0
        while questions:
            question = questions.pop(0)
            if self.inbox.state.run_id != shown[0] or self.inbox.state.step.value != question:
                raise AssertionError(f"{question} of run {shown[0]} is asked next, at once")
            key = self.random.choice(_LIKELY[question])
            machine += self._press(key)
            keys, asked = keys + 1, asked + 1
            value = _KEYS[question][key]
            for run in runs:
                run.given[question], run.batch = value, len(runs) > 1
            if value in {"excluded", "pending"}:
                questions = []
            elif question == "time_saved" and value == "unknown":
                questions.remove("confidence")
        self.rated.append(Rated(keys, asked, machine, is_drawn, len(runs)))

    def _press(self, name: str) -> float:
        """Press a key where the keyboard is, and return how long it took until the next question was there."""
        began = time.perf_counter()
        QTest.keyClick(self.window.focusWidget() or self.window, getattr(Qt.Key, f"Key_{name}"))
        self.inbox.repaint()
        return time.perf_counter() - began


def open_window(life: Life, clock: MonthClock) -> MainWindow:
    """Open the window on an empty profile, on the morning of the first day."""
    clock.at = life.at(life.days[0], 7)
    desk = Desk(Choices(profile_dir=life.folder / "profile", home=life.home, timezone="Europe/Berlin"))
    desk.clock = clock
    # Guesses are asked of one run in ten, by chance: they are no part of what is counted here.
    desk.choose(replace(desk.settings, ask_guesses=False))
    return MainWindow(Session(desk, Lanes()), Asker(), follows=False)


def summary(rated: list[Rated]) -> list[str]:
    """Say keys, waits, and what the model makes of them."""
    said = []
    for name, chosen in (
        ("asked everything", [one for one in rated if one.drawn]),
        ("two questions", [one for one in rated if not one.drawn and one.runs == 1]),
        ("several together", [one for one in rated if one.runs > 1]),
        ("all", rated),
    ):
        runs = sum(one.runs for one in chosen)
        if not runs:
            continue
        keys, machine = sum(one.keys for one in chosen), sum(one.machine_seconds for one in chosen)
        typing = sum(one.keystroke_seconds * one.runs for one in chosen) / runs
        model = sum(one.model_seconds * one.runs for one in chosen) / runs
        worst = max(one.machine_seconds / one.keys for one in chosen) * 1000
        said.append(
            f"{name:17} {runs:4} runs  {keys / runs:4.1f} keys a run  {machine / keys * 1000:4.0f} ms to what is next"
            f" (worst {worst:.0f})  {typing:4.1f} s keys and waits  {model:4.1f} s with making up one's mind"
        )
    return said


def main() -> int:
    """Rate a month, print what it took, and every figure that is not the one made by hand."""
    from tests.bench.month_compared import differences  # noqa: PLC0415 - it needs this module

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workdays", type=int, default=22)
    chosen = parser.parse_args()
    app, clock = application(), MonthClock()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        life = planned(Path(folder), workdays=chosen.workdays)
        window = open_window(life, clock)
        window.show()

        def settle() -> None:
            for _ in range(5):
                app.processEvents()
            while not window.is_settled:
                app.processEvents()
                time.sleep(0.001)

        settle()
        month = Month(life, window, clock, settle, Random(3))  # noqa: S311 - invented answers
        month.live()
        wrong = differences(month)
        sys.stdout.write(f"{len(life.runs)} runs of {len(life.days)} working days, ")
        sys.stdout.write(f"made, read and rated in {time.perf_counter() - began:.0f} s\n")
        sys.stdout.write("\n".join([*summary(month.rated), *wrong, f"{len(wrong)} figures differ", ""]))
        window.close()
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
