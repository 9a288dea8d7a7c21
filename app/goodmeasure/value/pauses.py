"""Whether what an agent did after a pause is another run: another place, or another topic. Pure rules over hashes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from goodmeasure.domain.work import Act, Asked, Called, Moved

PAUSE_MS: Final = 30 * 60_000
"""A shorter silence is thinking, reading, or a coffee."""
MIN_WORDS: Final = 5
"""A prompt of fewer long words ("go on, please") names no topic."""
SHARED_WORDS: Final = 0.25
"""Another topic shares at most this part of its long words with what was asked before."""
_DETACHED: Final = "HEAD"
"""What stands for the branch while there is none: in the middle of a rebase, for example."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence of over 30 minutes that the person ended with a prompt. Milliseconds since 1970 UTC."""

    silent_from: int
    """The last sign of work before it."""
    asked_at: int
    """The prompt."""
    until: int
    """The last sign of work before the next silence of over 30 minutes, or at all."""


def pauses(worked_at: Iterable[int], prompted_at: Iterable[int]) -> list[Pause]:
    """Return the pauses of a run, earliest first, from the instants of its calls, tool calls and prompts (ms UTC)."""
    prompts = set(prompted_at)
    instants = sorted({*worked_at, *prompts})
    starts = [place for place in range(1, len(instants)) if instants[place] - instants[place - 1] > PAUSE_MS]
    ends = [instants[start - 1] for start in starts[1:]] + instants[-1:]
    return [
        Pause(instants[start - 1], instants[start], end)
        for start, end in zip(starts, ends, strict=False)
        if instants[start] in prompts
    ]


def begins_another(acts: Sequence[Act], pause: Pause, since: int | None, project_of: Callable[[str], str]) -> bool:
    """Say whether what follows a pause is another run than what was before it, from `since` (None: the beginning) on.

    Another place: the last known branch before the pause, or the project of the last known folder, differs from the one
    at the prompt. Another topic, all of: files are known to be read or changed before and after, and none is the same;
    what was asked after it, until the next silence, has at least 5 words of five letters or more; at most a quarter of
    these were in what was asked before. What is not known says nothing, and nothing is split for it. `project_of`: a
    folder's project.
    """
    return _moved(acts, pause, project_of) or _turned(acts, pause, since)


def place_after(acts: Sequence[Act], pause: Pause) -> tuple[str | None, str | None]:
    """Return the folder and the branch in which work goes on after a pause; None where they are unknown."""
    place = _place_at(acts, pause.asked_at)
    return (None, None) if place is None else (place.folder, place.branch or None)


def _moved(acts: Sequence[Act], pause: Pause, project_of: Callable[[str], str]) -> bool:
    before, after = (_place_at(acts, at) for at in (pause.silent_from, pause.asked_at))
    if before is None or after is None:
        return False
    branches = {before.branch, after.branch} - {None, "", _DETACHED}
    folders = {before.folder, after.folder} - {None, ""}
    return len(branches) > 1 or len({project_of(folder) for folder in folders if folder}) > 1


def _place_at(acts: Sequence[Act], at: int) -> Moved | None:
    told = [act for act in acts if isinstance(act, Moved) and act.at is not None and act.at <= at]
    return max(told, key=lambda act: act.at or 0, default=None)


def _turned(acts: Sequence[Act], pause: Pause, since: int | None) -> bool:
    before = [act for act in acts if _within(act, since, pause.silent_from)]
    after = [act for act in acts if _within(act, pause.asked_at, pause.until)]
    old_files, new_files = _files(before), _files(after)
    old_words, new_words = _words(before), _words(after)
    if not old_files or not new_files or old_files & new_files:
        return False
    return (
        bool(old_words) and len(new_words) >= MIN_WORDS and len(new_words & old_words) <= SHARED_WORDS * len(new_words)
    )


def _within(act: Act, first: int | None, last: int) -> bool:
    return act.at is not None and (first is None or first <= act.at) and act.at <= last


def _files(acts: Iterable[Act]) -> set[str]:
    return {path for act in acts if isinstance(act, Called) and not act.failed for path in act.paths}


def _words(acts: Iterable[Act]) -> set[bytes]:
    return {word for act in acts if isinstance(act, Asked) for word in act.words}
