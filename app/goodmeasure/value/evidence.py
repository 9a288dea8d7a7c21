"""What backs a judgement up: links from a run to commits, whether they landed and stayed, and the grade that gives.

Evidence is context, never merit: how much of a change is still there after two weeks differs several times between
healthy repositories, so it is not compared between repositories or people.
"""

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import Final

from goodmeasure.domain.assessments import Outcome
from goodmeasure.domain.evidence import CommitEvidence, Grade, Link

LINKS_FROM: Final = 0.5
"""A commit that adds at least this share of a run's lines is linked to it …"""
ASKS_FROM: Final = 0.1
"""… and from this share on the person is asked."""
CANDIDATE_MINUTES: Final = 60
"""A commit of one of the run's files within this time after it asks, too."""
LANDED_FROM: Final = 0.8
"""A change whose commits are gone has landed if the default branch holds at least this share of its lines."""
VERIFIED_FROM: Final = 0.5
"""Survival after 14 days that verifies."""
CONTRADICTED_BELOW: Final = 0.1
"""Survival after 14 days below which "used" is contradicted."""
HASH_BYTES: Final = 8

_SHORTEST: Final = 4


def effective_lines(text: str) -> list[str]:
    """Return the lines that can tell where they came from: blanks collapsed, over three characters, not only signs."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if len(line) >= _SHORTEST and any(sign.isalnum() for sign in line)]


def line_hashes(lines: Iterable[str], salt: bytes) -> frozenset[bytes]:
    """Return the salted 8-byte hashes of lines; without the salt nobody can look for a known line in them."""
    return frozenset(
        blake2b(line.encode("utf-8", "surrogatepass"), key=salt, digest_size=HASH_BYTES).digest() for line in lines
    )


def containment(written: Collection[bytes], found: Collection[bytes]) -> float | None:
    """Return |written ∩ found| / |written|, from 0 to 1; None where nothing was written."""
    return len(set(written) & set(found)) / len(set(written)) if written else None


def link_of(
    *, named: bool, share: float | None, same_file: bool, minutes_after: float, dismissed: bool = False
) -> Link | None:
    """Return how a commit hangs on a run; None where it does not.

    `named`: it was made inside the run or names its session; `share`: containment of the run's lines in what it adds;
    `same_file`: it changes a file that the run wrote; `minutes_after`: from the run's end, negative before it.
    """
    if dismissed:
        return None
    if named:
        return Link.EXACT
    if share is not None and share >= LINKS_FROM:
        return Link.CONTENT
    if (share is not None and share >= ASKS_FROM) or (same_file and 0 <= minutes_after <= CANDIDATE_MINUTES):
        return Link.CANDIDATE
    return None


def grade_of(outcome: str | None, evidence: Sequence[CommitEvidence]) -> Grade | None:
    """Return the grade of a run's outcome; None where there is no outcome to back up.

    Candidates do not count. A run is as well backed up as its best commit; it is contradicted where it was called used
    and every linked commit that landed was reverted or is gone.
    """
    if outcome is None:
        return None
    linked = [one for one in evidence if one.link is not Link.CANDIDATE]
    if any(one.landed_at and not one.reverted_at and _at_least(one, VERIFIED_FROM) for one in linked):
        return Grade.VERIFIED
    landed = [one for one in linked if one.landed_at or one.reverted_at]
    if outcome == Outcome.USED and landed and all(one.reverted_at or _gone(one) for one in landed):
        return Grade.CONTRADICTED
    return Grade.LINKED if linked else Grade.SELF_REPORTED


def _at_least(one: CommitEvidence, share: float) -> bool:
    return one.survival_14_days is not None and one.survival_14_days >= share


def _gone(one: CommitEvidence) -> bool:
    return one.survival_14_days is not None and one.survival_14_days < CONTRADICTED_BELOW


def evidence_split(grades: Iterable[tuple[str, Grade]]) -> dict[str, dict[Grade, int]]:
    """Count the grades of each outcome, given pairs of the two; outcomes that do not occur are absent."""
    split: dict[str, dict[Grade, int]] = {}
    for outcome, grade in grades:
        counts = split.setdefault(outcome, dict.fromkeys(Grade, 0))
        counts[grade] += 1
    return split
