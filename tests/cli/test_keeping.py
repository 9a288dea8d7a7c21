"""Backup, restore and merge, with the real program."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.intake.synthetic import write_home
from tests.cli.terminal import Said, Terminal

TEA = {"GOODMEASURE_PASSPHRASE": "tea"}
COFFEE = {"GOODMEASURE_PASSPHRASE": "coffee"}
OTHER = {"GOODMEASURE_PASSPHRASE": "x"}
CODE_LINE = "it is shown only once: "


def program(home: Path, profile: Path) -> Terminal:
    return Terminal(home, profile)


def totals(terminal: Terminal, **variables: str) -> Any:
    return terminal("usage", "--json", **variables).document["totals"]


def answers(terminal: Terminal) -> dict[str, list[tuple[str, str]]]:
    """Every judgement of every run, in the order of its history."""
    found = {}
    for run in terminal("runs", "--json").document["runs"]:
        detail = terminal("show", run["run"], "--json").document["run"]
        if detail["assessments"]:
            found[run["run"]] = [(one["value"], one["assessed_at"]) for one in detail["assessments"]]
    return found


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small")
    write_home(home, seed=5, days=20, sessions=8, text_scale=0.02)
    return home


@pytest.fixture
def one(small_home: Path, tmp_path: Path) -> Terminal:
    terminal = program(small_home, tmp_path / "one")
    assert terminal("import", "--json").status == 0
    return terminal


def test_a_backup_brings_everything_back(one: Terminal, tmp_path: Path) -> None:
    run = one("runs", "--json").document["runs"][0]["run"]
    one("rate", run, "--outcome", "used")
    before, said = totals(one), answers(one)
    written = one("backup", tmp_path / "safe.zip", "--json").document
    assert (tmp_path / "safe.zip").stat().st_size == written["size_bytes"]
    assert (tmp_path / "safe.zip").stat().st_mode & 0o077 == 0
    assert "whoever has the file" in written["opens_with"]
    one("forget", "--all", "--json")
    assert totals(one)["generations"] == 0
    restored = one("restore", tmp_path / "safe.zip", "--json")
    assert restored.status == 0, restored.err
    assert Path(restored.document["replaced"]).exists()
    assert (totals(one), answers(one)) == (before, said)
    assert one("backup", tmp_path / "safe.zip").status == 1
    assert [path.name for path in one.profile.iterdir() if path.name.startswith(".work")] == []


def test_a_backup_opens_on_another_computer_with_its_passphrase_or_its_code(small_home: Path, tmp_path: Path) -> None:
    here = program(small_home, tmp_path / "here")
    said = here("import", "--json", **TEA)
    code = said.err.split(CODE_LINE)[1].split()[0]
    before = totals(here, **TEA)
    assert "passphrase" in here("backup", tmp_path / "safe.zip", **TEA).out
    there = program(tmp_path, tmp_path / "there")
    wrong = there("restore", tmp_path / "safe.zip", **COFFEE)
    assert (wrong.status, "does not fit" in wrong.err, "--recovery-code" in wrong.err) == (1, True, True)
    assert not (there.profile / "ledger.sqlite").exists()
    assert not (there.profile / "keys.json").exists()
    assert there("restore", tmp_path / "safe.zip", **TEA).status == 0
    assert totals(there, **TEA) == before
    elsewhere = program(tmp_path, tmp_path / "elsewhere")
    bad = elsewhere("restore", tmp_path / "safe.zip", "--recovery-code", code[:-1] + "A" if code[-1] != "A" else "B")
    assert bad.status == 1
    assert elsewhere("restore", tmp_path / "safe.zip", "--recovery-code", code).status == 0
    assert totals(elsewhere) == before


def test_reports_are_signed_by_the_same_person_after_a_restore(one: Terminal, tmp_path: Path) -> None:
    month = one("runs", "--json").document["runs"][0]["started_at"][:7]
    words = ("report", "--period", month, "--level", "L1", "--name", "Sam", "--audience", "a", "--purpose", "p")
    for terminal, name in ((one, "first"), (program(one.home, tmp_path / "two"), "second")):
        if name == "second":
            assert terminal("restore", tmp_path / "safe.zip").status == 0
        assert terminal(*words, "--out", tmp_path / name).status == 0
        one("backup", tmp_path / "safe.zip")
    signers = [one("verify", tmp_path / name, "--json").document for name in ("first", "second")]
    assert signers[0]["fingerprint"] == signers[1]["fingerprint"]


@pytest.mark.parametrize("damage", ["nothing", "text", "cut", "ledger", "missing", "packed"])
def test_what_is_no_backup_changes_nothing(one: Terminal, tmp_path: Path, damage: str) -> None:
    file, bad = tmp_path / "safe.zip", tmp_path / "bad.zip"
    one("backup", file)
    before = totals(one)
    if damage == "text":
        bad.write_text("tea")
    elif damage == "cut":
        bad.write_bytes(file.read_bytes()[:-5000])
    elif damage != "nothing":
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(bad, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                if damage == "ledger" and name == "ledger.sqlite":
                    data = data[:9000] + bytes(300) + data[9300:]
                if damage == "packed" and name == "ledger.sqlite":
                    target.writestr(name, bytes(1 << 20), zipfile.ZIP_DEFLATED)
                elif damage != "missing" or name != "keys.json":
                    target.writestr(name, data)
    refused = one("restore", bad)
    assert refused.status == 1
    assert len(refused.err.strip().splitlines()) == 1
    assert str(bad) in refused.err
    assert ".work" not in refused.err
    assert totals(one) == before


def test_merging_counts_nothing_twice_and_again_changes_nothing(
    one: Terminal, small_home: Path, tmp_path: Path
) -> None:
    other_home = tmp_path / "other home"
    shutil.copytree(small_home, other_home)
    write_home(other_home, seed=6, days=20, sessions=6, text_scale=0.02)
    two = program(other_home, tmp_path / "two")
    assert two("import", "--json", **OTHER).status == 0
    both = program(other_home, tmp_path / "both")
    both("import", "--json")
    # The truth: one profile that read both homes.
    both_and_first = Terminal(small_home, both.profile)
    both_and_first("import", "--json")
    before = (two.profile / "ledger.sqlite").read_bytes()
    merged = one("merge", two.profile, **OTHER)
    assert merged.status == 0, merged.err
    assert totals(one) == totals(both)
    assert (
        one("usage", "--by", "source,model,project,day", "--json").document["rows"]
        == both("usage", "--by", "source,model,project,day", "--json").document["rows"]
    )
    mine, truth = (terminal("runs", "--json").document["runs"] for terminal in (one, both))
    assert sorted(run["run"] for run in mine) == sorted(run["run"] for run in truth)
    assert sorted(map(json.dumps, mine)) == sorted(map(json.dumps, truth))
    again = one("merge", two.profile, "--json", **OTHER).document
    assert (again["runs"], again["calls"], again["assessments"]) == (0, 0, 0)
    assert Path(again["copy"]).exists()
    assert totals(one) == totals(both)
    assert (two.profile / "ledger.sqlite").read_bytes() == before


def test_judgements_of_both_stay_and_the_latest_holds(one: Terminal, tmp_path: Path) -> None:
    two = program(one.home, tmp_path / "two")
    two("import", "--json")
    first, second, third = (run["run"] for run in one("runs", "--json").document["runs"][:3])
    two("rate", first, "--outcome", "used")
    one("rate", first, "--outcome", "partial")
    one("rate", second, "--outcome", "discarded", "--need", "extra")
    two("rate", second, "--outcome", "harmful")
    two("rate", third, "--outcome", "informed")
    assert one("merge", two.profile, "--json").document["assessments"] == 3
    outcomes = {run["run"]: (run["outcome"], run["need"]) for run in one("runs", "--json").document["runs"]}
    assert [outcomes[run] for run in (first, second, third)] == [
        ("partial", None),
        ("harmful", "extra"),
        ("informed", None),
    ]
    assert [value for value, _ in answers(one)[first]] == ["used", "partial"]
    assert one("merge", two.profile, "--json").document["assessments"] == 0
    assert two("merge", one.profile, "--json").document["assessments"] == 3
    assert answers(one) == answers(two)
    one("rate", second, "--outcome", "used")
    assert one("show", second, "--json").document["run"]["outcome"] == "used"


def test_what_was_forgotten_here_stays_forgotten(one: Terminal, tmp_path: Path) -> None:
    two = program(one.home, tmp_path / "two")
    two("import", "--json")
    runs = one("runs", "--json").document
    gone = runs["runs"][0]["run"]
    two("rate", gone, "--outcome", "used")
    one("forget", "--run", gone)
    merged = one("merge", two.profile, "--json").document
    assert (merged["runs"], merged["calls"], merged["assessments"]) == (0, 0, 0)
    assert merged["duplicates"] == two("usage", "--json").document["totals"]["generations"]
    assert one("runs", "--json").document["count"] == runs["count"] - 1


def refused(said: Said, *words: str) -> None:
    assert said.status == 1
    assert len(said.err.strip().splitlines()) == 1
    for word in words:
        assert word in said.err


def test_what_cannot_be_merged_is_said(one: Terminal, small_home: Path, tmp_path: Path) -> None:
    before = totals(one)
    refused(one("merge", tmp_path / "nowhere"), "no Good Measure profile", "nowhere")
    refused(one("merge", one.profile), "this profile itself")
    two = program(small_home, tmp_path / "two")
    said = two("import", "--json", **TEA)
    code = said.err.split(CODE_LINE)[1].split()[0]
    refused(one("merge", two.profile, **COFFEE), "does not fit")
    refused(one("merge", two.profile), "passphrase")
    refused(one("merge", two.profile, "--recovery-code", "AAAAA-AAAAA"), "recovery code does not fit")
    assert one("merge", two.profile, "--recovery-code", code).status == 0
    shutil.copytree(two.profile, tmp_path / "strange")
    (tmp_path / "strange" / "ledger.sqlite").write_bytes(b"tea" * 5000)
    refused(one("merge", tmp_path / "strange", "--recovery-code", code), "strange", "key does not fit or its beginning")
    assert totals(one) == before


def test_a_newer_ledger_is_left_alone(
    one: Terminal, small_home: Path, tmp_path: Path, fresh_terminal: Callable[[Path], Terminal]
) -> None:
    newer = program(small_home, tmp_path / "newer")
    newer("import", "--json")
    change = (
        "from pathlib import Path\n"
        "from goodmeasure.host.keys import ledger_key\n"
        "from goodmeasure.host.paths import Profile\n"
        "from goodmeasure.ledger.opening import open_ledger\n"
        "profile = Profile(Path(FOLDER))\n"
        "ledger = open_ledger(profile.ledger, ledger_key(profile)[0])\n"
        "with ledger.writing() as connection:\n"
        "    connection.execute(\"UPDATE alembic_version SET version_num = '9999'\")\n"
        "ledger.close()\n"
    )
    newer_backup = tmp_path / "newer.zip"
    exec(compile(change, "change", "exec"), {"FOLDER": str(newer.profile)})  # noqa: S102 - as a newer version would have written it
    refused(one("merge", newer.profile), "newer version", str(newer.profile / "ledger.sqlite"))
    with zipfile.ZipFile(newer_backup, "w") as bundle:
        for name in ("ledger.sqlite", "keys.json"):
            bundle.write(newer.profile / name, name)
    fresh = fresh_terminal(small_home)
    refused(fresh("restore", newer_backup), "newer version", str(newer_backup))
