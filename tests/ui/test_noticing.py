"""What another program writes into the profile is seen in the open window: real window, real other processes."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring
from pytestqt.qtbot import QtBot

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.runs import RunFilter
from goodmeasure.ui.widgets.text import PlainLabel
from goodmeasure.ui.window import MainWindow
from tests.ui.test_live import append, new_log, run_ids, settle

OpenWindow = Callable[..., MainWindow]
PATIENCE_MS = 20_000


@pytest.fixture
def other(places: Path) -> Iterator["subprocess.Popen[str]"]:
    """`goodmeasure watch` on the same profile, which has read everything and follows."""
    options = ["--profile-dir", str(places / "profile"), "--home", str(places / "home")]
    command = [sys.executable, "-m", "goodmeasure", *options, "watch", "--progress", "--until-input-ends"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if json.loads(line)["event"] == "done")
        yield process
        process.communicate()


def test_what_another_program_reads_is_seen(
    window: MainWindow, other: "subprocess.Popen[str]", places: Path, qtbot: QtBot
) -> None:
    assert window.pages is not None
    runs, known = window.pages.runs, run_ids(window)
    window.go_to("runs")
    settle(qtbot, window)
    log = new_log(places)
    qtbot.waitUntil(lambda: runs.model.rowCount() == len(known) + 1, timeout=PATIENCE_MS)
    [run_id] = run_ids(window) - known
    runs.show_run(run_id)
    qtbot.waitUntil(lambda: runs.detail._run_id == run_id, timeout=PATIENCE_MS)
    calls = runs.detail.timeline.model().rowCount()
    append(log, 2)
    qtbot.waitUntil(lambda: runs.detail.timeline.model().rowCount() > calls, timeout=PATIENCE_MS)
    assert other.poll() is None


def test_a_first_start_goes_over_into_the_overview_when_another_program_reads(
    tmp_path: Path, open_window: OpenWindow, qtbot: QtBot
) -> None:
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]  # the key must lie where the other program finds it
    log = new_log(tmp_path)
    window = open_window(tmp_path)
    assert window.pages is not None
    overview = window.pages.overview
    qtbot.waitUntil(lambda: overview.title.text() == "Welcome", timeout=PATIENCE_MS)
    options = ["--profile-dir", str(tmp_path / "profile"), "--home", str(tmp_path / "home")]
    subprocess.run([sys.executable, "-m", "goodmeasure", *options, "import", str(log)], check=True, capture_output=True)
    qtbot.waitUntil(lambda: overview.title.text() == "Overview", timeout=PATIENCE_MS)
    said = [label.text() for label in overview._improved.findChildren(PlainLabel)]
    assert "Runs that you rate as used or learned from appear here." in said


def test_only_what_others_wrote_is_told(window: MainWindow, qtbot: QtBot) -> None:
    session, told = window._session, list[str]()
    settle(qtbot, window)
    session.changed.connect(told.append)
    run_id = session.desk.queries.run_ids(RunFilter(unrated=True))[0]
    session.rate([run_id], {AssessmentName.OUTCOME: "used"}, None, [], lambda error: pytest.fail(str(error)))
    for _ in range(3):
        window._noticer.look()
        settle(qtbot, window)
    assert told == ["assessments"]
    with session.desk.ledger.writing() as connection:  # another connection: the window writes in its lane
        connection.execute("UPDATE run SET project_id = NULL WHERE id = ?", [run_id])
    window._noticer.look()
    window._noticer.look()
    settle(qtbot, window)
    assert told == ["assessments", "events"]
