"""Keys and passwords in what a person types: by shape, since nothing may be asked of anybody.

Why own shapes and not a library: docs/decisions/0014-files-of-a-report.md. The test lays them beside a library's.
"""

import re
from typing import Final

_NAMES: Final = r"(?:password|passwd|passphrase|pwd|pw|pass|secret|api[_-]?key|access[_-]?key|key|token|credential)s?"
_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a private key", re.compile(r"BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File|AGE-SECRET-KEY-1")),
    (
        "an API key",
        re.compile(r"\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|SG\.[\w-]{22}\.[\w-]{43}|sq0[a-z]{3}-[\w\\-]{22,}"),
    ),
    (
        "a cloud access key",
        re.compile(
            r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}|\bAIza[0-9A-Za-z_-]{30,}|AccountKey=\S{20,}"
            r"|aws.{0,20}(?:key|pwd|pw|password|pass|token).{0,20}['\"][0-9A-Za-z/+]{40}['\"]",
            re.IGNORECASE,
        ),
    ),
    (
        "an access token",
        re.compile(
            r"\b(?:gh[pousr]_|github_pat_|gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|GR1348941|hf_|npm_|pypi-)"
            r"[A-Za-z0-9_-]{10,}|(?i:xox[abeoprs]-[A-Za-z0-9-]{3,})|(?i:hooks\.slack\.com/services/\S{5,})|_authToken\s*="
            r"|\b[0-9a-z]{32}-us[0-9]{1,2}\b|\b(?:AC|SK)[a-z0-9]{32}|\b[0-9]{8,10}:[0-9A-Za-z_-]{35}"
            r"|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}|\bAKC[A-Za-z0-9]{10,}|\bAP(?=\w*[0-9])[0-9A-F][A-Za-z0-9]{8,}"
        ),
    ),
    ("a login token", re.compile(r"eyJ[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+")),
    ("an address with a password in it", re.compile(r"://[^\s/:@]+:[^\s/@]+@")),
    (
        "a password",
        re.compile(
            # In a sentence a colon often follows such a word, so what comes after it must not look like one.
            r"\b(?:password|passwd|secret|api[_-]?key|token)\s*[=:]\s*\S{6,}"
            rf"|{_NAMES}[\"'\]]*\s*(?::=|=>|::|=|:|\s)\s*[\"']?[A-Za-z0-9_/+=-]{{24,}}",
            re.IGNORECASE,
        ),
    ),
    ("a key", re.compile(r"(?=[A-Za-z0-9_+=-]*[0-9])(?=[A-Za-z0-9_+=-]*[A-Za-z])[A-Za-z0-9_+=-]{32,}|[A-Za-z0-9]{64}")),
)
"""What an obvious secret looks like; docs/what-leaves-this-machine.md says what this cannot see."""


def secret_in(text: str) -> str | None:
    """Name the obvious secret in a text ("a private key"), or None. Knows shapes only: None proves nothing."""
    return next((name for name, pattern in _SHAPES if pattern.search(text)), None)
