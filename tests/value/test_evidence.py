"""Links, shares and grades."""

import pytest

from goodmeasure.domain.evidence import CommitEvidence, Grade, Link
from goodmeasure.value.evidence import (
    containment,
    effective_lines,
    evidence_split,
    grade_of,
    line_hashes,
    link_of,
)


def test_effective_lines_leave_out_what_stands_in_every_file() -> None:
    text = "def total(rows):\n\n    }\n  );  \nif\n    return  sum(rows)\n---------\nx=1\n# end"
    assert effective_lines(text) == ["def total(rows):", "return sum(rows)", "# end"]


def test_hashes_need_the_salt() -> None:
    lines = ["return sum(rows)", "return sum(rows)", "# end"]
    assert line_hashes(lines, b"one") == line_hashes(reversed(lines), b"one")
    assert len(line_hashes(lines, b"one")) == 2
    assert not line_hashes(lines, b"one") & line_hashes(lines, b"two")
    assert line_hashes(["half \ud83d"], b"one")


def test_containment_is_of_what_the_run_wrote() -> None:
    assert containment([b"a", b"b", b"c", b"d"], [b"a", b"x", b"b"]) == 0.5
    assert containment([], [b"a"]) is None


@pytest.mark.parametrize(
    ("named", "share", "same_file", "minutes", "link"),
    [
        (True, 0.0, False, 9999, Link.EXACT),
        (False, 0.5, False, 9999, Link.CONTENT),
        (False, 0.49, False, 9999, Link.CANDIDATE),
        (False, 0.1, False, 9999, Link.CANDIDATE),
        (False, 0.09, False, 10, None),
        (False, None, True, 60, Link.CANDIDATE),
        (False, 0.0, True, 61, None),
        (False, 0.0, True, -1, None),
        (False, None, False, 1, None),
    ],
)
def test_links(named: bool, share: float | None, same_file: bool, minutes: float, link: Link | None) -> None:
    assert link_of(named=named, share=share, same_file=same_file, minutes_after=minutes) is link
    assert link_of(named=named, share=share, same_file=same_file, minutes_after=minutes, dismissed=True) is None


def commit(
    link: Link = Link.EXACT, *, landed: bool = True, reverted: bool = False, kept: float | None = None
) -> CommitEvidence:
    return CommitEvidence("1a2b3c", "/repo", link, None, 1 if landed else None, 2 if reverted else None, kept, None)


@pytest.mark.parametrize(
    ("outcome", "evidence", "grade"),
    [
        (None, [commit(kept=1.0)], None),
        ("used", [], Grade.SELF_REPORTED),
        ("used", [commit(Link.CANDIDATE, kept=1.0)], Grade.SELF_REPORTED),
        ("used", [commit()], Grade.LINKED),
        ("used", [commit(kept=0.5)], Grade.VERIFIED),
        ("used", [commit(Link.PERSON, kept=0.5)], Grade.VERIFIED),
        ("used", [commit(kept=0.49)], Grade.LINKED),
        ("used", [commit(landed=False, kept=1.0)], Grade.LINKED),
        ("used", [commit(reverted=True, kept=0.9)], Grade.CONTRADICTED),
        ("used", [commit(landed=False, reverted=True)], Grade.CONTRADICTED),
        ("used", [commit(kept=0.09)], Grade.CONTRADICTED),
        ("used", [commit(kept=0.09), commit(kept=0.2)], Grade.LINKED),
        ("used", [commit(reverted=True), commit(kept=0.9)], Grade.VERIFIED),
        ("discarded", [commit(reverted=True)], Grade.LINKED),
    ],
)
def test_grades(outcome: str | None, evidence: list[CommitEvidence], grade: Grade | None) -> None:
    assert grade_of(outcome, evidence) is grade


def test_the_split_counts_each_outcome_by_grade() -> None:
    split = evidence_split([("used", Grade.VERIFIED), ("used", Grade.LINKED), ("used", Grade.LINKED)])
    assert split == {
        "used": {Grade.VERIFIED: 1, Grade.LINKED: 2, Grade.SELF_REPORTED: 0, Grade.CONTRADICTED: 0},
    }
