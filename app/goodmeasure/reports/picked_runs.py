"""What level L3 says: single runs that the person picked, and how each can be followed to its sealed receipt."""

from typing import Final

from goodmeasure.disclosure.fields import EvidenceGrade
from goodmeasure.disclosure.single_runs import OpenedRun, ReferenceKind
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.period import period_named
from goodmeasure.reports.periods import period_title
from goodmeasure.reports.sheet import Head, Lines, Note, Row, Section, Table
from goodmeasure.value.taxonomy import choice

GRADES: Final = {
    EvidenceGrade.VERIFIED: "Verified",
    EvidenceGrade.LINKED: "Linked",
    EvidenceGrade.SELF_REPORTED: "Self-reported",
}
_NEED: Final = {
    "essential": "Not possible",
    "helpful": "Slower or worse",
    "extra": "Not bothered with",
    "unnecessary": "Done as well",
}
_KINDS: Final = {
    ReferenceKind.COMMIT: "commit",
    ReferenceKind.PULL_REQUEST: "pull request",
    ReferenceKind.TICKET: "ticket",
}


def runs_section(runs: tuple[OpenedRun, ...]) -> tuple[Section, ...]:
    """Return the runs, one row each."""
    heads = ("Week", "Work", "What became of it", "Without AI", "Human check", "Time", "Evidence")
    table = Table(
        "The runs (table)",
        tuple(Head(head) for head in heads),
        tuple(_row(number, run) for number, run in enumerate(runs, 1)),
    )
    note = Note(
        "The author picked these runs and confirmed each. They say nothing about all runs: picked runs tend to look "
        "better. How many were not picked is not told."
    )
    return (Section("runs", "Runs that the author picked", (table, note)),)


def proof_appendix(runs: tuple[OpenedRun, ...]) -> tuple[Section, ...]:
    """Return what backs each run, and where it was sealed before anybody asked for it."""
    backed = tuple(
        (f"Run {number}: " + ", ".join(f"{_KINDS[one.kind]} {one.text}" for one in run.references), "")
        for number, run in enumerate(runs, 1)
        if run.references
    )
    references = (Section("backing", "What backs the runs", (Lines(backed),)),) if backed else ()
    roots = {run.sealed_in: run.runs_root for run in runs}
    places = {week: [str(number) for number, run in enumerate(runs, 1) if run.sealed_in == week] for week in roots}
    table = Table(
        "Receipts (table)",
        (Head("Runs"), Head("Root of the receipt")),
        tuple(Row(_week(week), (", ".join(places[week]), root)) for week, root in sorted(roots.items())),
        corner="Sealed in",
    )
    note = Note(
        "Each week the app seals a record of every run in a receipt that tells nothing, not even how many there are. "
        "Whoever got a receipt with this root knows that the record was not changed since."
    )
    return (*references, Section("proof", "Where the runs were sealed", (table, note)))


def _row(number: int, run: OpenedRun) -> Row:
    record = run.record
    return Row(
        f"Run {number}",
        (
            "–" if record.run_week is None else _week(record.run_week),
            "–" if record.work_kind is None else record.work_kind.value.capitalize(),
            "Not rated" if record.outcome is None else choice(AssessmentName.OUTCOME, record.outcome).label,
            "–" if record.need is None else _NEED[record.need.value],
            "–" if record.review is None else choice(AssessmentName.REVIEW, record.review).label,
            "–" if record.time_saved is None else choice(AssessmentName.TIME_SAVED, record.time_saved).label,
            "–" if record.evidence is None else GRADES[record.evidence],
        ),
    )


def _week(name: str) -> str:
    return period_title(period_named(name)).capitalize()
