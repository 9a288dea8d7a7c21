"""Texts and commits inside what tools were told and answered: shared by the sources that know them."""

import re
from collections.abc import Iterator

from goodmeasure.domain.work import Committed, Written

_COMMITTED = re.compile(r"^\[[^\]\s]+(?: \([^)\n]*\))? ([0-9a-f]{7,40})\]", re.MULTILINE)
_PATCHED = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+)$")
_MOVED = re.compile(r"^\*\*\* Move to: (.+)$")


def commits_in(session: str, at: int | None, output: str) -> Iterator[Committed]:
    """Yield the commits whose making `git commit` reports in a tool's output (`[main 1a2b3c4] …`)."""
    for sha in _COMMITTED.findall(output):
        yield Committed(session, at, sha)


def patch_texts(session: str, at: int | None, patch: str) -> Iterator[Written]:
    """Yield what a patch in the `*** Begin Patch` format adds, file by file."""
    path: str | None = None
    added: list[str] = []
    for line in [*patch.splitlines(), "*** End of File: "]:
        if line.startswith("*** "):
            moved, header = _MOVED.match(line), _PATCHED.match(line)
            if moved:
                path = moved[1].strip()
                continue
            if path is not None and added:
                yield Written(session, at, path, "\n".join(added))
            path, added = (header[2].strip() if header and header[1] != "Delete" else None), []
        elif line.startswith("+"):
            added.append(line[1:])
