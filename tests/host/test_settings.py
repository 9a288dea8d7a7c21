"""Choices survive, damage does not spread."""

import json

from goodmeasure.host.paths import Profile
from goodmeasure.host.settings import Settings, read_settings, write_settings


def test_defaults_without_a_file(profile: Profile) -> None:
    assert read_settings(profile) == (Settings(), None)


def test_what_was_chosen_comes_back(profile: Profile) -> None:
    chosen = Settings(timezone="Asia/Tokyo", theme="dark", keep_titles=False, report_name="Robin É.")
    write_settings(profile, chosen)
    assert read_settings(profile) == (chosen, None)


def test_keys_of_a_later_version_are_kept(profile: Profile) -> None:
    profile.folder.mkdir()
    profile.settings.write_text('{"theme": "light", "wings": 2}')
    write_settings(profile, read_settings(profile)[0])
    assert json.loads(profile.settings.read_text())["wings"] == 2
    assert json.loads(profile.settings.read_text())["theme"] == "light"


def test_a_damaged_file_means_defaults_and_a_sentence(profile: Profile) -> None:
    profile.folder.mkdir()
    for damaged in (b"{", b"\xff", b"[1]", b'"text"', b""):
        profile.settings.write_bytes(damaged)
        settings, problem = read_settings(profile)
        assert settings == Settings()
        assert problem is not None
        assert "damaged" in problem


def test_one_wrong_value_costs_only_itself(profile: Profile) -> None:
    profile.folder.mkdir()
    profile.settings.write_text('{"theme": "dark", "keep_titles": "yes"}')
    settings, problem = read_settings(profile)
    assert settings == Settings(theme="dark")
    assert problem is not None
    assert "keep_titles" in problem
