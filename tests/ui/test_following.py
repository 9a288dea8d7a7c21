import os
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from goodmeasure.ui.following import Follower, command

WATCH = ("watch", "--progress", "--until-input-ends")
PRELUDE = "import json, sys, time\ndef say(**e): print(json.dumps(e), flush=True)\n"


class Heard:
    """Collects how a reading went, and what came after it."""

    def __init__(self, script: str, passphrase: str | None = None, program: list[str] | None = None) -> None:
        self.process = Follower(
            program or [sys.executable, "-c", PRELUDE + script], lambda: passphrase, waits_ms=(1, 1)
        )
        self.progress: list[tuple[int, int, str]] = []
        self.ends: list[object] = []
        self.process.progressed.connect(lambda done, whole, source: self.progress.append((done, whole, source)))
        self.news: list[dict[str, object]] = []
        self.process.read.connect(self.ends.append)
        self.process.news.connect(self.news.append)
        self.process.failed.connect(self.ends.append)
        self.process.cancelled.connect(lambda: self.ends.append("cancelled"))

    def run(self, qtbot: QtBot) -> list[object]:
        try:
            return self._run(qtbot)
        finally:
            self.process.close()

    def _run(self, qtbot: QtBot) -> list[object]:
        self.process.start()
        qtbot.waitUntil(lambda: bool(self.ends), timeout=10_000)
        assert not self.process.is_reading
        return self.ends


@pytest.fixture(autouse=True)
def _qt(qtbot: QtBot) -> None:
    del qtbot


def test_progress_and_report(qtbot: QtBot) -> None:
    heard = Heard(
        "say(event='progress', files_done=1, files_total=2, bytes_done=2048, bytes_total=4096, source='codex')\n"
        "print('a line of somebody else')\n"
        "say(event='progress', files_done=2, files_total=2, bytes_done=0, bytes_total=0, source=None)\n"
        "say(event='done', report={'sources': []})\nsys.stdin.read()"
    )
    assert heard.run(qtbot) == [{"sources": []}]
    assert heard.progress == [(2, 4, "codex"), (2, 2, "")]


def test_a_refusal_is_one_sentence(qtbot: QtBot) -> None:
    heard = Heard("say(event='failed', message='The ledger is read-only: move it.')\nsys.exit(1)")
    assert heard.run(qtbot) == ["The ledger is read-only: move it."]


def test_a_crash_says_its_last_line(qtbot: QtBot) -> None:
    [reason] = Heard("raise ValueError('out of luck')").run(qtbot)
    assert reason == "The logs could not be read: ValueError: out of luck"


def test_an_end_without_a_word_is_a_failure(qtbot: QtBot) -> None:
    assert Heard("sys.exit(3)").run(qtbot) == ["The logs could not be read: the reader ended with status 3"]


def test_cancel(qtbot: QtBot) -> None:
    heard = Heard("say(event='progress', files_done=0, files_total=9)\ntime.sleep(30)")
    heard.process.start()
    qtbot.waitUntil(lambda: bool(heard.progress), timeout=10_000)
    heard.process.cancel()
    qtbot.waitUntil(lambda: bool(heard.ends), timeout=10_000)
    assert heard.ends == ["cancelled"]


def test_cancel_of_one_that_does_not_listen(qtbot: QtBot) -> None:
    heard = Heard(
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "say(event='progress', files_done=0, files_total=9)\ntime.sleep(30)"
    )
    heard.process.start()
    qtbot.waitUntil(lambda: bool(heard.progress), timeout=10_000)
    heard.process.cancel()
    qtbot.waitUntil(lambda: bool(heard.ends), timeout=10_000)
    assert heard.ends == ["cancelled"]


def test_close_leaves_no_process_and_says_nothing(qtbot: QtBot) -> None:
    heard = Heard("say(event='progress', files_done=0, files_total=9)\ntime.sleep(30)")
    heard.process.start()
    qtbot.waitUntil(lambda: bool(heard.progress), timeout=10_000)
    heard.process.close()
    assert not heard.process.process_id
    assert heard.ends == []


def test_a_program_that_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    [reason] = Heard("", program=[str(tmp_path / "nowhere")]).run(qtbot)
    assert "could not be started" in str(reason)


def test_the_passphrase_reaches_the_process_by_its_environment_only(qtbot: QtBot) -> None:
    script = (
        "import os\nsay(event='done', report={'p': os.environ.get('GOODMEASURE_PASSPHRASE'), 'argv': sys.argv})\n"
        "sys.stdin.read()"
    )
    assert Heard(script, "open sesame").run(qtbot) == [{"p": "open sesame", "argv": ["-c"]}]
    assert Heard(script, None).run(qtbot) == [{"p": None, "argv": ["-c"]}]


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile, home = tmp_path / "p", tmp_path / "h"
    tail = ["--profile-dir", str(profile), "--home", str(home), *WATCH]
    assert command(profile, home) == [sys.executable, "-m", "goodmeasure", *tail]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command(profile, home) == [sys.executable, *tail]
    assert command(profile, None) == [sys.executable, "--profile-dir", str(profile), *WATCH]


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="this system has no such priorities")
def test_reading_lets_the_window_go_first(qtbot: QtBot) -> None:
    heard = Heard(
        "import os\n"
        "while os.getpriority(os.PRIO_PROCESS, 0) <= 0: time.sleep(0.01)\n"
        "say(event='done', report={'niceness': os.getpriority(os.PRIO_PROCESS, 0)})\nsys.stdin.read()"
    )
    assert heard.run(qtbot) == [{"niceness": 10}]


def test_what_comes_after_the_first_reading_is_news(qtbot: QtBot) -> None:
    heard = Heard("for n in range(3): say(event='done', report={'n': n})\nsys.stdin.read()")
    heard.process.start()
    qtbot.waitUntil(lambda: len(heard.news) == 2, timeout=10_000)
    assert heard.ends == [{"n": 0}]
    assert heard.news == [{"n": 1}, {"n": 2}]
    assert heard.process.is_following
    heard.process.close()
    assert not heard.process.is_following


def test_one_that_dies_while_it_follows_is_started_again_and_in_the_end_told(qtbot: QtBot, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    heard = Heard(f"open({str(starts)!r}, 'a').write('x')\nsay(event='done', report={{}})\nsys.exit('out of luck')")
    heard.process.start()
    qtbot.waitUntil(lambda: len(heard.ends) == 2, timeout=20_000)
    assert heard.ends == [{}, "The logs could not be read: out of luck"]
    assert starts.read_text() == "xxx", "once, and again after each of the two waits"
    assert not heard.process.is_following


def test_reading_now_makes_room_for_a_new_process(qtbot: QtBot) -> None:
    heard = Heard("import os\nsay(event='done', report={'pid': os.getpid()})\nsys.stdin.read()")
    heard.process.start()
    qtbot.waitUntil(lambda: len(heard.ends) == 1, timeout=10_000)
    heard.process.start()
    assert heard.process.is_reading
    heard.process.start()
    qtbot.waitUntil(lambda: len(heard.ends) == 2, timeout=10_000)
    assert heard.ends[0] != heard.ends[1]
    assert heard.news == []
    heard.process.close()
