from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import instant
from goodmeasure.services import by_hand
from goodmeasure.services.by_hand import Entry, LoggedRun
from goodmeasure.viewmodels.log_run import LogForm, counts_of, entry_of, said

BERLIN = ZoneInfo("Europe/Berlin")


def test_only_the_title_is_needed() -> None:
    assert entry_of(LogForm(title="Tea"), BERLIN) == Entry("Tea")


def test_fields_become_an_entry_in_the_reporting_zone() -> None:
    form = LogForm("Tea", "2026-07-01 09:30", "12,5", "Web chat", "gpt-4o", "Asked?", "Said.")
    at = instant(datetime(2026, 7, 1, 7, 30, tzinfo=UTC))
    assert entry_of(form, BERLIN) == Entry("Tea", at, 12.5, "Web chat", "gpt-4o", None, "Asked?", "Said.")


@pytest.mark.parametrize(
    ("form", "word"),
    [
        (LogForm(), "few words"),
        (LogForm("Tea", minutes="some"), "minutes"),
        (LogForm("Tea", when="yesterday"), "2026-11-23 14:05"),
        (LogForm("Tea", when="2026-02-30 10:00"), "2026-11-23 14:05"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(form: LogForm, word: str) -> None:
    with pytest.raises(Refusal, match=word):
        entry_of(form, BERLIN)


def test_texts_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_hand, "MOST_TEXT_BYTES", 20)
    assert counts_of("", "tea", "tea and cake", "x" * 21) == (
        "",
        "about 1 token",
        "about 3 tokens",
        "too long to count",
    )


def test_estimates_are_called_estimates() -> None:
    assert said(LoggedRun("k", "Tea", None, None)) == "Logged: Tea."
    assert "12" in said(LoggedRun("k", "Tea", 12, 6))
    assert "estimated" in said(LoggedRun("k", "Tea", 12, 6))
