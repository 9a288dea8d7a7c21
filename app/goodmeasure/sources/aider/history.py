"""Reads aider's chat history: Markdown that it appends to in each project folder."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from goodmeasure.domain.events import Batch, Generation, ParseIssue, SessionFacts, TitleRank
from goodmeasure.sources._formats.jsonl import Gathering, cost_micros, title_of
from goodmeasure.sources.aider.analytics import ESTIMATED, KEY, model_of
from goodmeasure.sources.base import identity

_HEADER = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$")
_PROMPT = "#### "
_PROMPT_END = "  "
_NUMBER = r"(\d[\d,]*(?:\.\d+)?[kM]?)"
_TOKENS = re.compile(
    rf"> Tokens: {_NUMBER} sent(?:, {_NUMBER} cache write)?(?:, {_NUMBER} (?:cache hit|cached))?, {_NUMBER} received"
)
_COST = re.compile(r"Cost: \$(\d[\d,]*(?:\.\d+)?(?:e-\d+)?) (?:message|request)")
_MODEL = re.compile(r"> (?:Model|Models|Main model): (\S+) with ")
_VERSION = re.compile(r"> Aider v(\S+)")
_ASKING = ("/ask ", "/architect ", "/code ", "/context ", "/help ")
"""Commands that send a person's words to the model; others do something in the terminal."""
_LONGEST_LINE = 1 << 16
_SCALES = {"k": 1_000, "M": 1_000_000}
_MOST = 2**53


def read_history(
    place: str,  # noqa: ARG001  the same history may lie in copies of a folder: its place does not make it another
    stream: IO[bytes],
) -> Iterator[Batch]:
    """Read a whole history; see `sources.base.DocumentReader`. A record is a usage line or a prompt."""
    history = _History()
    for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE), b""), 1):
        history.read(number, line.decode("utf-8", "replace").rstrip("\r\n"))
    yield history.told()


class _History:
    """Reads lines in order; everything before the first header is somebody else's text."""

    def __init__(self) -> None:
        self._gathering = Gathering(KEY)
        self._starts = Counter[str]()
        self._run: str | None = None
        self._at: int | None = None
        self._model: str | None = None
        self._calls = 0
        self._prompts = 0
        self._prompting = False
        self._awaiting_cost: Generation | None = None

    def told(self) -> Batch:
        return self._gathering.batch()

    def read(self, number: int, line: str) -> None:
        header = _HEADER.match(line)
        if header is not None:
            self._start(header[1])
            return
        if self._run is None:
            return
        prompting = line.startswith(_PROMPT) and line.endswith(_PROMPT_END)
        if prompting and not self._prompting:
            self._read_prompt(line[len(_PROMPT) :].strip())
        self._prompting = prompting
        if line.startswith("> Tokens: "):
            self._read_usage(number, line)
        elif line.startswith("Cost: $") and self._awaiting_cost is not None:
            self._add_call(self._awaiting_cost._replace(reported_cost_micros=_cost_in(line)))
        elif line.startswith("> "):
            self._read_note(line)
        if line and not line.startswith("> Tokens: "):
            self._awaiting_cost = None

    def _start(self, text: str) -> None:
        """Begin a run. A second one in the same second is told apart by its number in the file."""
        self._starts[text] += 1
        again = self._starts[text]
        self._run = text if again == 1 else f"{text} #{again}"
        self._at = _local_instant(text)
        self._model, self._calls, self._prompts, self._prompting, self._awaiting_cost = None, 0, 0, False, None
        self._tell(None, None)

    def _tell(self, title: str | None, version: str | None) -> None:
        run = self._run or ""
        old = self._gathering.sessions.get(run)
        kept = title if old is None or old.title is None else old.title
        known = version if old is None or old.agent_version is None else old.agent_version
        self._gathering.sessions[run] = SessionFacts(
            run, None, None, self._at, None, None, None, None, known, None, kept,
            TitleRank.PROMPT if kept else TitleRank.NONE,
        )  # fmt: skip

    def _read_note(self, line: str) -> None:
        model, version = _MODEL.match(line), _VERSION.match(line)
        if model is not None:
            self._model = model[1].rstrip("⚡,")
        elif version is not None:
            self._tell(None, version[1])

    def _read_prompt(self, words: str) -> None:
        if not words or words == "<blank>" or (words[0] in "/!" and not words.startswith(_ASKING)):
            return
        self._prompts += 1
        self._gathering.lines += 1
        self._gathering.add_prompt(self._run or "", self._at, self._run, self._prompts)
        self._tell(title_of(words), None)

    def _read_usage(self, number: int, line: str) -> None:
        found = _TOKENS.match(line)
        self._gathering.lines += 1
        if found is None:
            self._gathering.issues.append(ParseIssue(number, "A line of token counts is not written as known."))
            return
        sent, written, hit, received = (None if text is None else _count(text) for text in found.groups())
        self._calls += 1
        provider, model = model_of(self._model)
        # What was written to the cache is inside what was sent. What was read from it is beside it with Anthropic's
        # models, inside with others.
        inside = (written or 0) + (0 if "claude" in (model or "") else hit or 0)
        call = Generation(
            identity(KEY, "history", self._run, self._calls, *found.groups()), self._run or "", self._at, provider,
            model, None if sent is None else max(0, sent - inside), hit, written, None if written is None else 0,
            received, None, None, _cost_in(line), None, ESTIMATED,
        )  # fmt: skip
        self._add_call(call)
        self._awaiting_cost = call if call.reported_cost_micros is None else None

    def _add_call(self, call: Generation) -> None:
        self._gathering.add_generation(call)


def _count(text: str) -> int:
    scale = _SCALES.get(text[-1], 1)
    return min(_MOST, round(float(text.rstrip("kM").replace(",", "")) * scale))


def _cost_in(line: str) -> int | None:
    found = _COST.search(line)
    return cost_micros(float(found[1].replace(",", "")) or None) if found else None


def _local_instant(text: str) -> int | None:
    """Return the instant of a header: aider writes the time of day where it ran, without its zone."""
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None
