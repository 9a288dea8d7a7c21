"""What a run touched, for its card: a few names of files, its branch, its commits. No fate that a guess is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from goodmeasure.domain.events import ToolKind, ToolStatus
from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.viewmodels.evidence import SHORT_SHA
from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.domain.runs import RunDetail
    from goodmeasure.domain.work import Touched
    from goodmeasure.services.queries import Queries
    from goodmeasure.services.touching import Touching

_NAMES = 3
_COMMITS = 2
_PATHS = 12
"""So many files are named in full, where one asks for more."""
LOOKING = "Looking for its files…"
_LINKS = {Link.EXACT: "made in it", Link.CONTENT: "holds its lines", Link.PERSON: "as you said"}


@dataclass(frozen=True, slots=True)
class TouchedView:
    """What a run touched, in two lines."""

    run_id: int
    files: str
    """`Edited tea.py, cup.py, test_tea.py and 4 more`; "" while nobody has asked its log."""
    paths: str
    """The files in full, a line each; "" where none is known."""
    links: str
    """`Branch fix/login · commit 1a2b3c4d5e, made in it`; "" where there is nothing to name."""
    without_log: str
    """What stands in for the files where its log cannot be asked."""


def touched(queries: "Queries", touching: "Touching", run_id: int) -> TouchedView:
    """Say what the ledger knows of it. Raises Refusal where there is no such run."""
    detail = queries.run(run_id)
    kept = touching.kept(run_id)
    files, paths = ("", "") if kept is None else files_of(kept)
    return TouchedView(run_id, files, paths, _links(detail), _edits(detail))


def files_of(found: "Touched") -> tuple[str, str]:
    """Return the names of the files that were edited, of those that were read where none was, and the files in full."""
    verb, files = ("Edited", found.edited) if found.edited else ("Read", found.read)
    if not files:
        return "No file named in its log", ""
    return f"{verb} {_some([_name(path) for path in files], _NAMES)}", "\n".join(_first(files, _PATHS))


def _name(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name or path


def _some(names: Sequence[str], most: int) -> str:
    """Return the first of some names, each once, and how many there are beside them."""
    different = list(dict.fromkeys(names))
    shown, rest = different[:most], len(names) - len(different[:most])
    if rest:
        return f"{', '.join(shown)} and {rest:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _first(lines: Sequence[str], most: int) -> list[str]:
    rest = len(lines) - most
    return [*lines[:most], *([f"and {rest:,} more"] if rest > 0 else [])]


def _edits(detail: "RunDetail") -> str:
    edits = sum(call.kind == ToolKind.EDIT and call.status != ToolStatus.ERROR for call in detail.tool_calls)
    return f"{counted(edits, 'edit')}, in files that no log here names" if edits else "No log here names its files"


def _links(detail: "RunDetail") -> str:
    linked = [one for one in detail.evidence if one.link is not Link.CANDIDATE]
    candidates = len(detail.evidence) - len(linked)
    said = [f"Branch {detail.git_branch}"] if detail.git_branch else []
    said += [_commit(one) for one in linked[:_COMMITS]]
    if len(linked) > _COMMITS:
        said.append(counted(len(linked) - _COMMITS, "more commit"))
    if candidates:
        said.append(f"{counted(candidates, 'commit')} may belong to it")
    return " · ".join(said)


def _commit(one: CommitEvidence) -> str:
    return f"commit {one.sha[:SHORT_SHA]}, {_LINKS[one.link]}"
