"""A provider's export beside the ledger, with the real program: equal where it should be, explained where it is not."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.cli.terminal import Terminal


def export_of(terminal: Terminal) -> list[dict[str, Any]]:
    """What Anthropic would say of the ledger's own calls: per UTC day and model."""
    usage = terminal("--timezone", "UTC", "usage", "--by", "day,model", "--source", "claude-code", "--json").document
    buckets = defaultdict(list)
    for row in usage["rows"]:
        buckets[row["day"]].append(
            {
                "model": row["model"],
                "uncached_input_tokens": row["input_tokens"],
                "cache_read_input_tokens": row["cache_read_tokens"],
                "cache_creation": {
                    "ephemeral_5m_input_tokens": row["cache_write_5m_tokens"],
                    "ephemeral_1h_input_tokens": row["cache_write_1h_tokens"],
                },
                "output_tokens": row["output_tokens"],
            }
        )
    return [{"starting_at": f"{day}T00:00:00Z", "results": results} for day, results in buckets.items() if day]


def test_the_same_counts_agree_and_changed_ones_are_explained(terminal: Terminal, tmp_path: Path) -> None:
    data = export_of(terminal)
    file = tmp_path / "usage.json"
    file.write_text(json.dumps({"data": data}))
    before = terminal("usage", "--json").out
    found = terminal("reconcile", file, "--json").document
    claude = [row for row in found["rows"] if row["provider"]]
    assert len(claude) > 50
    assert [row for row in claude if not row["agrees"] or row["differences"] or row["explanations"]] == []
    gone = data.pop()
    data[0]["results"][0]["output_tokens"] += 7
    data[1]["results"][0]["output_tokens"] = max(0, data[1]["results"][0]["output_tokens"] - 5)
    data[2]["results"].append({"model": "claude-elsewhere-9", "uncached_input_tokens": 5, "output_tokens": 1})
    file.write_text(json.dumps({"data": [*data, {**gone, "results": []}]}))
    changed = terminal("reconcile", file, "--json").document
    differing = [row for row in changed["rows"] if row["provider"] and not row["agrees"]]
    assert sorted(tuple(row["differences"].items()) for row in differing) == [
        (),
        (("output_tokens", -7),),
        (("output_tokens", 5),),
    ]
    for row in differing:
        assert row["explanations"]
    text = terminal("reconcile", file).out
    for said in ("Only the provider knows it", "The provider counts more", "The ledger holds more"):
        assert said in text
    assert terminal("usage", "--json").out == before


def test_what_only_the_ledger_holds_is_told(terminal: Terminal, tmp_path: Path) -> None:
    data = export_of(terminal)
    file = tmp_path / "usage.json"
    file.write_text(json.dumps({"data": [data[0], data[-1]]}))
    rows = terminal("reconcile", file, "--json").document["rows"]
    alone = [row for row in rows if row["provider"] is None]
    assert alone
    assert {row["model"].split("-")[0] for row in alone} == {"claude"}
    assert {row["explanations"][0].split(":")[0] for row in alone} == {"Only the ledger knows it"}


def test_a_file_that_is_none_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "tea.csv").write_text("tea,cups\n1,2\n")
    refused = terminal("reconcile", tmp_path / "tea.csv")
    assert (refused.status, "no usage or cost export" in refused.err) == (1, True)
