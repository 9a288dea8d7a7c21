"""One list of fields, told three times without a difference: structs, schema file, document."""

import json
import re
from pathlib import Path

import pytest

from goodmeasure.disclosure.field_list import Field, field_list, head_fields, report_schema
from goodmeasure.disclosure.levels import LEVELS, Level
from goodmeasure.domain.assessments import Need, Review
from goodmeasure.domain.facts import Autonomy, DataClass, ExternalAction
from goodmeasure.host.paths import resource
from goodmeasure.value.taxonomy import SHARED_ANSWERS

DOCUMENT = Path(__file__).parents[2] / "docs" / "what-leaves-this-machine.md"
ALL = {level: field_list(level) for level in LEVELS}
STORY = ("token", "cost", "model", "hour", "minute", "day", "title", "project", "branch", "count", "number", "session")
NEVER = ("title", "project", "folder", "branch", "host", "user", "prompt", "model", "session", "day", "hour", "finding")
"""Words of fields that no level has; the story has none of the longer list."""


def test_the_document_lists_every_field_and_no_other() -> None:
    head, story = set(head_fields()), {field.path for field in ALL["L1"]}
    parts = re.split(r"<!-- fields (\w+) -->\n", DOCUMENT.read_text("utf-8"))
    tables = dict(zip(parts[1::2], parts[2::2], strict=True))
    expected = {"head": [field for field in ALL["L1"] if _top(field) in head - {"level"}]}
    for level in LEVELS:
        said_before = story if level in {"L2", "L3"} else set()
        expected[level] = [
            field
            for field in ALL[level]
            if field.path == "level" or (_top(field) not in head and field.path not in said_before)
        ]
    rows = {
        name: re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE) for name, text in tables.items()
    }
    assert rows == {
        name: [(field.path, field.holds, field.meaning) for field in fields] for name, fields in expected.items()
    }


def test_all_levels_share_the_head_and_the_numbers_hold_the_story() -> None:
    head = [field for field in ALL["L0"] if _top(field) in head_fields() and field.path != "level"]
    for level in LEVELS:
        assert [field for field in ALL[level] if field in head] == head
    assert {field.path for field in ALL["L1"]} <= {field.path for field in ALL["L2"]}


def test_the_schema_file_is_the_schema() -> None:
    assert json.loads(resource("report.schema.json").read_text("utf-8")) == report_schema()


@pytest.mark.parametrize("level", LEVELS)
def test_every_field_is_described(level: Level) -> None:
    assert all(field.meaning.endswith((".", "?")) for field in ALL[level])
    assert len({field.path for field in ALL[level]}) == len(ALL[level])


def test_no_field_could_hold_what_must_stay() -> None:
    kinds = {
        re.sub(r"-?\d+|`[^`]*`(, `[^`]*`)*", "…", field.holds.removesuffix(", or nothing"))
        for fields in ALL.values()
        for field in fields
    }
    assert kinds == {
        "always …",
        "typed text, up to … characters",
        "a name without blanks, up to … characters",
        "an ISO week or month",
        "an ISO week",
        "one of …",
        "… hex digits",
        "a bucket of ten percent",
        "a bucket of runs",
        "a range in tens of percent",
        "a whole number from … to …",
        "two digits, then zeros",
        "minutes, rounded outward to half hours or coarser",
    }
    assert [field.path for field in ALL["L1"] for word in STORY if word in field.path] == []
    assert [field.path for fields in ALL.values() for field in fields for word in NEVER if word in field.path] == []


def test_answers_in_a_report_are_those_of_the_taxonomy() -> None:
    paths = [field.path for field in ALL["L2"]]
    for name, answers in SHARED_ANSWERS.items():
        assert _below(paths, f"{name.value}.shares.") == [*answers, "other", "not_rated"]
        assert _below(paths, f"{name.value}.estimate.") == ["response", *answers]
        assert _below(paths, f"counts.{name.value}.") == list(answers)
    assert _below(paths, "oversight.autonomy.") == [*Autonomy, "other", "not_known"]
    assert _below(paths, "oversight.data_class.") == [*DataClass, "other", "not_known"]
    assert _below(paths, "oversight.actions.") == list(ExternalAction)
    assert len(Need) + 2 == sum(path.startswith("need.shares.") for path in paths)
    assert len(Review) + 2 == sum(path.startswith("review.shares.") for path in paths)


def _top(field: Field) -> str:
    return field.path.split(".")[0].removesuffix("[]")


def _below(paths: list[str], prefix: str) -> list[str]:
    return [path.removeprefix(prefix) for path in paths if path.startswith(prefix)]
