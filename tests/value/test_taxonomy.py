"""The taxonomy says exactly what was decided, and nothing can be answered twice by one key."""

import pytest

from goodmeasure.domain.assessments import AssessmentName, Confidence, Need, Outcome, Review, SecondPerson, TimeSaved
from goodmeasure.value import taxonomy


def test_every_question_has_each_of_its_values_once() -> None:
    values = {
        AssessmentName.OUTCOME: Outcome,
        AssessmentName.NEED: Need,
        AssessmentName.TIME_SAVED: TimeSaved,
        AssessmentName.REVIEW: Review,
        AssessmentName.SECOND_PERSON: SecondPerson,
        AssessmentName.CONFIDENCE: Confidence,
    }
    assert set(taxonomy.QUESTIONS) == set(AssessmentName)
    for name, known in values.items():
        assert [choice.value for choice in taxonomy.QUESTIONS[name].choices] == list(known)


@pytest.mark.parametrize("question", taxonomy.QUESTIONS.values(), ids=lambda question: question.name)
def test_keys_labels_and_meanings_are_there_and_unmistakable(question: taxonomy.Question) -> None:
    keys = [choice.key for choice in question.choices if choice.key]
    assert len(keys) == len(set(keys))
    assert all(choice.label and choice.meaning.endswith(".") for choice in question.choices)


def test_keys_of_the_inbox() -> None:
    assert [(choice.key, choice.value) for choice in taxonomy.OUTCOME.choices] == [
        ("1", "used"),
        ("2", "informed"),
        ("3", "partial"),
        ("4", "discarded"),
        ("5", "harmful"),
        ("H", "pending"),
        ("0", "excluded"),
        ("", "unknown"),
    ]
    assert [(choice.key, choice.value) for choice in taxonomy.NEED.choices] == [
        ("1", "essential"),
        ("2", "helpful"),
        ("3", "extra"),
        ("4", "unnecessary"),
    ]


def test_bands_join_without_a_gap_and_losses_come_first() -> None:
    bands = list(taxonomy.TIME_BANDS.values())
    assert [(band.low_minutes, band.high_minutes) for band in bands] == [
        (-120, -30),
        (-30, -5),
        (-5, 5),
        (5, 15),
        (15, 30),
        (30, 60),
        (60, 120),
        (120, 240),
        (240, 480),
    ]
    assert list(taxonomy.TIME_BANDS) == [band for band in TimeSaved if band is not TimeSaved.UNKNOWN]


def test_a_person_cannot_answer_what_only_the_app_sets() -> None:
    assert "unknown" not in taxonomy.values_of(AssessmentName.OUTCOME)
    assert taxonomy.values_of(AssessmentName.NEED) == ("essential", "helpful", "extra", "unnecessary")


def test_what_stands_in_shares() -> None:
    assert taxonomy.SHARED_ANSWERS[AssessmentName.OUTCOME] == ("used", "informed", "partial", "discarded", "harmful")


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(taxonomy.TaxonomyError, match="'outcom' is not a question: use one of outcome, need"):
        taxonomy.question("outcom")
    with pytest.raises(taxonomy.TaxonomyError, match="'good' is not an answer to outcome: use one of used, informed"):
        taxonomy.choice("outcome", "good")
    assert taxonomy.choice("review", "none").label == "Used unchecked"
