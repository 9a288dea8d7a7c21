"""One invented month: agents' logs and real git repositories, with a plan of what became of every run's work."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
FIRST_ON = date(2026, 10, 1)
"""The clocks go back on the 25th of this month."""
PROJECTS = ("harbour", "orchard")
MODEL = "claude-opus-4-7"
_MICROS_PER_TOKEN = 25
"""The list price of that day: $25 for a million tokens written; nothing is read."""
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_FATES = ("kept", "gone", "reverted", "branch", "", "")
"""What becomes of a run's work in git; "": it leaves no commit."""


@dataclass(slots=True)
class PlannedRun:
    """One run as it was planned, which is the truth about it."""

    number: int
    day: date
    project: str
    began: int
    ended: int
    """Milliseconds since 1970 UTC."""
    cost_micros: int
    fate: str
    given: dict[str, str] = field(default_factory=dict)
    """What the person answered, by question: the last word."""
    batch: bool = False
    """Its answers were given to several runs at once."""

    @property
    def session(self) -> str:
        """The agent's own id of it."""
        return f"0a0a0a0a-1111-4222-8333-{self.number:012d}"


@dataclass(slots=True)
class Life:
    """A home with logs, two repositories, and the runs in them."""

    folder: Path
    days: list[date]
    runs: list[PlannedRun]

    @property
    def home(self) -> Path:
        """The home that holds the logs."""
        return self.folder / "home"

    def at(self, day: date, hour: int) -> int:
        """Return an instant of a day in the person's zone."""
        return round(datetime.combine(day, time(hour), ZONE).timestamp() * 1000)


def planned(folder: Path, *, workdays: int, seed: int = 7) -> Life:
    """Plan so many working days of six to nine runs each, write their logs, and make their repositories."""
    random = Random(seed)  # noqa: S311 - invented data: reproducible is the point
    days = [day for offset in range(45) if (day := FIRST_ON + timedelta(offset)).weekday() < 5][:workdays]
    life = Life(folder, days, [])
    for day in days:
        for slot in range(random.randint(6, 9)):
            began = life.at(day, 8) + slot * _HOUR_MS // 2 + random.randint(0, 600) * 1000
            run = PlannedRun(
                number=len(life.runs) + 1,
                day=day,
                project=PROJECTS[random.random() < 0.4],
                began=began,
                ended=began + random.randint(120, 1500) * 1000,
                cost_micros=round(random.lognormvariate(10.5, 1.2)) * _MICROS_PER_TOKEN,
                fate=random.choice(_FATES),
            )
            life.runs.append(run)
    for run in life.runs:
        _write_log(life, run)
    for project in PROJECTS:
        _make_repository(life, project)
    return life


def _lines(run: PlannedRun) -> str:
    return "".join(f"run_{run.number}_value_{line} = compute(part={line})\n" for line in range(12))


def _write_log(life: Life, run: PlannedRun) -> None:
    """Write a session that writes one file, which no other run touches."""
    repository = life.folder / run.project
    written = {"file_path": str(repository / f"work_{run.number}.py"), "content": _lines(run)}
    use = {"type": "tool_use", "id": f"toolu_{run.number}", "name": "Write", "input": written}
    done = {"type": "tool_result", "tool_use_id": f"toolu_{run.number}", "content": "ok"}
    tokens = run.cost_micros // _MICROS_PER_TOKEN
    usage = {"input_tokens": 0, "output_tokens": tokens, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
    answer: dict[str, object] = {
        "id": f"msg_{run.number}",
        "model": MODEL,
        "stop_reason": "end_turn",
        "content": [use],
        "usage": usage,
    }
    rows: list[tuple[int, str, dict[str, object]]] = [
        (run.began, "user", {"content": f"Invented task number {run.number}"}),
        (run.began + 1000, "assistant", answer),
        (run.ended, "user", {"content": [done]}),
    ]
    path = life.home / ".claude/projects" / run.project / f"{run.session}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        for number, (at, kind, message) in enumerate(rows):
            row = {
                "type": kind,
                "uuid": f"{run.number:08d}-{number:04d}-4000-8000-000000000000",
                "sessionId": run.session,
                "timestamp": datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z"),
                "cwd": str(repository),
                "version": "2.1.226",
                "message": {"role": kind, **message},
            }
            stream.write(json.dumps(row) + "\n")


def _make_repository(life: Life, project: str) -> None:
    """Commit, overwrite, revert and branch off with git itself, in the order of time."""
    repository = life.folder / project
    repository.mkdir()

    def git(*command: str, at: int) -> str:
        environment = dict(os.environ) | {"GIT_CONFIG_NOSYSTEM": "1"}
        environment |= dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"@{at // 1000} +0000")
        environment |= dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Robin")
        environment |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "robin@example.invalid")
        command = ("git", "-C", str(repository), *command)
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        return done.stdout.strip()

    def commit(name: str, text: str, at: int) -> str:
        (repository / name).write_text(text)
        git("add", "-A", at=at)
        git("commit", "-q", "-m", f"Change {name}", at=at)
        return git("rev-parse", "HEAD", at=at)

    begun = life.runs[0].began - _DAY_MS
    git("init", "-q", "-b", "main", at=begun)
    commit("README", "An invented project.\n", begun)
    commits: dict[int, str] = {}
    acts = [(run.ended + _HOUR_MS // 2, "commit", run) for run in life.runs if run.project == project and run.fate]
    acts += [(at + 3 * _DAY_MS, run.fate, run) for at, _, run in acts if run.fate in {"gone", "reverted"}]
    for at, act, run in sorted(acts, key=lambda one: one[0]):
        name = f"work_{run.number}.py"
        if act == "gone":
            commit(name, f"# {run.number} was written anew\n", at)
        elif act == "reverted":
            git("revert", "--no-edit", commits[run.number], at=at)
        elif run.fate == "branch":
            git("checkout", "-q", "-b", f"side-{run.number}", at=at)
            commit(name, _lines(run), at)
            git("checkout", "-q", "main", at=at)
        else:
            commits[run.number] = commit(name, _lines(run), at)
