"""By hand: runs that left no log here.

What it is
    What a person tells of one exchange with a model: in a web chat, on the phone, in a colleague's tool.

Where it writes
    Nowhere: `goodmeasure log` and the window's form hand it over.

Evidence
    The person's word.

What it does not record
    Texts: a pasted prompt and answer are counted and dropped. Counts are estimates, and of what was pasted only: what
    the model was sent besides is not known.
"""

from typing import NamedTuple

from goodmeasure.domain.events import Batch, Generation, GenerationFlag, Prompt, SessionFacts, TitleRank
from goodmeasure.sources._formats.estimate import tokens_in
from goodmeasure.sources.base import Source, capabilities, identity

KEY = "manual"

SOURCE = Source(
    key=KEY,
    label="By hand",
    roots=(),
    capabilities=capabilities(
        yes="recorded_at model prompts",
        not_applicable="cache_read_tokens cache_write_5m_tokens cache_write_1h_tokens permission_modes approvals "
        "subagents",
    ),
)


class Told(NamedTuple):
    """One exchange as a person tells it. Instants are milliseconds since 1970 UTC."""

    session: str
    """A name of its own."""
    title: str
    started_at: int
    ended_at: int
    tool: str | None
    """What it was done with, in the person's words."""
    model: str | None
    folder: str | None
    """What it was about: the run counts for this folder's project."""
    prompt: str | None
    answer: str | None


def batch_of(told: Told) -> Batch:
    """Return what a told exchange teaches: one session, one prompt, and a call where a text or the model is known."""
    batch = Batch(lines=1)
    batch.sessions.append(
        SessionFacts(
            told.session,
            None,
            None,
            told.started_at,
            told.ended_at,
            told.folder,
            None,
            None,
            None,
            told.tool,
            told.title,
            int(TitleRank.CHOSEN),
        )
    )
    batch.prompts.append(Prompt(identity(KEY, "prompt", told.session), told.session, told.started_at))
    if told.model is not None or told.prompt is not None or told.answer is not None:
        batch.generations.append(_call(told))
    return batch


def _call(told: Told) -> Generation:
    read = None if told.prompt is None else tokens_in([told.prompt])
    written = None if told.answer is None else tokens_in([told.answer])
    estimated = read is not None or written is not None
    return Generation(
        identity(KEY, "call", told.session),
        told.session,
        told.ended_at,
        None,
        told.model,
        read,
        0,
        0,
        0,
        written,
        None,
        None,
        None,
        None,
        int(GenerationFlag.ESTIMATED) if estimated else 0,
    )
