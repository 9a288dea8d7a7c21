"""Downloaded exports of providers: every known shape gives the same rows; what is unknown is refused or counted."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodmeasure.domain.errors import Refusal
from goodmeasure.intake.provider_exports import Billed, read_export

DAY = date(2026, 11, 20)


def written(folder: Path, content: Any) -> Path:
    file = folder / "export"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def bucket(result: dict[str, Any], **start: Any) -> dict[str, Any]:
    return {"data": [{**start, "results": [result]}], "has_more": False}


ANTHROPIC = {
    "uncached_input_tokens": 100,
    "cache_creation": {"ephemeral_1h_input_tokens": 40, "ephemeral_5m_input_tokens": 30},
    "cache_read_input_tokens": 200,
    "output_tokens": 50,
    "model": "claude-sonnet-4-5-20250929",
}
OPENAI = {
    "input_tokens": 300,
    "input_cached_tokens": 200,
    "output_tokens": 50,
    "num_model_requests": 3,
    "model": "gpt-4o",
}
ROUTER = {"date": "2026-11-20", "model": "openai/gpt-4o", "model_permaslug": "openai/gpt-4o-2024-11-20", "usage": 0.015,
          "requests": 3, "prompt_tokens": 100, "completion_tokens": 50, "reasoning_tokens": 5}  # fmt: skip


def test_anthropic_usage(tmp_path: Path) -> None:
    expected = Billed(DAY, ANTHROPIC["model"], None, 100, 200, 30, 40, 50, None)  # type: ignore[arg-type]  # a name
    export = read_export(written(tmp_path, bucket(ANTHROPIC, starting_at="2026-11-20T00:00:00Z")))
    assert (export.provider, export.rows) == ("Anthropic", [expected])
    text = (
        "usage_date_utc,model_version,api_key,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,"
        "usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens\n"
        "2026-11-20,claude-sonnet-4-5-20250929,mine,100,30,40,200,50\n"
    )
    assert read_export(written(tmp_path, "\ufeff" + text)).rows == [expected]


def test_anthropic_cost_is_in_cents(tmp_path: Path) -> None:
    cost = {"amount": "123.45", "currency": "USD", "model": "claude-sonnet-4-5"}
    export = read_export(written(tmp_path, bucket(cost, starting_at="2026-11-20T00:00:00Z")))
    assert [row.cost_micros for row in export.rows] == [1_234_500]


def test_openai_usage_counts_cached_input_inside_the_input(tmp_path: Path) -> None:
    expected = Billed(DAY, "gpt-4o", 3, 100, 200, None, None, 50, None)
    assert read_export(written(tmp_path, bucket(OPENAI, start_time=1_795_132_800))).rows == [expected]
    names = ("start_time_iso", *OPENAI)
    text = ",".join(names) + "\n" + ",".join(["2026-11-20T00:00:00+00:00", *map(str, OPENAI.values())]) + "\n"
    export = read_export(written(tmp_path, text))
    assert (export.provider, export.rows) == ("OpenAI", [expected])


def test_openai_costs_have_no_model(tmp_path: Path) -> None:
    cost = {"amount": {"value": "0.06", "currency": "usd"}, "line_item": None}
    export = read_export(written(tmp_path, bucket(cost, start_time=1_795_132_800)))
    assert [(row.day, row.model, row.cost_micros) for row in export.rows] == [(DAY, None, 60_000)]


def test_openrouter_activity(tmp_path: Path) -> None:
    expected = Billed(DAY, "openai/gpt-4o-2024-11-20", 3, 100, None, None, None, 50, 15_000)
    for content in ({"data": [ROUTER]}, [ROUTER], ",".join(ROUTER) + "\n" + ",".join(map(str, ROUTER.values()))):
        export = read_export(written(tmp_path, content))
        assert (export.provider, export.rows) == ("OpenRouter", [expected])


@pytest.mark.parametrize("content", ["", "tea", "{", '{"data": [}', "[]", "{}", "a,b\n1,2", '{"data": [{"tea": 1}]}'])
def test_what_is_none_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(Refusal, match=r"^The file .*export .*(known|again)\.$"):
        read_export(written(tmp_path, content))
    with pytest.raises(Refusal, match="cannot be read"):
        read_export(tmp_path / "nowhere")


def test_rows_that_say_nothing_are_counted(tmp_path: Path) -> None:
    rows = [ROUTER, {**ROUTER, "date": "soon"}, {"model_permaslug": "x", "date": "2026-11-20"}]
    export = read_export(written(tmp_path, rows))
    assert (len(export.rows), export.skipped) == (1, 2)


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.lists(st.integers(), max_size=2)
)


@given(row=st.fixed_dictionaries({}, optional=dict.fromkeys((*ROUTER, *OPENAI, *ANTHROPIC, "start_time"), VALUES)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wrong_types_anywhere_never_raise(tmp_path: Path, row: dict[str, Any]) -> None:
    for content in ([{**row, "model_permaslug": "x"}], bucket(row, starting_at="2026-11-20T00:00:00Z")):
        assert len(read_export(written(tmp_path, content)).rows) <= 1
