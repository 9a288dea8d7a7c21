"""One list of fields, told three times without a difference: structs, schema file, document."""

import json
import re
from pathlib import Path

from goodmeasure.disclosure.field_list import field_list, report_schema
from goodmeasure.domain.assessments import Need, Review
from goodmeasure.host.paths import resource
from goodmeasure.value.taxonomy import SHARED_ANSWERS

DOCUMENT = Path(__file__).parents[2] / "docs" / "what-leaves-this-machine.md"
FORBIDDEN = (
    "token",
    "cost",
    "model",
    "hour",
    "minute",
    "day",
    "title",
    "project",
    "path",
    "count",
    "number",
    "session",
)


def test_the_document_lists_every_field_and_no_other() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+?) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert rows == [(field.path, field.holds, field.meaning) for field in field_list()]


def test_the_schema_file_is_the_schema() -> None:
    assert json.loads(resource("report.schema.json").read_text("utf-8")) == report_schema()


def test_every_field_is_described() -> None:
    assert all(field.meaning.endswith((".", "?")) for field in field_list())
    assert len({field.path for field in field_list()}) == len(field_list())


def test_no_field_could_hold_what_must_stay() -> None:
    kinds = {re.sub(r"\d+|`[^`]*`", "…", field.holds) for field in field_list()}
    assert kinds == {
        "always …",
        "typed text, up to … characters",
        "an ISO week or month",
        "an ISO week",
        "one of …, …, …",
        "a bucket of ten percent",
        "a bucket of ten percent, or nothing",
        "a range in tens of percent",
        "a range in tens of percent, or nothing",
    } - {"a range in tens of percent"}
    assert [field.path for field in field_list() for word in FORBIDDEN if word in field.path] == []


def test_answers_in_a_report_are_those_of_the_taxonomy() -> None:
    paths = [field.path for field in field_list()]
    for name, answers in SHARED_ANSWERS.items():
        prefix = f"{name.value}.shares."
        listed = [path.removeprefix(prefix) for path in paths if path.startswith(prefix)]
        assert listed == [*answers, "other", "not_rated"]
        prefix = f"{name.value}.estimate."
        assert [path.removeprefix(prefix) for path in paths if path.startswith(prefix)] == ["response", *answers]
    assert len(Need) + 2 == sum(path.startswith("need.shares.") for path in paths)
    assert len(Review) + 2 == sum(path.startswith("review.shares.") for path in paths)
