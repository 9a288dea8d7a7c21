"""Merging profiles carries over everything that was said and found, each once; the second time changes nothing."""

from collections.abc import Callable

from goodmeasure.domain.calibration import GuessName
from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.domain.facts import FactName
from goodmeasure.domain.findings import Detector
from goodmeasure.domain.rules import Rule
from goodmeasure.ledger.absorbing import absorb
from goodmeasure.ledger.audit import audit_head
from goodmeasure.ledger.calibration import append_guess, guesses
from goodmeasure.ledger.edits import split, undo_edit
from goodmeasure.ledger.evidence import RunWork, check_of, commits_of, keep_evidence, keep_work, work_of
from goodmeasure.ledger.findings import dismiss, dismissals
from goodmeasure.ledger.reads import find_run
from goodmeasure.ledger.releases import RELEASED_ELSEWHERE, released_runs
from goodmeasure.ledger.rules import add_rule, rules
from goodmeasure.ledger.salts import EVIDENCE, salt
from tests.ledger.conftest import NOON, Teller

WORK = RunWork({"till.py": frozenset({b"12345678"})}, ("c0ffee1",))


def take(here: Teller, there: Teller) -> object:
    return absorb(
        here.ledger,
        there.ledger,
        "laptop",
        cost_of=lambda _: (1, "list_price"),
        project_of=lambda cwd: (cwd, cwd.rsplit("/", 1)[-1]),
        at=9,
    )


def everything(teller: Teller) -> list[object]:
    names = [name for (name,) in teller.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    plain = [name for name in names if not name.startswith("run_text") and name not in {"source_file", "meta"}]
    return [(name, teller.rows(f"SELECT * FROM {name}")) for name in plain]  # noqa: S608 - the ledger's own tables


def rule(value: str, folder: str = "/home/robin/shop") -> Rule:
    return Rule(0, FactName.COST_CENTER, value, folder, None, None, None, None)


def test_all_that_was_said_and_found_comes_once(new_teller: Callable[[], Teller]) -> None:
    here, there = new_teller(), new_teller()
    for name in ("s1", "s2"):
        there.write(there.session(name), there.call(f"c-{name}", name), path=f"/logs/{name}")
    here.write(here.session("s2"), here.call("c-s2", "s2"), path="/logs/s2")
    one, two = find_run(there.ledger, "s1"), find_run(there.ledger, "s2")
    own_salt, their_salt = salt(here.ledger, EVIDENCE), salt(there.ledger, EVIDENCE)
    own_work = RunWork({"own.py": frozenset({b"abcdefgh"})}, ())
    keep_work(here.ledger, find_run(here.ledger, "s2"), own_work)
    for run in (one, two):
        keep_work(there.ledger, run, WORK)
    found = CommitEvidence("c0ffee1", "/repo", Link.EXACT, 1.0, NOON, None, 0.5, None)
    keep_evidence(there.ledger, one, [found], now=NOON, available=True)
    append_guess(there.ledger, one, GuessName.KEPT, "yes", 5)
    (project,) = there.rows("SELECT id FROM project")[0]
    for of in (project, None, project):
        dismiss(there.ledger, Detector.TOOL_LOOP, of, NOON)
    dismiss(here.ledger, Detector.REREADS, None, NOON)
    add_rule(here.ledger, rule("ours"), None, 1)
    for value in ("ours", "theirs"):
        add_rule(there.ledger, rule(value), None, 2)
    add_rule(there.ledger, rule("tea", "/home/robin/tea"), None, 3)
    take(here, there)
    mine = find_run(here.ledger, "s1")
    assert work_of(here.ledger, mine) == RunWork(WORK.files, WORK.commits, their_salt)
    assert work_of(here.ledger, find_run(here.ledger, "s2")) == own_work
    assert own_salt != their_salt
    assert check_of(here.ledger, mine) == (NOON, True)
    assert commits_of(here.ledger) == {mine: [found]}
    assert guesses(here.ledger) == {mine: {GuessName.KEPT: "yes"}}
    (shop,) = here.rows("SELECT id FROM project WHERE name = 'shop'")[0]
    assert {key: value.count for key, value in dismissals(here.ledger).items()} == {
        (Detector.TOOL_LOOP, shop): 1,  # twice at one instant is once
        (Detector.TOOL_LOOP, None): 1,
        (Detector.REREADS, None): 1,
    }
    assert [one.value for one in rules(here.ledger)] == ["ours", "theirs", "tea"]
    assert here.rows("SELECT DISTINCT cost_center FROM run_summary") == [("ours",)]
    before, head = everything(here), audit_head(here.ledger)
    take(here, there)
    assert everything(here) == before
    assert audit_head(here.ledger) == head
    keep_work(here.ledger, mine, WORK)
    assert work_of(here.ledger, mine) == WORK


def test_a_copy_of_the_same_ledger_keeps_its_own_salt(new_teller: Callable[[], Teller]) -> None:
    here, there = new_teller(), new_teller()
    there.write(there.session(), there.call("c1"))
    secret = salt(there.ledger, EVIDENCE).hex()
    here.ledger.raw().execute("INSERT INTO meta VALUES (?, ?)", (EVIDENCE, secret))
    keep_work(there.ledger, find_run(there.ledger, "s1"), WORK)
    take(here, there)
    assert work_of(here.ledger, find_run(here.ledger, "s1")) == WORK


def test_keep_together_is_told_on(new_teller: Callable[[], Teller]) -> None:
    here, there = new_teller(), new_teller()
    there.write(there.session(), there.call("c1"), there.call("c2", at=NOON + 9_000_000))
    run = find_run(there.ledger, "s1")
    with there.ledger.writing() as connection:
        split(connection, run, NOON + 9_000_000, 5, by_app=True)
    undo_edit(there.ledger, run, 6)
    for _ in range(2):
        take(here, there)
        assert here.rows("SELECT kind, by_app FROM run_edit") == [("split", 1), ("undo", 0)]
        assert here.runs() == {"s1": 2}


def test_what_the_other_profile_released_counts_in_no_report_here(new_teller: Callable[[], Teller]) -> None:
    """Else the two profiles' reports of one week, laid side by side, would tell of a few runs alone."""
    here, there = new_teller(), new_teller()
    for teller in (here, there):
        teller.write(teller.session("both"), teller.call("c-both", "both"), path="/logs/both")
        teller.write(teller.session("mine"), teller.call("c-mine", "mine"), path="/logs/mine")
    there.write(there.session("theirs"), there.call("c-theirs", "theirs"), path="/logs/theirs")
    there.write(there.session("late"), there.call("c-late", "late"), path="/logs/late")
    for teller, names in ((there, ("both", "theirs")), (here, ("both", "mine"))):
        for name in names:
            run = find_run(teller.ledger, name)
            teller.ledger.raw().execute("INSERT INTO released_run VALUES (?, '2026-W46')", (run,))
    for _ in range(2):
        take(here, there)
        assert released_runs(here.ledger) == {
            find_run(here.ledger, "both"): "2026-W46",
            find_run(here.ledger, "mine"): "2026-W46",
            find_run(here.ledger, "theirs"): RELEASED_ELSEWHERE,
        }
