"""Verifying: what a reader is told of a folder that came by mail."""

import os
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.levels import Report
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.files import ReportFiles
from goodmeasure.reports.saving import save_files
from goodmeasure.reports.signing import fingerprint, sign
from goodmeasure.reports.verifying import PageState, verify_report

TODAY = date(2026, 12, 1)


@pytest.fixture
def folder(files: ReportFiles, tmp_path: Path) -> Path:
    save_files(files.by_name(), tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", [".", "report.json", "report.json.sig", "report.html"])
def test_any_of_the_files_or_their_folder_will_do(
    folder: Path, name: str, report: Report, key: Ed25519PrivateKey
) -> None:
    found = verify_report(folder / name, TODAY)
    public = key.public_key().public_bytes_raw()
    assert found.report == report
    assert (found.public_key, found.fingerprint) == (public, fingerprint(public))
    assert found.allowed_signers.startswith('Ada-Example namespaces="goodmeasure-report" ssh-ed25519 AAAA')
    assert (found.expired, found.page) == (False, PageState.SAME)


def test_renamed_files_stay_together(folder: Path) -> None:
    for suffix in (".json", ".json.sig", ".html"):
        (folder / f"report{suffix}").rename(folder / f"ada.november{suffix}")
    assert verify_report(folder / "ada.november.json", TODAY).page is PageState.SAME
    assert verify_report(folder / "ada.november.html", TODAY).page is PageState.SAME


def test_an_expired_report_is_marked(folder: Path) -> None:
    assert verify_report(folder, date(2027, 3, 1)).expired


def test_a_changed_page_is_noticed(folder: Path, files: ReportFiles) -> None:
    (folder / "report.html").write_bytes(files.page.replace(b"Ada Example", b"Eve Example"))
    assert verify_report(folder, TODAY).page is PageState.DIFFERENT
    (folder / "report.html").unlink()
    assert verify_report(folder, TODAY).page is PageState.ABSENT


def test_a_changed_report_is_refused_before_it_is_read(folder: Path, files: ReportFiles) -> None:
    (folder / "report.json").write_bytes(files.report.replace(b"Ada", b"Eve"))
    with pytest.raises(Refusal, match=r"report\.json cannot be trusted: The signature does not fit the report"):
        verify_report(folder, TODAY)
    (folder / "report.json").write_bytes(b"[" * 2_000_000)
    with pytest.raises(Refusal, match="cannot be trusted"):
        verify_report(folder, TODAY)


def test_a_well_signed_file_that_is_no_report_is_refused(folder: Path, key: Ed25519PrivateKey) -> None:
    (folder / "report.json").write_bytes(b"{}")
    (folder / "report.json.sig").write_bytes(sign(b"{}", key))
    with pytest.raises(Refusal, match="not a Good Measure report"):
        verify_report(folder, TODAY)


@pytest.mark.parametrize("name", ["report.json", "report.json.sig"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(Refusal, match=f"{name} is missing"):
        verify_report(folder, TODAY)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
@pytest.mark.parametrize("name", ["report.json", "report.json.sig", "report.html"])
def test_a_pipe_does_not_make_it_wait(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(Refusal, match=f"{name} is missing"):
        verify_report(folder, TODAY)
