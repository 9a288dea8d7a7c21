"""What a person can do. Every command writes, or changes nothing and raises one clear sentence; each returns what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from goodmeasure.domain.assessments import Assessment, AssessmentName, Collected


class Changed(StrEnum):
    """What a command changed, so that the screens that show it ask again."""

    ASSESSMENTS = "assessments"
    RELEASES = "releases"
    SETTINGS = "settings"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Rated:
    """A judgement was written."""

    run_id: int
    assessments: tuple[Assessment, ...]
    changed: Changed = Changed.ASSESSMENTS


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the person chose on the Share page (level L1)."""

    period: str
    """`2026-W46` or `2026-11`."""
    name: str
    """Who shares, as typed."""
    audience: str
    purpose: str
    expires_on: date
    improved: tuple[str, ...]
    """3 to 5 lines under "What did AI improve?", typed by the person; may be empty."""
    not_worked: str
    """ "What did not work"; may be empty."""
    needed: str
    """ "What I need"; may be empty."""
