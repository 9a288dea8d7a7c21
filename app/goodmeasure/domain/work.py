"""What a run left behind, as its log tells it. Read on demand for evidence and hashed at once; never kept as text."""

from typing import NamedTuple


class Written(NamedTuple):
    """A text that an agent's tool put into a file; the call did not fail."""

    session: str
    """Native id of the session; of a sub-agent, its parent's."""
    path: str
    """As the agent named it: absolute, or relative to the working folder."""
    text: str


class Committed(NamedTuple):
    """A commit that was made inside the session: git printed its abbreviated name there."""

    session: str
    sha: str


Work = Written | Committed
