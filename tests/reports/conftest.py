"""A fixed set of rated runs, a fixed key, and the real programs that must agree with ours."""

import json
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.levels import Report
from goodmeasure.disclosure.writing import Header, TypedWords
from goodmeasure.domain.assessments import (
    Assessment,
    AssessmentName,
    AssessmentSource,
    Collected,
    Draw,
    Need,
    Outcome,
    Review,
    Stratum,
)
from goodmeasure.domain.period import period_named
from goodmeasure.domain.runs import RatedRun
from goodmeasure.reports.files import ReportFiles, report_files
from tests.reports.made import story_of

WEIGHTS: dict[AssessmentName, dict[str, int]] = {
    AssessmentName.OUTCOME: dict(zip(Outcome, (45, 18, 14, 14, 6, 3, 2, 1), strict=True)),
    AssessmentName.NEED: dict(zip(Need, (20, 45, 22, 13), strict=True)),
    AssessmentName.REVIEW: dict(zip(Review, (14, 40, 26, 12, 8), strict=True)),
}
WORDS = TypedWords(
    improved=[
        "The release checklist now runs itself; nobody copies version numbers by hand any more.",
        "Found the cause of the slow invoice export in one afternoon: a missing index.",
        "Wrote the migration guide for the partner API, with examples <that> work & are tested.",
    ],
    did_not_work=["Long runs in the billing repository lose their place.", "Generated tests repeat the code."],
    needed=["Read access to the staging logs, so that I can check fixes myself."],
)
HEADER = Header("Ada Example", "Platform leads", "To decide which work we give to agents next", date(2026, 11, 28))


@pytest.fixture(scope="session")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="session")
def rated_runs() -> list[RatedRun]:
    """140 runs of one month; half of them drawn by the app."""
    chance = Random(3)  # noqa: S311 - fixed plausible answers, not a secret
    runs = []
    for number in range(140):
        drawn = chance.random() < 0.5
        answered = chance.random() < (0.8 if drawn else 0.55)
        answers: dict[str, Assessment] = {
            name: Assessment(
                id=number,
                run_id=number,
                name=name,
                value=str(chance.choices(list(weights), list(weights.values()))[0]),
                source=AssessmentSource.HUMAN,
                collected=Collected.SAMPLED if drawn else Collected.SELF_SELECTED,
                inclusion_probability=0.5 if drawn else None,
                assessed_at=1_795_000_000_000,
                answer_seconds=2.5,
                suggested=None,
                supersedes_id=None,
                taxonomy_version=1,
            )
            for name, weights in WEIGHTS.items()
            if answered
        }
        draw = Draw(Stratum.REST, 0.5) if drawn else None
        runs.append(RatedRun(number, "source", "project", 1_795_000_000_000, 1_795_000_060_000, 1234, answers, draw))
    return runs


@pytest.fixture(scope="session")
def report(rated_runs: list[RatedRun]) -> Report:
    return story_of(rated_runs, period_named("2026-11"), WORDS, HEADER)


@pytest.fixture(scope="session")
def files(report: Report, key: Ed25519PrivateKey) -> ReportFiles:
    return report_files(report, key)


@pytest.fixture(scope="session")
def ssh_keygen() -> str:
    found = shutil.which("ssh-keygen")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("ssh-keygen is missing: run installer/test, which installs openssh-client.")
        pytest.skip("LEFT OUT: ssh-keygen is not installed")
    return found


MAKERS_HOSTS = (".google.com", ".googleapis.com", ".gstatic.com", ".gvt1.com")
"""What a fresh browser asks for by itself, page or no page: its own updater and services."""


def _asked(asking: BinaryIO, answers: BinaryIO, question: str) -> dict[str, Any]:
    """Speak Chromium's protocol: JSON messages that end with a zero byte."""
    numbers = iter(range(1, 1000))

    def ask(method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        number = next(numbers)
        message = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        asking.write(json.dumps(message).encode() + b"\0")
        while True:
            said = b""
            while not said.endswith(b"\0"):
                if not (more := answers.read(1)):
                    raise EOFError("the browser has gone")
                said += more
            answer = json.loads(said[:-1])
            if answer.get("id") == number:
                assert "error" not in answer, answer
                found: dict[str, Any] = answer["result"]
                return found

    while not (pages := [one for one in ask("Target.getTargets")["targetInfos"] if one["url"].startswith("file:")]):
        pass
    session = ask("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
    # Before the page there is an empty one, which is complete, too.
    ready = "document.readyState === 'complete' && document.title !== ''"
    while not ask("Runtime.evaluate", session, expression=ready)["result"]["value"]:
        pass
    return ask(question, session)


class Chromium:
    """A real browser without a screen, in a scratch profile, that cannot reach the network."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder

    def __call__(self, page: Path, *options: str) -> str:
        """Open a page with these options; return what the browser printed as errors."""
        command = [
            self._program,
            *"--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync".split(),  # noqa: SIM905 - reads as typed
            *"--disable-background-networking --disable-component-update --enable-logging=stderr".split(),  # noqa: SIM905 - same
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={self._folder}",
            *options,
            page.as_uri(),
        ]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as browser:
            try:
                return browser.communicate(timeout=60)[1]
            finally:
                # Its helpers may outlive it by a moment; they are in its own process group.
                with suppress(ProcessLookupError):
                    os.killpg(browser.pid, signal.SIGKILL)

    def console(self, page: Path) -> list[str]:
        """Return what the page said on the console; a blocked request says so there."""
        return [line for line in self(page, "--dump-dom").splitlines() if "CONSOLE" in line]

    def names(self, page: Path, *options: str) -> list[tuple[str, str]]:
        """Return role and name of everything that a screen reader would meet, in order."""
        return [
            (str(node["role"]["value"]), str(node.get("name", {}).get("value", "")))
            for node in self._ask(page, "Accessibility.getFullAXTree", *options)["nodes"]
            if not node["ignored"]
        ]

    def _ask(self, page: Path, question: str, *options: str) -> dict[str, Any]:
        """Open a page, ask the browser one question about it over a pipe (no socket), and return the answer."""
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()
        command = [
            "bash",
            "-c",
            f'exec timeout 60 "$0" "$@" 3<&{from_us} 4>&{to_us}',
            self._program,
            *"--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking".split(),  # noqa: SIM905 - reads as typed
            "--remote-debugging-pipe",
            f"--user-data-dir={self._folder}",
            *options,
            page.as_uri(),
        ]
        with subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(from_us, to_us),
            start_new_session=True,
        ) as browser:
            os.close(from_us)
            os.close(to_us)
            try:
                with os.fdopen(to_browser, "wb", 0) as asking, os.fdopen(from_browser, "rb", 0) as answers:
                    return _asked(asking, answers, question)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(browser.pid, signal.SIGKILL)

    def requests(self, page: Path) -> list[str]:
        """Return every address asked for, beside the browser's own calls to its maker."""
        log = self._folder / "net.json"
        self(page, "--dump-dom", f"--log-net-log={log}")
        events = json.loads(log.read_text("utf-8"))["events"]
        asked = {event["params"]["url"] for event in events if "url" in event.get("params", {})}
        return sorted(url for url in asked if not (urlsplit(url).hostname or "").endswith(MAKERS_HOSTS))


@pytest.fixture
def chromium(tmp_path: Path) -> Chromium:
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing: run installer/test, which installs it.")
        pytest.skip("LEFT OUT: chromium is not installed")
    return Chromium(program, tmp_path / "browser")


@pytest.fixture(scope="session")
def typed() -> tuple[TypedWords, Header]:
    return WORDS, HEADER
