"""A run without a log, as a form: what is typed becomes an entry, or a sentence about what is missing."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import instant, moment
from goodmeasure.services.by_hand import Entry, LoggedRun, estimated_tokens
from goodmeasure.viewmodels.wording import counted, exact

_FORMAT = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class LogForm:
    """What stands in the fields, as typed."""

    title: str = ""
    when: str = ""
    """`2026-11-23 14:05` in the reporting zone; empty: now, or `minutes` ago."""
    minutes: str = ""
    tool: str = ""
    model: str = ""
    prompt: str = ""
    answer: str = ""


def entry_of(form: LogForm, zone: tzinfo) -> Entry:
    """Return what the form says. Raises Refusal with one sentence about the first field that cannot be read."""
    if not form.title.strip():
        raise Refusal("Say in a few words what it was about.")
    try:
        minutes = float(form.minutes.strip().replace(",", ".") or 0)
    except ValueError as error:
        raise Refusal("Give the minutes as a number, such as 12.") from error
    return Entry(
        form.title,
        _instant(form.when.strip(), zone),
        minutes,
        form.tool,
        form.model,
        None,
        form.prompt or None,
        form.answer or None,
    )


def said(logged: LoggedRun) -> str:
    """Return what was written, in one sentence."""
    if logged.input_tokens is None and logged.output_tokens is None:
        return f"Logged: {logged.title}."
    counts = f"{exact(logged.input_tokens)} tokens asked, {exact(logged.output_tokens)} answered"
    return f"Logged: {logged.title}. About {counts}, estimated; the texts were not kept."


def counts_of(*texts: str) -> tuple[str, ...]:
    """Return what to say beside each pasted text, `about 1,234 tokens`; "" for none. Not for the thread that draws."""
    return tuple(_count_of(text) for text in texts)


def _count_of(text: str) -> str:
    if not text:
        return ""
    try:
        return f"about {counted(estimated_tokens(text), 'token')}"
    except Refusal:
        return "too long to count"


def wall_clock(at: int, zone: tzinfo) -> str:
    """Return an instant as the form's field shows it."""
    return moment(at, zone).strftime(_FORMAT)


def _instant(text: str, zone: tzinfo) -> int | None:
    if not text:
        return None
    try:
        return instant(datetime.strptime(text.replace("T", " "), _FORMAT).replace(tzinfo=zone))
    except ValueError as error:
        raise Refusal("Write the time like 2026-11-23 14:05.") from error
