"""Every source's golden homes through the real import: exact, and nothing twice."""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.sources.base import Capability, Source
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import HERE, golden_homes, import_into, lay_out, scratch_ledger

HEADINGS = ("What it is", "Where it writes", "Evidence", "What it does not record")
GOLDEN = golden_homes()
FLAGS = {str(flag.name).lower() for flag in GenerationFlag}
MEGABYTE = 1_000_000
every_home = pytest.mark.parametrize(
    ("owner", "name", "truth"), GOLDEN, ids=[f"{source.key}-{name}" for source, name, _ in GOLDEN]
)
HAS_FILES = [source for source in all_sources() if source.roots]
"""All but what is logged by hand."""
every_source = pytest.mark.parametrize("owner", all_sources(), ids=lambda source: source.key)


@every_home
def test_home_is_exact_and_importing_again_changes_nothing(
    owner: Source, name: str, truth: dict[str, Any], tmp_path: Path
) -> None:
    home = lay_out(owner, name, tmp_path / "home")
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    with scratch_ledger(tmp_path) as ledger:
        first = import_into(ledger, owner, home)
        again = import_into(ledger, owner, home)
    assert first.totals == truth["totals"]
    assert first.models == truth.get("models", {})
    flags = {flag: count for flag, count in truth.get("flags", {}).items() if flag in FLAGS}
    assert {flag: first.flags.get(flag, 0) for flag in flags} == flags
    for what in ("runs", "prompts", "tool_calls"):
        if what in truth:
            assert getattr(first, what) == truth[what], what
    assert [row.issues for row in first.report.sources if row.issues] == []
    assert [row.unknown for row in first.report.sources if row.unknown] == []
    assert (again.totals, again.runs, again.prompts, again.tool_calls) == (
        first.totals,
        first.runs,
        first.prompts,
        first.tool_calls,
    )
    assert [row.lines for row in again.report.sources if row.lines] == []
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


@pytest.mark.parametrize("owner", HAS_FILES, ids=lambda source: source.key)
def test_source_has_golden_homes_that_stay_small(owner: Source) -> None:
    assert json.loads((HERE / owner.key / "expected.json").read_text())
    assert sum(path.stat().st_size for path in (HERE / owner.key).rglob("*") if path.is_file()) < 2 * MEGABYTE


@every_source
def test_package_says_what_where_how_known_and_what_not(owner: Source) -> None:
    package = next(
        module
        for name, module in sys.modules.items()
        if name.startswith("goodmeasure.sources.") and getattr(module, "SOURCE", None) is owner
    )
    lines = (inspect.getdoc(package) or "").splitlines()
    assert [line for line in lines if line in HEADINGS] == list(HEADINGS)


@every_source
def test_user_documentation_has_a_section(owner: Source) -> None:
    docs = (HERE.parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
    assert f"\n## {owner.label}\n" in docs


@every_source
def test_capabilities_name_the_same_fields_and_are_three_valued(owner: Source) -> None:
    assert owner.capabilities.keys() == all_sources()[0].capabilities.keys()
    assert all(isinstance(value, Capability) for value in owner.capabilities.values())
