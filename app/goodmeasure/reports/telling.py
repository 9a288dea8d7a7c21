"""What a report says to the person who reads it: from the signed bytes to a sheet of words and figures."""

import hashlib
from typing import Final

from goodmeasure.disclosure.fields import Words
from goodmeasure.disclosure.levels import Numbers, Receipt, Report, SingleRuns, Story
from goodmeasure.domain.period import period_named
from goodmeasure.reports import bars
from goodmeasure.reports.numbers_told import cost_appendix, noise_note, oversight_appendix, time_section
from goodmeasure.reports.opening import open_report
from goodmeasure.reports.periods import last_day, period_days, period_title
from goodmeasure.reports.picked_runs import GRADES, proof_appendix, runs_section
from goodmeasure.reports.sheet import Lines, Note, Nothing, Row, Section, Sentence, Sheet, Span, Table
from goodmeasure.reports.signing import NAMESPACE, fingerprint, principal, signer_of

_READING: Final = (
    "A run is one piece of work given to an AI agent. Shares are rounded to tens of percent; bars are drawn from the "
    "middle of each range. Grey is work that was not rated, or answers too few to show apart: nothing is guessed for "
    "it. Runs that the author picked tend to look better than all runs; only “likely” ranges, from runs that the app "
    "picked, speak for all, and they are right about four times in five. People misjudge what AI does for them, "
    "sometimes in the wrong direction. Do not compare people, and do not set targets on any figure here: a measure "
    "that becomes a target ceases to be a good measure."
)
_EVIDENCE: Final = (
    "Verified: a commit of it landed and stayed. Linked: a commit belongs to it. Self-reported: the author’s word."
)
_READING_RUNS: Final = (
    "Each row is one piece of work given to an AI agent, as the author judged it. "
    f"{_EVIDENCE} Do not compare people, and do not set targets on any figure here: a measure that becomes a target "
    "ceases to be a good measure."
)
_EMPTY: Final = Nothing("Nothing was written here.")


def told(report: bytes, signature: bytes) -> Sheet:
    """Return the sheet of these exact bytes; the same bytes give the same sheet.

    Raises Refusal where the bytes are no report, SignatureError where the signature does not fit them.
    """
    public = signer_of(report, signature)
    opened = open_report(report)
    period = period_named(opened.period)
    digest = hashlib.sha256(report).hexdigest()
    sections, appendices = _content(opened)
    subject = "A receipt for" if isinstance(opened, Receipt) else "What AI was worth in"
    return Sheet(
        title=f"{subject} {period_title(period)}",
        corner=period_days(period),
        author=opened.name,
        lead=_lead(opened),
        banner=_banner(opened),
        sections=sections,
        appendices=appendices,
        footer=_footer(opened, fingerprint(public), digest),
        sha256=digest,
    )


def _content(report: Report) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """Return the sections of a report and its appendices."""
    match report:
        case Receipt():
            return _receipt(report), ()
        case Story():
            return (*_story(report), *_ending(report.words, _READING)), ()
        case Numbers():
            cost = () if report.cost is None else cost_appendix(report.cost)
            oversight = () if report.oversight is None else oversight_appendix(report.oversight)
            return _numbers(report), (*cost, *oversight)
        case SingleRuns():
            sections = (_improved(report.words), *runs_section(report.runs), *_ending(report.words, _READING_RUNS))
            return sections, proof_appendix(report.runs)


def _lead(report: Report) -> Sentence:
    return (
        Span("Shared by "),
        Span(report.name, strong=True, typed=True),
        Span(" with "),
        Span(report.audience, strong=True, typed=True),
        Span(". Purpose: "),
        Span(report.purpose, typed=True),
    )


def _banner(report: Report) -> Sentence:
    corrects = " It corrects an earlier page." if getattr(report, "restates", None) else ""
    expires = f" It is to be deleted after {last_day(period_named(report.expires_after))}."
    return (
        Span("Not a performance measure.", strong=True),
        Span(f" The author chose to share this page and rated their own work.{corrects}{expires}"),
    )


def _receipt(report: Receipt) -> tuple[Section, ...]:
    words = (
        "This page tells nothing about the author’s work, not even whether there was any. It fixes what their app had "
        "recorded at the end of the week: if the author later shows a single run of that week, it can be checked "
        "against the root below, and a record that was changed since does not fit."
    )
    table = Table("What it fixes (table)", (), (Row("Root of the sealed records", (report.runs_root,)),))
    return (
        Section("receipt", "What this is", (Note(words, strong=True),)),
        Section("root", "What it fixes", (table,)),
    )


def _story(report: Story | Numbers) -> tuple[Section, ...]:
    counts = report.counts if isinstance(report, Numbers) else None
    return (
        _improved(report.words),
        bars.bar_section(
            report.outcome, bars.OUTCOME, "became", "What became of the work", counts=counts and counts.outcome
        ),
        bars.bar_section(
            report.need, bars.NEED, "without", "Would it have been done without AI?", counts=counts and counts.need
        ),
        bars.bar_section(
            report.review,
            bars.REVIEW,
            "check",
            "Human check",
            counts=counts and counts.review,
            more=(Note(_unchecked(report), strong=True),),
        ),
    )


def _numbers(report: Numbers) -> tuple[Section, ...]:
    improved, became, without, check = _story(report)
    noise = () if report.noisy_runs is None else (noise_note(report.noisy_runs),)
    reading = f"{_READING} {_EVIDENCE} Numbers of runs are given as ranges."
    return (improved, became, without, time_section(report.time), check, *_ending(report.words, reading, noise))


def _improved(words: Words) -> Section:
    lines = tuple((line.text, GRADES[line.evidence]) for line in words.improved)
    return Section("improved", "What did AI improve?", (Lines(lines, ruled=True) if lines else _EMPTY,))


def _ending(words: Words, reading: str, more: tuple[Note, ...] = ()) -> tuple[Section, ...]:
    return (
        Section("trouble", "What did not work", (_typed(words.did_not_work),), half=True),
        Section("needs", "What I need", (_typed(words.needed),), half=True),
        Section("reading", "How to read this", (*more, Note(reading)), quiet=True),
    )


def _unchecked(report: Story | Numbers) -> str:
    shares = report.review.shares
    if shares is None or shares.none is None:
        return "Runs used without a check: none, or too few to show."
    return f"{bars.percent(shares.none)} of all runs were used without anybody checking them."


def _typed(lines: tuple[str, ...]) -> Lines | Nothing:
    return Lines(tuple((line, "") for line in lines)) if lines else _EMPTY


def _footer(report: Report, key: str, digest: str) -> tuple[Sentence, ...]:
    command = (
        f"ssh-keygen -Y verify -f allowed_signers -I {principal(report.name)} -n {NAMESPACE} "
        "-s report.json.sig < report.json"
    )
    earlier = getattr(report, "restates", None)
    return (
        (
            Span("Signed with "),
            Span(key, exact=True),
            Span(". Ask the author for this fingerprint in another way, and compare."),
        ),
        (Span("Made from report.json, SHA-256 "), Span(digest, exact=True)),
        *(((Span("Corrects the report with SHA-256 "), Span(earlier, exact=True)),) if earlier else ()),
        (
            Span("Check: "),
            Span("goodmeasure verify report.json", exact=True),
            Span(" or "),
            Span(command, exact=True),
        ),
    )
