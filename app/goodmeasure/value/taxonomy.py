"""The taxonomy, version 1, as data: what is asked, which answers there are, their keys, and their words for people.

A change of any value, band or meaning is a new version: it breaks the series and is never a silent remap.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goodmeasure.domain.assessments import (
    AssessmentName,
    Confidence,
    Need,
    Outcome,
    Review,
    SecondPerson,
    TimeSaved,
)

TAXONOMY_VERSION: Final = 1


class TaxonomyError(ValueError):
    """A question or an answer that the taxonomy does not know."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a person can give."""

    value: str
    key: str
    """The key that gives this answer while its question is asked; empty: only the app sets it."""
    label: str
    """At most a few words."""
    meaning: str
    """One line that says when this is the right answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """One judgement asked for, with its answers in the order in which they are shown."""

    name: AssessmentName
    text: str
    choices: tuple[Choice, ...]

    def choice(self, value: str) -> Choice:
        """Return the choice of this value. Raises TaxonomyError with the values that there are."""
        for choice in self.choices:
            if choice.value == value:
                return choice
        known = ", ".join(choice.value for choice in self.choices)
        raise TaxonomyError(f"{value!r} is not an answer to {self.name.value}: use one of {known}.")


@dataclass(frozen=True, slots=True)
class Band:
    """Minutes from `low` to `high`, both inclusive; negative minutes are lost."""

    low_minutes: int
    high_minutes: int


OUTCOME: Final = Question(
    AssessmentName.OUTCOME,
    "What became of it?",
    (
        Choice(Outcome.USED, "1", "Used", "In something delivered, sent, merged, run or decided on."),
        Choice(
            Outcome.INFORMED,
            "2",
            "Learned / decided",
            "Nothing kept, but it answered a question or changed a decision.",
        ),
        Choice(Outcome.PARTIAL, "3", "Partly used", "A real part kept, a real part redone."),
        Choice(Outcome.DISCARDED, "4", "Not used", "Nothing kept."),
        Choice(Outcome.HARMFUL, "5", "Made it worse", "Caused rework, a defect or a wrong belief."),
        Choice(Outcome.PENDING, "H", "Too early", "Comes back in 7 days; after the second time it becomes unknown."),
        Choice(
            Outcome.EXCLUDED,
            "0",
            "Not to be judged",
            "A test, or personal: out of the shares, its cost stays in totals.",
        ),
        Choice(Outcome.UNKNOWN, "", "Unknown", "It was too early twice."),
    ),
)

NEED: Final = Question(
    AssessmentName.NEED,
    "Without AI I would have…",
    (
        Choice(Need.ESSENTIAL, "1", "…not been able to", "Skill, access or time was missing."),
        Choice(Need.HELPFUL, "2", "…done it anyway, slower or worse", "Time saved counts."),
        Choice(Need.EXTRA, "3", "…not bothered", "Extra work made possible; no time saved is counted."),
        Choice(Need.UNNECESSARY, "4", "…done as well, or ran it mainly to use the tool", "Only time lost is counted."),
    ),
)

TIME_SAVED: Final = Question(
    AssessmentName.TIME_SAVED,
    "For this same task, prompting, waiting, checking and fixing included",
    (
        Choice(TimeSaved.LOST_30_PLUS, "1", "Lost 30 min or more", "Counted as 30 to 120 minutes lost."),
        Choice(TimeSaved.LOST_5_30, "2", "Lost 5–30 min", "Counted as 5 to 30 minutes lost."),
        Choice(TimeSaved.SAME, "3", "About the same", "Within 5 minutes either way."),
        Choice(TimeSaved.SAVED_5_15, "4", "Saved 5–15 min", "Counted as 5 to 15 minutes."),
        Choice(TimeSaved.SAVED_15_30, "5", "Saved 15–30 min", "Counted as 15 to 30 minutes."),
        Choice(TimeSaved.SAVED_30_60, "6", "Saved 30–60 min", "Counted as 30 to 60 minutes."),
        Choice(TimeSaved.SAVED_60_120, "7", "Saved 1–2 h", "Counted as 1 to 2 hours."),
        Choice(TimeSaved.SAVED_120_240, "8", "Saved 2–4 h", "Counted as 2 to 4 hours."),
        Choice(TimeSaved.SAVED_240_PLUS, "9", "Saved 4 h or more", "Counted as 4 to 8 hours, never more."),
        Choice(TimeSaved.UNKNOWN, "0", "Cannot say", "Counts as not answered."),
    ),
)

REVIEW: Final = Question(
    AssessmentName.REVIEW,
    "Who checked it?",
    (
        Choice(Review.NONE, "1", "Used unchecked", "Nobody looked at it before it was used."),
        Choice(Review.ACCEPTED, "2", "Checked, unchanged", "Looked at and taken as it was."),
        Choice(Review.LIGHT_EDITS, "3", "Small fixes", "Under a quarter changed, or under ten minutes."),
        Choice(Review.HEAVY_EDITS, "4", "Substantial rework", "More than that."),
        Choice(Review.REJECTED, "5", "Checked, not used", "Looked at and left aside."),
    ),
)

SECOND_PERSON: Final = Question(
    AssessmentName.SECOND_PERSON,
    "Did a second person review it too?",
    (Choice(SecondPerson.YES, "+", "Second person too", "Somebody else reviewed it as well."),),
)

CONFIDENCE: Final = Question(
    AssessmentName.CONFIDENCE,
    "How sure are you of the time?",
    (
        Choice(Confidence.SURE, "1", "Sure", "The band is taken as it is."),
        Choice(Confidence.FAIRLY, "2", "Fairly", "The band is taken as it is."),
        Choice(Confidence.GUESS, "3", "A guess", "Widens the band by one neighbour on each side."),
    ),
)

QUESTIONS: Final[dict[AssessmentName, Question]] = {
    question.name: question for question in (OUTCOME, NEED, TIME_SAVED, REVIEW, SECOND_PERSON, CONFIDENCE)
}
"""Every question, in the order in which they are asked. The inbox asks the first two."""

TIME_BANDS: Final[dict[TimeSaved, Band]] = {
    TimeSaved.LOST_30_PLUS: Band(-120, -30),
    TimeSaved.LOST_5_30: Band(-30, -5),
    TimeSaved.SAME: Band(-5, 5),
    TimeSaved.SAVED_5_15: Band(5, 15),
    TimeSaved.SAVED_15_30: Band(15, 30),
    TimeSaved.SAVED_30_60: Band(30, 60),
    TimeSaved.SAVED_60_120: Band(60, 120),
    TimeSaved.SAVED_120_240: Band(120, 240),
    TimeSaved.SAVED_240_PLUS: Band(240, 480),
}
"""Minutes of each band, most lost first; `unknown` has none. The last is top-coded: one run cannot dominate."""

SHARED_ANSWERS: Final[dict[AssessmentName, tuple[StrEnum, ...]]] = {
    AssessmentName.OUTCOME: (Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL, Outcome.DISCARDED, Outcome.HARMFUL),
    AssessmentName.NEED: tuple(Need),
    AssessmentName.REVIEW: tuple(Review),
}
"""The answers that stand in shares, in order. Any other answer (too early, unknown) counts as not rated."""

SAVING_OUTCOMES: Final = frozenset({Outcome.USED, Outcome.INFORMED, Outcome.PARTIAL})
"""Saved time counts only with one of these outcomes …"""

SAVING_NEEDS: Final = frozenset({Need.ESSENTIAL, Need.HELPFUL})
"""… and one of these needs. Lost time always counts."""


def question(name: str) -> Question:
    """Return the question of this name (`outcome`). Raises TaxonomyError with the names that there are."""
    try:
        return QUESTIONS[AssessmentName(name)]
    except ValueError as error:
        known = ", ".join(QUESTIONS)
        raise TaxonomyError(f"{name!r} is not a question: use one of {known}.") from error


def choice(name: str, value: str) -> Choice:
    """Return an answer of a question. Raises TaxonomyError where either is unknown."""
    return question(name).choice(value)


def values_of(name: AssessmentName) -> tuple[str, ...]:
    """Return the values that a person can give to this question, in order (not those that only the app sets)."""
    return tuple(choice.value for choice in QUESTIONS[name].choices if choice.key)
