"""`trend`, `calibration` and `assessments` as a person runs them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from goodmeasure.intake.synthetic import write_home
from tests.cli.terminal import Terminal


@pytest.fixture
def own(tmp_path: Path, fresh_terminal: Callable[[Path], Terminal]) -> Terminal:
    write_home(tmp_path / "home", seed=5, days=20, sessions=4, text_scale=0.02)
    terminal = fresh_terminal(tmp_path / "home")
    assert terminal("import").status == 0
    return terminal


def test_a_trend_of_too_little_says_so(own: Terminal) -> None:
    assert "Not enough to say yet" in own("trend", "--project", "shop").out
    document = own("trend", "--question", "need", "--answer", "extra", "--json").document
    assert (document["answer"], document["enough"], document["change"]) == ("extra", False, None)
    wrong = own("trend", "--answer", "pending")
    assert (wrong.status, "use one of used, informed" in wrong.err) == (2, True)


def test_guesses_are_kept_and_summed_up(own: Terminal) -> None:
    run = own("runs", "--json").document["runs"][0]["run"]
    assert "Nothing was guessed" in own("calibration", run).out
    said = own("calibration", run, "--before", "under_5", "--kept", "unsure", "--json").document
    assert said["guesses"] == {"effort_before": "under_5", "kept": "unsure"}
    assert own("calibration", "--json").document == {
        "schema_version": 1, "guessed": 1, "drift": None, "forecasts": None, "impossible": None,
    }  # fmt: skip
    assert "Only for you" in own("calibration").out
    assert own("calibration", "--kept", "yes").status == 2


def test_a_split_is_told_with_its_parts(own: Terminal) -> None:
    runs = [one for one in own("runs", "--json").document["runs"] if one["prompts"] > 1]
    run = own("show", runs[0]["run"], "--json").document["run"]
    assert run["splits"] == []
    calls = sorted({one["recorded_at"] for one in run["generation_list"]})
    later = own("runs", "split", run["run"], "--at", calls[-1], "--json").document["later"]
    for part in (run["run"], later):
        (told,) = own("show", part, "--json").document["run"]["splits"]
        assert told == {"run": run["run"], "later": later, "at": calls[-1], "by_app": False}
    assert "Split by hand: what came from" in own("show", later).out


def test_judgements_go_out_and_come_back(own: Terminal, tmp_path: Path) -> None:
    run = own("runs", "--json").document["runs"][0]["run"]
    own("rate", run, "--outcome", "used", "--need", "extra")
    file = tmp_path / "judgements.json"
    assert own("assessments", "export", file, "--format", "otel").out == f"2 judgements are in {file}.\n"
    assert file.stat().st_mode & 0o077 == 0
    again = own("assessments", "export", file, "--format", "otel")
    assert (again.status, "is there already" in again.err) == (1, True)
    taken = own("assessments", "import", file, "--format", "otel", "--json").document
    assert (taken["added"], taken["known"], taken["unknown_runs"]) == (0, 2, [])
    file.write_text(file.read_text().replace(run, "0" * 16))
    assert f"no such run: {'0' * 16}" in own("assessments", "import", file, "--format", "otel").out
    wrong = own("assessments", "import", file, "--format", "mlflow")
    assert (wrong.status, "no mlflow file" in wrong.err) == (1, True)
    assert own("assessments", "import", tmp_path / "none", "--format", "otel").status == 1
