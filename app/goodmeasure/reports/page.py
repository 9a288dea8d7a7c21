"""The page for people: one self-contained HTML file, made only from the signed bytes and their signature."""

import hashlib
from base64 import b64encode
from typing import Any, Final
from unicodedata import east_asian_width

from goodmeasure.disclosure.fields import EvidenceGrade
from goodmeasure.disclosure.levels import Story
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import Period, period_named
from goodmeasure.host.paths import resource
from goodmeasure.reports import bars, figures
from goodmeasure.reports.opening import open_report
from goodmeasure.reports.signing import NAMESPACE, fingerprint, principal, signer_of

# Not strftime: its month names follow the locale of whoever makes the page, and the page must be the same everywhere.
_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads best
)
_GRADES: Final = {
    EvidenceGrade.VERIFIED: "Verified",
    EvidenceGrade.LINKED: "Linked",
    EvidenceGrade.SELF_REPORTED: "Self-reported",
}
_DENSITIES: Final = (("roomy", 1000), ("compact", 1500))
"""Sizes of type by the narrow characters typed, so that any report prints on one sheet; beyond: `dense`."""


def page_bytes(report: bytes, signature: bytes) -> bytes:
    """Return the page of these exact bytes; the same bytes give the same page.

    Raises Refusal where the bytes are no report, SignatureError where the signature does not fit them.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - 80 ms that only a report pays

    public = signer_of(report, signature)
    opened = open_report(report)
    if not isinstance(opened, Story):
        raise Refusal(f"Level {opened.level} has no page: read it with goodmeasure verify.")
    environment = Environment(
        loader=FileSystemLoader(resource("report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = resource("report/page.css").read_text("utf-8").strip()
    text = environment.get_template("page.html.j2").render(
        **_words(opened),
        **_figures(opened),
        style=style,
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        sha256=hashlib.sha256(report).hexdigest(),
        fingerprint=fingerprint(public),
        principal=principal(opened.name),
        namespace=NAMESPACE,
    )
    return text.encode()


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


def _words(report: Story) -> dict[str, Any]:
    period, expiry = period_named(report.period), period_named(report.expires_after).last_on
    return {
        "report": report,
        "period_title": period_title(period),
        "period_days": period_days(period),
        "expires_on": f"{expiry.day} {_MONTHS[expiry.month - 1]} {expiry.year}",
        "improved": [(line.text, _GRADES[line.evidence]) for line in report.words.improved],
        "density": _density(report),
    }


def _figures(report: Story) -> dict[str, Any]:
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2, and as late

    shares = report.review.shares
    unchecked = None if shares is None or shares.none is None else bars.percent(shares.none)
    return {
        "patterns": Markup(figures.pattern_definitions()),  # noqa: S704 - our own shapes, no text of the report
        "outcome": bars.bar_of(report.outcome, bars.OUTCOME, "What became of the work", "outcome"),
        "need": bars.bar_of(report.need, bars.NEED, "Would it have been done without AI", "need"),
        "review": bars.bar_of(report.review, bars.REVIEW, "Human check", "review"),
        "unchecked": unchecked,
        "rated_unknown": shares is None,
    }


def _density(report: Story) -> str:
    texts = [line.text for line in report.words.improved]
    texts += [*report.words.did_not_work, *report.words.needed, report.purpose]
    width = sum(_width(character) for text in texts for character in text)
    return next((name for name, most in _DENSITIES if width <= most), "dense")


def _width(character: str) -> float:
    """Return about how wide a character is set, in narrow ones: 2 for East Asian signs and emoji."""
    if east_asian_width(character) in "WF":
        return 2
    return 1.5 if character.isupper() or character in "mw@%" else 1
