"""Factory Droid: a session's running total is one entry, exact however often and wherever it is read."""

import json
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import NoticeKind, TitleRank
from goodmeasure.sources.base import Document, Lines
from tests.sources.conftest import Folded
from tests.sources.homes import import_into, scratch_ledger
from tests.sources.readings import reading_of, source_of, taught

LOG, SETTINGS = reading_of("droid", Lines), reading_of("droid", Document)
FOLDER = "sessions/-home-person-project"
START = {"type": "session_start", "id": "5e55", "title": "First line\nsecond", "cwd": "/home/person/project"}


def message(role: str, *blocks: Any, at: str = "08:00:00", **rest: Any) -> dict[str, Any]:
    inner = {"role": role, "content": list(blocks), **rest}
    return {"type": "message", "id": f"{role}-{at}", "timestamp": f"2026-10-05T{at}.000Z", "message": inner}


def said(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def lines(*rows: Any) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def log(*rows: Any) -> Folded:
    return taught(LOG, f"{FOLDER}/5e55.jsonl", lines(*rows))


def settings(**fields: Any) -> Folded:
    return taught(SETTINGS, f"{FOLDER}/5e55.settings.json", json.dumps(fields).encode())


def total(**counters: int) -> dict[str, int]:
    zeros = {"inputTokens": 0, "outputTokens": 0, "cacheCreationTokens": 0, "cacheReadTokens": 0, "thinkingTokens": 0}
    return zeros | counters


def write(home: Path, name: str, data: bytes) -> None:
    path = home / ".factory" / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_growing_total_replaces_itself_and_its_day_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write(home, "5e55.jsonl", lines(START, message("user", said("Invented text.")), message("assistant", said("x"))))
    with scratch_ledger(tmp_path) as ledger:
        for spent in (10, 250, 250, 4000):
            used = {"model": "gpt-5.4", "tokenUsage": total(inputTokens=spent, outputTokens=spent)}
            used["providerLockTimestamp"] = f"2026-10-0{6 if spent > 10 else 5}T09:00:00.000Z"
            write(home, "5e55.settings.json", json.dumps(used).encode() + b" " * spent)
            imported = import_into(ledger, source_of("droid"), home)
        row = ledger.raw().execute("SELECT recorded_at FROM generation").fetchall()
    assert (imported.totals["generations"], imported.totals["input_tokens"], imported.totals["output_tokens"]) == (
        1,
        4000,
        4000,
    )
    assert row == [(1791187200000,)]  # 2026-10-05T08:00:00Z, the first answer


def test_settings_without_log_and_log_without_settings_each_stand_alone() -> None:
    only_settings = settings(model="gpt-5.4", tokenUsage=total(inputTokens=1, outputTokens=2, cacheReadTokens=3))
    (entry,) = only_settings.generations.values()
    assert (entry.session, entry.model, entry.recorded_at) == ("5e55", "gpt-5.4", None)
    assert entry[5:11] == (1, 3, 0, None, 2, 0)
    (unknown,) = log(START, message("assistant", said("x"), modelId="gpt-5.4")).generations.values()
    assert unknown.key == entry.key
    assert (unknown.model, unknown[5:11]) == ("gpt-5.4", (None,) * 6)


@pytest.mark.parametrize("usage", [{}, {"tokenUsage": total()}, {"tokenUsage": {}}])
def test_session_that_used_nothing_or_says_nothing_has_no_tokens(usage: Any) -> None:
    assert settings(model="gpt-5.4", **usage).generations == {}


def test_routed_model_is_named_and_unnamed_stays_unknown() -> None:
    used = {"tokenUsage": total(outputTokens=1)}
    routed = settings(model="auto", effectiveFactoryRouterModel={"modelId": "claude-opus-4-6"}, **used)
    assert [entry.model for entry in routed.generations.values()] == ["claude-opus-4-6"]
    assert [entry.model for entry in settings(model="auto", **used).generations.values()] == [None]


def test_provider_is_named_only_where_the_lock_names_one() -> None:
    for lock, provider in (("openai", "openai"), ("generic-chat-completion-api", None), ("factory", None)):
        entries = settings(providerLock=lock, tokenUsage=total(outputTokens=1)).generations.values()
        assert [entry.provider for entry in entries] == [provider]


def test_inclusive_totals_are_not_counted() -> None:
    used = settings(tokenUsage=total(outputTokens=5), inclusiveTokenUsage=total(outputTokens=50))
    assert [entry.output_tokens for entry in used.generations.values()] == [5]


def test_what_the_client_says_in_the_persons_name_is_no_prompt() -> None:
    seen = log(
        START,
        message("user", said("<system-reminder>x"), at="08:00:00"),
        message("user", said("x"), at="08:00:01", visibility="llm_only"),
        message("user", said("x"), at="08:00:02", visibility="user_only"),
        message("user", {"type": "tool_result", "tool_use_id": "t1", "content": "x"}, at="08:00:03"),
        message("user", said("<system-reminder>x"), said("x"), at="08:00:04"),
        message("user", said("x"), at="08:00:05", visibility="both"),
    )
    assert len(seen.prompts) == 2


def test_subagent_hangs_on_its_caller_and_its_task_is_no_prompt() -> None:
    seen = log({**START, "callingSessionId": "ca11"}, message("user", said("x")), message("assistant", said("x")))
    facts = seen.sessions["5e55"]
    assert (facts.parent, facts.relation, len(seen.prompts)) == ("ca11", "subagent", 0)


def test_tool_calls_are_joined_to_their_results() -> None:
    seen = log(
        message("assistant", {"type": "tool_use", "id": "t1", "name": "Execute"}, at="08:00:00"),
        message("user", {"type": "tool_result", "tool_use_id": "t1", "is_error": True}, at="08:00:05"),
        message("assistant", {"type": "tool_use", "id": "t2", "name": "linear___search"}, at="08:00:06"),
    )
    assert [(call.name, call.kind, call.status) for call in seen.tool_calls.values()] == [
        ("Execute", "run", "error"),
        ("linear___search", "mcp", None),
    ]


def test_outcomes_become_notices_once_with_the_instant_before_them() -> None:
    seen = log(
        START,
        message("assistant", said("x")),
        {"type": "agent_turn_outcome", "id": "o1", "reason": "cancelled"},
        {"type": "agent_turn_outcome", "id": "o2", "reason": "error", "resultKind": "provider_error"},
        {"type": "agent_turn_outcome", "id": "o3", "reason": "completed"},
        {"type": "compaction_state", "id": "c1", "summaryText": "x"},
    )
    assert [(notice.kind, notice.detail, notice.noticed_at) for notice in seen.notices.values()] == [
        (NoticeKind.INTERRUPTED, None, 1791187200000),
        (NoticeKind.API_ERROR, "provider_error", 1791187200000),
        (NoticeKind.COMPACTED, None, 1791187200000),
    ]


def test_chosen_title_wins_over_the_first_line_of_the_prompt() -> None:
    assert log(START).sessions["5e55"].title == "First line"
    named = log({**START, "sessionTitle": "Made up"}).sessions["5e55"]
    assert (named.title, named.title_rank) == ("Made up", TitleRank.GENERATED)
    assert log({**START, "sessionTitle": "New Session"}).sessions["5e55"].title == "First line"


def test_log_in_pieces_teaches_the_same() -> None:
    rows = [
        json.dumps(row).encode()
        for row in (
            START,
            message("user", said("x"), at="08:00:00"),
            message("assistant", {"type": "tool_use", "id": "t1", "name": "Read"}, at="08:00:01", modelId="gpt-5.4"),
            message("user", {"type": "tool_result", "tool_use_id": "t1"}, at="08:00:02"),
            message("assistant", said("x"), at="08:00:03", modelId="gpt-5.5"),
            {"type": "agent_turn_outcome", "reason": "cancelled"},
        )
    ]
    whole = log(*(json.loads(row) for row in rows)).events()
    for cut in range(1, len(rows)):
        pieces = Folded()
        first = LOG.reader(f"{FOLDER}/5e55.jsonl", None)
        pieces.add(first.feed(rows[:cut], 1))
        pieces.add(LOG.reader(f"{FOLDER}/5e55.jsonl", first.state()).feed(rows[cut:], cut + 1))
        assert pieces.events() == whole


def test_damaged_row_is_told_and_its_neighbours_are_read() -> None:
    data = lines(START) + b'{"type":"message","message":7}\n{"type":"mess\n' + lines(message("assistant", said("x")))
    seen = taught(LOG, f"{FOLDER}/5e55.jsonl", data)
    assert [issue.line for issue in seen.issues] == [2, 3]
    assert len(seen.generations) == 1


@pytest.mark.parametrize("data", [b"", b"[]", b'{"tokenUsage":{"inputTokens":-1}}', b'{"model":7}', b'{"model":"x"'])
def test_damaged_settings_are_told(data: bytes) -> None:
    seen = taught(SETTINGS, f"{FOLDER}/5e55.settings.json", data)
    assert [issue.line for issue in seen.issues] == [1]
    assert seen.generations == {}


def test_unknown_rows_are_counted_by_type() -> None:
    assert log({"type": "new_thing"}, {"type": "todo_state"}).unknown == {"new_thing": 1}
