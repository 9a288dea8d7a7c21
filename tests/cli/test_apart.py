"""Most tests run commands in their own process: here each kind of command says the same in one of its own."""

import subprocess
import sys

import pytest

from tests.cli.terminal import Terminal


@pytest.mark.parametrize(
    "words",
    [
        ("usage", "--json"),
        ("runs", "--limit", "3"),
        ("doctor", "--json"),
        ("report", "--period", "1999-01", "--out", "r"),
        ("usage", "--by", "mood"),
    ],
    ids=lambda words: words[0],
)
def test_a_process_of_its_own_says_the_same(terminal: Terminal, words: tuple[str, ...]) -> None:
    here, apart = terminal(*words), terminal.apart(*words)
    assert (here.status, here.out) == (apart.status, apart.out)
    # The lines before the last one show how the program was called, which differs.
    assert here.err.splitlines()[-1:] == apart.err.splitlines()[-1:]


LOADED = """
import sys
from goodmeasure.__main__ import main
main()
sys.stderr.write(" ".join(sys.modules))
"""
HEAVY = {"sqlalchemy", "msgspec", "cryptography", "keyring", "goodmeasure.ledger.writer", "goodmeasure.domain.runs"}


def test_finding_nothing_new_loads_little(terminal: Terminal) -> None:
    place = ["--home", str(terminal.home), "--profile-dir", str(terminal.profile)]
    command = [sys.executable, "-c", LOADED, *place, "import"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "goodmeasure.intake.sync" in ran.stderr.split()
    assert not HEAVY & set(ran.stderr.split())
