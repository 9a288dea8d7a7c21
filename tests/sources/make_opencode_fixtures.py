"""Makes the golden homes of OpenCode and Kilo from recordings of real clients, with every text replaced.

    python -m tests.sources.make_opencode_fixtures SAMPLES RECORDINGS

The arguments are those of `make_fixtures.py`. Of the databases only the tables that are read are kept, as SQL text that
builds them anew; structure, identifiers, instants and numbers stay.
"""

import json
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.sources.make_cline_fixtures import write_tasks

HERE = Path(__file__).parent
TEXT = "Invented text."
FOLDER = "/home/person/project"
AGENTS = {
    "opencode": (".local/share/opencode", "opencode-1.18.33"),
    "kilo": (".local/share/kilo", "kilocode-7.7.9"),
}
"""Per source: where it keeps its logs in a home, and its recording."""

WORDS = frozenset({
    "id", "sessionID", "messageID", "parentID", "role", "modelID", "providerID", "mode", "agent", "finish", "name",
    "type", "tool", "callID", "status", "reason", "source", "version", "permission", "pattern", "action", "projectID",
})  # fmt: skip
"""Keys whose short values are words and identifiers of the client itself."""
INVENTED = {"cwd": FOLDER, "root": FOLDER, "directory": FOLDER, "input": {"invented": True}, "slug": "invented-slug"}
LEFT_OUT = frozenset({"snapshot", "diffs", "display", "responseHeaders", "responseBody", "url", "preview", "loaded"})
BEGINNINGS = ("The user rejected permission", "The user has specified a rule", "Tool execution aborted")
NAMELESS = re.compile(r"New session - [0-9TZ:.-]+( \(fork #\d+\))?")
PLAIN = re.compile(r"[A-Za-z0-9_.:+@/<>*-]{0,80}")
TABLES = {
    "session": "id, parent_id, directory, title, version, time_created, time_updated",
    "message": "id, session_id, time_created, time_updated, data",
    "part": "id, message_id, session_id, time_created, time_updated, data",
}


def reduced(value: Any, key: str = "") -> Any:
    """Return a JSON value with its structure, numbers and identifiers, and invented text."""
    if key in INVENTED and not isinstance(value, int | float):
        return INVENTED[key]
    if isinstance(value, dict):
        return {name: reduced(inner, name) for name, inner in value.items() if name not in LEFT_OUT}
    if isinstance(value, list):
        return [reduced(inner, key) for inner in value]
    return _text(value, key) if isinstance(value, str) else value


def _text(text: str, key: str) -> str:
    if key in WORDS and PLAIN.fullmatch(text):
        return text
    if key == "title" and NAMELESS.fullmatch(text):
        return text
    return next((f"{beginning} {TEXT}" for beginning in BEGINNINGS if text.startswith(beginning)), TEXT if text else "")


def is_ours(text: str) -> bool:
    """Tell whether a string of a fixture is an identifier or invented."""
    rest = text.removesuffix(TEXT).rstrip()
    return rest in {*BEGINNINGS, FOLDER} or any(pattern.fullmatch(rest) for pattern in (PLAIN, NAMELESS))


def write_database(source: Path, target: Path) -> None:
    """Write a database's tables that are read, as SQL text. `source` is opened without a trace: nobody has it open."""
    lines = []
    with closing(sqlite3.connect(f"file:{source}?immutable=1", uri=True)) as database:
        for table, columns in TABLES.items():
            lines.append(f"CREATE TABLE {table} ({columns.replace('id', 'id text PRIMARY KEY', 1)});")
            for row in database.execute(f"SELECT {columns} FROM {table} ORDER BY rowid"):  # noqa: S608 - constant parts
                named = dict(zip(columns.split(", "), row, strict=True))
                values = ", ".join(map(_literal, _row(named)))
                lines.append(f"INSERT INTO {table} VALUES ({values});")  # noqa: S608 - text for a file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(row: dict[str, Any]) -> Iterator[Any]:
    for name, value in row.items():
        if name == "data":
            yield json.dumps(reduced(json.loads(value)), separators=(",", ":"), ensure_ascii=False)
        elif name in {"title", "directory"}:
            yield reduced(value, name)
        else:
            yield value


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)


def write_home(home: Path, below: str, target: Path) -> None:
    """Write the logs of one home, reduced."""
    for path in sorted((home / below).rglob("*")):
        place = target / path.relative_to(home)
        if path.suffix == ".db":
            write_database(path, place.with_name(place.name + ".sql"))
        elif path.suffix == ".json" and path.parent.parent.name in {"session", "message", "part"}:
            place.parent.mkdir(parents=True, exist_ok=True)
            record = json.dumps(reduced(json.loads(path.read_text(encoding="utf-8"))), indent=1)
            place.write_text(record + "\n", encoding="utf-8")


def generated(samples: Path, key: str) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """Yield name, home and truth of every scenario that a client was recorded in: one prompt each, one run."""
    truth = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["samples"]
    for name, expected in truth.items():
        if name.startswith(f"{key}/generated-"):
            _, client, scenario = name.split("/")
            sums = {field: expected[field] for field in ("totals", "models") if field in expected}
            runs = min(1, expected["totals"]["generations"])
            yield f"{client.rpartition('-')[2]}/{scenario}", samples / name, {**sums, "runs": runs, "prompts": 1}


def recorded(folder: Path) -> tuple[str, Path, dict[str, Any]]:
    """Return name, home and truth of a recording: what the model server sent and the client wrote down.

    These clients do not tell how long cache writes live, so all stand as five minutes.
    """
    answers = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["answers"]
    served = [json.loads(line) for line in (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    blocks = {answer["n"]: answer.get("blocks", []) for answer in served}
    runs = [json.loads(line)["argv"] for line in (folder / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()]
    totals: dict[str, int] = {}
    models: dict[str, dict[str, int]] = {}
    tools = 0
    for answer in answers:
        if answer["records_on_disk"]:
            for sums in (totals, models.setdefault(answer["model"], {})):
                _add(sums, answer["counts"])
            tools += sum(block in {"tool", "tool_use"} for block in blocks[answer["n"]])
    truth = {
        "totals": totals,
        "models": models,
        "prompts": sum("fake-script" in argument for argv in runs for argument in argv),
        "tool_calls": tools,
    }
    return f"{folder.name.rpartition('-')[2]}/recorded", folder / "home", truth


def _add(sums: dict[str, int], counts: dict[str, int]) -> None:
    written = counts["cache_write_5m"] + counts["cache_write_1h"]
    figures = {
        "generations": 1,
        "input_tokens": counts["input_uncached"],
        "cache_read_tokens": counts["cache_read"],
        "cache_write_5m_tokens": written,
        "cache_write_1h_tokens": 0,
        "output_tokens": counts["output"],
        "reasoning_tokens": counts["reasoning"],
    }
    for name, value in figures.items():
        sums[name] = sums.get(name, 0) + value


def main(samples: Path, recordings: Path) -> None:
    """Write the golden homes of both agents anew."""
    for key, (below, recording) in AGENTS.items():
        folder = HERE / key
        shutil.rmtree(folder, ignore_errors=True)
        truth = {}
        for name, home, expected in [*generated(samples, key), recorded(recordings / recording)]:
            write_home(home, below, folder / name)
            truth[name] = expected
        if key == "kilo":
            truth["tasks/invented"] = write_tasks(key, folder / "tasks/invented")
        (folder / "expected.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
