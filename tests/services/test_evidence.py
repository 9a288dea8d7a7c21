"""From a real log and a real repository to what backs a run up."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.evidence import answer_candidate, check_of, commits_of, work_of
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.salts import EVIDENCE, salt
from goodmeasure.services.arranging import Arranging
from goodmeasure.services.evidence import Evidence
from goodmeasure.services.importing import Importing

DAY = 86_400_000
NOON = 1_795_435_200_000
SESSION = "0a0a0a0a-1111-4222-8333-444444444444"
LINES = [f"value_{number} = compute(number={number})" for number in range(20)]


class FixedClock(Clock):
    def __init__(self) -> None:
        self.at = NOON + DAY

    def now(self) -> int:
        return self.at


class Life:
    """One repository, one Claude Code session in it, one ledger."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.home, self.repo, self.ledger, self.clock = folder / "home", folder / "repo", ledger, FixedClock()
        self.repo.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", at=NOON - DAY)
        for name, value in (("user.email", "robin@example.invalid"), ("user.name", "Robin")):
            self.git("config", name, value)
        self.commit("README", "An invented project.\n", at=NOON - DAY)
        self.rows: list[dict[str, Any]] = []

    def git(self, *command: str, at: int = NOON) -> str:
        when = f"@{at // 1000} +0000"
        environment = os.environ | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", "-C", str(self.repo), *command], check=True, capture_output=True, text=True, env=environment
        )
        return done.stdout.strip()

    def commit(self, name: str, text: str, *, at: int, message: str = "Work") -> str:
        (self.repo / name).write_text(text)
        self.git("add", "-A", at=at)
        self.git("commit", "-q", "-m", message, at=at)
        return self.git("rev-parse", "HEAD")

    def says(self, kind: str, content: Any, *, at: int = NOON) -> None:
        message: dict[str, Any] = {"role": kind, "content": content}
        if kind == "assistant":
            message |= {"id": f"msg_{len(self.rows)}", "model": "claude-opus-4-7", "stop_reason": "end_turn"}
            message["usage"] = {"input_tokens": 1, "output_tokens": 1}
        self.rows.append(
            {
                "type": kind,
                "uuid": f"{len(self.rows):08d}-0000-4000-8000-000000000000",
                "sessionId": SESSION,
                "timestamp": datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z"),
                "cwd": str(self.repo),
                "version": "2.1.226",
                "message": message,
            }
        )

    def uses(self, tool: str, told: dict[str, Any], answer: str, *, failed: bool = False, at: int = NOON) -> None:
        name = f"toolu_{len(self.rows)}"
        self.says("assistant", [{"type": "tool_use", "id": name, "name": tool, "input": told}], at=at)
        self.says("user", [{"type": "tool_result", "tool_use_id": name, "content": answer, "is_error": failed}], at=at)

    def look(self) -> list[CommitEvidence]:
        log = self.home / ".claude/projects/repo" / f"{SESSION}.jsonl"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(json.dumps(row) + "\n" for row in self.rows))
        Importing(self.ledger, self.home).import_logs()
        Evidence(self.ledger, self.clock).look([1])
        return commits_of(self.ledger).get(1, [])


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    ledger = open_ledger(tmp_path / "ledger.sqlite", b"k" * 32)
    yield Life(tmp_path, ledger)
    ledger.close()


def write_file(life: Life, name: str = "work.py", lines: list[str] = LINES) -> str:
    text = "\n".join(lines) + "\n"
    life.says("user", "Invented text.")
    life.uses("Write", {"file_path": str(life.repo / name), "content": text}, "ok")
    return text


def test_content_links_lands_and_survives(life: Life) -> None:
    text = write_file(life)
    sha = life.commit("work.py", text, at=NOON + 3_600_000)
    (found,) = life.look()
    assert found == CommitEvidence(sha, str(life.repo), Link.CONTENT, 1.0, NOON + 3_600_000, None, None, None)
    life.commit("work.py", "\n".join(LINES[:12]) + "\n", at=NOON + 5 * DAY)
    life.commit("work.py", "\n".join(LINES[:5]) + "\n", at=NOON + 20 * DAY)
    life.clock.at = NOON + 40 * DAY
    (later,) = life.look()
    assert (later.survival_14_days, later.survival_30_days) == (0.6, 0.25)


def test_survival_is_asked_after_the_agent_has_deleted_its_log(life: Life) -> None:
    text = write_file(life)
    life.commit("work.py", text, at=NOON + 3_600_000)
    life.look()
    (life.home / ".claude/projects/repo" / f"{SESSION}.jsonl").unlink()
    life.clock.at = NOON + 20 * DAY
    Evidence(life.ledger, life.clock).look([1])
    assert commits_of(life.ledger)[1][0].survival_14_days == 1.0


def test_survival_of_work_that_another_ledger_hashed(life: Life) -> None:
    text = write_file(life)
    life.commit("work.py", text, at=NOON + 3_600_000)
    life.look()
    (life.home / ".claude/projects/repo" / f"{SESSION}.jsonl").unlink()
    raw = life.ledger.raw()
    raw.execute("INSERT INTO run_work_salt VALUES (1, ?)", (salt(life.ledger, EVIDENCE),))
    raw.execute("UPDATE meta SET value = ? WHERE key = ?", ("ab" * 32, EVIDENCE))
    life.clock.at = NOON + 20 * DAY
    Evidence(life.ledger, life.clock).look([1])
    assert commits_of(life.ledger)[1][0].survival_14_days == 1.0


def test_a_commit_made_inside_the_run_is_exact_whoever_wrote_the_lines(life: Life) -> None:
    life.says("user", "Invented text.")
    sha = life.commit("other.py", "nothing_of_the_run = True\n", at=NOON)
    life.uses("Bash", {"command": "git commit -m Work"}, f"[main {sha[:7]}] Work\n 1 file changed")
    assert [(one.sha, one.link) for one in life.look()] == [(sha, Link.EXACT)]


def test_a_message_that_names_the_session_is_exact(life: Life) -> None:
    life.says("user", "Invented text.")
    sha = life.commit("other.py", "nothing = 1\n", at=NOON, message=f"Work\n\nAI-Session: {SESSION}")
    assert [(one.sha, one.link) for one in life.look()] == [(sha, Link.EXACT)]


def test_a_git_ai_note_that_names_the_session_is_exact(life: Life) -> None:
    life.says("user", "Invented text.")
    sha = life.commit("other.py", "nothing = 1\n", at=NOON)
    # SHA-256 of "claude:" and the session id, as the note's standard says.
    key = "s_e8ff1c0733e557"
    life.git("notes", "--ref=ai", "add", "-m", f"other.py\n  {key}::t_00000000000000 1\n---\n{{}}", sha)
    assert [(one.sha, one.link) for one in life.look()] == [(sha, Link.EXACT)]


def test_a_little_of_it_is_a_candidate_that_the_person_decides_on(life: Life) -> None:
    write_file(life)
    sha = life.commit("work.py", "\n".join([*LINES[:5], "x_y_z = None"]) + "\n", at=NOON + 2 * DAY)
    (found,) = life.look()
    assert (found.link, found.containment, found.landed_at) == (Link.CANDIDATE, 0.25, None)
    assert answer_candidate(life.ledger, 1, sha, belongs=False, now=NOON)
    assert life.look() == []
    assert answer_candidate(life.ledger, 1, sha, belongs=True, now=NOON)
    assert [(one.link, one.landed_at) for one in life.look()] == [(Link.PERSON, NOON + 2 * DAY)]
    assert not answer_candidate(life.ledger, 1, "no such commit", belongs=True, now=NOON)


def test_failed_edits_other_people_and_lock_files_are_no_evidence(life: Life) -> None:
    life.says("user", "Invented text.")
    text = "\n".join(LINES) + "\n"
    life.uses("Write", {"file_path": str(life.repo / "work.py"), "content": text}, "no", failed=True)
    life.uses("Write", {"file_path": str(life.repo / "uv.lock"), "content": text}, "ok")
    life.commit("work.py", text, at=NOON + 3_600_000)
    assert life.look() == []
    write_file(life)
    life.git("config", "user.email", "ada@example.invalid")
    assert life.look() == []


def test_no_repository_says_nothing_about_the_work(life: Life) -> None:
    text = write_file(life)
    life.commit("work.py", text, at=NOON + 3_600_000)
    life.look()
    life.repo.rename(life.repo.with_name("moved"))
    looked = Evidence(life.ledger, life.clock).look([1])
    assert (looked.runs, looked.unavailable, looked.linked) == (1, 1, 1)
    assert [one.link for one in commits_of(life.ledger)[1]] == [Link.CONTENT]


def test_no_text_is_kept(life: Life) -> None:
    write_file(life, lines=[*LINES, "Zinnober Kumquat"])
    life.look()
    work = work_of(life.ledger, 1)
    assert work is not None
    assert len(work.files[str(life.repo / "work.py")]) == 21
    held = [
        repr(row)
        for (table,) in life.ledger.raw().execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        if not table.startswith("run_text")
        for row in life.ledger.raw().execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - the ledger's own tables
    ]
    assert any("Invented text." in row for row in held)
    assert not [row for row in held if "Zinnober" in row]


def test_each_part_of_a_split_session_has_its_own_evidence(life: Life) -> None:
    hour, other = 3_600_000, [f"another_{number} = brew(cups={number})" for number in range(20)]
    text = write_file(life)
    life.says("user", "Invented, too.", at=NOON + 5 * hour)
    told = {"file_path": str(life.repo / "tea.py"), "content": "\n".join(other)}
    life.uses("Write", told, "ok", at=NOON + 5 * hour)
    first = life.commit("work.py", text, at=NOON + hour)
    exact = life.commit("x.py", "nothing = 1\n", at=NOON + hour + 1000, message=f"Named\n\nAI-Session: {SESSION}")
    inside = life.commit("y.py", "nothing = 2\n", at=NOON + 5 * hour)
    life.uses("Bash", {"command": "git commit"}, f"[main {inside[:7]}] Work", at=NOON + 5 * hour)
    second = life.commit("tea.py", "\n".join(other) + "\n", at=NOON + 6 * hour)
    assert {one.sha for one in life.look()} == {first, exact, inside, second}
    arranging = Arranging(life.ledger, life.clock)
    later = arranging.split(1, NOON + 2 * hour)
    looked = Evidence(life.ledger, life.clock).look()
    assert (looked.runs, looked.linked) == (2, 2)
    found = commits_of(life.ledger)
    assert {one.sha: (one.link, one.containment) for one in found[1]} == {
        first: (Link.CONTENT, 1.0),
        exact: (Link.EXACT, 0.0),
    }
    assert {one.sha: (one.link, one.containment) for one in found[later]} == {
        inside: (Link.EXACT, 0.0),
        second: (Link.CONTENT, 1.0),
    }
    arranging.undo()
    Evidence(life.ledger, life.clock).look()
    assert {one.sha for one in commits_of(life.ledger)[1]} == {first, exact, inside, second}


def test_what_the_person_said_of_a_commit_stays_when_its_session_is_split(life: Life) -> None:
    hour = 3_600_000
    write_file(life)
    life.says("user", "Invented, too.", at=NOON + 5 * hour)
    life.says("assistant", "Invented.", at=NOON + 5 * hour)
    sha = life.commit("work.py", "\n".join([*LINES[:5], "x_y_z = None"]) + "\n", at=NOON + 6 * hour)
    life.look()
    answer_candidate(life.ledger, 1, sha, belongs=True, now=NOON)
    Arranging(life.ledger, life.clock).split(1, NOON + 2 * hour)
    Evidence(life.ledger, life.clock).look()
    assert {run: [one.link for one in found] for run, found in commits_of(life.ledger).items()} == {1: [Link.PERSON]}


def test_a_look_that_is_cancelled_says_nothing(life: Life) -> None:
    life.commit("work.py", write_file(life), at=NOON + 3_600_000)
    life.look()
    life.ledger.raw().execute("DELETE FROM evidence_check")
    for calls in (0, 1):
        answers = iter([False] * calls + [True])
        looked = Evidence(life.ledger, life.clock).look([1], cancelled=answers.__next__)
        assert (looked.runs, check_of(life.ledger, 1)) == (0, None)
