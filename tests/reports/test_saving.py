"""Saving: what was previewed, whole, and never over something else."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.levels import Report
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports import saving
from goodmeasure.reports.files import ReportFiles, report_files
from goodmeasure.reports.saving import save_files

NAMES = ["report.html", "report.json", "report.json.sig"]


def test_files_hold_the_previewed_bytes(files: ReportFiles, tmp_path: Path) -> None:
    paths = save_files(files.by_name(), tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["report.json", "report.json.sig", "report.html"]
    assert [path.read_bytes() for path in paths] == [files.report, files.signature, files.page]
    assert sorted(path.name for path in paths[0].parent.iterdir()) == NAMES


def test_making_them_again_gives_the_same_bytes(files: ReportFiles, report: Report, key: Ed25519PrivateKey) -> None:
    assert report_files(report, key) == files


def test_saving_again_changes_nothing(files: ReportFiles, tmp_path: Path) -> None:
    before = [path.stat() for path in save_files(files.by_name(), tmp_path)]
    (tmp_path / "report.html").unlink()
    after = [path.stat() for path in save_files(files.by_name(), tmp_path)]
    assert [entry.st_ino for entry in after[:2]] == [entry.st_ino for entry in before[:2]]
    assert (tmp_path / "report.html").read_bytes() == files.page


@pytest.mark.parametrize("name", NAMES)
def test_a_different_file_is_never_overwritten(files: ReportFiles, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(Refusal, match=f"{name} already holds something else: choose another folder"):
        save_files(files.by_name(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"something else"


def test_a_folder_of_that_name_is_in_the_way(files: ReportFiles, tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(Refusal, match="already holds something else"):
        save_files(files.by_name(), tmp_path)


def test_a_link_into_nowhere_is_not_followed(files: ReportFiles, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "report.json").symlink_to(target)
    with pytest.raises(Refusal):
        save_files(files.by_name(), folder)
    assert not target.exists()


def test_a_place_that_is_no_folder_is_named(files: ReportFiles, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"")
    with pytest.raises(Refusal, match=r"cannot be saved in .*file .*: choose another folder"):
        save_files(files.by_name(), place)


def test_another_window_saving_at_once_is_not_overwritten(
    files: ReportFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other window's file appears after ours was found missing.
    monkeypatch.setattr(saving, "_holds", lambda _path, _data: False)
    (tmp_path / "report.json").write_bytes(b"theirs")
    with pytest.raises(Refusal, match="appeared while saving"):
        save_files(files.by_name(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert (tmp_path / "report.json").read_bytes() == b"theirs"
