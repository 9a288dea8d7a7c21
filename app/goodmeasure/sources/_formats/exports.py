"""Chat exports: a JSON list of conversations, alone or inside the zip that the provider sends, read one by one.

A zip is read where it lies. What could be a trap is not unpacked: files that claim to be larger than any chat history,
or that shrink more than writing ever does.
"""

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, NamedTuple

import msgspec

from goodmeasure.domain.events import Batch, Generation, GenerationFlag, ParseIssue, SessionFacts
from goodmeasure.sources._formats.arrays import NO_RECORD, Fault, elements
from goodmeasure.sources._formats.estimate import tokens_in
from goodmeasure.sources._formats.jsonl import FAULTS, Gathering
from goodmeasure.sources.base import identity

MOST_FILE_BYTES = 16 << 30
"""Most that all conversation files of one zip may hold."""
MOST_SHRUNK = 200
"""How many times smaller than its contents a file in a zip may be: JSON of chats shrinks by 5 to 30."""
_USUAL_BYTES = 64 << 20
BATCH_RECORDS = 100
_ZIP_START = b"PK\x03\x04"
_NO_ZIP = "This zip is damaged or not downloaded whole: download the export again."
_NO_CONVERSATIONS = "This zip holds no conversations: it is no export of chats."
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_ESTIMATED = int(GenerationFlag.ESTIMATED)

Teach = Callable[[dict[str, Any], Gathering], str | None]
"""Adds what one conversation teaches; returns why it could not be read, in words for a person."""


class Turn(NamedTuple):
    """One answer of a model, as an export shows it."""

    session: str
    facts: Sequence[str]
    """What identifies it, beside its source."""
    answered_at: int | None
    provider: str
    model: str | None
    read: Sequence[str]
    """Texts that are new to the model since its last answer."""
    written: Sequence[str]
    """Texts of the answer, thoughts not included."""
    thoughts: Sequence[str]
    """Texts of its thoughts, where the export shows them."""


def batches(source: str, stream: IO[bytes], teach: Teach) -> Iterator[Batch]:
    """Yield what every conversation of an export teaches; records are numbered through all files of a zip."""
    gathering = Gathering(source)
    for number, record in enumerate(_records(stream), 1):
        problem = record if isinstance(record, Fault) else _taught(record, teach, gathering)
        gathering.lines += 1
        if problem is not None:
            gathering.issues.append(ParseIssue(number, str(problem)))
        if gathering.lines == BATCH_RECORDS:
            yield gathering.batch()
            gathering = Gathering(source)
    yield gathering.batch()


def add_turn(turn: Turn, gathering: Gathering) -> None:
    """Count a turn's visible texts and add it as one call; nothing is known of what the model was sent besides."""
    thoughts, written = tokens_in(turn.thoughts), tokens_in(turn.written)
    gathering.add_generation(
        Generation(
            identity(gathering.source, *turn.facts),
            turn.session,
            turn.answered_at,
            turn.provider,
            turn.model,
            tokens_in(turn.read),
            None,
            None,
            None,
            (thoughts + written) or None,
            thoughts or None,
            None,
            None,
            None,
            _ESTIMATED,
        )
    )


def conversation_facts(
    session: str, times: Sequence[int | None], title: str | None, title_rank: int
) -> SessionFacts:  # fmt: skip
    """Return what is known of a conversation: its span is that of `times`."""
    known = [at for at in times if at is not None]
    return SessionFacts(
        session, None, None, min(known, default=None), max(known, default=None),
        None, None, None, None, None, title, title_rank,
    )  # fmt: skip


def items(value: object) -> list[Any]:
    """Return a JSON value that should be a list as one; empty where it is something else."""
    return value if isinstance(value, list) else []


def fields(value: object) -> dict[str, Any]:
    """Return a JSON value that should be an object as one; empty where it is something else."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """Return a JSON value that should be a text as one, half characters repaired; empty where it is something else."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _taught(record: bytes, teach: Teach, gathering: Gathering) -> str | None:
    try:
        found = msgspec.json.decode(record)
    except FAULTS:
        try:
            # Half characters and control signs inside texts do not make the numbers wrong.
            found = json.loads(record.decode("utf-8", "replace"), strict=False)
        except (*FAULTS, ValueError):
            return "This record is not complete JSON: it is damaged."
    return teach(found, gathering) if isinstance(found, dict) else NO_RECORD


def _records(stream: IO[bytes]) -> Iterator[bytes | Fault]:
    start = stream.read(len(_ZIP_START))
    stream.seek(0)
    if start == _ZIP_START:
        yield from _zipped_records(stream)
    else:
        yield from elements(stream)


def _zipped_records(stream: IO[bytes]) -> Iterator[bytes | Fault]:
    try:
        with zipfile.ZipFile(stream) as archive:
            files = sorted(
                (file for file in archive.infolist() if _holds_conversations(file.filename)),
                key=lambda file: file.filename,
            )
            if not files:
                yield Fault(_NO_CONVERSATIONS)
            elif (trap := _trap(files)) is not None:
                yield Fault(trap)
            else:
                for file in files:
                    with archive.open(file) as member:
                        yield from elements(member)
    except _ZIP_FAULTS:
        yield Fault(_NO_ZIP)


def _holds_conversations(name: str) -> bool:
    last = name.rsplit("/", 1)[-1].lower()
    return last.startswith("conversations") and last.endswith(".json")


def _trap(files: Sequence[zipfile.ZipInfo]) -> str | None:
    if any(file.flag_bits & 1 for file in files):
        return "This zip is locked with a password: unpack it and import its conversations.json."
    whole = sum(file.file_size for file in files)
    if whole > MOST_FILE_BYTES:
        return f"This zip claims to hold {whole >> 30} GB of conversations and was left alone."
    if any(file.file_size > _USUAL_BYTES + MOST_SHRUNK * file.compress_size for file in files):
        return "This zip shrinks its conversations more than any writing does and was left alone."
    return None
