"""What a report says to the person who reads it: from the signed bytes to a sheet of words and figures."""

import hashlib
from typing import Final

from goodmeasure.disclosure.fields import EvidenceGrade, Report
from goodmeasure.domain.period import Period, period_named
from goodmeasure.reports import bars
from goodmeasure.reports.opening import open_report
from goodmeasure.reports.sheet import Lines, Note, Nothing, Section, Sentence, Sheet, Span
from goodmeasure.reports.signing import NAMESPACE, fingerprint, principal, signer_of

# Not strftime: its month names follow the locale of whoever makes the page, and the page must be the same everywhere.
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads best
)
GRADES: Final = {
    EvidenceGrade.VERIFIED: "Verified",
    EvidenceGrade.LINKED: "Linked",
    EvidenceGrade.SELF_REPORTED: "Self-reported",
}
_READING: Final = (
    "A run is one piece of work given to an AI agent. Shares are rounded to tens of percent; bars are drawn from the "
    "middle of each range. Grey is work that was not rated, or answers too few to show apart: nothing is guessed for "
    "it. Runs that the author picked tend to look better than all runs; only “likely” ranges, from runs that the app "
    "picked, speak for all, and they are right about four times in five. People misjudge what AI does for them, "
    "sometimes in the wrong direction. Do not compare people, and do not set targets on any figure here: a measure "
    "that becomes a target ceases to be a good measure."
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
    return Sheet(
        title=f"What AI was worth in {period_title(period)}",
        corner=period_days(period),
        author=opened.name,
        lead=_lead(opened),
        banner=_banner(opened),
        sections=(*_story(opened), Section("reading", "How to read this", (Note(_READING),), quiet=True)),
        appendices=(),
        footer=_footer(opened, fingerprint(public), digest),
        sha256=digest,
    )


def period_title(period: Period) -> str:
    """Return a period for a title: `week 46 of 2026` or `November 2026`."""
    if "W" in period.name:
        year, week = period.name.split("-W")
        return f"week {int(week)} of {year}"
    return f"{_MONTHS[period.first_on.month - 1]} {period.first_on.year}"


def period_days(period: Period) -> str:
    """Return a period's days: `9–15 November 2026`, `28 December 2026 – 3 January 2027`."""
    first, last = period.first_on, period.last_on
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start} – {end}" if first.year == last.year else f"{start} {first.year} – {end}"


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
    expiry = period_named(report.expires_after).last_on
    expires_on = f"{expiry.day} {_MONTHS[expiry.month - 1]} {expiry.year}"
    return (
        Span("Not a performance measure.", strong=True),
        Span(f" The author chose to share this page and rated their own work. It is to be deleted after {expires_on}."),
    )


def _story(report: Report) -> tuple[Section, ...]:
    words = report.words
    improved = tuple((line.text, GRADES[line.evidence]) for line in words.improved)
    return (
        Section("improved", "What did AI improve?", (Lines(improved, ruled=True) if improved else _EMPTY,)),
        bars.bar_section(report.outcome, bars.OUTCOME, "became", "What became of the work"),
        bars.bar_section(report.need, bars.NEED, "without", "Would it have been done without AI?"),
        bars.bar_section(report.review, bars.REVIEW, "check", "Human check", (Note(_unchecked(report), strong=True),)),
        Section("trouble", "What did not work", (_typed(words.did_not_work),), half=True),
        Section("needs", "What I need", (_typed(words.needed),), half=True),
    )


def _unchecked(report: Report) -> str:
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
    return (
        (
            Span("Signed with "),
            Span(key, exact=True),
            Span(". Ask the author for this fingerprint in another way, and compare."),
        ),
        (Span("Made from report.json, SHA-256 "), Span(digest, exact=True)),
        (
            Span("Check: "),
            Span("goodmeasure verify report.json", exact=True),
            Span(" or "),
            Span(command, exact=True),
        ),
    )
