"""Saying what a run was worth: commands that append judgements and never change one."""

from collections.abc import Mapping
from dataclasses import dataclass

from goodmeasure.domain.assessments import Assessment, AssessmentName, AssessmentSource, Collected
from goodmeasure.domain.errors import Refusal
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.assessments import append_assessments, history
from goodmeasure.ledger.draws import draw_of
from goodmeasure.ledger.opening import Ledger
from goodmeasure.value.taxonomy import TAXONOMY_VERSION, values_of


@dataclass(frozen=True, slots=True)
class Rated:
    """What a rating wrote: the judgements, as the ledger holds them now."""

    run_id: int
    assessments: tuple[Assessment, ...]


class Rating:
    """The verbs of the inbox. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def rate_run(
        self,
        run_id: int,
        answers: Mapping[AssessmentName, str],
        *,
        batch: bool = False,
        answer_seconds: float | None = None,
    ) -> Rated:
        """Append one judgement for each answer; it counts once this returns.

        An answer about a run that the app has drawn is a sampled one, wherever it was given; `batch`: the same answer
        is being given to several runs at once, which never is.

        Raises Refusal for a value that the taxonomy does not know, LedgerError where the ledger cannot be written.
        """
        for name, value in answers.items():
            if value not in values_of(name):
                known = ", ".join(values_of(name))
                raise Refusal(f"{value!r} is not an answer to {name.value}: use one of {known}.")
        draw = None if batch else draw_of(self._ledger, run_id)
        collected = Collected.BATCH if batch else Collected.SAMPLED if draw else Collected.SELF_SELECTED
        probability = draw.inclusion_probability if draw else None
        written = append_assessments(
            self._ledger,
            [
                self._assessment(run_id, name, value, collected, probability, answer_seconds)
                for name, value in answers.items()
            ],
        )
        return Rated(run_id, tuple(written))

    def take_back(self, rated: Rated) -> Rated:
        """Undo a rating: each name gets back the value that it had before, as a new judgement.

        Raises LedgerError where the ledger cannot be written.
        """
        earlier = {assessment.id: assessment for assessment in history(self._ledger, rated.run_id)}
        restored = []
        for assessment in rated.assessments:
            before = earlier.get(assessment.supersedes_id)
            restored.append(
                self._assessment(
                    rated.run_id,
                    assessment.name,
                    before.value if before else None,
                    before.collected if before else assessment.collected,
                    before.inclusion_probability if before else assessment.inclusion_probability,
                    None,
                )
            )
        return Rated(rated.run_id, tuple(append_assessments(self._ledger, restored)))

    def _assessment(
        self,
        run_id: int,
        name: AssessmentName,
        value: str | None,
        collected: Collected,
        inclusion_probability: float | None,
        answer_seconds: float | None,
    ) -> Assessment:
        return Assessment(
            id=None,
            run_id=run_id,
            name=name,
            value=value,
            source=AssessmentSource.HUMAN,
            collected=collected,
            inclusion_probability=inclusion_probability,
            assessed_at=self._clock.now(),
            answer_seconds=answer_seconds,
            suggested=None,
            supersedes_id=None,
            taxonomy_version=TAXONOMY_VERSION,
        )
