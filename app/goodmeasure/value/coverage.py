"""How much of the work was judged at all: what must stand beside every share."""

from collections.abc import Sequence
from dataclasses import dataclass

from goodmeasure.domain.assessments import AssessmentName, Collected, Outcome
from goodmeasure.domain.runs import RatedRun
from goodmeasure.value.taxonomy import SHARED_ANSWERS


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many runs that may be judged have an outcome, and what they cost."""

    rated: int
    runs: int
    rated_cost_micros: int
    """List cost of the rated runs whose cost is known, in micro-USD."""
    cost_micros: int
    """The same over all runs that may be judged."""
    unpriced_runs: int
    """Runs of unknown cost: they are in neither sum of money."""

    @property
    def by_runs(self) -> float | None:
        """Return |rated| / |runs|, from 0 to 1; None without runs."""
        return self.rated / self.runs if self.runs else None

    @property
    def by_cost(self) -> float | None:
        """Return the rated share of the known cost, from 0 to 1; None where nothing is known to have cost anything."""
        return self.rated_cost_micros / self.cost_micros if self.cost_micros else None


@dataclass(frozen=True, slots=True)
class Response:
    """How many of the runs that the app drew were answered."""

    drawn: int
    answered: int

    @property
    def rate(self) -> float | None:
        """Return |answered| / |drawn|, from 0 to 1; None without draws."""
        return self.answered / self.drawn if self.drawn else None


def judged_runs(runs: Sequence[RatedRun]) -> list[RatedRun]:
    """Return the runs that may be judged, in order: `excluded` ones are out of every share."""
    return [run for run in runs if answer(run, AssessmentName.OUTCOME) != Outcome.EXCLUDED]


def answer(run: RatedRun, name: AssessmentName) -> str | None:
    """Return the current value of one question, or None where there is none."""
    found = run.answers.get(name)
    return None if found is None else found.value


def shared_answer(run: RatedRun, name: AssessmentName) -> str | None:
    """Return the answer if it stands in shares; None for no answer and for "too early", "unknown" and the like."""
    value = answer(run, name)
    return value if value in SHARED_ANSWERS[name] else None


def coverage(runs: Sequence[RatedRun]) -> Coverage:
    """Return coverage by runs, |T|/|E|, and by cost, Σ cost(T) / Σ cost(E).

    E: runs that may be judged. T: those of E with an outcome that stands in shares.
    """
    judged = judged_runs(runs)
    rated = [run for run in judged if shared_answer(run, AssessmentName.OUTCOME) is not None]
    return Coverage(
        len(rated),
        len(judged),
        sum(run.list_cost_micros or 0 for run in rated),
        sum(run.list_cost_micros or 0 for run in judged),
        sum(run.list_cost_micros is None for run in judged),
    )


def response(runs: Sequence[RatedRun], name: AssessmentName) -> Response | None:
    """Return |A| / |S|: of the drawn runs, those with a `sampled` answer that stands in shares.

    None where draws were not recorded, which shows in a sampled answer on a run without a draw: the unanswered draws
    are then unknown, and a rate over the answered ones would be 100 % by construction.
    """
    judged = judged_runs(runs)
    if any(run.draw is None and _sampled(run, name) for run in judged):
        return None
    drawn = [run for run in judged if run.draw is not None]
    return Response(len(drawn), sum(sampled_answer(run, name) is not None for run in drawn))


def sampled_answer(run: RatedRun, name: AssessmentName) -> str | None:
    """Return the answer that stands in shares of a run that the app drew; None of any other run.

    An answer that the person had volunteered before the draw counts like one given because of it: chance alone chose
    the run, and leaving it out would hide the very runs that people like to tell about. An answer given to many similar
    runs at once does not: it is not about this one.
    """
    found = run.answers.get(name)
    if found is None or (run.draw is None and found.collected != Collected.SAMPLED):
        return None
    return None if found.collected == Collected.BATCH else shared_answer(run, name)


def _sampled(run: RatedRun, name: AssessmentName) -> bool:
    found = run.answers.get(name)
    return found is not None and found.collected == Collected.SAMPLED
