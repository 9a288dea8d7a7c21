"""Stories straight from rated runs, without a ledger."""

from collections.abc import Sequence
from datetime import UTC

from goodmeasure.disclosure.levels import Story
from goodmeasure.disclosure.period_cells import period_cells
from goodmeasure.disclosure.writing import Header, TypedWords, write_story
from goodmeasure.domain.period import Period
from goodmeasure.domain.runs import RatedRun
from goodmeasure.reports.exact import exact_numbers


def story_of(runs: Sequence[RatedRun], period: Period, words: TypedWords, header: Header) -> Story:
    """Return the story of these runs."""
    return write_story(period_cells(exact_numbers(runs, {}, UTC)), period, words, header)
