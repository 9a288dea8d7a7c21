"""A profile in a scratch folder."""

from pathlib import Path

import pytest

from goodmeasure.host.paths import Profile, profile_at


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return profile_at(tmp_path / "profile")
