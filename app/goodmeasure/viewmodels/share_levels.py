"""How much a report can disclose, in words: what leaves at each level."""

from dataclasses import dataclass
from typing import Final

_HEAD: Final = ("Your name, the reader, the purpose", "The period, and when it expires")
_WORDS: Final = "The lines you typed"
_SIGNATURE: Final = "Your signature, and hashes of your audit log"


@dataclass(frozen=True, slots=True)
class LevelWords:
    """One level of disclosure."""

    key: str
    label: str
    meaning: str
    leaves: tuple[str, ...]
    """In words; the exact list is `PreviewView.leaves`."""


LEVELS: Final = (
    LevelWords(
        "L1",
        "Story",
        "Your words and three bars. No time, no cost.",
        (*_HEAD, _WORDS, "Three bars of shares in steps of ten", _SIGNATURE),
    ),
    LevelWords(
        "L2",
        "Numbers",
        "The story with time and counts as ranges; cost and oversight if you tick them.",
        (
            *_HEAD,
            _WORDS,
            "The story’s three bars, unchanged",
            "Time saved or lost, as ranges",
            "Numbers of runs, in buckets from five on",
            "The appendices that you tick, and no other",
            _SIGNATURE,
        ),
    ),
    LevelWords(
        "L3",
        "Single runs",
        "Runs that you pick one by one, with what backs them.",
        (
            *_HEAD,
            _WORDS,
            "Of each run that you confirm: week, kind of work, your answers",
            "The commits and tickets that you confirm",
            "The proof that it was sealed before",
            _SIGNATURE,
        ),
    ),
    LevelWords(
        "L0",
        "Receipt",
        "Only that a week was recorded: proof for later, nothing about your work.",
        (*_HEAD, "One hash over the week’s sealed records", _SIGNATURE),
    ),
)


def level_words(key: str) -> LevelWords:
    """Return the words of one level. Raises KeyError where there is none."""
    return {level.key: level for level in LEVELS}[key]
