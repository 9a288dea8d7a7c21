"""An import may die at any moment: what it wrote stays whole, and the next one goes on."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from goodmeasure.ledger.opening import open_ledger

TRIALS = 20
FILES = 60

IMPORT = """
import sys
from pathlib import Path
from types import SimpleNamespace
from hashlib import blake2b
from goodmeasure.ledger.files import FileReading
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.ledger.files import known_files
from goodmeasure.ledger.writer import ImportWriter

def key(*facts): return blake2b(repr(facts).encode(), digest_size=16).digest()

ledger = open_ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
writer = ImportWriter(ledger, lambda event: (event[9], "list_price"), lambda cwd: (cwd, cwd))
print("started", flush=True)
for file in range(int(sys.argv[3])):
    path, session = f"/logs/{file}", f"session {file}"
    known = known_files(ledger).get(path)
    done = known.offset_bytes if known else 0
    for stretch in range(done // 100, 3):
        counters = (1, 2, 3, 4, 5, None, None, None, None, 0)
        calls = [(key(file, stretch, n), session, 1795435200000 + n, "anthropic", "opus", *counters) for n in range(40)]
        hangs = (f"session {file - 1}", "subagent") if file % 3 else (None, None)
        facts = (session, *hangs, 1, 2, "/home/robin", None, None, None, None, None, 0)
        empty = dict(tool_calls=[], prompts=[], notices=[], totals=[], issues=[], unknown={})
        batch = SimpleNamespace(lines=40, sessions=[facts], generations=calls, **empty)
        reading = FileReading(path, "claude-code", 1, file, 300, 1, stretch * 100, stretch * 100 + 100, None, None)
        if writer.write(reading, batch).skipped: raise SystemExit("skipped")
    if file % 7 == 0: writer.finish()
writer.finish()
print("finished", flush=True)
"""


def test_a_killed_import_is_completed_by_the_next(path: Path, key: bytes) -> None:
    chance = random.Random(11)  # noqa: S311 - moments, not secrets
    arguments = [sys.executable, "-c", IMPORT, str(path), key.hex(), str(FILES)]
    killed = 0
    for _ in range(TRIALS):
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.random() * 0.06)
            os.kill(child.pid, signal.SIGKILL)
            killed += child.stdout.read() == ""
        ledger = open_ledger(path, key)
        (whole,) = ledger.raw().execute("SELECT count(*) % 40 FROM generation").fetchone()
        assert whole == 0
        (lines, calls) = (
            ledger.raw()
            .execute("SELECT coalesce(sum(lines), 0), (SELECT count(*) FROM generation) FROM source_file")
            .fetchone()
        )
        assert lines == calls
        ledger.close()
    assert killed > TRIALS / 2
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.endswith("finished\n")
    ledger = open_ledger(path, key)

    def rows(question: str) -> list[Any]:
        return list(ledger.raw().execute(question).fetchall())

    expected = FILES * 3 * 40
    assert rows("SELECT count(*), sum(output_tokens) FROM generation") == [(expected, expected * 5)]
    assert rows("SELECT count(*), sum(generations) FROM run_summary") == [(FILES // 3, expected)]
    assert rows("SELECT sum(generations) FROM usage_bucket") == [(expected,)]
    assert rows("SELECT count(*) FROM dirty_run") == rows("SELECT count(*) FROM dirty_bucket") == [(0,)]
    assert rows("PRAGMA cipher_integrity_check") == rows("PRAGMA foreign_key_check") == []
    ledger.close()
