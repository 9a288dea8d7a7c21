"""Pauses, and what follows them: another place or another topic, and twins that are neither."""

from hashlib import blake2b

import pytest

from goodmeasure.domain.work import Act, Asked, Called, Moved
from goodmeasure.value.pauses import Pause, begins_another, pauses

MINUTE = 60_000
PAUSE = Pause(10 * MINUTE, 60 * MINUTE, 70 * MINUTE)
OLD = "please repair the broken checkout button"
NEW = "translate tomorrow's newsletter about elderflower syrup"


def asked(minute: int, text: str) -> Asked:
    words = frozenset(blake2b(word.encode(), digest_size=8).digest() for word in text.split() if len(word) >= 5)
    return Asked("s", minute * MINUTE, b"", frozenset(), words)


def called(minute: int, *paths: str, failed: bool = False) -> Called:
    return Called("s", minute * MINUTE, "edit", None, paths, failed, delivers=False)


def moved(minute: int, folder: str = "/shop", branch: str | None = "main") -> Moved:
    return Moved("s", minute * MINUTE, folder, branch)


def another(*acts: Act, since: int | None = 0) -> bool:
    return begins_another(acts, PAUSE, since, lambda folder: folder.split("/")[1])


def test_silences_that_a_prompt_ends() -> None:
    worked = [minute * MINUTE for minute in (0, 5, 35, 40, 71, 72, 110, 150)]
    assert pauses(worked, [35 * MINUTE, 71 * MINUTE, 150 * MINUTE]) == [
        Pause(40 * MINUTE, 71 * MINUTE, 72 * MINUTE),  # 31 minutes; the 30 before 35 are no pause
        Pause(110 * MINUTE, 150 * MINUTE, 150 * MINUTE),  # 110 was the agent itself
    ]
    assert pauses([], []) == pauses([5], [5]) == []


def test_another_branch_or_project_is_another_place() -> None:
    assert another(moved(0), moved(60, branch="topic"))
    assert another(moved(0), moved(59, folder="/kitchen"))
    assert not another(moved(0), moved(60, folder="/shop/src"))
    assert not another(moved(0), moved(61, branch="topic"))  # the agent changed it, after the prompt
    assert not another(moved(0), moved(5, branch="topic"))  # long before the pause
    assert not another(moved(60, branch="topic"))
    assert not another(moved(0), moved(60, branch="HEAD"))
    assert not another(moved(0, branch=None), moved(60))


OTHER_TOPIC = (asked(0, OLD), called(1, "till.py"), asked(60, NEW), called(61, "news.md"))


def test_other_words_about_other_files_are_another_topic() -> None:
    assert another(*OTHER_TOPIC)


@pytest.mark.parametrize(
    "twin",
    [
        (asked(0, OLD), called(1, "till.py"), asked(60, NEW), called(61, "news.md"), called(62, "till.py")),
        (asked(0, OLD), called(1, "till.py"), asked(60, "and now go on, please"), called(61, "news.md")),
        (asked(0, OLD), called(1, "till.py"), asked(60, OLD), called(61, "news.md")),
        (asked(0, OLD), called(1, "till.py"), asked(60, f"{NEW} please repair button"), called(61, "news.md")),
        (asked(0, OLD), called(1, "till.py"), asked(60, NEW)),
        (asked(0, OLD), called(1, "till.py"), asked(60, NEW), called(61, "news.md", failed=True)),
        (asked(0, OLD), called(1), asked(60, NEW), called(61, "news.md")),
        (called(1, "till.py"), asked(60, NEW), called(61, "news.md")),
        (asked(0, OLD), called(1, "till.py"), asked(75, NEW), called(76, "news.md")),  # after the next silence
        (),
    ],
)
def test_what_is_the_same_or_unknown_is_no_other_topic(twin: tuple[Act, ...]) -> None:
    assert not another(*twin)


def test_only_the_part_itself_is_compared() -> None:
    same_file_long_ago = (asked(-99, NEW), called(-98, "news.md"), *OTHER_TOPIC)
    assert another(*same_file_long_ago)
    assert not another(*same_file_long_ago, since=None)
