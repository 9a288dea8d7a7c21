"""Write `schema.sql` (what a fresh ledger is made from) out of the models and the statements that models cannot say.

Run by hand after a change of the models: `python tests/ledger/write_schema.py`. A test compares the file with the
migrations.
"""

import sys
from pathlib import Path

from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from goodmeasure.ledger.models import metadata

LEDGER = Path(__file__).parents[2] / "app" / "goodmeasure" / "ledger"
APPEND_ONLY = (
    "assessment",
    "draw",
    "draw_run",
    "run_edit",
    "guess",
    "release",
    "audit_entry",
    "roll_up",
    "team_roster",
    "team_file",
    *("frozen_period", "receipt", "receipt_leaf", "audit_week"),
)


def statements() -> list[str]:
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect())))
        made.extend(
            str(CreateIndex(index).compile(dialect=dialect()))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        )
    made.append(
        "CREATE VIRTUAL TABLE run_text USING fts5(title, project, model, source, "
        "content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    for table_name in APPEND_ONLY:
        made.extend(
            f"CREATE TRIGGER {table_name}_no_{verb.lower()} BEFORE {verb} ON {table_name}\n"  # noqa: S608 - constant names
            "WHEN NOT EXISTS (SELECT 1 FROM meta WHERE key = 'forgetting')\n"
            f"BEGIN SELECT RAISE(ABORT, '{table_name} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return ["\n".join(line.rstrip().replace("\t", "  ") for line in text.strip().splitlines()) for text in made]


def main() -> None:
    text = ";\n\n".join(statements()) + ";\n"
    for name in sys.argv[1:] or ["schema.sql"]:
        (LEDGER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
