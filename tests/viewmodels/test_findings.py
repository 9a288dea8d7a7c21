"""Findings in words: questions, with a way out and one thing to try."""

import re

import pytest

from goodmeasure.domain.findings import Detector, Finding, Saving
from goodmeasure.viewmodels.findings import cards

SEEN: dict[Detector, dict[str, int | float | str]] = {
    Detector.TOOL_LOOP: {"runs": 1, "repeats": 5},
    Detector.NO_PROGRESS: {"runs": 1, "calls": 12},
    Detector.REPEAT_PROMPT: {"prompts": 3, "runs": 2},
    Detector.RETRY_HEAVY: {"runs": 1, "retries": 3, "turns": 2, "turns_without_retry": 1},
    Detector.LOW_YIELD: {"runs": 1, "cost_micros": 3_500_000},
    Detector.CONTEXT_HEAVY: {"runs": 1, "context_tokens": 100_000, "excess_tokens": 40_000, "growth": 2.5},
    Detector.COST_OUTLIER: {"runs": 1, "cost_micros": 2_100_000, "mean_of_others_micros": 1_000_000},
    Detector.COLD_CACHE: {
        "returns": 3, "written_again_tokens": 75_000, "first_write_tokens": 71_000, "usual_tokens": 50_000,
        "read_from_cache_share": 0.4,
    },
    Detector.REREADS: {"runs": 1, "read_again": 5, "read_aside": 3},
    Detector.TOOL_OVERHEAD: {"servers": 1, "server": "pantry", "tools": 11, "used": 0, "runs": 2},
    Detector.IDLE_RUN: {"runs": 3, "in_a_row": 3, "cost_micros": 10_000},
    Detector.OVERSIZED_MODEL: {
        "work_kind": "fix", "dearer": "big", "cheaper": "small", "dearer_turns": 20, "dearer_without_retry": 16,
        "cheaper_turns": 21, "cheaper_without_retry": 15,
    },
    Detector.UNACCOUNTED_COST: {"runs_not_used": 1, "runs_not_rated": 2, "from_micros": 0, "to_micros": 5_000_000},
    Detector.LOW_NEED: {"answers": 20, "unnecessary": 4, "cost_micros": 1_000_000},
}  # fmt: skip
ACCUSING = re.compile(r"\b(waste[ds]?|wasted|bad|wrong|too (much|many)|should|must|grade|total)\b", re.IGNORECASE)


@pytest.mark.parametrize("detector", Detector)
def test_every_detector_asks_and_shows_its_numbers(detector: Detector) -> None:
    (card,) = cards([Finding(detector, 1, "shop", (1,), SEEN[detector], Saving(0, 1_500_000))])
    assert card.question.endswith("?")
    assert card.place == "shop"
    assert card.saving == "between nothing and $1.50 of list cost"
    assert re.search(r"\d", card.seen)
    for text in (card.seen, card.may_be_fine, card.to_try):
        assert text.endswith(".")
        assert "None" not in text
    assert not ACCUSING.search(f"{card.question} {card.seen} {card.may_be_fine} {card.to_try}")


def test_every_number_is_said() -> None:
    words = {detector: cards([Finding(detector, 1, "s", (1,), SEEN[detector])])[0].seen for detector in Detector}
    assert "3 times" in words[Detector.COLD_CACHE]
    assert "40 %" in words[Detector.COLD_CACHE]
    assert "2.5 times" in words[Detector.CONTEXT_HEAVY]
    assert words[Detector.OVERSIZED_MODEL] == (
        "Kind of work: fix. big: 16 of 20 changing turns needed no retry. "
        "small: 15 of 21 changing turns needed no retry."
    )
    assert words[Detector.UNACCOUNTED_COST].startswith("From nothing (1 run not used or worse) to $5.00")


def test_a_growth_from_next_to_nothing_is_no_number() -> None:
    seen = SEEN[Detector.CONTEXT_HEAVY] | {"growth": 1173.0}
    (card,) = cards([Finding(Detector.CONTEXT_HEAVY, 1, "shop", (1,), seen)])
    assert card.seen.endswith("That is more than 10 times the run before.")


def test_what_cannot_be_saved_is_not_said_and_places_have_names() -> None:
    one, all_ = (Finding(which, None, None, (1,), SEEN[which]) for which in (Detector.TOOL_LOOP, Detector.LOW_NEED))
    assert [(card.place, card.saving) for card in cards([one, all_])] == [
        ("Unknown project", None),
        ("All projects", None),
    ]
