"""Obvious secrets are found; ordinary sentences are left alone; what a kept library knows is known here too."""

import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodmeasure.disclosure.secrets import secret_in
from goodmeasure.disclosure.text import typed_text
from goodmeasure.domain.errors import Refusal

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
        "The key: understanding what the customer wants before anything is built",
        "What we need is a token of trust, and a pass for the building",
        "API design, APIs and APAC customers; the secret was patience",
    ],
)
def test_ordinary_sentences_are_no_secrets(text: str) -> None:
    assert secret_in(text) is None


NOT_A_SECRET = {"Public IP (ipv4)"}
"""An address of a machine opens nothing."""


def _library_shapes() -> Iterator[tuple[str, re.Pattern[str]]]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class  # noqa: PLC0415 - a yardstick
    from detect_secrets.plugins.base import RegexBasedDetector  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: dict[str, Any] = get_mapping_from_secret_type_to_class()
        for kind, plugin in sorted(found.items()):
            if issubclass(plugin, RegexBasedDetector) and kind not in NOT_A_SECRET:
                for pattern in plugin.denylist:
                    yield kind, pattern


SHAPES = list(_library_shapes())


def test_the_yardstick_is_long_enough() -> None:
    assert len(SHAPES) >= 35
    assert {kind for kind, _ in SHAPES} >= {"AWS Access Key", "GitHub Token", "Private Key", "Slack Token"}


@settings(max_examples=80, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_the_library_calls_a_secret_is_one_here(data: st.DataObject) -> None:
    kind, pattern = data.draw(st.sampled_from(SHAPES))
    flags = re.compile(pattern.pattern, (pattern.flags & ~re.UNICODE) | re.ASCII)
    text = data.draw(st.from_regex(flags, fullmatch=True, alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
    if kind == "Artifactory Credentials" and not re.search(r"AKC|[0-9]", text):
        return  # without a digit it is a word that begins with AP
    assert secret_in(text) is not None, (kind, text)
