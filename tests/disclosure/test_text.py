"""Typed texts: plain, visible, short, and without an obvious key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.disclosure.text import secret_in, text_fault, typed_text
from goodmeasure.domain.errors import Refusal


@pytest.mark.parametrize(
    "text",
    [
        "Zoë saved a day: 40 % less typing — “really”",
        "日本語の文章",
        "نص عربي",
        "می\u200cخواهم",
        "👩\u200d💻 pairs",
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
        " a",
        "a ",
        "",
    ],
)
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    assert text_fault(text) is not None


SECRETS = {
    "-----BEGIN OPENSSH PRIVATE" + " KEY-----": "a private key",
    "use sk-ant-" + "abcdefghijklmnop1234": "an API key",
    "AKIA" + "ABCDEFGHIJKLMNOP": "a cloud access key",
    "AIza" + "x" * 35: "a cloud access key",
    "ghp_" + "abcdefghij0123456789": "an access token",
    "glpat-" + "abcdefghij": "an access token",
    "eyJhbGciOi" + "J.eyJzdWIiOiIx": "a login token",
    "https://ada:" + "hunter2@example.org": "an address with a password in it",
    "the password: " + "hunter22": "a password",
    "API_KEY=" + "abcdef": "a password",
    "0123456789abcdef" * 2: "a key",
}


@pytest.mark.parametrize(("text", "name"), SECRETS.items(), ids=SECRETS.values())
def test_obvious_secrets_are_named(text: str, name: str) -> None:
    assert secret_in(text) == name
    with pytest.raises(Refusal, match=f"^Line 1 seems to hold {name}: take it out"):
        typed_text(text, "Line 1", 1000)


@pytest.mark.parametrize(
    "text",
    [
        "Fixed the token counter and the password form",
        "See https://example.org/wiki/how-we-release-our-software-every-week for more",
        "Commit 1a2b3c4d, ticket ABC-12345",
        "Donaudampfschifffahrtsgesellschaftskapitän",
        "risk-based testing of the task-runner",
    ],
)
def test_ordinary_sentences_are_no_secrets(text: str) -> None:
    assert secret_in(text) is None


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
