import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.value.taxonomy import NEED, OUTCOME
from goodmeasure.viewmodels.inbox import CardView, InboxView
from goodmeasure.viewmodels.sitting import Answer, InboxState, Step, Undo, begun, joined, press

START = InboxState((7, 8, 9))
KEYS = [*"0123456789hzsjktx+", "return"]
TODAY = InboxState((1, 2, 3, 7, 8), drawn=frozenset({1, 2, 3}), today=3, today_all=5)
"""Two of today's five are answered, three wait, and two other runs."""
ALL = ["1", "2", "5", "2", "1"]
"""Used, helpful, saved 15 to 30 minutes, checked, sure."""
ALIKE = InboxState((1, 7, 8, 9, 10), drawn=frozenset({1, 10}), alike=dict.fromkeys((1, 7, 9, 10), "shop") | {8: ""})


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


def test_everything_is_asked_of_drawn_runs_and_little_of_others() -> None:
    state, meant = pressed(ALL, TODAY)
    assert [one.name.value for one in meant if isinstance(one, Answer)] == [
        "outcome",
        "need",
        "time_saved",
        "review",
        "confidence",
    ]
    assert (state.run_id, state.progress) == (2, "4 of today's 5")
    assert pressed(["t"], TODAY) == (TODAY, []), "there is no more to ask"
    state, _ = pressed([*ALL, *ALL, *ALL, "return", "1", "1"], TODAY)
    assert (state.run_id, state.progress) == (8, "2 of 2")


def test_nobody_asks_how_sure_a_time_is_that_was_not_given() -> None:
    for no_time in ("0", "return"):
        state, _ = pressed(["1", "2", no_time, "2"], TODAY)
        assert (state.run_id, state.step) == (2, Step.OUTCOME)


def test_after_todays_it_rests_until_enter() -> None:
    state, _ = pressed([*ALL, *ALL, *ALL], TODAY)
    assert (state.resting, state.run_id, state.progress, state.waiting) == (True, None, "", 2)
    assert state.unanswered == 0
    assert pressed(["s", "j", *ALL], TODAY)[0].unanswered == 2
    assert pressed(["1", "j", "s", "x", "t"], state) == (state, [])
    assert pressed(["return"], state)[0].run_id == 7
    assert pressed(["k"], state)[0].run_id == 3
    back, meant = pressed(["z"], state)
    assert (back.run_id, back.step, meant) == (3, Step.CONFIDENCE, [Undo.LAST])


def test_a_skipped_drawn_run_comes_back_at_the_end() -> None:
    state, meant = pressed(["s"], TODAY)
    assert (state.run_ids, state.run_id, state.progress) == ((2, 3, 7, 8, 1), 2, "4 of today's 5")
    state, _ = pressed(["s", "s"], state)
    assert (state.resting, state.run_ids, state.skipped, meant) == (True, (7, 8, 1, 2, 3), (1, 2, 3), [])
    state, _ = pressed(["return", "s", "s"], state)
    assert (state.run_id, Step.REVIEW in state.steps) == (1, True)
    state, _ = pressed(["s", "s", "s"], state)
    assert state.run_id is None
    assert not state.resting


def test_one_that_waits_alone_can_be_skipped() -> None:
    alone = InboxState((1,), drawn=frozenset({1}))
    assert pressed(["s"], alone)[0].run_id is None


def test_similar_runs_are_answered_together_but_never_a_drawn_one() -> None:
    assert pressed(["x"], ALIKE) == (ALIKE, [])
    state, _ = pressed(["j", "x"], ALIKE)
    assert (state.run_id, state.others, state.run_ids) == (7, (9,), (1, 7, 9, 8, 10))
    assert pressed(["x"], state)[0].others == ()
    state, meant = pressed(["4", "2"], state)
    assert meant == [
        Answer(7, AssessmentName.OUTCOME, "discarded", (9,)),
        Answer(7, AssessmentName.NEED, "helpful", (9,)),
    ]
    assert state.run_id == 8
    assert state.rated == {7, 9}
    state, meant = pressed(["z"], state)
    assert (state.run_id, state.step, state.others, meant) == (7, Step.NEED, (9,), [Undo.LAST])
    state, _ = pressed(["z"], state)
    assert state.rated == frozenset()


def test_at_most_twenty_are_answered_together() -> None:
    many = InboxState(tuple(range(30)), alike=dict.fromkeys(range(30), "shop"))
    assert len(pressed(["x"], many)[0].others) == 19


def test_only_outcome_and_need_are_asked_of_several() -> None:
    state, _ = pressed(["t", "j", "x"], ALIKE)
    assert state.steps == (Step.OUTCOME, Step.NEED)
    assert pressed(["1", "x"], state)[0].others == (9,), "not in the middle of it"


def test_what_comes_while_one_is_asked_joins_at_the_end() -> None:
    asked, _ = pressed(["1"], TODAY)
    later = joined(asked, view(1, 2, 3, 7, 8, 20, drawn=frozenset({20})))
    assert (later.run_ids, later.run_id, later.step) == ((1, 2, 3, 7, 8, 20), 1, Step.NEED)
    assert 20 in later.drawn


def test_a_sitting_begins_with_todays_or_rests_where_they_are_done() -> None:
    begin = begun(view(1, 2, 7, drawn=frozenset({1, 2}), today=2, today_all=4))
    assert (begin.run_id, begin.progress) == (1, "3 of today's 4")
    assert begun(view(7, today_all=4)).resting
    assert not begun(view(today_all=4)).resting
    assert begun(view(7)).run_id == 7


def view(*run_ids: int, drawn: frozenset[int] = frozenset(), today: int = 0, today_all: int = 0) -> InboxView:
    cards = tuple(
        CardView(number, "", "", "", "", "", "", "", "", "", "", drawn=number in drawn, alike="") for number in run_ids
    )
    return InboxView(cards, today, today_all, "2026-11-23")


@given(st.lists(st.sampled_from(KEYS), max_size=40), st.sampled_from([START, TODAY, ALIKE]))
def test_every_answer_can_be_undone(keys: list[str], start: InboxState) -> None:
    state, meant = pressed(keys, start)
    answers = sum(isinstance(one, Answer) for one in meant) - sum(one is Undo.LAST for one in meant)
    assert answers == len(state.answered)
    assert 0 <= state.place <= len(state.run_ids)
    undone, taken = pressed(["z"] * (answers + 1), state)
    assert len(taken) == answers
    assert undone.answered == ()
    assert state.run_id is None or state.step in state.steps or state.step in tuple(Step)


GUESSED = InboxState((7, 8), guessed=frozenset({7}), step=Step.EFFORT_BEFORE)


def test_guesses_frame_the_answers_of_the_run_that_they_are_asked_of() -> None:
    state, names = GUESSED, []
    for key in ("3", "1", "2", "1", "4"):
        state, answer = press(state, key)
        assert isinstance(answer, Answer)
        names.append((answer.run_id, answer.name.value, answer.value))
    assert names == [
        (7, "effort_before", "from_15_to_30"),
        (7, "outcome", "used"),
        (7, "need", "helpful"),
        (7, "kept", "yes"),
        (7, "effort_after", "from_30_to_60"),
    ]
    assert (state.run_id, state.step) == (8, Step.OUTCOME)
    assert state.rated == {7}


def test_a_guess_is_left_out_and_taken_back_like_an_answer() -> None:
    state, answer = press(GUESSED, "return")
    assert (state.step, answer) == (Step.OUTCOME, None)
    state, _ = press(GUESSED, "2")
    back, meant = press(state, "z")
    assert meant is Undo.LAST
    assert (back.run_id, back.step, back.detailed) == (7, Step.EFFORT_BEFORE, False)
    # Too early: nothing more is asked of it, guesses neither.
    state, _ = press(state, "h")
    assert (state.run_id, state.step) == (8, Step.OUTCOME)


def test_more_questions_stand_between_the_guesses() -> None:
    state, _ = press(GUESSED, "t")
    assert state.step is Step.EFFORT_BEFORE
    assert [step.value for step in state.steps] == [
        *("effort_before", "outcome", "need", "time_saved", "review", "confidence", "kept", "effort_after")
    ]
    fewer, _ = press(state, "t")
    assert fewer == GUESSED
