import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.value.taxonomy import NEED, OUTCOME
from goodmeasure.viewmodels.inbox import Answer, InboxState, Step, Undo, press

START = InboxState((7, 8, 9))
KEYS = [*"0123456789hzsjktx+", "return"]


def pressed(keys: list[str], state: InboxState = START) -> tuple[InboxState, list[Answer | Undo]]:
    meant = []
    for key in keys:
        state, one = press(state, key)
        if one is not None:
            meant.append(one)
    return state, meant


def test_two_keys_rate_a_run_and_show_the_next() -> None:
    state, meant = pressed(["1", "2"])
    assert meant == [Answer(7, AssessmentName.OUTCOME, "used"), Answer(7, AssessmentName.NEED, "helpful")]
    assert (state.run_id, state.step) == (8, Step.OUTCOME)


@pytest.mark.parametrize(("key", "value"), [(c.key, c.value) for c in OUTCOME.choices if c.key])
def test_every_outcome_has_its_key(key: str, value: str) -> None:
    assert pressed([key])[1] == [Answer(7, AssessmentName.OUTCOME, value)]
    assert pressed([key.lower()])[1] == [Answer(7, AssessmentName.OUTCOME, value)]


@pytest.mark.parametrize(("key", "value"), [(c.key, c.value) for c in NEED.choices])
def test_every_need_has_its_key(key: str, value: str) -> None:
    assert pressed(["4", key])[1][-1] == Answer(7, AssessmentName.NEED, value)


@pytest.mark.parametrize("key", ["h", "0"])
def test_too_early_and_not_to_be_judged_ask_nothing_more(key: str) -> None:
    state, _ = pressed([key])
    assert (state.run_id, state.step) == (8, Step.OUTCOME)


def test_undo_goes_back_to_the_question() -> None:
    state, meant = pressed(["1", "2", "z"])
    assert meant[-1] is Undo.LAST
    assert (state.run_id, state.step) == (7, Step.NEED)
    state, meant = pressed(["z"], state)
    assert (state.run_id, state.step) == (7, Step.OUTCOME)
    assert pressed(["z"], state) == (state, [])


def test_skip_and_walking_save_nothing() -> None:
    state, meant = pressed(["s", "j", "k", "k", "k"])
    assert (state.run_id, meant) == (7, [])


def test_past_the_last_card_nothing_can_be_answered() -> None:
    state, _ = pressed(["s", "s", "s", "s"])
    assert state.run_id is None
    assert pressed(["1"], state) == (state, [])
    assert pressed(["k"], state)[0].run_id == 9


def test_more_questions() -> None:
    state, meant = pressed(["t", "1", "1", "5", "+", "3", "2"])
    assert [(one.name.value, one.value) for one in meant if isinstance(one, Answer)] == [
        ("outcome", "used"),
        ("need", "essential"),
        ("time_saved", "saved_15_30"),
        ("second_person", "yes"),
        ("review", "light_edits"),
        ("confidence", "fairly"),
    ]
    assert (state.run_id, state.step, state.detailed) == (8, Step.OUTCOME, True)


def test_more_questions_can_be_left() -> None:
    state, _ = pressed(["t", "1", "1", "t"])
    assert (state.run_id, state.step, state.detailed) == (8, Step.OUTCOME, False)


def test_a_question_can_be_skipped_but_not_the_outcome() -> None:
    assert pressed(["return"]) == (START, [])
    state, meant = pressed(["1", "return"])
    assert (state.run_id, len(meant)) == (8, 1)


def test_the_cost_unfolds_with_the_outcome() -> None:
    state, _ = pressed(["1"])
    assert state.rated == {7}
    assert pressed(["z"], state)[0].rated == frozenset()


@given(st.lists(st.sampled_from(KEYS), max_size=40))
def test_every_answer_can_be_undone(keys: list[str]) -> None:
    state, meant = pressed(keys)
    answers = sum(isinstance(one, Answer) for one in meant) - sum(one is Undo.LAST for one in meant)
    assert answers == len(state.answered)
    assert 0 <= state.place <= len(state.run_ids)
    undone, taken = pressed(["z"] * (answers + 1), state)
    assert len(taken) == answers
    assert undone.answered == ()
    assert state.run_id is None or state.step in state.steps or state.step in tuple(Step)
