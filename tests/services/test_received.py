"""Reports of other people: taken in only when whole, read only when trusted, gone when they expire."""

import os
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from goodmeasure.domain.errors import Refusal
from goodmeasure.host.clock import Clock
from goodmeasure.host.keys import ledger_key
from goodmeasure.host.paths import Profile, prepare
from goodmeasure.host.signing import signing_key
from goodmeasure.ledger.audit import verify_audit
from goodmeasure.ledger.opening import Ledger, open_ledger
from goodmeasure.ledger.roll_ups import record_roll_up
from goodmeasure.reports.encrypting import encrypt
from goodmeasure.reports.page import page_bytes
from goodmeasure.reports.signing import allowed_signers_line, sign
from goodmeasure.services.received import Received, Trust
from goodmeasure.services.rolling_up import RollingUp
from tests.reports.colleagues import handed_in, key_of, laid_out, mark_of, signed

NAMES = ("Ada Example", "Bo Li", "Cem Kaya", "Dana Novak", "Eli Roth", "Finn Aas")


class SetClock(Clock):
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.day = datetime(2026, 11, 29, 12, tzinfo=UTC)

    def now(self) -> int:
        return int(self.day.timestamp() * 1000)


class Manager:
    """A manager's profile."""

    def __init__(self, folder: Path) -> None:
        self.profile = Profile(folder)
        prepare(self.profile)
        self.clock = SetClock()
        self.ledger: Ledger = open_ledger(self.profile.ledger, ledger_key(self.profile)[0])
        self.received = Received(self.ledger, self.profile, UTC, self.clock)
        self.rolling_up = RollingUp(self.ledger, self.received, self.clock)


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(tmp_path / "manager")
    yield made
    made.ledger.close()


def test_a_report_is_read_as_the_page_that_its_sender_saw(manager: Manager, tmp_path: Path) -> None:
    [handed] = manager.received.receive([handed_in(tmp_path, "Ada Example")])
    assert handed.held is not None
    assert handed.is_new
    assert (handed.held.name, handed.held.trust) == ("Ada Example", Trust.FIRST_USE)
    assert manager.received.sheet(handed.held.id).page == page_bytes(*signed("Ada Example"))
    [again] = manager.received.receive([tmp_path / "ada-example" / "report.json.sig"])
    assert again.held == handed.held
    assert not again.is_new


def test_a_shared_folder_is_taken_in_whole_and_one_bad_report_holds_up_nobody(manager: Manager, tmp_path: Path) -> None:
    for name in NAMES:
        handed_in(tmp_path / "shared", name)
    report, signature = signed("Mallory")
    laid_out(tmp_path / "shared" / "mallory", report.replace(b"Mallory", b"Mallary"), signature)
    (tmp_path / "shared" / "notes.json").write_text("{}")
    (tmp_path / "shared" / "round-and-round").symlink_to(tmp_path / "shared")
    handed = manager.received.receive([tmp_path / "shared"])
    assert len(handed) == 7
    assert {one.held.name for one in handed if one.held} == set(NAMES)
    [refused] = [one.refusal for one in handed if one.held is None]
    assert "cannot be trusted: The signature does not fit the report" in refused


def test_the_list_says_nothing_of_people_by_its_order(manager: Manager, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        manager.clock.day = datetime(2026, 11, 28, 12 + number, tzinfo=UTC)
        manager.received.receive([handed_in(tmp_path, name)])
    manager.received.receive([handed_in(tmp_path / "earlier", "Zoe", period="2026-W40")])
    held = manager.received.held()
    assert [one.period for one in held] == ["2026-W47"] * 6 + ["2026-W40"]
    same_week = [one.sha256 for one in held[:6]]
    assert same_week == sorted(same_week)


@pytest.mark.parametrize("trick", ["a link", "a pipe", "no signature", "a folder"])
def test_nothing_but_plain_files_is_opened(manager: Manager, tmp_path: Path, trick: str) -> None:
    place = handed_in(tmp_path, "Ada Example")
    file = place / "report.json"
    if trick == "no signature":
        (place / "report.json.sig").unlink()
    else:
        file.rename(place / "elsewhere")
        if trick == "a link":
            file.symlink_to("elsewhere")
        elif trick == "a pipe":
            os.mkfifo(file)
        else:
            file.mkdir()
    [handed] = manager.received.receive([file])
    assert handed.held is None
    assert {
        "a link": "is a link: choose what it leads to",
        "a pipe": "is not a plain file",
        "no signature": "is missing: a report and its .sig lie side by side",
        "a folder": "There is no report in",
    }[trick] in handed.refusal


def test_a_changed_key_blocks_until_the_person_decides(manager: Manager, tmp_path: Path) -> None:
    [first] = manager.received.receive([handed_in(tmp_path, "Ada Example")])
    # Mallory signs in Ada's name, spelt a little differently.
    forged = signed("Mallory", period="2026-W46")[0].replace(b'"Mallory"', b'"ADA Example"')
    [second] = manager.received.receive([laid_out(tmp_path / "forged", forged, sign(forged, key_of("Mallory")))])
    assert first.held is not None
    assert second.held is not None
    assert second.held.trust is Trust.BLOCKED
    with pytest.raises(Refusal, match="Somebody signed as ADA Example with another key than before"):
        manager.received.sheet(second.held.id)
    assert manager.received.sheet(first.held.id)
    manager.received.confirm(mark_of("Mallory"))
    # One of both is right, and the person says which: now the other is not read.
    assert [one.trust for one in manager.received.held()].count(Trust.BLOCKED) == 1
    with pytest.raises(Refusal, match="another key than before"):
        manager.received.sheet(first.held.id)
    manager.received.confirm(mark_of("Ada Example"))
    assert {one.trust for one in manager.received.held()} == {Trust.CONFIRMED}


def test_a_confirmed_key_cannot_take_another_name(manager: Manager, tmp_path: Path) -> None:
    manager.received.receive([handed_in(tmp_path, "Ada Example"), handed_in(tmp_path, "Bo Li")])
    manager.received.confirm(mark_of("Bo Li"))
    data = signed("Bo Li", period="2026-W45")[0].replace(b'"Bo Li"', b'"Ada Example"')
    [handed] = manager.received.receive([laid_out(tmp_path / "x", data, sign(data, key_of("Bo Li")))])
    assert handed.held is not None
    assert (handed.held.trust, handed.held.known_as) == (Trust.BLOCKED, "Bo Li")


def test_whoever_signs_anothers_bytes_first_does_not_shut_them_out(manager: Manager, tmp_path: Path) -> None:
    data, signature = signed("Ada Example")
    manager.received.receive([laid_out(tmp_path / "thief", data, sign(data, key_of("Mallory")))])
    [handed] = manager.received.receive([laid_out(tmp_path / "ada", data, signature)])
    assert handed.is_new
    manager.received.confirm(mark_of("Ada Example"))
    assert [one.trust for one in manager.received.held() if one.fingerprint == mark_of("Ada Example")] == [
        Trust.CONFIRMED
    ]


def test_what_expires_is_deleted_with_a_receipt_that_openssh_checks(manager: Manager, tmp_path: Path) -> None:
    folder = handed_in(tmp_path, "Ada Example")
    [handed] = manager.received.receive([folder])
    assert handed.held is not None
    manager.clock.day = datetime(2027, 2, 28, 12, tzinfo=UTC)
    assert manager.received.delete_expired() == []
    manager.clock.day = datetime(2027, 3, 1, 12, tzinfo=UTC)
    [receipt] = manager.received.delete_expired()
    assert receipt.expired
    assert receipt.text.decode().splitlines() == [
        "Good Measure deletion receipt",
        f"report.json with SHA-256 {receipt.sha256.hex()}",
        "deleted on 2027-03-01, its time was over.",
        "This covers the ledger that held it: not backups made before, nor files kept elsewhere.",
    ], "a day and a hash: nobody's name, no time of day"
    assert manager.received.held() == []
    assert manager.received.receipts() == [receipt]
    assert verify_audit(manager.ledger) is None
    left = manager.ledger.raw().execute("SELECT group_concat(quote(body)) FROM received_report").fetchone()[0]
    assert left is None
    [refused] = manager.received.receive([folder])
    assert "expired on 2027-02-28" in refused.refusal
    paths = manager.received.save_receipts(tmp_path / "receipts")
    assert len(paths) == 2
    public = signing_key(manager.profile).public_key().public_bytes_raw()
    signers = tmp_path / "signers"
    signers.write_text(allowed_signers_line("manager", public).replace("goodmeasure-report", "goodmeasure-deletion"))
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "manager", "-n", "goodmeasure-deletion", "-s", paths[1]],
        input=paths[0].read_bytes(),
        check=True,
        capture_output=True,
    )


def test_no_sender_can_make_their_report_stay_for_ever(manager: Manager, tmp_path: Path) -> None:
    """A clock that was set back on one side is told of, too, instead of a report that stays longer than it says."""
    data, _ = signed("Mallory", expires_after="2027-W08")
    for week in ("9999-W51", "9999-W52", "2028-W08"):
        endless = data.replace(b"2027-W08", week.encode())
        laid_out(tmp_path / "shared" / week, endless, sign(endless, key_of("Mallory")))
    handed_in(tmp_path / "shared", "Bo Li")
    handed_in(tmp_path / "shared", "Cem Kaya", written_in="2026-W49", expires_after="2027-W10")
    handed_in(tmp_path / "shared", "Dana Novak", written_in="2026-W50", expires_after="2027-W10")
    handed = manager.received.receive([tmp_path / "shared"])
    assert {one.held.name for one in handed if one.held} == {"Bo Li", "Cem Kaya"}
    told = " ".join(one.refusal for one in handed)
    assert told.count("expires more than a year after it was written") == 2
    assert told.count("no such week") == 1
    assert "written in 2026-W50, which is to come: check this computer's clock" in told


def test_what_has_expired_is_not_shown_before_it_is_deleted(manager: Manager, tmp_path: Path) -> None:
    [handed] = manager.received.receive([handed_in(tmp_path, "Ada Example")])
    assert handed.held is not None
    manager.clock.day = datetime(2027, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(Refusal, match="expired on 2027-02-28"):
        manager.received.sheet(handed.held.id)


def test_what_do_i_hold_about_you(manager: Manager, tmp_path: Path) -> None:
    for period in ("2026-W46", "2026-W47"):
        manager.received.receive([handed_in(tmp_path / period, "Ada Example", period=period)])
    manager.received.receive([handed_in(tmp_path, "Bo Li")])
    assert manager.received.save_copy(mark_of("Ada Example"), tmp_path / "copy.zip") == 2
    with zipfile.ZipFile(tmp_path / "copy.zip") as bundle:
        names = bundle.namelist()
        bodies = {bundle.read(name) for name in names if name.endswith("report.json")}
        told = bundle.read("what-is-held.txt").decode()
        # Neither when the copy was made nor on which system.
        assert {
            (one.date_time, one.create_system, one.external_attr >> 16, one.extra, one.comment)
            for one in bundle.infolist()
        } == {((1980, 1, 1, 0, 0, 0), 3, 0o600, b"", b"")}
    assert bodies == {signed("Ada Example", period=period)[0] for period in ("2026-W46", "2026-W47")}
    assert told.count("in no roll-up") == 2
    assert "Bo Li" not in told
    with pytest.raises(Refusal, match="exists already"):
        manager.received.save_copy(mark_of("Ada Example"), tmp_path / "copy.zip")
    gone = manager.received.delete(manager.received.of_sender(mark_of("Ada Example")))
    assert len(gone) == 2
    assert not any(receipt.expired for receipt in gone)
    assert [one.name for one in manager.received.held()] == ["Bo Li"]
    with pytest.raises(Refusal, match="Nothing is held"):
        manager.received.save_copy(mark_of("Ada Example"), tmp_path / "other.zip")


def test_an_encrypted_report_opens_with_the_managers_own_key(manager: Manager, tmp_path: Path) -> None:
    recipient = manager.received.recipient()
    assert recipient.startswith("age1")
    assert manager.received.recipient() == recipient
    data, signature = signed("Ada Example")
    sealed = tmp_path / "report.age"
    sealed.write_bytes(encrypt({"report.json": data, "report.json.sig": signature}, recipient))
    [handed] = manager.received.receive([sealed])
    assert handed.held is not None
    assert b"AGE-SECRET-KEY" not in b"".join(path.read_bytes() for path in manager.profile.folder.glob("*.*"))


def test_the_holder_of_reports_is_the_witness_that_nothing_was_rewritten(manager: Manager, tmp_path: Path) -> None:
    [first] = manager.received.receive([handed_in(tmp_path / "first", "Ada Example")])
    [same] = manager.received.receive([handed_in(tmp_path / "same", "Ada Example", period="2026-W46")])
    [later] = manager.received.receive([handed_in(tmp_path / "later", "Ada Example", written_in="2026-W49")])
    assert first.held
    assert same.held
    assert later.held
    assert manager.received.sheet(same.held.id).contradictions == ()
    [told, _] = manager.received.sheet(later.held.id).contradictions
    assert told.startswith("Its log does not go on from the report about 2026-W4")
    changed = {"shares": None, "app_drawn": None, "estimate": None}
    [other] = manager.received.receive([handed_in(tmp_path / "other", "Ada Example", outcome=changed)])
    assert other.held
    assert "Its figures about 2026-W47 differ from another report's, and it does not say so." in (
        manager.received.sheet(other.held.id).contradictions
    )


def test_a_roll_up_counts_each_person_once_and_keeps_to_its_first_reports(manager: Manager, tmp_path: Path) -> None:
    for name in NAMES:
        handed_in(tmp_path / "shared", name)
    manager.received.receive([tmp_path / "shared"])
    with pytest.raises(Refusal, match="6 people shared 2026-W47, so more than 5 were invited"):
        manager.rolling_up.roll_up(None, 5)
    first = manager.rolling_up.roll_up(None, 8)
    assert (first.roll_up.period, first.roll_up.contribution) == ("2026-W47", "70-80")
    # Ada hands in more about the same week, and Finn's report is blocked: the sum stays as it was first told.
    manager.received.receive([handed_in(tmp_path / "later", "Ada Example", "L2", written_in="2026-W49")])
    assert manager.rolling_up.roll_up("2026-W47", 8).data == first.data
    assert len(manager.rolling_up.history()) == 1
    manager.received.receive([handed_in(tmp_path / "later", "Gus Late")])
    with pytest.raises(Refusal, match="subtracting the two would tell about fewer than 5"):
        manager.rolling_up.roll_up("2026-W47", 8)
    with pytest.raises(Refusal, match="append-only"):
        _forget_the_journal(manager.ledger)


def test_two_roll_ups_at_once_are_not_both_entered(manager: Manager, tmp_path: Path) -> None:
    for name in NAMES:
        handed_in(tmp_path / "shared", name)
    manager.received.receive([tmp_path / "shared"])
    manager.rolling_up.roll_up(None, 8)
    [made] = [made for made, _ in manager.rolling_up.history()]
    with pytest.raises(Refusal, match="made at the same time: roll up again"):
        record_roll_up(manager.ledger, made, 0)
    assert len(manager.rolling_up.history()) == 1


def _forget_the_journal(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        connection.execute("DELETE FROM roll_up")


def test_a_blocked_report_is_in_no_roll_up(manager: Manager, tmp_path: Path) -> None:
    for name in NAMES[:4]:
        manager.received.receive([handed_in(tmp_path, name)])
    data = signed("Mallory")[0].replace(b'"Mallory"', b'"Ada Example"')
    manager.received.receive([laid_out(tmp_path / "forged", data, sign(data, key_of("Mallory")))])
    with pytest.raises(Refusal, match="there are 4"):
        manager.rolling_up.roll_up(None, 8)
