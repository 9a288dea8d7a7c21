"""Makes the golden home of llm from a recording: its tables as SQL text, with invented text.

python tests/sources/make_llm_fixtures.py RECORDINGS
"""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.sources.invented import TEXT, answers_of, tool_calls_of, truth_of, write_truth

HERE = Path(__file__).parent / "llm"
CLIENT = "llm-0.36"
PLACE = ".config/io.datasette.llm/logs.db"
TABLES = ("responses", "conversations", "tool_calls", "tool_results", "threads", "turns", "messages", "parts")
TEXTS = {("parts", "text"), ("threads", "name")}
LEFT_OUT = {("parts", "payload"), ("messages", "provider_metadata"), ("turns", "options_json")}


def reduced(table: str, column: str, value: object) -> object:
    """Return a cell with invented text; of a provider's answer only its id and model."""
    if (table, column) in TEXTS:
        return TEXT if value else value
    if (table, column) in LEFT_OUT:
        return None
    if column == "response_json" and isinstance(value, str):
        served = json.loads(value)
        return json.dumps({"content": TEXT, "id": served["id"], "model": served["model"]})
    return value


def script(place: Path) -> str:
    """Return the tables of a database as SQL text."""
    lines = []
    with closing(sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True)) as database:
        for table in TABLES:
            (created,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            lines.append(f"{created};")
            rows = database.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608  names of our own
            names = [column[0] for column in rows.description]
            for row in rows:
                cells = [reduced(table, name, value) for name, value in zip(names, row, strict=True)]
                values = ", ".join(database.execute("SELECT quote(?)", (cell,)).fetchone()[0] for cell in cells)
                lines.append(f"INSERT INTO {table} VALUES ({values});")  # noqa: S608  as above
    return "\n".join(lines) + "\n"


def main(recordings: Path) -> None:
    """Write the golden home anew."""
    recording = recordings / CLIENT
    shutil.rmtree(HERE, ignore_errors=True)
    target = HERE / "0.36/recorded" / f"{PLACE}.sql"
    target.parent.mkdir(parents=True)
    target.write_text(script(recording / "home" / PLACE), encoding="utf-8", newline="\n")
    answers = answers_of(recording, lambda answer: bool(answer["records_on_disk"]))
    truth = truth_of(answers, dict) | {
        "runs": len(answers) - sum(answer["scenario"] == "continue" for answer in answers),
        "prompts": len(answers),
        "tool_calls": tool_calls_of(recording, answers),
    }
    write_truth(HERE, {"0.36/recorded": truth})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
