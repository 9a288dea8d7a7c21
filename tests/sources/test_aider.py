"""aider: the analytics log and the chat history, one behaviour at a time."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.domain.events import Batch, Generation, GenerationFlag, TitleRank
from goodmeasure.intake.find import find_files
from goodmeasure.intake.guess import found_at
from goodmeasure.sources.aider.analytics import AnalyticsReader
from goodmeasure.sources.aider.history import read_history
from goodmeasure.sources.registry import all_sources
from tests.sources.conftest import Folded
from tests.sources.readings import assert_sound, source_of, texts_in

HEAD = "# aider chat started at 2026-01-02 03:04:05\n\n> Aider v0.50.1-dev  \n"
MODEL = "> Models: gpt-4o with diff edit format, weak model gpt-4o-mini  \n"
CLAUDE = "> Main model: claude-3-5-sonnet-20240620 with diff edit format, prompt cache, infinite output  \n"
PLAIN = "> Tokens: 1,234 sent, 56 received. Cost: $0.01 message, $0.03 session.  \n"


def sent(second: int = 0, **more: Any) -> dict[str, Any]:
    properties = {"main_model": "gpt-4o", "prompt_tokens": 10, "completion_tokens": 2, "cost": 0.5, "total_cost": 0.5}
    return {"event": "message_send", "properties": properties | more, "user_id": "u", "time": 1_780_000_000 + second}


def event(name: str, second: int = 0, **properties: Any) -> dict[str, Any]:
    return {"event": name, "properties": properties, "user_id": "u", "time": 1_780_000_000 + second}


def feed(*rows: dict[str, Any]) -> Batch:
    return AnalyticsReader("a.jsonl", None).feed([json.dumps(row).encode() for row in rows], 1)


def history(*parts: str) -> Batch:
    (batch,) = read_history(".aider.chat.history.md", io.BytesIO("".join(parts).encode()))
    return batch


def tokens(call: Generation) -> tuple[int | None, ...]:
    return call[5:8] + call[9:10]


# ---- analytics


def test_each_message_is_a_call_whose_counts_may_be_estimates() -> None:
    (call,) = feed(event("launched"), sent(1)).generations
    assert (call.model, call.provider, call.input_tokens, call.output_tokens) == ("gpt-4o", None, 10, 2)
    assert (call.cache_read_tokens, call.cache_write_5m_tokens, call.reasoning_tokens) == (None, None, None)
    assert (call.flags, call.reported_cost_micros) == (GenerationFlag.ESTIMATED, 500_000)


@pytest.mark.parametrize(
    ("name", "provider", "model"),
    [
        ("openai/REDACTED", "openai", None),
        ("anthropic/claude-x", "anthropic", "anthropic/claude-x"),
        ("gpt-4o", None, "gpt-4o"),
        (None, None, None),
    ],
)
def test_models_that_aider_does_not_know_are_unknown(name: str | None, provider: str | None, model: str | None) -> None:
    (call,) = feed(sent(main_model=name)).generations
    assert (call.provider, call.model) == (provider, model)


def test_a_cost_of_zero_means_no_known_price() -> None:
    assert [call.reported_cost_micros for call in feed(sent(cost=0)).generations] == [None]


def test_each_start_of_the_program_is_a_run() -> None:
    batch = feed(event("launched"), sent(1), sent(2), event("exit", 3), event("launched", 4), sent(5))
    assert [facts.started_at for facts in batch.sessions] == [1_780_000_000_000, 1_780_000_004_000]
    assert len({call.session for call in batch.generations}) == 2


def test_growing_in_pieces_teaches_the_same() -> None:
    lines = [json.dumps(row).encode() for row in (event("launched"), sent(1), sent(2))]
    whole = AnalyticsReader("a", None).feed(lines, 1).generations
    for cut in range(1, 3):
        first = AnalyticsReader("a", None)
        before = first.feed(lines[:cut], 1).generations
        assert before + AnalyticsReader("a", first.state()).feed(lines[cut:], cut + 1).generations == whole


@pytest.mark.parametrize("number", ["-1", "1.5", '"5"', "[]"])
def test_impossible_numbers_are_issues_between_good_neighbours(number: str) -> None:
    lines = [json.dumps(sent(second)).encode() for second in range(3)]
    lines[1] = lines[1].replace(b'"prompt_tokens": 10', b'"prompt_tokens": ' + number.encode())
    batch = AnalyticsReader("a", None).feed(lines, 1)
    assert ([issue.line for issue in batch.issues], len(batch.generations)) == ([2], 2)


# ---- history


@pytest.mark.parametrize(
    ("line", "expected", "cost"),
    [
        (PLAIN, (1234, None, None, 56), 10_000),
        ("> Tokens: 500 sent, 56 received. Cost: $0.0015 request, $0.02 session.  \n", (500, None, None, 56), 1_500),
        ("> Tokens: 4.2k sent, 56 received.\n", (4200, None, None, 56), None),
        ("> Tokens: 12k sent, 1.5k received.\n", (12_000, None, None, 1500), None),
        ("> Tokens: 1.2M sent, 56 received.\n", (1_200_000, None, None, 56), None),
        ("> Tokens: 900 sent, 2,300 cached, 56 received.\n", (0, 2300, None, 56), None),
        ("> Tokens: 2,900 sent, 2,300 cache hit, 56 received.\n", (600, 2300, None, 56), None),
        ("> Tokens: 4.0k sent, 3.0k cache write, 56 received.\n", (1000, None, 3000, 56), None),
        ("> Tokens: 9,000 sent, 3,000 cache write, 2,000 cache hit, 56 received.\n", (4000, 2000, 3000, 56), None),
        (
            "> Tokens: 80 sent, 56 received. Cost: $0.01 message, $0.02 session, cache costs not included.  \n",
            (80, None, None, 56),
            10_000,
        ),
        (
            "> Tokens: 80 sent, 56 received, cache costs not included. Cost: $1.50 message, $2.00 session.  \n",
            (80, None, None, 56),
            1_500_000,
        ),
    ],
)
def test_every_spelling_of_the_line_with_tokens(line: str, expected: tuple[int | None, ...], cost: int | None) -> None:
    (call,) = history(HEAD, MODEL, line).generations
    assert tokens(call) == expected
    assert (call.reported_cost_micros, call.model, call.flags) == (cost, "gpt-4o", GenerationFlag.ESTIMATED)


def test_what_was_read_from_a_cache_stands_beside_the_input_of_claude() -> None:
    (call,) = history(HEAD, CLAUDE, "> Tokens: 900 sent, 300 cache write, 2,300 cache hit, 56 received.\n").generations
    assert tokens(call) == (600, 2300, 300, 56)


def test_the_cost_may_stand_on_the_next_line() -> None:
    usage = "> Tokens: 900 sent, 300 cache write, 56 received.\n"
    cost = "Cost: $0.04 message, $0.10 session. Use --no-stream for accurate caching costs.  \n"
    assert [call.reported_cost_micros for call in history(HEAD, usage, cost).generations] == [40_000]
    late = history(HEAD, usage, "Invented text.\n", cost)
    assert [call.reported_cost_micros for call in late.generations] == [None]


@pytest.mark.parametrize(
    "line",
    [
        "Tokens: 5 sent, 6 received.\n",
        "#### Tokens: 5 sent, 6 received.  \n",
        '> 12│ report = f"Tokens: {count} sent"  \n',
        "    Tokens: 5 sent, 6 received.\n",
    ],
)
def test_pasted_text_is_no_call(line: str) -> None:
    batch = history(HEAD, line)
    assert (batch.generations, batch.issues) == ([], [])


def test_a_strange_line_with_tokens_is_an_issue_and_its_neighbours_stay() -> None:
    batch = history(HEAD, PLAIN, "> Tokens: many sent\n", PLAIN)
    assert ([issue.line for issue in batch.issues], len(batch.generations)) == ([5], 2)


def test_prompts_are_what_the_person_entered() -> None:
    batch = history(
        HEAD,
        "\n#### First words  \n#### second line  \n\nInvented text.\n\n#### A heading of the reply\n\n",
        "#### /add file.py  \n\n#### !ls  \n\n#### <blank>  \n\n#### /ask Why?  \n\nInvented text.\n",
    )
    assert len(batch.prompts) == 2
    (facts,) = batch.sessions
    assert (facts.title, facts.title_rank, facts.agent_version) == ("First words", TitleRank.PROMPT, "0.50.1-dev")


def test_each_header_is_a_run_also_in_the_same_second() -> None:
    batch = history(HEAD, PLAIN, HEAD, PLAIN)
    assert [call.session for call in batch.generations] == ["2026-01-02 03:04:05", "2026-01-02 03:04:05 #2"]
    assert len({call.key for call in batch.generations}) == 2


def test_a_longer_history_keeps_what_was_and_a_copy_is_the_same() -> None:
    short, long = history(HEAD, PLAIN), history(HEAD, PLAIN, PLAIN, HEAD, PLAIN)
    assert {call.key for call in short.generations} < {call.key for call in long.generations}
    assert len(long.generations) == 3


def test_text_before_the_first_header_is_not_aiders() -> None:
    batch = history("# Notes\n", PLAIN, "#### A prompt  \n")
    assert (batch.generations, batch.prompts, batch.sessions, batch.issues) == ([], [], [], [])


def test_no_text_gets_into_the_events() -> None:
    folded = Folded()
    folded.add(history(HEAD, "#### Zinnober Kumquat  \n\n> Zinnober Kumquat  \n", PLAIN, "Zinnober Kumquat\n"))
    assert folded.generations
    assert "Zinnober" not in texts_in(folded)


@given(st.lists(st.sampled_from([HEAD, MODEL, PLAIN, "#### x  \n", "> Tokens: ", "Cost: $"]) | st.text()), st.binary())
def test_anything_at_all_never_raises(parts: list[str], tail: bytes) -> None:
    data = "".join(parts).encode("utf-8", "replace") + tail
    (batch,) = read_history("x.md", io.BytesIO(data))
    folded = Folded()
    folded.add(batch)
    assert_sound(folded)


# ---- where


def test_a_home_gives_the_analytics_log_and_never_a_history_beside_it(tmp_path: Path) -> None:
    (tmp_path / "aider-analytics.jsonl").write_text(json.dumps(sent()) + "\n")
    (tmp_path / ".aider.chat.history.md").write_text(HEAD + PLAIN)
    (tmp_path / "project").mkdir()
    (tmp_path / "project/aider-analytics.jsonl").write_text(json.dumps(sent()) + "\n")
    found = find_files([source_of("aider")], tmp_path).files
    assert [Path(file.path).relative_to(tmp_path).as_posix() for file in found] == ["aider-analytics.jsonl"]


@pytest.mark.parametrize("named", ["", "project", "project/.aider.chat.history.md"])
def test_a_history_is_read_where_it_or_a_folder_around_it_is_named(named: str, tmp_path: Path) -> None:
    (tmp_path / "work/project").mkdir(parents=True)
    (tmp_path / "work/project/.aider.chat.history.md").write_text(f"{HEAD}\n#### Invented text.  \n\n{PLAIN}")
    found = found_at([tmp_path / "work" / named], all_sources()).files
    assert [(file.source, file.root) for file in found] == [("aider", 1)]
