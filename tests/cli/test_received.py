"""Six colleagues and a manager, each with a profile of their own: from runs and answers to a roll-up, by real files."""

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

import keyring
import pytest
from keyring.backends.fail import Keyring

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.assessments import AssessmentName, Need, Outcome
from goodmeasure.domain.period import period_named
from goodmeasure.intake.demo import write_demo_home
from tests.cli.terminal import Terminal

NAMES = ("Ada Example", "Bo Li", "Cem Kaya", "Dana Novak", "Eli Roth", "Finn Aas")
OUTCOMES = (Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL, Outcome.DISCARDED)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, list[list[str]]]:
    """A folder with the reports of six people, the month they are about, and what each answered of every run."""
    place = tmp_path_factory.mktemp("six")
    # The key of a ledger that is copied must lie beside it.
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]  # keyring's initialiser has no types
    desk = Desk(Choices(profile_dir=place / "first", home=place / "home"))
    write_demo_home(place / "home", now=desk.clock.now(), days=60, sessions=70)
    desk.importing.import_logs()
    month = max(desk.queries.periods(), key=lambda period: len(_runs(desk, period.name)) * ("W" not in period.name))
    desk.close()
    answers = []
    for number, name in enumerate(NAMES):
        profile = place / f"profile-{number}"
        shutil.copytree(place / "first", profile)
        answers.append(_rate(profile, place / "home", month.name, Random(number)))  # noqa: S311 - tests that repeat
        told = Terminal(place / "home", profile)(
            *("report", "--level", "L2", "--with", "cost,oversight", "--yes", "--period", month.name, "--name", name),
            *("--improved", f"{name} wrote this.", "--out"),
            place / "shared" / str(number),
        )
        assert told.status == 0, told.err
    return place / "shared", month.name, answers


def _runs(desk: Desk, period: str) -> Sequence[int]:
    return [run.run_id for run in desk.queries.rated_runs(period_named(period).span(desk.queries.zone))]


def _rate(profile: Path, home: Path, period: str, chance: Random) -> list[str]:
    desk = Desk(Choices(profile_dir=profile, home=home))
    given = []
    for run_id in _runs(desk, period):
        outcome = chance.choices(OUTCOMES, (5, 2, 2, 3))[0]
        desk.rating.rate_run(run_id, {AssessmentName.OUTCOME: outcome, AssessmentName.NEED: Need.HELPFUL})
        given.append(str(outcome))
    desk.close()
    return given


def test_six_profiles_go_the_whole_way(shared: tuple[Path, str, list[list[str]]], tmp_path: Path) -> None:
    folder, month, answers = shared
    manager = Terminal(tmp_path, tmp_path / "manager")
    taken = manager("receive", folder, "--json")
    assert taken.status == 0, taken.err
    assert {one["report"]["name"] for one in taken.document["files"]} == set(NAMES)
    held = manager("received", "--json").document["reports"]
    assert {one["key"] for one in held} == {"first_use"}

    rolled = manager(
        *("rollup", "--invited", "7", "--json", "--out", tmp_path / "out", "--metrics", tmp_path / "team.prom"),
    )
    assert rolled.status == 0, rolled.err
    document = json.loads(rolled.out)
    written = json.loads((tmp_path / "out" / "rollup.json").read_text())
    assert document == {"schema_version": 1, **written}
    uncounted = manager("rollup", "--json").document
    assert uncounted == {**document, "contribution": None}, "how many were invited is not known"
    assert "how many were invited was not said" in manager("rollup").out
    assert (document["period"], document["people_at_least"], document["contribution"]) == (month, 5, "80-90")
    shares = {one["answer"]: one for bar in document["bars"] if bar["question"] == "outcome" for one in bar["shares"]}
    for answer in (str(one) for one in OUTCOMES):
        true = sum(100 * given.count(answer) / len(given) for given in answers) / len(answers)
        if answer in shares:
            assert shares[answer]["low_percent"] <= true <= shares[answer]["high_percent"]
    assert "used" in shares
    cost = {(one["provider"], one["kind"]) for one in document["costs"]}
    assert ("anthropic", "output_tokens") in cost
    assert "goodmeasure_team_tokens" in (tmp_path / "team.prom").read_text()
    assert not any(name in rolled.out for name in NAMES)

    mark = held[0]["fingerprint"]
    assert manager("received", "--confirm", mark).status == 0
    assert manager("received", "--copy", mark, "--out", tmp_path / "copy.zip").status == 0
    with zipfile.ZipFile(tmp_path / "copy.zip") as bundle:
        assert "added up with others in a roll-up" in bundle.read("what-is-held.txt").decode()
    deleted = manager("received", "--delete", mark)
    assert held[0]["sha256"] in deleted.out
    assert manager("received", "--receipts", "--out", tmp_path / "receipts").status == 0
    assert len(list((tmp_path / "receipts").iterdir())) == 2
    # One person less would be told by subtraction.
    again = manager("rollup", "--invited", "7")
    assert again.status == 1
    assert "subtracting the two would tell about fewer than 5 people" in again.err


def test_what_cannot_be_taken_in_is_said_in_one_sentence(tmp_path: Path) -> None:
    manager = Terminal(tmp_path, tmp_path / "manager")
    (tmp_path / "report.json").write_text("{}")
    told = manager("receive", tmp_path / "report.json")
    assert told.status == 1
    assert "is missing: a report and its .sig lie side by side" in told.err
    assert manager("rollup").err.startswith("No report is held that could be added up")
    assert manager("received", "--out", tmp_path).status == 2
    assert manager("received", "--recipient").out.startswith("age1")
