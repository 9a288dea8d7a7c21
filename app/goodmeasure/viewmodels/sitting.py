"""A sitting in the inbox: one run at a time, two keys, nothing chosen beforehand. `press` says what each key does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from goodmeasure.domain.assessments import AssessmentName, Outcome, TimeSaved
from goodmeasure.domain.calibration import GuessName
from goodmeasure.value.calibration import GUESSES, GuessQuestion
from goodmeasure.value.taxonomy import QUESTIONS, Question
from goodmeasure.viewmodels.inbox import InboxView

MOST_TOGETHER = 20
"""Most runs that one answer may be given to."""
SECOND_PERSON_KEY = "+"


class Step(StrEnum):
    """Which question the keys answer now."""

    OUTCOME = "outcome"
    NEED = "need"
    TIME_SAVED = "time_saved"
    REVIEW = "review"
    CONFIDENCE = "confidence"
    EFFORT_BEFORE = "effort_before"
    """A private guess, asked before the outcome."""
    KEPT = "kept"
    """A private guess, asked after all answers, like the next."""
    EFFORT_AFTER = "effort_after"

    @property
    def is_guess(self) -> bool:
        """Say whether it is a private guess, which no report knows of."""
        return self in _GUESSED

    @property
    def question(self) -> Question | GuessQuestion:
        """The question with its choices."""
        return GUESSES[GuessName(self.value)] if self.is_guess else QUESTIONS[AssessmentName(self.value)]

    @property
    def name_asked(self) -> AssessmentName | GuessName:
        """What an answer to it is kept as."""
        return GuessName(self.value) if self.is_guess else AssessmentName(self.value)


_SHORT = (Step.OUTCOME, Step.NEED)
_LONG = (*_SHORT, Step.TIME_SAVED, Step.REVIEW, Step.CONFIDENCE)
_GUESSED = (Step.EFFORT_BEFORE, Step.KEPT, Step.EFFORT_AFTER)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key means: this value for this question of this run."""

    run_id: int
    name: AssessmentName | GuessName
    value: str
    others: tuple[int, ...] = ()
    """Similar runs that get the same answer."""


class Undo(StrEnum):
    """What a key means: the last answer is taken back."""

    LAST = "last"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of this sitting."""

    run_id: int
    step: Step
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class InboxState:
    """Where the person is in the inbox. `press` makes the next state; every answer is saved as it is given."""

    run_ids: tuple[int, ...]
    place: int = 0
    """Index of the card that is shown; `len(run_ids)`: past the last."""
    step: Step = Step.OUTCOME
    detailed: bool = False
    """Whether time, review and confidence are asked of every run."""
    answered: tuple[Given, ...] = ()
    """Every answer of this sitting, oldest first."""
    second_person: bool = False
    """Somebody else reviewed this card's run too."""
    timeless: bool = False
    """This card's run has no time, so nobody asks how sure that is."""
    drawn: frozenset[int] = frozenset()
    """Runs that the app drew by chance: everything is asked of them."""
    guessed: frozenset[int] = frozenset()
    """Runs that private guesses are asked of, too."""
    today: int = 0
    """So many runs at the beginning are of today's draw and have not been skipped."""
    today_all: int = 0
    skipped: tuple[int, ...] = ()
    """Drawn runs that were skipped in this sitting: asked again at the end."""
    resting: bool = False
    """Today's are done: nothing is asked until the person wants to go on."""
    alike: Mapping[int, str] = field(default_factory=dict)
    """What a run has in common with those that may be answered together with it; "": nothing."""
    others: tuple[int, ...] = ()
    """Similar runs that are being answered together with the one that is shown."""

    @property
    def run_id(self) -> int | None:
        """The run that is shown; None when the inbox is done or rests."""
        return self.run_ids[self.place] if self.place < len(self.run_ids) and not self.resting else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The questions of the run that is shown, in order."""
        if self.others:
            return _SHORT
        asked = _LONG if self.detailed or self.run_id in self.drawn else _SHORT
        before, *after = _GUESSED
        return (before, *asked, *after) if self.run_id in self.guessed else asked

    @property
    def first_step(self) -> Step:
        """The question that the run which is shown begins with."""
        return self.steps[0]

    @property
    def similar(self) -> tuple[int, ...]:
        """The runs that wait and may be answered together with the one that is shown. Drawn ones never are."""
        run_id = self.run_id
        if run_id is None or run_id in self.drawn or not self.alike.get(run_id) or run_id in self.rated:
            return ()
        found = [
            other
            for other in self.run_ids[self.place + 1 :]
            if self.alike.get(other) == self.alike[run_id] and other not in self.drawn and other not in self.rated
        ]
        return tuple(found[: MOST_TOGETHER - 1])

    @property
    def rated(self) -> frozenset[int]:
        """The runs that have an outcome from this sitting."""
        return frozenset(
            run_id for given in self.answered if given.step is Step.OUTCOME for run_id in (given.run_id, *given.others)
        )

    @property
    def waiting(self) -> int:
        """How many runs wait beyond today's."""
        return max(0, len(self.run_ids) - max(self.place, self.today))

    @property
    def unanswered(self) -> int:
        """How many of today's runs have no answer from this sitting."""
        return len({*self.run_ids[: self.today], *self.skipped} - self.rated)

    @property
    def progress(self) -> str:
        """`2 of today's 5`, and beyond these `3 of 17`."""
        if self.run_id is None:
            return ""
        if self.place < self.today:
            return f"{self.today_all - self.today + self.place + 1} of today's {self.today_all}"
        return f"{self.place - self.today + 1} of {len(self.run_ids) - self.today}"


def begun(view: InboxView, *, detailed: bool = False) -> InboxState:
    """Begin a sitting over these runs; it rests where today's were done before."""
    state = InboxState(
        tuple(card.run_id for card in view.cards),
        guessed=frozenset(card.run_id for card in view.cards if card.guessed),
        detailed=detailed,
        drawn=frozenset(card.run_id for card in view.cards if card.drawn),
        today=view.today,
        today_all=view.today_all,
        resting=bool(view.today_all and not view.today and view.cards),
        alike={card.run_id: card.alike for card in view.cards},
    )
    return replace(state, step=state.first_step)


def joined(state: InboxState, view: InboxView) -> InboxState:
    """Let the runs that wait by now join a sitting that is under way: at its end, and nothing else changes."""
    new = [card for card in view.cards if card.run_id not in state.run_ids]
    return replace(
        state,
        run_ids=(*state.run_ids, *(card.run_id for card in new)),
        drawn=state.drawn | {card.run_id for card in new if card.drawn},
        guessed=state.guessed | {card.run_id for card in new if card.guessed},
        alike={**state.alike, **{card.run_id: card.alike for card in new}},
    )


def press(state: InboxState, key: str) -> tuple[InboxState, Answer | Undo | None]:
    """Return the state after a key, and what has to be saved.

    Keys: the choices of the question that is asked; z undo, s skip the run, return skip the question or go on after
    today's, j and k next and previous run, t more questions, x similar runs together. A key that means nothing here
    changes nothing.
    """
    key = key.lower()
    if key == "z":
        return _undone(state)
    if key in _MOVES:
        return _MOVES[key](state), None
    if state.run_id is None:
        return state, None
    if key == SECOND_PERSON_KEY and state.step is Step.REVIEW:
        answer = Answer(state.run_id, AssessmentName.SECOND_PERSON, "yes")
        return replace(state, second_person=True, answered=(*state.answered, _given(state))), answer
    chosen = next((choice for choice in state.step.question.choices if choice.key and choice.key.lower() == key), None)
    if chosen is None:
        return state, None
    answer = Answer(state.run_id, state.step.name_asked, chosen.value, state.others)
    return _after(replace(state, answered=(*state.answered, _given(state))), chosen.value), answer


def _given(state: InboxState) -> Given:
    return Given(state.run_ids[state.place], state.step, state.others)


def _next(state: InboxState) -> InboxState:
    return state if state.resting else _on(state)


def _previous(state: InboxState) -> InboxState:
    return _at(state, state.place - 1)


def _entered(state: InboxState) -> InboxState:
    if state.resting:
        return replace(state, resting=False, place=state.today)
    if state.run_id is None or state.step is Step.OUTCOME:
        return state
    return _after(state, None)


def _longer(state: InboxState) -> InboxState:
    if state.run_id is None or state.run_id in state.drawn or state.others:
        return state
    longer = replace(state, detailed=not state.detailed)
    return longer if state.step in longer.steps else _on(replace(longer, step=Step.OUTCOME))


def _together(state: InboxState) -> InboxState:
    """Take similar runs along, or leave them again. They move up to the one that is shown."""
    if state.step is not Step.OUTCOME or state.run_id is None:
        return state
    if state.others:
        return replace(state, others=())
    others = state.similar
    rest = [run_id for run_id in state.run_ids[state.place + 1 :] if run_id not in others]
    return replace(state, others=others, run_ids=(*state.run_ids[: state.place + 1], *others, *rest))


def _skipped(state: InboxState) -> InboxState:
    """Go on; a drawn run is asked again at the end. It stays unanswered: that is what is known of it."""
    run_id = state.run_id
    if run_id is None or run_id not in state.drawn or run_id in state.rated or run_id in state.skipped:
        return _next(state)
    later = (*state.run_ids[: state.place], *state.run_ids[state.place + 1 :], run_id)
    today = state.today - 1 if state.place < state.today else state.today
    # Where nothing else waits, it is not asked again at once.
    place = state.place if state.place < len(later) - 1 else len(later)
    moved = _fresh(replace(state, run_ids=later, today=today, skipped=(*state.skipped, run_id)), place)
    return replace(moved, resting=state.place < state.today and moved.place >= today)


def _after(state: InboxState, value: str | None) -> InboxState:
    if value in {Outcome.PENDING, Outcome.EXCLUDED}:
        return _on(state)
    if state.step is Step.TIME_SAVED:
        state = replace(state, timeless=value in {None, TimeSaved.UNKNOWN})
    following = [
        step
        for step in state.steps[state.steps.index(state.step) + 1 :]
        if step is not Step.CONFIDENCE or not state.timeless
    ]
    return replace(state, step=following[0]) if following else _on(state)


def _on(state: InboxState) -> InboxState:
    """Go to the next run, past those that were answered together; rest where today's end."""
    moved = _at(state, state.place + 1 + len(state.others))
    return replace(moved, resting=state.place < state.today <= moved.place)


def _at(state: InboxState, place: int) -> InboxState:
    kept = min(max(place, 0), len(state.run_ids))
    return state if kept == state.place else _fresh(state, kept)


def _fresh(state: InboxState, place: int) -> InboxState:
    there = replace(state, place=place, second_person=False, timeless=False, others=(), resting=False)
    return replace(there, step=there.first_step)


def _undone(state: InboxState) -> tuple[InboxState, Undo | None]:
    if not state.answered:
        return state, None
    last = state.answered[-1]
    was_detailed = last.step in _LONG and last.step not in _SHORT
    detailed = state.detailed or (was_detailed and last.run_id not in state.drawn)
    place = state.run_ids.index(last.run_id)
    back = replace(
        _fresh(state, place), step=last.step, detailed=detailed, answered=state.answered[:-1], others=last.others
    )
    return back, Undo.LAST


_MOVES: Final[dict[str, Callable[[InboxState], InboxState]]] = {
    "s": _skipped,
    "j": _next,
    "k": _previous,
    "x": _together,
    "t": _longer,
    "return": _entered,
}
"""Keys that save nothing."""
