"""The inbox: one run at a time, two keys, nothing chosen beforehand. Cost stays folded until the answer is given."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from goodmeasure.domain.assessments import AssessmentName, Outcome
from goodmeasure.domain.runs import Run
from goodmeasure.value.taxonomy import QUESTIONS, Question
from goodmeasure.viewmodels.wording import all_tokens, compact, cost, counted, duration, exact, title, when

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """How many cards to lay out at once."""

    limit: int = 200


@dataclass(frozen=True, slots=True)
class CardView:
    """One run to rate: what it was about; behind a fold, what it took."""

    run_id: int
    title: str
    project: str
    agent: str
    when: str
    duration: str
    did: str
    """`5 prompts · 31 tool calls`."""
    models: str
    cost: str
    tokens: str
    tokens_exact: str


@dataclass(frozen=True, slots=True)
class InboxView:
    """The runs that wait, newest first."""

    cards: tuple[CardView, ...]


def inbox(queries: "Queries", wanted: InboxFilter) -> InboxView:
    """Lay out the runs that wait for a judgement."""
    labels = {source.key: source.label for source in queries.sources()}
    return InboxView(tuple(_card(queries, run, labels) for run in queries.inbox(limit=wanted.limit)))


def card(queries: "Queries", run_id: int) -> CardView:
    """Lay out one run. Raises Refusal where it does not exist."""
    labels = {source.key: source.label for source in queries.sources()}
    return _card(queries, queries.run(run_id).run, labels)


def _card(queries: "Queries", run: Run, labels: dict[str, str]) -> CardView:
    tokens = all_tokens(run.counters)
    did = [counted(run.prompts, "prompt"), counted(run.tool_calls, "tool call")]
    if run.errors:
        did.append(counted(run.errors, "error"))
    return CardView(
        run_id=run.id,
        title=title(run.title),
        project=run.project or "No project",
        agent=labels.get(run.source, run.source),
        when=when(run.started_at, queries.zone, queries.now()),
        duration=duration(run.duration_seconds),
        did=" · ".join(did),
        models=", ".join(run.models) or "unknown model",
        cost=cost(run.counters),
        tokens=f"{compact(tokens)} tokens",
        tokens_exact=f"{exact(tokens)} tokens",
    )


class Step(StrEnum):
    """Which question the keys answer now."""

    OUTCOME = "outcome"
    NEED = "need"
    TIME_SAVED = "time_saved"
    REVIEW = "review"
    CONFIDENCE = "confidence"

    @property
    def question(self) -> Question:
        """The question with its choices."""
        return QUESTIONS[AssessmentName(self.value)]


_SHORT = (Step.OUTCOME, Step.NEED)
_LONG = tuple(Step)
SECOND_PERSON_KEY = "+"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key means: this value for this question of this run."""

    run_id: int
    name: AssessmentName
    value: str


class Undo(StrEnum):
    """What a key means: the last answer is taken back."""

    LAST = "last"


@dataclass(frozen=True, slots=True)
class InboxState:
    """Where the person is in the inbox. `press` makes the next state; every answer is saved as it is given."""

    run_ids: tuple[int, ...]
    place: int = 0
    """Index of the card that is shown; `len(run_ids)`: past the last."""
    step: Step = Step.OUTCOME
    detailed: bool = False
    """Whether time, review and confidence are asked too."""
    answered: tuple[tuple[int, Step], ...] = ()
    """Place and step of every answer of this sitting, oldest first."""
    second_person: bool = False
    """Somebody else reviewed this card's run too."""

    @property
    def run_id(self) -> int | None:
        """The run that is shown; None when the inbox is done."""
        return self.run_ids[self.place] if self.place < len(self.run_ids) else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The questions of this sitting, in order."""
        return _LONG if self.detailed else _SHORT

    @property
    def rated(self) -> frozenset[int]:
        """The runs that have an outcome from this sitting."""
        return frozenset(self.run_ids[place] for place, step in self.answered if step is Step.OUTCOME)

    @property
    def progress(self) -> str:
        """`3 of 17`."""
        return f"{min(self.place + 1, len(self.run_ids))} of {len(self.run_ids)}" if self.run_ids else ""


def press(state: InboxState, key: str) -> tuple[InboxState, Answer | Undo | None]:
    """Return the state after a key, and what has to be saved.

    Keys: the choices of the question that is asked; z undo, s skip the card, return skip the question, j and k next
    and previous card, t more questions. A key that means nothing here changes nothing.
    """
    moved = _moved(state, key.lower())
    if moved is not None:
        return moved
    if state.run_id is None:
        return state, None
    if key == SECOND_PERSON_KEY and state.step is Step.REVIEW:
        answer = Answer(state.run_id, AssessmentName.SECOND_PERSON, "yes")
        return replace(state, second_person=True, answered=(*state.answered, (state.place, state.step))), answer
    chosen = next(
        (choice for choice in state.step.question.choices if choice.key and choice.key.lower() == key.lower()), None
    )
    if chosen is None:
        return state, None
    answer = Answer(state.run_id, AssessmentName(state.step.value), chosen.value)
    return _after(replace(state, answered=(*state.answered, (state.place, state.step))), chosen.value), answer


def _moved(state: InboxState, key: str) -> tuple[InboxState, Undo | None] | None:
    if key == "z":
        return _undone(state)
    if key in {"s", "j"}:
        return _at(state, state.place + 1), None
    if key == "k":
        return _at(state, state.place - 1), None
    if key == "t" and state.run_id is not None:
        step = state.step if state.step in _SHORT else Step.OUTCOME
        longer = replace(state, detailed=not state.detailed)
        return (longer if longer.detailed or state.step in _SHORT else _next_card(replace(longer, step=step))), None
    if key == "return" and state.step is not Step.OUTCOME:
        return _after(state, None), None
    return None


def _after(state: InboxState, value: str | None) -> InboxState:
    if value in {Outcome.PENDING, Outcome.EXCLUDED}:
        return _next_card(state)
    following = state.steps[state.steps.index(state.step) + 1 :]
    return replace(state, step=following[0]) if following else _next_card(state)


def _next_card(state: InboxState) -> InboxState:
    return _at(state, state.place + 1)


def _at(state: InboxState, place: int) -> InboxState:
    kept = min(max(place, 0), len(state.run_ids))
    return state if kept == state.place else replace(state, place=kept, step=Step.OUTCOME, second_person=False)


def _undone(state: InboxState) -> tuple[InboxState, Undo | None]:
    if not state.answered:
        return state, None
    place, step = state.answered[-1]
    detailed = state.detailed or step not in _SHORT
    back = replace(state, place=place, step=step, detailed=detailed, answered=state.answered[:-1], second_person=False)
    return back, Undo.LAST
