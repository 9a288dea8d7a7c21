"""Where things lie, and who may read them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from goodmeasure.host import paths
from goodmeasure.host.paths import PROFILE_VARIABLE, Profile, ProfileError, prepare, profile_at, resource, write_private


def test_the_option_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROFILE_VARIABLE, str(tmp_path / "variable"))
    assert profile_at().folder == tmp_path / "variable"
    assert profile_at(tmp_path / "option").folder == tmp_path / "option"


def test_the_default_is_the_platforms_data_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROFILE_VARIABLE, raising=False)
    folder = profile_at().folder
    assert folder.is_relative_to(home)
    assert folder.name == "goodmeasure"


def test_a_relative_folder_means_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert profile_at("mine").folder == tmp_path / "mine"


def test_everything_lies_inside_the_profile(profile: Profile) -> None:
    places = [getattr(profile, name) for name in dir(Profile) if isinstance(getattr(Profile, name), property)]
    assert len(places) >= 7
    assert all(place.is_relative_to(profile.folder) for place in places)


def test_the_profile_is_private_even_where_it_was_open(profile: Profile) -> None:
    profile.folder.mkdir(mode=0o755, parents=True)
    profile.folder.chmod(0o755)
    prepare(profile)
    assert profile.folder.stat().st_mode & 0o777 == 0o700


def test_a_profile_that_is_a_file_is_refused(profile: Profile) -> None:
    profile.folder.write_text("a file")
    with pytest.raises(ProfileError, match="choose another with --profile-dir"):
        prepare(profile)


def test_a_profile_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    for place in (tmp_path.parent, tmp_path):
        place.chmod(0o755)
    folder.chmod(0o555)
    script = (
        "import sys; from goodmeasure.host.paths import *\n"
        "try: prepare(profile_at(sys.argv[1]))\nexcept ProfileError as error: print(error)"
    )
    who = {"user": 65_534, "group": 65_534} if os.getuid() == 0 else {}
    try:
        told = subprocess.run(
            [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True, **who
        )  # type: ignore[call-overload] # the keywords of one platform
    except PermissionError:
        pytest.skip("LEFT OUT: this Python lies in a folder that only root may enter")
    assert "choose another with --profile-dir" in told.stdout


def test_a_file_is_replaced_whole_and_private(profile: Profile) -> None:
    write_private(profile.settings, b"old")
    write_private(profile.settings, b"new")
    assert profile.settings.read_bytes() == b"new"
    assert profile.settings.stat().st_mode & 0o777 == 0o600
    assert list(profile.folder.iterdir()) == [profile.settings]


def test_the_old_file_stays_where_the_new_one_cannot_be_written(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_private(profile.settings, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProfileError, match="No space left"):
        write_private(profile.settings, b"new")
    assert profile.settings.read_bytes() == b"old"
    assert list(profile.folder.iterdir()) == [profile.settings]


def test_resources_are_found_in_the_package_first_and_then_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "app" / "goodmeasure")
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    checkout = tmp_path / "resources" / "icons" / "leaf.svg"
    checkout.touch()
    assert resource("icons/leaf.svg") == checkout
    packaged = tmp_path / "app" / "goodmeasure" / "resources" / "icons" / "leaf.svg"
    packaged.parent.mkdir(parents=True)
    packaged.touch()
    assert resource("icons/leaf.svg") == packaged
    with pytest.raises(FileNotFoundError, match=r"no\.svg is missing"):
        resource("icons/no.svg")


def test_the_real_resources_are_found() -> None:
    assert resource(".keep").is_file()
