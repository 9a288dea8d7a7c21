"""Documents are tests: what exists has its line, and what has a line exists."""

import re
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from goodmeasure import __version__
from goodmeasure.cli.commands import goodmeasure
from goodmeasure.disclosure.field_list import field_list
from goodmeasure.disclosure.levels import LEVELS
from goodmeasure.disclosure.team import TEAM_CELLS
from goodmeasure.host.settings import Settings
from goodmeasure.sources.registry import all_sources

CHECKOUT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")],
)
GROUPED = ("daily", "weekly", "monthly", "session")
"""Commands that share one section, and `usage`'s options."""


def text_of(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def sections(name: str) -> dict[str, str]:
    """Heading → what stands under it."""
    parts = re.split(r"^## (.+)$", text_of(name), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands() -> dict[str, click.Command]:
    context = click.Context(goodmeasure)
    found = {name: goodmeasure.get_command(context, name) for name in goodmeasure.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def options_of(command: click.Command) -> set[str]:
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    own = {name for option in options for name in option.opts if name.startswith("--")}
    parts = command.commands.values() if isinstance(command, click.Group) and command is not goodmeasure else ()
    return own.union(*map(options_of, parts))


def test_the_commands_documented_are_the_commands_there_are() -> None:
    headings = " ".join(sections("docs/cli.md"))
    assert set(re.findall(r"`([\w-]+)`", headings)) == set(commands())


@pytest.mark.parametrize("name", commands())
def test_every_option_has_its_line_and_every_line_its_option(name: str) -> None:
    heading = next(heading for heading in sections("docs/cli.md") if f"`{name}`" in heading)
    body = sections("docs/cli.md")[heading]
    known = options_of(commands()[name])
    named = set(re.findall(r"`(--[a-z-]+)", body)) - {"--help"}
    assert named == known, f"documented only: {named - known}; there only: {known - named}"


def test_every_global_option_has_its_line() -> None:
    named = set(re.findall(r"`(--[a-z-]+)", sections("docs/cli.md")["Before the command"]))
    assert named == options_of(goodmeasure) | {"--help"}


def test_every_value_of_a_judgement_has_its_place() -> None:
    body = sections("docs/cli.md")["`rate`"]
    for option in commands()["rate"].params:
        if isinstance(option.type, click.Choice):
            line = next(line for line in body.splitlines() if line.startswith(f"| `{option.opts[0]}`"))
            assert re.findall(r"`(\w+)`", line.split("|")[2]) == [str(choice).lower() for choice in option.type.choices]


def test_every_setting_has_its_line() -> None:
    table = sections("docs/user-guide.md")["Settings"]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [field.name for field in fields(Settings)]


def test_every_source_has_its_section() -> None:
    assert {source.label for source in all_sources()} <= set(sections("docs/sources.md"))


def test_every_exported_field_has_its_line() -> None:
    lines = re.findall(r"^\| `([^`]+)` \|", text_of("docs/what-leaves-this-machine.md"), re.MULTILINE)
    missing = {field.path for level in LEVELS for field in field_list(level)} - set(lines)
    assert not missing


def test_every_cell_of_a_team_sum_has_its_line() -> None:
    lines = re.findall(r"^\| `(\w+)` \| (\S+) to (\S+) \| (.+) \|$", text_of("docs/team-sum.md"), re.MULTILINE)
    assert lines == [(cell.name, f"{cell.lowest:,}", f"{cell.highest:,}", cell.meaning) for cell in TEAM_CELLS]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8")):
        assert re.match(r"https?://", target) or (document.parent / target).exists(), target


def test_every_promise_names_a_test_that_is_there() -> None:
    promises, planted = (
        [line for line in part.splitlines() if line.startswith("| ")][2:]
        for part in text_of("docs/threats.md").split("## Leaks that were planted")
    )
    for row in promises + planted:
        who, promise, *cells = (cell.strip() for cell in row.strip("|").split("|"))
        tests = cells[1] if row in promises else cells[0]
        named = re.findall(r"`([^`]+)`", tests)
        assert named or promise == "nothing", who
        assert all((CHECKOUT / "tests" / name).exists() for name in named), named


def test_decisions_are_numbered_once() -> None:
    numbers = [path.name[:4] for path in (CHECKOUT / "docs" / "decisions").glob("[0-9]*.md")]
    assert len(set(numbers)) == len(numbers) > 0


def test_one_version() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    newest = re.search(r"^## (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert project["version"] == __version__ == newest[1]


def test_the_two_commands_are_what_the_fresh_machine_runs() -> None:
    readme, run = text_of("README.md"), text_of(".ci/run")
    for command in ("bash installer/start", "bash installer/test"):
        assert f"\n{command} " in readme
        assert command in run


def test_a_fresh_machine_fails_when_no_test_ran(tmp_path: Path) -> None:
    check = re.search(r"<<'CHECK'.*?\n(.*?)\nCHECK\n", text_of(".ci/run"), re.DOTALL)
    assert check is not None
    for skipped, status in ((3, 1), (2, 0)):
        results = tmp_path / "tests.xml"
        results.write_text(f'<testsuites><testsuite tests="3" skipped="{skipped}"/></testsuites>')
        ran = subprocess.run(
            ["python3", "-", str(results)], input=check[1], text=True, capture_output=True, check=False
        )
        assert ran.returncode == status, ran.stderr
