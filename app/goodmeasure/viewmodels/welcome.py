"""The first start: which agents left files here, and which others can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries, SourceReport


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """What can be read, before anything is."""

    title: str
    found: tuple[tuple[str, str], ...]
    """Label and number of files of the agents that left any, most files first."""
    others: str
    """The agents that left none where they usually do, as a sentence."""
    action: str


def welcome(queries: "Queries", files: Mapping[str, int]) -> WelcomeView:
    """Say which agents were found; `files`: how many files each source has on this computer, by its key."""
    reports = queries.sources()
    found = sorted((report for report in reports if files.get(report.key)), key=lambda report: -files[report.key])
    others = sorted(
        (report.label for report in reports if not files.get(report.key) and _has_place(report)), key=str.casefold
    )
    named = ", ".join(others)
    if not found:
        return WelcomeView(
            "No agent has left files here yet",
            (),
            f"Good Measure looked in the usual places of {named}. Use one of them once, then look again.",
            "Look again",
        )
    return WelcomeView(
        f"{counted(len(found), 'agent')} found on this computer",
        tuple((report.label, counted(files[report.key], "file")) for report in found),
        f"Also read, as soon as they leave files: {named}." if others else "",
        "Read their logs" if len(found) > 1 else "Read its logs",
    )


def _has_place(report: "SourceReport") -> bool:
    return any(place.startswith("~/") for place in report.places)
