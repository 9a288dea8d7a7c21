"""Guesses about runs: appended, never changed. Private: not even the audit log has them."""

from collections import defaultdict

from goodmeasure.domain.assessments import AssessmentName, AssessmentSource
from goodmeasure.domain.calibration import GuessedRun, GuessName
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.evidence import commits_of
from goodmeasure.ledger.handle import Ledger

_GUESSES = (
    "SELECT coalesce(run.merged_into_id, run.id), question, value FROM guess JOIN run ON run.id = guess.run_id"
    " ORDER BY said_at, guess.id"
)
_SAVED = (
    "SELECT coalesce(run.merged_into_id, run.id), value FROM assessment JOIN run ON run.id = assessment.run_id"
    " WHERE name = ? AND assessment.source = ? ORDER BY assessed_at, assessment.id"
)


def append_guess(ledger: Ledger, run_id: int, name: GuessName, value: str | None, at: int) -> None:
    """Keep a guess (None: an earlier one is taken back). `at`: ms UTC. Raises LedgerError for an unknown run."""
    with ledger.writing(lasting=True) as connection:
        row = connection.execute("SELECT coalesce(merged_into_id, id) FROM run WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            raise LedgerError(f"There is no run {run_id} in {ledger.path}: look at goodmeasure runs.")
        connection.execute(
            "INSERT INTO guess(run_id, question, value, said_at) VALUES (?, ?, ?, ?)", (row[0], name.value, value, at)
        )


def guesses(ledger: Ledger) -> dict[int, dict[GuessName, str]]:
    """Return the current guesses of each run that has any. Raises LedgerError."""
    known = {name.value for name in GuessName}
    found: dict[int, dict[GuessName, str]] = defaultdict(dict)
    with told(ledger.path):
        for run_id, question, value in ledger.raw().execute(_GUESSES):
            if question not in known:
                continue  # a later version's question is nothing to this one
            if value is None:
                found[run_id].pop(GuessName(question), None)
            else:
                found[run_id][GuessName(question)] = value
    return {run_id: given for run_id, given in found.items() if given}


def guessed_runs(ledger: Ledger) -> list[GuessedRun]:
    """Return the runs with guesses, and what became of them, by run. Raises LedgerError."""
    given = guesses(ledger)
    backing = commits_of(ledger, list(given))
    with told(ledger.path):
        asked = (AssessmentName.TIME_SAVED.value, AssessmentSource.HUMAN.value)
        saved = dict(ledger.raw().execute(_SAVED, asked).fetchall())
    return [
        GuessedRun(run_id, said, saved.get(run_id), tuple(backing.get(run_id, ())))
        for run_id, said in sorted(given.items())
    ]
