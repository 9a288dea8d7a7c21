"""The contract of `docs/cli.md`, asked of the real program in its own process."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.period import period_named
from goodmeasure.reports.encrypting import decrypt, new_identity, recipient_of

TOKENS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
Make = Callable[[Path], Any]


def sums(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] or 0 for row in rows) for name in ("generations", *TOKENS)}


def test_the_totals_are_the_truth_of_the_home(terminal: Any, truth: Any) -> None:
    document = terminal("usage", "--json").document
    total = {"generations": 0, **dict.fromkeys(TOKENS, 0)}
    for tally in truth.usage.values():
        for name in total:
            total[name] += getattr(tally, name) or 0
    assert {name: document["totals"][name] for name in total} == total
    assert document["schema_version"] == 1
    assert document["timezone"] == "Europe/Berlin"
    assert sums(document["rows"]) == total


@pytest.mark.parametrize("command", ["daily", "weekly", "monthly", "session"])
def test_every_grouping_adds_up_to_the_same_total(terminal: Any, command: str) -> None:
    plain = terminal("usage", "--json").document
    grouped = terminal(command, "--json").document
    assert grouped["totals"] == plain["totals"]
    assert sums(grouped["rows"]) == sums(plain["rows"])
    assert len(grouped["rows"]) > 1


def test_runs_and_their_calls_add_up_to_the_same_total_too(terminal: Any) -> None:
    runs = terminal("runs", "--json").document
    assert runs["count"] == len(runs["runs"])
    assert sums(runs["runs"]) == sums(terminal("usage", "--json").document["rows"])
    largest = max(runs["runs"], key=lambda run: run["generations"])
    shown = terminal("show", largest["run"], "--json").document["run"]
    assert len(shown["generation_list"]) == largest["generations"]
    assert sums([{**row, "generations": 1} for row in shown["generation_list"]]) == sums([largest])
    assert len(shown["tool_call_list"]) == largest["tool_calls"]


def test_a_period_is_cut_at_local_midnight_on_both_sides(terminal: Any) -> None:
    days = [row for row in terminal("daily", "--json").document["rows"] if row["day"]]
    some = days[len(days) // 2]["day"]
    before = terminal("usage", "--until", some, "--json").document["totals"]["generations"]
    after = terminal("usage", "--since", some, "--json").document["totals"]["generations"]
    only = terminal("usage", "--since", some, "--until", some, "--json").document["totals"]["generations"]
    assert only == sum(row["generations"] for row in days if row["day"] == some)
    assert before + after - only == sum(row["generations"] for row in days)


def test_importing_again_reads_nothing(terminal: Any) -> None:
    before = terminal("usage", "--json").out
    again = terminal("import", "--json").document
    assert {source["source"] for source in again["sources"]} == {"claude-code", "codex"}
    assert all(
        source["files_read"] == source["generations_added"] == source["lines"] == 0 for source in again["sources"]
    )
    assert terminal("usage", "--json").out == before


def test_an_import_says_what_it_read_and_what_it_could_not(read_profile: tuple[Path, Any]) -> None:
    for source in read_profile[1].document["sources"]:
        assert source["files"] >= source["files_read"] > 0
        assert source["lines"] > 0
        assert source["generations_added"] > 0
        assert source["unreadable"] == sum(issue["line"] is not None for issue in source["issues"])
        assert all(issue["what"] and Path(issue["file"]).is_file() for issue in source["issues"])


def test_progress_is_json_lines_that_end_with_the_report(written_home: tuple[Path, Any], fresh_terminal: Make) -> None:
    said = fresh_terminal(written_home[0])("import", "--progress")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert [event["event"] for event in events[-1:]] == ["done"]
    assert {event["event"] for event in events[:-1]} == {"progress"}
    assert events[-2]["bytes_done"] == events[-2]["bytes_total"] > 0
    assert events[-1]["report"]["sources"]


def test_a_rating_is_kept_and_its_history_too(written_home: tuple[Path, Any], fresh_terminal: Make) -> None:
    terminal = fresh_terminal(written_home[0])
    assert terminal("import").status == 0
    run = terminal("runs", "--unrated", "--json", "--limit", "1").document["runs"][0]["run"]
    assert terminal("rate", run[:8], "--outcome", "used", "--need", "helpful").status == 0
    assert terminal("rate", run, "--outcome", "partial", "--time-saved", "saved_15_30", "--second-person").status == 0
    shown = terminal("show", run, "--json").document["run"]
    assert (shown["outcome"], shown["need"]) == ("partial", "helpful")
    outcomes = [row for row in shown["assessments"] if row["name"] == "outcome"]
    assert [row["value"] for row in outcomes] == ["used", "partial"]
    assert outcomes[1]["supersedes"] == outcomes[0]["id"]
    assert {row["source"] for row in shown["assessments"]} == {"HUMAN"}
    assert {row["collected"] for row in shown["assessments"]} in ({"sampled"}, {"self_selected"})
    assert run not in {row["run"] for row in terminal("runs", "--unrated", "--json").document["runs"]}
    assert run in {row["run"] for row in terminal("runs", "--outcome", "partial", "--json").document["runs"]}


def test_a_report_can_be_checked_by_openssh_and_by_us_and_not_after_a_change(terminal: Any, tmp_path: Path) -> None:
    month = terminal("monthly", "--json").document["rows"][1]["month"]
    out = tmp_path / "report"
    written = terminal("report", "--period", month, "--name", "Robin", "--improved", "Notes.", "--out", out, "--json")
    assert written.status == 0, written.err
    names = ["report.json", "report.json.sig", "report.html", "report.pdf"]
    assert [Path(path).name for path in written.document["files"]] == names
    checked = terminal("verify", out / "report.json", "--json").document
    assert checked["valid"]
    assert checked["own"]
    assert (checked["name"], checked["period"], checked["page"]) == ("Robin", month, "same")
    allowed = tmp_path / "allowed"
    allowed.write_text(written.document["allowed_signers"] + "\n")
    command: list[str | Path] = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "Robin", "-n", "goodmeasure-report"]
    with (out / "report.json").open("rb") as body:
        assert subprocess.run([*command, "-s", out / "report.json.sig"], stdin=body, check=False).returncode == 0
    changed = tmp_path / "changed"
    shutil.copytree(out, changed)
    (changed / "report.json").write_bytes((out / "report.json").read_bytes().replace(b"Robin", b"Robyn"))
    refused = terminal("verify", changed / "report.json")
    assert refused.status == 1
    assert refused.out == ""
    assert len(refused.err.strip().splitlines()) == 1


def test_what_a_dry_run_prints_is_what_is_written_and_what_was_released_stays(
    written_home: tuple[Path, Any], fresh_terminal: Make, tmp_path: Path
) -> None:
    terminal = fresh_terminal(written_home[0])
    terminal("import")
    month = terminal("monthly", "--json").document["rows"][-2]["month"]
    arguments = ("report", "--period", month, "--name", "Robin")
    printed = terminal(*arguments, "--dry-run").out.strip()
    (tmp_path / "full").write_text("no folder")
    assert "cannot be saved in" in terminal(*arguments, "--out", tmp_path / "full" / "in").err
    first = terminal(*arguments, "--out", tmp_path / "one")
    assert "released before" not in first.err, "what could not be saved was not released"
    assert (tmp_path / "one" / "report.json").read_text() == printed
    first_on = period_named(month).first_on.isoformat()
    for run in terminal("runs", "--json", "--since", first_on, "--limit", "40").document["runs"]:
        terminal("rate", run["run"], "--outcome", "used", "--need", "helpful")
    late = terminal(*arguments, "--out", tmp_path / "two")
    assert "released before" in late.err
    assert (tmp_path / "two" / "report.json").read_text() == printed


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("show", "zzzz"), 1, "zzzz"),
        (("rate", "zzzz", "--outcome", "used"), 1, "zzzz"),
        (("rate", "zzzz"), 2, "--outcome"),
        (("rate", "zzzz", "--outcome", "splendid"), 2, "splendid"),
        (("runs", "--outcome", "splendid"), 2, "harmful"),
        (("runs", "--work-kind", "splendid"), 2, "refactor"),
        (("usage", "--by", "mood"), 2, "mood"),
        (("usage", "--since", "someday"), 1, "someday"),
        (("usage", "--since", "2026-02-01", "--last", "3d"), 1, "--last"),
        (("report", "--period", "2026-W99", "--out", "r"), 1, "2026-W99"),
        (("report", "--period", "1999-01", "--out", "r"), 1, "1999-01"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_status(
    terminal: Any, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    said = terminal(*arguments)
    assert said.status == status
    assert said.out == ""
    assert sentence in said.err
    assert "Traceback" not in said.err
    if status == 1:
        assert len(said.err.strip().splitlines()) == 1


def test_a_wrong_zone_is_refused(terminal: Any) -> None:
    said = terminal("--timezone", "Mars/Olympus", "usage")
    assert said.status == 1
    assert "Mars/Olympus" in said.err


def test_another_zone_moves_days_but_not_totals(terminal: Any) -> None:
    here, there = terminal("daily", "--json").document, terminal("--timezone", "Asia/Tokyo", "daily", "--json").document
    assert here["totals"] == there["totals"]
    assert there["timezone"] == "Asia/Tokyo"
    assert here["rows"] != there["rows"]


def test_the_doctor_tells_no_secret_and_warns_of_a_weak_place_for_the_key(terminal: Any) -> None:
    said = terminal("doctor", "--json")
    document = said.document
    assert document["ledger"]["encrypted"]
    assert {source["source"] for source in document["sources"]} >= {"claude-code", "codex"}
    assert document["key"]["store"] == "file"
    assert "keys.json" in document["key"]["warning"]
    key = json.loads((terminal.profile / "keys.json").read_text())["key"]
    assert key not in said.out
    assert key not in terminal("doctor").out


def test_the_ledger_is_no_plain_database(terminal: Any) -> None:
    with sqlite3.connect(terminal.profile / "ledger.sqlite") as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT count(*) FROM sqlite_master")


def test_a_table_names_every_group_and_its_total(terminal: Any) -> None:
    text = terminal("usage").out
    rows = terminal("usage", "--json").document["rows"]
    for row in rows:
        assert str(row["model"] or "unknown") in text
    assert re.search(r"^total\b", text, re.MULTILINE)


def test_the_recovery_code_is_shown_once_and_never_on_stdout(
    written_home: tuple[Path, Any], fresh_terminal: Make
) -> None:
    terminal = fresh_terminal(written_home[0])
    first, second = terminal("import", "--json"), terminal("import", "--json")
    assert "recovery code" in first.err
    assert "recovery code" not in first.out
    assert second.err == ""


def test_a_passphrase_opens_the_ledger_and_a_wrong_one_changes_nothing(
    written_home: tuple[Path, Any], fresh_terminal: Make
) -> None:
    terminal = fresh_terminal(written_home[0])
    right = "correct horse battery staple"
    assert terminal("import", GOODMEASURE_PASSPHRASE=right).status == 0
    usual = terminal("usage", "--json", GOODMEASURE_PASSPHRASE=right).document["totals"]
    for wrong in ({"GOODMEASURE_PASSPHRASE": "wrong"}, {}):
        refused = terminal("usage", "--json", **wrong)
        assert refused.status == 1
        assert len(refused.err.strip().splitlines()) == 1
    assert terminal("usage", "--json", GOODMEASURE_PASSPHRASE=right).document["totals"] == usual


def test_evidence_says_what_hangs_on_a_run_and_what_cannot_be_asked(
    written_home: tuple[Path, Any], fresh_terminal: Make
) -> None:
    terminal = fresh_terminal(written_home[0])
    assert terminal("import").status == 0
    looked = terminal("evidence", "--json").document
    assert looked["unavailable"] == looked["runs"]  # invented folders
    run = terminal("runs", "--json", "--limit", "1").document["runs"][0]["run"]
    assert terminal("evidence", run, "--json").document["evidence"] == []
    assert "says nothing about its worth" in terminal("evidence", run).out
    refused = terminal("evidence", run, "--dismiss", "1a2b3c4")
    assert refused.status == 1
    assert "No commits of this run begin with '1a2b3c4'" in refused.err
    assert terminal("evidence", "--confirm", "1a2b3c4").status == 2


def test_watch_tells_of_each_reading_and_ends_on_request(tmp_path: Path) -> None:
    home = tmp_path / "home"
    log = home / ".codex/sessions/2026/03/02/rollout-2026-03-02T10-00-00-0a0a0a0a-1111-4222-8333-444444444444.jsonl"
    log.parent.mkdir(parents=True)
    row = '{"type":"token_usage_record","payload":{"response_id":"r%d","usage":{"input_tokens":1,"output_tokens":2}}}\n'
    log.write_text(row % 1)
    command = [sys.executable, "-m", "goodmeasure", "--home", str(home), "--profile-dir", str(tmp_path / "p")]
    environment = os.environ | {"GOODMEASURE_PASSPHRASE": "a passphrase of the test"}
    with subprocess.Popen(
        [*command, "watch", "--progress"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as watching:
        assert watching.stdout is not None

        def read() -> int:
            for line in watching.stdout or ():
                event = json.loads(line)
                if event["event"] == "done":
                    return sum(source["generations_added"] for source in event["report"]["sources"])
            raise AssertionError("it ended")

        assert read() == 1
        with log.open("a") as stream:
            stream.write(row % 2 + row % 3)
        assert read() == 2
        watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 0


def test_a_report_for_one_reader_and_what_cannot_be_made(terminal: Any, tmp_path: Path) -> None:
    month = terminal("monthly", "--json").document["rows"][1]["month"]
    identity = new_identity()
    ask = ("report", "--period", month, "--name", "Robin", "--out", tmp_path / "report")
    written = terminal(*ask, "--csv", "--to-key", recipient_of(identity))
    assert written.status == 0, written.err
    assert "There is no cost.csv, for the report holds no appendix A" in written.err
    inside = decrypt((tmp_path / "report" / "report.age").read_bytes(), identity)
    for name, data in inside.items():
        assert (tmp_path / "report" / name).read_bytes() == data
    assert terminal(*ask[:-1], tmp_path / "other", "--to-key", "bob").status == 1
    assert not (tmp_path / "other").exists()


def test_help_says_of_each_command_in_one_whole_line_what_it_does(terminal: Any) -> None:
    groups = ((), ("team",), ("runs",))
    listed = [line for of in groups for line in terminal(*of, "--help").out.partition("Commands:\n")[2].splitlines()]
    assert len(listed) > 40
    assert [line for line in listed if not re.fullmatch(r"  [a-z-]+ +[A-Z].*[^.]\.", line)] == []


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (("show", "\udcff"), 1),
        (("show", ""), 1),
        (("usage", "--until", "9999-12-31"), 1),
        (("usage", "--by", ""), 2),
        (("usage", "--limit", "0"), 2),
        (("--timezone", "", "usage"), 1),
        (("import", "/dev/null"), 1),
        (("report", "--period", "2999-01", "--dry-run"), 1),
        (("report", "--period", "9999-12", "--dry-run"), 1),
        (("rollup", "--period", "june"), 1),
    ],
)
def test_what_makes_no_sense_is_answered_in_a_sentence(terminal: Any, command: tuple[str, ...], status: int) -> None:
    said = terminal(*command)
    assert (said.status, said.out) == (status, "")
    assert said.err.splitlines()[-1].endswith(".")


def test_a_cut_table_says_so_and_its_total_is_of_all(terminal: Any) -> None:
    whole, cut = terminal("daily").out.splitlines(), terminal("daily", "--limit", "1").out.splitlines()
    total = next(line for line in whole if line.startswith("total "))
    assert [line.split() for line in cut[1:3]] == [whole[1].split(), total.split()]
    assert re.fullmatch(r"1 of \d+ rows; the total is of all\. --limit shows more\.", cut[3])


def test_a_full_disk_behind_the_output_is_one_sentence(terminal: Any) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "goodmeasure", "--profile-dir", terminal.profile, "usage", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr


def test_the_doctor_names_no_twenty_places_in_one_line(terminal: Any) -> None:
    told = terminal("doctor").out.splitlines()
    assert any(" and 2" in line and line.startswith("Cline ") for line in told)
    assert max(len(line) for line in told if line.startswith(("Cline ", "Codex "))) < 200
