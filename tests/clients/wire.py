"""What every wire format has in common: questions, answers and the frames of a stream. No sockets here."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from tests.clients.scripts import Call, Counts, Step, Tool, Turn


class Question(NamedTuple):
    """A request, as far as the script cares."""

    model: str
    turns: list[Turn]
    offered: list[Tool]
    streamed: bool
    tells_usage: bool = True
    """False: a stream to a client that did not ask for usage, and gets none."""
    form: dict[str, Any] | None = None
    """JSON schema of the document that is wanted in place of a sentence."""


class Answer(NamedTuple):
    """What goes back."""

    number: int
    model: str
    step: Step
    calls: list[Call]
    counts: Counts
    tells_usage: bool = True


class Wire(Protocol):
    """One format: which paths it answers, what a request asks, and what goes back."""

    name: str
    always_thinks: bool
    """A part of every answer's output counts as reasoning."""
    writes: bool
    """Cache writes are counted."""

    def takes(self, path: str) -> bool:
        """Tell whether a request to `path` (without its query) speaks this format."""
        ...

    def response_id(self, number: int) -> str:
        """Name of answer `number`."""
        ...

    def question(self, path: str, body: dict[str, Any]) -> Question:
        """Read a request."""
        ...

    def failure(self, status: int) -> tuple[int, dict[str, Any]]:
        """Return status and body of a refusal, for formats that know no such status the nearest."""
        ...

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Body of an answer in one piece."""
        ...

    def frames(self, answer: Answer) -> Iterator[bytes]:
        """The same answer as server-sent events."""
        ...

    def told_at_once(self, counts: Counts) -> Counts | None:
        """Return what the beginning of a stream tells of the counts."""
        ...


def frame(data: dict[str, Any] | str, name: str = "") -> bytes:
    """Return one server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {name}\n" if name else "").encode() + f"data: {text}\n\n".encode()


def text_of(content: object) -> str:
    """Return the text of a message's content: a string, or blocks that may hold one."""
    if isinstance(content, str):
        return content
    blocks = content if isinstance(content, list) else []
    return "\n".join(
        block["text"] for block in blocks if isinstance(block, dict) and isinstance(block.get("text"), str)
    )


def crowded(status: int) -> int:
    """Return the status that says "too busy" where 529 is unknown."""
    return 503 if status == 529 else status


def openai_failure(status: int) -> tuple[int, dict[str, Any]]:
    """Return status and body of a refusal in OpenAI's formats."""
    status = crowded(status)
    kind = "rate_limit_exceeded" if status == 429 else "server_error" if status >= 500 else "invalid_request_error"
    return status, {"error": {"message": f"played {status}", "type": kind, "code": None}}
