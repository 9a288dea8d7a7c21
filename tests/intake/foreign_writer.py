"""Another program that writes an SQLite database: runs as a process of its own and obeys commands, one a line.

    python foreign_writer.py DATABASE JOURNAL_MODE [PRAGMA…]

It never waits for a lock: whoever blocks it makes it fail, and it says so.
"""

import os
import sqlite3
import sys
import time
from hashlib import sha256


def body(number: int, size: int = 200) -> str:
    """Return the text of a row: another one would be noticed."""
    return (sha256(str(number).encode()).hexdigest() * (1 + size // 64))[:size]


class Writer:
    """The program's connection and its commands."""

    def __init__(self, path: str, mode: str, pragmas: list[str]) -> None:
        self.database = sqlite3.connect(path, isolation_level=None, timeout=0)
        for pragma in pragmas:
            self.database.execute(f"PRAGMA {pragma}")
        self.database.execute(f"PRAGMA journal_mode = {mode}")
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.execute("CREATE TABLE IF NOT EXISTS log (n integer PRIMARY KEY, body text)")
        self.database.execute("CREATE TABLE IF NOT EXISTS pair (n integer PRIMARY KEY)")

    def add(self, count: str, size: str = "200") -> None:
        """Add rows, all in one transaction: each has its pair."""
        inside = self.database.in_transaction
        if not inside:
            self.database.execute("BEGIN IMMEDIATE")
        first = self.database.execute("SELECT coalesce(max(n), 0) + 1 FROM log").fetchone()[0]
        for number in range(first, first + int(count)):
            self.database.execute("INSERT INTO log VALUES (?, ?)", (number, body(number, int(size))))
            self.database.execute("INSERT INTO pair VALUES (?)", (number,))
        if not inside:
            self.database.execute("COMMIT")

    def each(self, count: str) -> None:
        """Add rows, each in a transaction of its own, for a while."""
        for _ in range(int(count)):
            self.add("1")
            time.sleep(0.001)

    def sql(self, *words: str) -> None:
        """Run one statement."""
        row = self.database.execute(" ".join(words)).fetchone()
        if "checkpoint" in words[-1] and row[0]:
            raise sqlite3.OperationalError("the checkpoint was blocked")

    def die(self) -> None:
        """End without closing anything."""
        os._exit(9)

    def close(self) -> None:
        """Close the database and end."""
        self.database.close()
        sys.stdout.write("ok\n")
        sys.exit(0)


def main() -> None:
    writer = Writer(sys.argv[1], sys.argv[2], sys.argv[3:])
    sys.stdout.write("ok\n")
    sys.stdout.flush()
    for line in sys.stdin:
        command, *words = line.split()
        try:
            getattr(writer, command)(*words)
            sys.stdout.write("ok\n")
        except sqlite3.Error as error:
            sys.stdout.write(f"{error}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
