"""Takes every foreign text out of a recorded log, for the makers of golden homes.

Structure, numbers, identifiers and instants stay; every other text becomes one invented text, after those fixed words
of the client at its start that a reader looks for.
"""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEXT = "Invented text."
FOLDER = "/home/person/project"
PLAIN = re.compile(r"[A-Za-z0-9_.:@+#|<>*$-]{0,100}")
"""What a word or an identifier is made of: no spaces, no folders."""
_SELECT, _INSERT = "SELECT * FROM {}", "INSERT INTO {} VALUES ({})"
_NAME = re.compile(r"[A-Za-z0-9_.$@: -]{1,60}")


@dataclass(frozen=True)
class Reduction:
    """What may stay of one client's log."""

    words: frozenset[str]
    """Keys whose values are words and identifiers of the client itself."""
    invented: dict[str, str] = field(default_factory=dict)
    """Keys whose texts are replaced by a text of their own."""
    beginnings: tuple[str, ...] = ()
    """Fixed words of the client that stay where a text begins with them."""
    dropped: frozenset[str] = frozenset()
    """Keys that are left out with all below them."""

    def value(self, value: Any, key: str = "") -> Any:
        """Return a JSON value without foreign text."""
        if isinstance(value, dict):
            return {
                name: self.value(inner, name)
                for name, inner in value.items()
                if name not in self.dropped and _NAME.fullmatch(name)
            }
        if isinstance(value, list):
            return [self.value(inner, key) for inner in value]
        return self.text(value, key) if isinstance(value, str) else value

    def text(self, text: str, key: str) -> str:
        """Return a text without foreign words."""
        if key in self.invented:
            return self.invented[key]
        if not text or (key in self.words and PLAIN.fullmatch(text)):
            return text
        return next((f"{start} {TEXT}" for start in self.beginnings if text.startswith(start)), TEXT)

    def is_ours(self, text: str) -> bool:
        """Tell whether a text of a golden home is an identifier or invented."""
        rest = text.removesuffix(TEXT).rstrip()
        return PLAIN.fullmatch(rest) is not None or rest in {*self.invented.values(), *self.beginnings}

    def write_lines(self, source: Path, target: Path) -> None:
        """Write a log of JSON lines, reduced line by line."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(compact(self.value(json.loads(line))) + "\n" for line in lines)

    def write_document(self, source: Path, target: Path) -> None:
        """Write one JSON document, reduced."""
        target.parent.mkdir(parents=True, exist_ok=True)
        reduced = self.value(json.loads(source.read_text(encoding="utf-8")))
        target.write_text(json.dumps(reduced, indent=1) + "\n", encoding="utf-8")

    def write_database(self, source: Path, target: Path, tables: tuple[str, ...]) -> None:
        """Write some tables of a database as SQL text, their rows reduced; columns that hold JSON stay JSON."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(":memory:")) as new:
            old.row_factory = sqlite3.Row
            for table in tables:
                (made,) = old.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
                new.execute(made)
                for row in old.execute(_SELECT.format(table)):
                    cells = [self._cell(row[name], name) for name in row.keys()]  # noqa: SIM118 - a Row is no dict
                    new.execute(_INSERT.format(table, ",".join("?" * len(cells))), cells)
            new.commit()
            target.write_text("\n".join(new.iterdump()) + "\n", encoding="utf-8")

    def _cell(self, value: Any, column: str) -> Any:
        if not isinstance(value, str):
            return value
        if value.startswith(("{", "[")):
            return compact(self.value(json.loads(value), column))
        return self.text(value, column)


def compact(value: Any) -> str:
    """Return JSON without blanks."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def strings_in(value: Any) -> set[str]:
    """Return every text in a JSON value, keys included."""
    if isinstance(value, dict):
        return set().union(*(strings_in(inner) for inner in value.values())) | set(value)
    if isinstance(value, list):
        return set().union(*(strings_in(inner) for inner in value))
    return {value} if isinstance(value, str) else set()
