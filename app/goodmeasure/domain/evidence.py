"""Commits that back up what was said about a run. Context, never merit."""

from dataclasses import dataclass
from enum import StrEnum


class Link(StrEnum):
    """How a commit hangs on a run, strongest first."""

    EXACT = "exact"
    """Made inside the run, or naming its session."""
    CONTENT = "content"
    """It adds at least half of the run's effective lines."""
    PERSON = "person"
    """A candidate that the person confirmed."""
    CANDIDATE = "candidate"
    """Some shared lines, or a shared file within the hour: asked, never counted."""


class Grade(StrEnum):
    """How well a run's outcome is backed up."""

    VERIFIED = "verified"
    """Linked, landed, not reverted, and at least half of it there after 14 days."""
    LINKED = "linked"
    SELF_REPORTED = "self_reported"
    CONTRADICTED = "contradicted"
    """Called used, but reverted or gone within 14 days. The person's own answer is kept and shown."""


@dataclass(frozen=True, slots=True)
class CommitEvidence:
    """What is known of one commit as evidence for one run. Instants in milliseconds since 1970 UTC."""

    sha: str
    repository: str
    """Root folder of the repository on this computer."""
    link: Link
    containment: float | None
    """Share of the run's effective lines that the commit adds, from 0 to 1; None: the run's lines are unknown."""
    landed_at: int | None
    reverted_at: int | None
    survival_14_days: float | None
    """Share of the run's lines that this commit brought and that are still there, from 0 to 1.

    None: not that old yet, or unknown."""
    survival_30_days: float | None
