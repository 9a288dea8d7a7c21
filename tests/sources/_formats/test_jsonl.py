"""The few things that all readers of JSON share."""

import pytest

from goodmeasure.sources._formats.jsonl import code_of


@pytest.mark.parametrize("code", ["429", "overloaded_error", "mcp__issues__search", "größer"])
def test_a_name_or_a_number_is_a_code(code: str) -> None:
    assert code_of(code) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two words",
        "a\tb",
        "a\nb",
        "\x1b[31mBash",
        "Ba\u202esh",
        "Ba\u200bsh",
        "a\u2028b",
        "Bash\x00",
        "x" * 500,
        None,
    ],
)
def test_prose_and_what_drives_a_screen_is_none(text: str | None) -> None:
    assert code_of(text) is None
