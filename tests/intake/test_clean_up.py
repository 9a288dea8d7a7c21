"""Agents that delete their own logs: said before they are gone."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.files import DeletedSoon
from goodmeasure.intake.clean_up import deleted_soon
from goodmeasure.ledger.opening import Ledger
from goodmeasure.sources.claude_code.keeping import kept_days as claude_days
from goodmeasure.sources.gemini_cli.keeping import kept_days as gemini_days
from goodmeasure.sources.registry import all_sources

DAY_SECONDS = 86_400
NOW = 1_795_435_200_000


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        (b"", 30),
        (b'{"theme":"dark"}', 30),
        (b'{"cleanupPeriodDays":3}', 3),
        (b'{"cleanupPeriodDays":0}', 0),
        (b'{"cleanupPeriodDays":"x"}', None),
        (b"{", None),
        (b"\xff", None),
    ],
)
def test_claude_code_says_when(settings: bytes, days: int | None) -> None:
    assert claude_days(settings) == days


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        (b"", 30),
        (b'{"general":{"sessionRetention":{"maxAge":"2w"}}}', 14),
        (b'{"general":{"sessionRetention":{"maxAge":"36h"}}}', 1),
        (b'{"general":{"sessionRetention":{"enabled":false,"maxAge":"1d"}}}', None),
        (b'{"general":{"sessionRetention":{"maxAge":"soon"}}}', None),
        (b'{"general":[]}', None),
    ],
)
def test_gemini_cli_says_when(settings: bytes, days: int | None) -> None:
    assert gemini_days(settings) == days


def put_log(home: Path, *, days_old: float, settings: str | None = None) -> Path:
    log = home / ".claude/projects/shop/s.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text('{"type":"user","sessionId":"s","message":{"role":"user","content":"Invented text."}}\n')
    at = NOW / 1000 - days_old * DAY_SECONDS
    os.utime(log, (at, at))
    if settings is not None:
        (home / ".claude/settings.json").write_text(settings)
    return log


def soon(ledger: Ledger, home: Path) -> list[DeletedSoon]:
    return deleted_soon(ledger, all_sources(), home, NOW)


def test_an_unread_log_that_is_about_to_go_is_said_until_it_is_read(
    ledger: Ledger, home: Path, read: Callable[..., Any]
) -> None:
    put_log(home, days_old=28)
    place = str(home / ".claude/settings.json")
    assert soon(ledger, home) == [DeletedSoon("claude-code", "Claude Code", 30, place, 1)]
    read()
    assert soon(ledger, home) == []


def test_a_fresh_log_is_no_matter(ledger: Ledger, home: Path) -> None:
    put_log(home, days_old=20)
    assert soon(ledger, home) == []


def test_a_week_or_less_is_said_also_when_all_is_read(ledger: Ledger, home: Path, read: Callable[..., Any]) -> None:
    put_log(home, days_old=1, settings='{"cleanupPeriodDays":7}')
    read()
    assert [(one.after_days, one.unread) for one in soon(ledger, home)] == [(7, 0)]


def test_an_agent_that_is_not_here_is_not_named(ledger: Ledger, home: Path) -> None:
    assert soon(ledger, home) == []
