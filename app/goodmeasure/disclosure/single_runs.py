"""Level L3: one run, opened from the receipt of the week in which its record was sealed."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from goodmeasure.disclosure.fields import EvidenceGrade
from goodmeasure.disclosure.text import text_fault
from goodmeasure.disclosure.vocabulary import Hash, Record, Reference, Week, demand_period
from goodmeasure.domain.assessments import Need, Outcome, Review, TimeSaved
from goodmeasure.domain.facts import WorkKind

TREE_DEPTH: Final = 14
"""Every receipt has 2^14 = 16,384 places, taken or not: its size says nothing about the number of runs."""
MOST_RUNS: Final = 10
MOST_REFERENCES: Final = 5


class ReferenceKind(StrEnum):
    """What a reference names."""

    COMMIT = "commit"
    PULL_REQUEST = "pull_request"
    TICKET = "ticket"


class RunRecord(Record, frozen=True):
    """What was sealed about one run: its answers and facts as they were in that week."""

    run_week: Annotated[Week | None, Meta(description="ISO week in which the run started; null: unknown.")]
    work_kind: Annotated[WorkKind | None, Meta(description="What kind of work it was; null: unknown.")]
    outcome: Annotated[Outcome | None, Meta(description="What became of it; null: not rated then.")]
    need: Annotated[Need | None, Meta(description="Would it have been done without AI; null: not rated then.")]
    review: Annotated[Review | None, Meta(description="Who checked it; null: not rated then.")]
    time_saved: Annotated[TimeSaved | None, Meta(description="Time saved, in a band; null: not rated then.")]
    evidence: Annotated[EvidenceGrade | None, Meta(description="How well that is backed; null: nothing to back.")]

    def __post_init__(self) -> None:
        if self.run_week is not None:
            demand_period(self.run_week)


class RunReference(Record, frozen=True):
    """A commit, pull request or ticket that the person confirmed for this report."""

    kind: Annotated[ReferenceKind, Meta(description="What it names.")]
    text: Annotated[Reference, Meta(description="Its name, as confirmed by the person.")]

    def __post_init__(self) -> None:
        if fault := text_fault(self.text):
            raise ValueError(f"a reference {fault}")


class OpenedRun(Record, frozen=True):
    """One run that the person picked, with the proof that its record was sealed in that week's receipt.

    The proof: SHA-256 of a zero byte, the salt and the record's canonical JSON is the leaf at `place`; each step up
    hashes a one byte, the left and the right child; after 14 steps with `path` it is `runs_root`.
    """

    sealed_in: Annotated[Week, Meta(description="ISO week of the receipt that holds it.")]
    runs_root: Annotated[Hash, Meta(description="Root of that receipt.")]
    place: Annotated[int, Meta(ge=0, lt=2**TREE_DEPTH, description="Random place of the run in the receipt.")]
    salt: Annotated[Hash, Meta(description="Random bytes that hid the record until now.")]
    path: Annotated[
        tuple[Hash, ...],
        Meta(min_length=TREE_DEPTH, max_length=TREE_DEPTH, description="The hashes beside the way up to the root."),
    ]
    record: Annotated[RunRecord, Meta(description="What was sealed.")]
    references: Annotated[
        tuple[RunReference, ...], Meta(max_length=MOST_REFERENCES, description="What backs it, as confirmed.")
    ]

    def __post_init__(self) -> None:
        demand_period(self.sealed_in)
