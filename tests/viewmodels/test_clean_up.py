from pathlib import Path
from typing import cast

import pytest

from goodmeasure.domain.files import DeletedSoon
from goodmeasure.services.importing import Importing
from goodmeasure.viewmodels.clean_up import clean_up_notices

NOW = 1_795_435_200_000


class Found:
    """Says what an import would find."""

    def __init__(self, *soon: DeletedSoon) -> None:
        self.soon = list(soon)

    def deleted_soon(self, now: int) -> list[DeletedSoon]:
        assert now == NOW
        return self.soon


@pytest.mark.parametrize(
    ("days", "unread", "words"),
    [
        (7, 0, "deletes its logs after 7 days: what it does while this window is closed for longer"),
        (0, 0, "deletes its logs within a day"),
        (1, 0, "after 1 day:"),
        (30, 1, "after 30 days, and 1 log that was never read will be gone within three days: read them now"),
        (30, 1200, "1,200 logs that were never read will be gone"),
    ],
)
def test_one_sentence_for_each_agent(days: int, unread: int, words: str) -> None:
    settings = str(Path("/home/robin/.claude/settings.json"))
    found = Found(DeletedSoon("claude-code", "Claude Code", days, settings, unread))
    (notice,) = clean_up_notices(cast("Importing", found), NOW)
    assert notice.source == "claude-code"
    assert notice.text.startswith("Claude Code deletes its logs ")
    assert words in notice.text
    assert f"the number of days in {settings}" in notice.text


def test_nothing_is_said_where_nothing_is_wrong() -> None:
    assert clean_up_notices(cast("Importing", Found()), NOW) == ()
