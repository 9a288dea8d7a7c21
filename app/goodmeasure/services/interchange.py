"""Taking one's own judgements to other programs of one's own, and back."""

from collections.abc import Mapping
from dataclasses import dataclass

from goodmeasure.domain.assessments import Assessment, AssessmentName
from goodmeasure.domain.interchange import Exchanged, Format
from goodmeasure.ledger.assessments import append_assessments, history
from goodmeasure.ledger.exchanging import current_judgements, run_of
from goodmeasure.ledger.opening import Ledger
from goodmeasure.reports.interchange import LARGEST_BYTES, read_file, write_file

__all__ = ["LARGEST_BYTES", "Format", "Interchange", "Taken", "Written"]


@dataclass(frozen=True, slots=True)
class Written:
    """A file's bytes, and how many judgements they hold."""

    data: bytes
    judgements: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the judgements in a file."""

    added: int
    known: int
    """They are here already."""
    older: int
    """A judgement that is here was made later, and stands."""
    unknown_runs: tuple[str, ...]
    """Keys or sessions of runs that are not here, each once, in the file's order."""
    left_aside: Mapping[str, int]
    """Records that are no judgements of this taxonomy: why, and how many."""


class Interchange:
    """The verbs "export judgements" and "import judgements". Not for the thread that draws."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def export(self, wanted: Format) -> Written:
        """Return the current judgements as a file of this format. Raises LedgerError."""
        judgements = current_judgements(self._ledger)
        return Written(write_file(judgements, wanted), len(judgements))

    def take(self, data: bytes, wanted: Format) -> Taken:
        """Take in the judgements of a file, each once: doing so again adds none.

        Nothing here is replaced by what is older. Raises Refusal for a file of another format, LedgerError.
        """
        read = read_file(data, wanted)
        added = known = older = 0
        unknown: dict[str, None] = {}
        for one in read.judgements:
            run_id = run_of(self._ledger, one)
            if run_id is None:
                unknown[one.run or one.session or "unnamed"] = None
                continue
            earlier = [
                there
                for there in history(self._ledger, run_id)
                if there.name == one.name and there.source is one.source
            ]
            if any(_same(there, one) for there in earlier):
                known += 1
            elif any(there.assessed_at >= one.assessed_at for there in earlier):
                older += 1
            else:
                append_assessments(self._ledger, [_assessment(run_id, one)])
                added += 1
        return Taken(added, known, older, tuple(unknown), dict(read.left_aside))


def _same(there: Assessment, one: Exchanged) -> bool:
    return (there.value, there.assessed_at, there.collected) == (one.value, one.assessed_at, one.collected)


def _assessment(run_id: int, one: Exchanged) -> Assessment:
    return Assessment(
        id=None,
        run_id=run_id,
        name=AssessmentName(one.name),
        value=one.value,
        source=one.source,
        collected=one.collected,
        inclusion_probability=one.inclusion_probability,
        assessed_at=one.assessed_at,
        answer_seconds=one.answer_seconds,
        suggested=one.suggested,
        supersedes_id=None,
        taxonomy_version=one.taxonomy_version,
    )
