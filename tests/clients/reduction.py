"""Takes an agent's own words out of its logs; structure, ids, numbers and our own sentences stay."""

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.clients.roster import typed_texts
from tests.clients.scripts import own_texts

WORD = re.compile(r"[\w.:@+=#|$-]{1,96}")
"""Ids, instants, numbers, versions, names of types: no blanks, no slashes."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[0-9.]{0,10}( UTC|Z|[+-]\d\d:\d\d)?")
HOME_PATH = re.compile(r"/home/sam(/[\w.@+-]+)*")
SYSTEM_PATH = re.compile(r"(/usr)?/bin/\w+")
MODEL = re.compile(r"[a-z]{2,20}/[\w.:@+-]{1,60}")
"""Provider and model."""
SIGN = re.compile(r"<[a-z]+>")
"""A model or a state that is none (`<synthetic>`)."""
WRAPPED = re.compile(r"<([a-z][a-z_-]{1,40})>.*", re.DOTALL)
MARK = re.compile(r"\[Request interrupted by user( for tool use)?\]|New session - [0-9TZ:.-]+( \(fork #\d+\))?")
"""By these words, and no others, an interruption or a session without a title is known in the log."""
STATUS = re.compile(r"(\d{3}) .*", re.DOTALL)
"""What a refused request's status stands before."""


def invented(length: int) -> str:
    """Return the sentence that stands for a text of `length` characters."""
    return f"Invented words in place of {length} characters."


INVENTED = re.compile(r"Invented words in place of \d+ characters\.")
OWN = own_texts() | typed_texts()


def reduced(value: Any) -> Any:
    """Return a JSON value of the same shape without foreign text."""
    if isinstance(value, dict):
        return {_reduced_text(key): reduced(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [reduced(inner) for inner in value]
    return _reduced_text(value) if isinstance(value, str) else value


def _reduced_text(text: str) -> str:
    if is_ours(text):
        return text
    if text[:1] in "{[":
        try:
            return compact(reduced(json.loads(text)))
        except ValueError:
            pass
    wrapped = WRAPPED.fullmatch(text)
    if wrapped:
        return f"<{wrapped[1]}>{invented(len(text))}</{wrapped[1]}>"
    refused = STATUS.fullmatch(text)
    if refused:
        return f"{refused[1]} {invented(len(text))}"
    if text.startswith("/") and "\n" not in text and " " not in text:
        return "/home/sam/elsewhere"
    return invented(len(text))


def is_ours(text: str) -> bool:
    """Tell whether `text` may stand in a fixture: an id or a single word, an invented path, or a sentence of ours."""
    bare = text.strip()
    if bare in OWN or any(
        pattern.fullmatch(bare) for pattern in (WORD, MODEL, INSTANT, HOME_PATH, SYSTEM_PATH, SIGN, MARK, INVENTED)
    ):
        return True
    inner = re.fullmatch(r"<([a-z_-]+)>(.*)</\1>|\d{3} (.*)", bare)
    return bare == "" or (inner is not None and INVENTED.fullmatch(inner[2] or inner[3]) is not None)


def foreign_texts(value: Any) -> Iterable[str]:
    """Yield every string in a JSON value (keys, and JSON inside strings, included) that may not stand in a fixture."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from foreign_texts(key)
            yield from foreign_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from foreign_texts(inner)
    elif isinstance(value, str) and not is_ours(value):
        try:
            inside = json.loads(value) if value[:1] in "{[" else None
        except ValueError:
            inside = None
        if inside is None:
            yield value
        else:
            yield from foreign_texts(inside)


class Places:
    """Turns the scratch folder of a recording into `/home/sam`, in paths and in names made from paths."""

    def __init__(self, root: Path) -> None:
        plain = str(root)
        self._pairs = ((plain, ""), (re.sub("[^A-Za-z0-9]", "-", plain), ""))

    def renamed(self, text: str) -> str:
        """Return `text` with the scratch folder taken out."""
        for old, new in self._pairs:
            text = text.replace(old, new)
        return text


def compact(value: Any) -> str:
    """Return JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def reduce_lines(text: str, places: Places) -> str:
    """Reduce a log of JSON lines; a line that is no JSON raises ValueError."""
    lines = [compact(reduced(json.loads(places.renamed(line)))) for line in text.splitlines() if line]
    return "".join(line + "\n" for line in lines)


def reduce_document(text: str, places: Places) -> str:
    """Reduce one JSON document to one line."""
    return compact(reduced(json.loads(places.renamed(text)))) + "\n"


def reduce_database(path: Path, tables: tuple[str, ...], places: Places) -> str:
    """Return the given tables of a database, as far as it has them, as SQL text that builds them anew, reduced.

    Columns keep their names, types and keys; constraints and indexes go, so that no words of the agent's are left.
    """
    lines = []
    with closing(sqlite3.connect(path)) as database:
        for table in tables:
            columns = database.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)).fetchall()
            if not columns:
                continue
            single = sum(bool(key) for _, _, key in columns) == 1
            made = [f'"{name}" {kind}{" PRIMARY KEY" if key and single else ""}' for name, kind, key in columns]
            lines.append(f'CREATE TABLE "{table}" ({", ".join(made)});')
            for row in database.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):  # noqa: S608  names of our own
                cells = ", ".join(_literal(cell, places) for cell in row)
                lines.append(f'INSERT INTO "{table}" VALUES ({cells});')  # noqa: S608  text for a file
    return "\n".join(lines) + "\n"


def _literal(value: Any, places: Places) -> str:
    if isinstance(value, str):
        return "'" + _reduced_text(places.renamed(value)).replace("'", "''") + "'"
    return "NULL" if value is None or isinstance(value, bytes) else repr(value)
