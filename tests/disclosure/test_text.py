"""Typed texts: plain, visible, short, and without an obvious key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.disclosure.text import text_fault, typed_text
from goodmeasure.domain.errors import Refusal


@pytest.mark.parametrize(
    "text",
    [
        "Zoë saved a day: 40 % less typing — “really”",
        "日本語の文章",
        "نص عربي",
        "می\u200cخواهم",
        "👩\u200d💻 pairs",
        "CPU\u200cها",
        "❤\ufe0f\u200d🔥 and 1\ufe0f\u20e3",
        "e\u0301",
    ],
)
def test_what_people_write_is_plain(text: str) -> None:
    assert text_fault(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a\nb",
        "a\tb",
        "a\x00b",
        "a\x1b[31mb",
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "a\ufeffb",
        "a\u2028b",
        "a\u00adb",
        "a\ue000b",
        "a\ud800b",
        "\u200da",
        "a\u200d",
        "a \u200db",
        "a\u200d\u200db",
        "\U000e0041x",
        "a\U000e0101b",
        "😀\U000e0101\U000e0102",
        "a\ufe01b",
        "a\ufe0fb",
        "😀\ufe0f\ufe0e\ufe0f",
        "a\u200cb\u200dc",
        "a\u3164b",
        "\u3164",
        "a\u1160b",
        "a\u034fb",
        "a\u180bb",
        "a\u2800b",
        "\ufe0fa",
        " a",
        "a ",
        "",
    ],
)
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    assert text_fault(text) is not None


def test_typed_text_is_tidied_and_bounded() -> None:
    assert typed_text("  two\n words \t here ", "It", 20) == "two words here"
    assert typed_text("e\u0301", "It", 1) == "é"
    with pytest.raises(Refusal, match="The name is empty: type it again"):
        typed_text(" \n", "The name", 20)
    with pytest.raises(Refusal, match="The name has 21 characters: shorten it to 20"):
        typed_text("x" * 21, "The name", 20)
    with pytest.raises(Refusal, match=r"invisible or control character \(U\+202E\)"):
        typed_text("a\u202eb", "The name", 20)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_refused_or_plain(text: str) -> None:
    try:
        clean = typed_text(text, "It", 40)
    except Refusal:
        return
    assert text_fault(clean) is None
    assert typed_text(clean, "It", 40) == clean
