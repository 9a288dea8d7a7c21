"""What others are shown of the audit log: one link for each ISO week, blinded, and the chain over the links.

A link commits to everything that was entered up to then and says nothing of it, not even whether there was anything.
How many links lie between two reports follows from their weeks, so the number says nothing either. Whoever holds an
earlier report follows its head along the links to the later report's head, or finds that they do not meet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from goodmeasure.domain.period import period_named, week_of

AUDIT_WEEKS: Final = 53
"""So many weeks stand in a report: as long as any earlier one may be kept."""
BEFORE: Final = bytes(32)
"""The chain before its first week."""


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """What a report says of the audit log behind it: hashes only."""

    head: bytes
    """32 bytes: the chain over all weeks up to the one before the report was written."""
    links: tuple[bytes, ...]
    """The last 53 weeks' links, 32 bytes each, oldest first: the head is the chain over them and all before."""


NO_TRAIL: Final = AuditTrail(BEFORE, (BEFORE,) * AUDIT_WEEKS)
"""Where there is no ledger behind a report."""


def week_before(week: str) -> str:
    """Return the ISO week before one (`2026-W01` → `2025-W52`)."""
    return week_of(period_named(week).first_on - timedelta(days=1)).name


def weeks_between(after: str, through: str) -> list[str]:
    """Return the ISO weeks after one, up to another (inclusive), oldest first; empty where that is not later."""
    found = []
    week = through
    while week > after:
        found.append(week)
        week = week_before(week)
    return found[::-1]


def week_link(salt: bytes, chain: bytes) -> bytes:
    """Return a week's link. `salt`: 32 random bytes; `chain`: 32 bytes, the log's chain at the week's end."""
    return sha256(salt + chain).digest()


def week_head(previous: bytes, week: str, link: bytes) -> bytes:
    """Return the chain over the weeks with one more week."""
    return sha256(previous + week.encode() + link).digest()


def followed(head: bytes, links: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the chain over the weeks after some more weeks, each with its link, oldest first."""
    for week, link in links:
        head = week_head(head, week, link)
    return head
