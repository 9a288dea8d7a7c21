"""What an invented person does with agents: sessions, prompts, calls and tools, before any agent's format."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import NamedTuple

from goodmeasure.intake.synthetic_words import PROJECTS, Project, Words, happens

SECOND = 1_000
"""Milliseconds."""
DAY = 86_400 * SECOND
"""Milliseconds."""
PERSON_HOME = "/home/robin"
"""Home folder that the invented logs name; nothing is ever read or written there."""


class Tool(NamedTuple):
    """One tool call: what it is and how it ends (`ok`, `error`, `denied`)."""

    kind: str
    """`read`, `edit`, `run`, `search` or `agent`."""
    status: str
    result_bytes: float


class Sizes(NamedTuple):
    """How much one agent's tools say, as measured on real logs."""

    result_bytes: float
    """Median text of a tool result, in bytes; the lengths are log-normal."""
    spread: float
    """Sigma of that log-normal."""
    tools_at_once: float
    """Mean number of tools in a call that uses any, 1 to 2."""


class Call(NamedTuple):
    """One model call, in disjoint counters."""

    at: int
    """Milliseconds since 1970 UTC."""
    model: str
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    reasoning_tokens: int
    thinks: bool
    says_bytes: float
    """0: no text block."""
    tools: tuple[Tool, ...]


class Turn(NamedTuple):
    """One prompt and the calls that answer it."""

    prompted_at: int
    prompt: str
    calls: tuple[Call, ...]


class Work(NamedTuple):
    """One session as the person sees it."""

    project: Project
    title: str
    branch: str
    started_at: int
    turns: tuple[Turn, ...]

    @property
    def cwd(self) -> str:
        """Return the folder that the session runs in."""
        return f"{PERSON_HOME}/work/{self.project.name}"

    @property
    def ended_at(self) -> int:
        """Return when the last call was made."""
        return self.turns[-1].calls[-1].at


class LogFile(NamedTuple):
    """One file to write: its place under the home folder, its bytes, and when it was last written (ms UTC)."""

    path: str
    data: bytes
    written_at: int


@dataclass(slots=True)
class Tally:
    """Known sums over generations.

    `reasoning_tokens` is None until a call reports it, `cache_write_1h_tokens` where the agent tells no lifetimes.
    """

    generations: int = 0
    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int | None = 0
    output_tokens: int = 0
    reasoning_tokens: int | None = None


@dataclass(slots=True)
class Truth:
    """What a reader of the written home must find, exactly."""

    usage: dict[tuple[str, str, date], Tally] = field(default_factory=dict)
    """By source, model and UTC day."""
    unlogged: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """By source and model: usage that only the agent's own session totals show."""
    runs: dict[str, int] = field(default_factory=dict)
    prompts: dict[str, int] = field(default_factory=dict)
    tool_calls: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    """Lines that no reader can read."""
    unknown: dict[str, int] = field(default_factory=dict)
    """Lines of record types that do not exist."""
    lower_bounds: dict[str, int] = field(default_factory=dict)
    """Generations of which only the start of the stream was logged."""
    files: int = 0
    bytes: int = 0

    def book(self, source: str, call: Call, *, hour_cache: bool | None, reasoning_known: bool) -> None:
        """Add one logged call.

        `hour_cache`: its cache writes live an hour instead of five minutes; None: the agent tells no lifetimes.
        """
        day = datetime.fromtimestamp(call.at / SECOND, UTC).date()
        tally = self.usage.setdefault((source, call.model, day), Tally())
        tally.generations += 1
        tally.input_tokens += call.input_tokens
        tally.cache_read_tokens += call.cache_read_tokens
        long = call.cache_write_tokens if hour_cache else 0
        tally.cache_write_1h_tokens = None if hour_cache is None else (tally.cache_write_1h_tokens or 0) + long
        tally.cache_write_5m_tokens += 0 if hour_cache else call.cache_write_tokens
        tally.output_tokens += call.output_tokens
        if reasoning_known:
            tally.reasoning_tokens = (tally.reasoning_tokens or 0) + call.reasoning_tokens

    def totals(self, source: str) -> Tally:
        """Return the sums over all models and days of one source."""
        return _sum([tally for (name, _, _), tally in self.usage.items() if name == source])

    def models(self, source: str) -> dict[str, Tally]:
        """Return the sums by model of one source."""
        names = {model for (name, model, _) in self.usage if name == source}
        return {
            model: _sum([tally for (name, other, _), tally in self.usage.items() if (name, other) == (source, model)])
            for model in sorted(names)
        }


def count(counts: dict[str, int], source: str, more: int = 1) -> None:
    """Add to one of a truth's counts."""
    counts[source] = counts.get(source, 0) + more


def _sum(tallies: list[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        for name in Tally.__slots__:
            value = getattr(tally, name)
            if value is not None:
                setattr(total, name, (getattr(total, name) or 0) + value)
    return total


@dataclass(slots=True)
class Habits:
    """How the invented person works, and how long their agents' texts are."""

    random: Random
    words: Words
    text_scale: float
    """1: texts as long as in real logs."""

    def work(self, started_at: int, model: str, sizes: Sizes, *, turns: int) -> Work:
        """Return one session of `turns` prompts."""
        random = self.random
        project = random.choices(PROJECTS, weights=[8, 5, 3, 7, 2, 3, 1])[0]
        title = self.words.title(project)
        told: list[Turn] = []
        at, context = started_at, 14_000 + random.randrange(8_000)
        for number in range(turns):
            prompt = title if number == 0 else self.words.title(project)
            prompted_at = at
            calls: list[Call] = []
            for left in range(1 + int(random.expovariate(1 / 7)), 0, -1):
                at += 2 * SECOND + int(random.expovariate(1 / 14_000))
                call, context = self._call(at, model, context, sizes, last=left == 1)
                calls.append(call)
            told.append(Turn(prompted_at, prompt, tuple(calls)))
            at += 20 * SECOND + int(random.expovariate(1 / 180_000))
        return Work(project, title, random.choice(project.branches), started_at, tuple(told))

    def _call(self, at: int, model: str, context: int, sizes: Sizes, *, last: bool) -> tuple[Call, int]:
        random, scale = self.random, self.text_scale
        tools: tuple[Tool, ...] = ()
        if not last:
            kinds = random.choices(
                ("read", "edit", "run", "search"),
                weights=(5, 3, 5, 2),
                k=2 if happens(random, sizes.tools_at_once - 1) else 1,
            )
            tools = tuple(
                Tool(kind, self._status(), scale * sizes.result_bytes * random.lognormvariate(0, sizes.spread))
                for kind in kinds
            )
        thinks = happens(random, 0.5)
        says = last or happens(random, 0.35)
        output = 60 + int(random.lognormvariate(5.2, 0.9))
        fresh = random.randrange(200, 6_000)
        call = Call(
            at=at,
            model=model,
            input_tokens=random.randrange(1, 12),
            cache_read_tokens=context,
            cache_write_tokens=fresh,
            output_tokens=output,
            reasoning_tokens=output // 3 if thinks else 0,
            thinks=thinks,
            says_bytes=scale * 700 if says else 0,
            tools=tools,
        )
        return call, min(context + fresh, 160_000)

    def _status(self) -> str:
        return self.random.choices(("ok", "error", "denied"), weights=(93, 6, 1))[0]


def stamp(at: int) -> str:
    """Return an instant as the agents write it: `2026-11-23T08:00:03.001Z`."""
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%dT%H:%M:%S}.{at % SECOND:03d}Z"


def uuid4(random: Random) -> str:
    """Return a random UUID of version 4, reproducible from the seed."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def uuid7(random: Random, at: int) -> str:
    """Return a UUID of version 7 for an instant, reproducible from the seed."""
    digits = f"{at:012x}7{random.getrandbits(76):019x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-8{digits[17:20]}-{digits[20:32]}"
