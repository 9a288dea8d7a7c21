"""Most tests run commands in their own process: here each kind of command says the same in one of its own."""

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
