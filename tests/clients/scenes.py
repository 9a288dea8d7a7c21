"""What is known of an agent that is recorded: how to install, set up and start it, its scenes, and what it logs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

KEY = "not-a-key-0000-0000-0000"
ENTER, ESCAPE, INTERRUPT = "\r", "\x1b", "\x03"

Counts = dict[str, int]
"""Tokens of one answer by counter, as in `truth.jsonl`."""
Truth = list[dict[str, Any]]
"""The rows of `truth.jsonl`."""


@dataclass(frozen=True, slots=True)
class Press:
    """Keys typed into the agent's screen, so many seconds after its start."""

    second: float
    keys: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One start of the agent. `{session:NAME}` in an argument is the session of an earlier scene, `{base}` the model's
    address.
    """

    name: str
    arguments: tuple[str, ...]
    presses: tuple[Press, ...] = ()
    """Not empty: the agent gets a terminal and these keys."""
    goes_on: str | None = None
    """The scene whose run this one continues; None: a run of its own."""
    prompts: int = 1
    """How often the person says something."""
    environment: dict[str, str] = field(default_factory=dict)
    fails: bool = False
    """The agent is expected to end with an error."""
    leaves_nothing: bool = False
    """Neither its run nor its prompts are in the logs."""

    @property
    def interrupted(self) -> bool:
        """Ctrl+C comes in the middle of a slow answer, where no keys are pressed."""
        return any("play:slow" in word for word in self.arguments)


@dataclass(frozen=True, slots=True)
class Kept:
    """Logs that are kept: lines of JSON (`*.jsonl`), one document (`*.json`) or tables of a database (`*.db`)."""

    pattern: str
    """Glob below the home."""
    tables: tuple[str, ...] = ()
    empty: bool = False
    """Only that the file is there matters: its content becomes `{}`."""


@dataclass(frozen=True, slots=True)
class Agent:
    """How to install, set up and start one agent, and what it logs."""

    key: str
    """Name of the source that reads its logs."""
    registry: Literal["npm", "pypi"]
    package: str
    program: str
    """Its name, or, with a slash, its place in a package that links none."""
    environment: dict[str, str]
    """`{base}` is the model's address, `{home}` the scratch home."""
    kept: tuple[Kept, ...]
    prepare: Callable[[Path, Path, str], None]
    """Writes the agent's settings: home, project folder, the model's address."""
    scenes: tuple[Scene, ...]
    interactive: tuple[str, ...] | None = None
    """Arguments with which it takes prompts at a terminal and may use its tools; None: it is not watched."""
    session_pattern: str = r"(?!)"
    """Finds the session's id in what the agent prints."""
    helper: str = "general-purpose"
    """Name of a sub-agent that it knows."""
    sign: Callable[[Counts], str] | None = None
    """What stands in the reduced logs if an answer with these counts is logged; None: its response's id."""
    untold: frozenset[str] = frozenset()
    """Counters that the logs do not tell. Cache writes of an untold lifetime count as those of five minutes; these are
    untold only where there are none.
    """
    input_is_whole: bool = False
    """The logs tell all input in one sum, cached tokens included."""
    called: Callable[[str], str] = str
    """The name by which the logs call a model of the server; empty: by none."""
