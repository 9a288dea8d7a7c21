"""How many tokens a text is likely to have, where nobody counted: by OpenAI's vocabulary o200k_base, for every model.

The vocabulary lies in the app's resources and is read from there: nothing is ever downloaded. It takes about 0.4 s and
60 MB to load, so it loads with the first text.
"""

from base64 import b64decode
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

_PACKAGE = Path(__file__).resolve().parents[2]
_PLACES = (_PACKAGE / "resources", _PACKAGE.parents[1] / "resources")
"""In an installed package, and in a checkout."""
_SLICE = 200_000
"""Characters that are counted at once: a cut costs at most one token and keeps memory flat."""
_PATTERN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n/]*"
    r"|\s*[\r\n]+"
    r"|\s+(?!\S)"
    r"|\s+"
)
"""How o200k_base cuts a text into words (a part of the vocabulary; resources/tokenizers/LICENSE-tiktoken.txt)."""


def tokens_in(texts: Iterable[str]) -> int:
    """Return the number of tokens in some texts, 0 for none. `<|endoftext|>` and the like are plain text."""
    count = 0
    for text in texts:
        for start in range(0, len(text), _SLICE):
            count += len(_encoding().encode_ordinary(text[start : start + _SLICE]))
    return count


@cache
def _encoding() -> "tiktoken.Encoding":
    import tiktoken  # noqa: PLC0415 - only what is estimated needs it

    lines = _vocabulary().read_bytes().splitlines()
    ranks = {b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}
    return tiktoken.Encoding("o200k_base", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})


def _vocabulary() -> Path:
    for place in _PLACES:
        file = place / "tokenizers" / "o200k_base.tiktoken"
        if file.exists():
            return file
    raise FileNotFoundError("The app's own resource o200k_base.tiktoken is missing: install Good Measure again.")
