"""Own prices, aliases and plans, with the real program."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.intake.synthetic import write_home
from tests.cli.terminal import Terminal

MODEL = "claude-sonnet-4-5-20250929"


@pytest.fixture
def program(fresh_terminal: Callable[[Path], Terminal], tmp_path: Path) -> Terminal:
    write_home(tmp_path / "home", seed=5, days=70, sessions=12, text_scale=0.02)
    made = fresh_terminal(tmp_path / "home")
    made("import", "--json")
    return made


def choose(program: Terminal, **settings: Any) -> None:
    (program.profile / "settings.json").write_text(json.dumps(settings))


def rows(program: Terminal, by: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program("usage", "--by", by, "--json").document["rows"]
    return found


def test_changed_prices_are_everywhere_after_the_next_import_and_go_again(program: Terminal) -> None:
    before = program("usage", "--json").document
    model = max(rows(program, "model"), key=lambda row: row["generations"])["model"]
    choose(
        program,
        own_prices={model: {"input": 1, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0, "output": 0}},
    )
    program("import", "--json")
    for by in ("model", "model,session", "model,day"):
        own = [row for row in rows(program, by) if row["model"] == model]
        assert sum(row["known_list_cost_micros"] for row in own) == sum(row["input_tokens"] for row in own)
    choose(program)
    program("import", "--json")
    assert program("usage", "--json").document == before


def test_following_prices_anew_first(program: Terminal) -> None:
    model = max(rows(program, "model"), key=lambda row: row["generations"])["model"]
    choose(
        program,
        own_prices={model: {"input": 1, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0, "output": 0}},
    )
    program("watch", "--until-input-ends")
    own = [row for row in rows(program, "model") if row["model"] == model]
    assert sum(row["known_list_cost_micros"] for row in own) == sum(row["input_tokens"] for row in own)


def test_a_plan_is_spread_over_its_months_and_never_added_to_other_costs(program: Terminal) -> None:
    without = program("usage", "--by", "source,month", "--json").document
    assert {row["effective_cost_micros"] for row in without["rows"]} == {None}
    choose(program, plans={"claude-code": 100})
    months = rows(program, "source,month")
    planned = [row for row in months if row["source"] == "claude-code"]
    assert len(planned) >= 2
    priced = [row for row in planned if not row["unpriced_generations"]]
    assert priced
    for row in priced:
        assert row["effective_cost_micros"] == 100_000_000
        days = [
            one["effective_cost_micros"]
            for one in rows(program, "source,month,day")
            if (one["source"], one["month"]) == ("claude-code", row["month"])
        ]
        assert abs(sum(days) - 100_000_000) <= len(days)
    assert {row["effective_cost_micros"] for row in months if row["source"] != "claude-code"} == {None}
    assert program("usage", "--json").document["totals"]["effective_cost_micros"] is None
    assert [{**row, "effective_cost_micros": None} for row in months] == without["rows"]


def test_what_cannot_be_read_is_told_by_doctor(program: Terminal) -> None:
    choose(program, own_prices={"m": {"input": "free"}}, model_aliases={"a": 1}, plans={"codex": "lots"}, theme="dark")
    problems = program("doctor", "--json").document["settings_problems"]
    assert [word in said for word, said in zip(("price of m", "alias a", "plan of codex"), problems, strict=True)] == [
        True,
        True,
        True,
    ]
    assert "WARNING   The own price of m" in program("doctor").out
