"""Counting tokens of a text: the bundled vocabulary, exactly as its makers use it, and nothing from anywhere else."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from goodmeasure.host.paths import resource
from goodmeasure.sources._formats import estimate
from goodmeasure.sources._formats.estimate import tokens_in

VOCABULARY = "tokenizers/o200k_base.tiktoken"
SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
"""Of the vocabulary, as tiktoken itself demands it."""
CACHE_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
"""tiktoken's own name for it in its cache."""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> tiktoken.Encoding:
    """The encoding as tiktoken makes it, from its cache: it checks the file's hash."""
    cache = tmp_path_factory.mktemp("cache")
    shutil.copy(resource(VOCABULARY), cache / CACHE_NAME)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache))
        return tiktoken.get_encoding("o200k_base")


def test_the_vocabulary_is_the_one_that_its_makers_published() -> None:
    assert hashlib.sha256(resource(VOCABULARY).read_bytes()).hexdigest() == SHA256


def test_words_are_cut_as_its_makers_cut_them(theirs: tiktoken.Encoding) -> None:
    assert estimate._encoding()._pat_str == theirs._pat_str
    assert estimate._encoding()._mergeable_ranks == theirs._mergeable_ranks


@given(st.text())
def test_any_text_is_counted_as_its_makers_count_it(text: str) -> None:
    shared = estimate._encoding()
    assert tokens_in([text]) == len(shared.encode(text, disallowed_special=()))


def test_known_counts(theirs: tiktoken.Encoding) -> None:
    for text in ("tea", "Invented text.", "Fünf Tassen, 五杯", "<|endoftext|>", "a" * 1000, "\n\n\t  x"):
        assert tokens_in([text]) == len(theirs.encode(text, disallowed_special=()))
    assert tokens_in([]) == tokens_in([""]) == 0
    assert tokens_in(["tea", "Invented text."]) == tokens_in(["tea"]) + tokens_in(["Invented text."])


def test_a_long_text_is_counted_in_slices() -> None:
    words = "Invented text, tea. " * 50_000
    whole = len(estimate._encoding().encode_ordinary(words))
    assert abs(tokens_in([words]) - whole) <= len(words) // 200_000 + 1


ALONE = """
import sys
asked = []
sys.addaudithook(lambda event, args: asked.append(event) if event.startswith(("socket.", "urllib.")) else None)
import goodmeasure.sources.registry as registry
registry.all_sources()
assert "tiktoken" not in sys.modules, "loaded before it is needed"
from goodmeasure.sources._formats.estimate import tokens_in
print(tokens_in(["Invented text."]), "tiktoken.load" in sys.modules and "requests" in sys.modules, asked)
"""


def test_nothing_is_downloaded_and_nothing_is_kept(tmp_path: Path) -> None:
    """In a process of its own with empty temporary and cache folders, where a download would have to be put."""
    places = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "TIKTOKEN_CACHE_DIR")}
    ran = subprocess.run(
        [sys.executable, "-c", ALONE],
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), **places},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.stdout.split(maxsplit=1)[1:] == ["False []\n"], ran.stderr
    assert list(tmp_path.iterdir()) == []
