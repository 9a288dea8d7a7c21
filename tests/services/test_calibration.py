"""Private guesses: kept, taken back, told apart from everything that others may see."""

from pathlib import Path

import pytest

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.calibration import GuessName
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.runs import RunFilter
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.audit import audit_head
from goodmeasure.ledger.opening import open_ledger
from goodmeasure.services.calibration import Guessing
from goodmeasure.services.rating import Rating
from goodmeasure.viewmodels.calibration import calibration_view
from tests.ledger.conftest import KEY, NOON, Teller


def test_guesses_from_the_first_to_what_they_say(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite", KEY)
    teller = Teller(ledger)
    for number in range(40):
        name = f"s{number}"
        teller.write(teller.session(name), teller.call(f"c{number}", name, at=NOON + number), path=f"/logs/{name}")
    runs = reads.runs_by_id(ledger, reads.run_ids(ledger, RunFilter()))
    guessing = Guessing(ledger, Clock())
    asked = guessing.asked_of(runs)
    assert asked == Guessing(ledger, Clock()).asked_of(runs[:20]) | guessing.asked_of(runs[20:])
    assert len(asked) < 20
    assert Guessing(ledger, Clock(), wanted=False).asked_of(runs) == frozenset()
    for run in runs[:10]:
        guessing.guess(run.id, GuessName.EFFORT_BEFORE, "over_240")
        guessing.guess(run.id, GuessName.EFFORT_BEFORE, "under_5")
        Rating(ledger, Clock()).rate_run(run.id, {AssessmentName.TIME_SAVED: "saved_30_60"})
    assert guessing.guesses_of(runs[0].id) == {"effort_before": "under_5"}
    head = audit_head(ledger)
    found = guessing.summary()
    assert (found.guessed, found.drift, found.forecasts) == (10, None, None)
    assert found.impossible is not None
    assert (found.impossible.runs, found.impossible.beyond) == (10, 10)
    assert [line.enough for line in calibration_view(found).lines] == [False, False, True]
    guessing.guess(runs[0].id, GuessName.EFFORT_BEFORE, None)
    assert guessing.guesses_of(runs[0].id) == {}
    assert (guessing.summary().guessed, guessing.summary().impossible) == (9, None)
    assert audit_head(ledger) == head
    assert teller.rows("SELECT count(*) FROM guess") == [(21,)]
    with pytest.raises(Refusal, match="no answer to kept"):
        guessing.guess(runs[0].id, GuessName.KEPT, "perhaps")
    with pytest.raises(Refusal, match="no run 999"):
        guessing.guess(999, GuessName.KEPT, "yes")
    with pytest.raises(Exception, match="append-only"):
        ledger.raw().execute("DELETE FROM guess")
    ledger.close()
