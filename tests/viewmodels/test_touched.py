"""What the inbox card says of files, branch and commits."""

from dataclasses import replace
from typing import cast

from goodmeasure.domain.evidence import CommitEvidence, Link
from goodmeasure.domain.runs import RunDetail
from goodmeasure.domain.work import Touched
from goodmeasure.services.queries import Queries
from goodmeasure.services.touching import Touching
from goodmeasure.viewmodels.touched import files_of, touched
from tests.viewmodels.conftest import Answers


def commit(digit: str, link: Link) -> CommitEvidence:
    return CommitEvidence(digit * 40, "/repo", link, 0.9, 1_000, 2_000, 0.1, None)


class WithCommits(Answers):
    """A run on which commits hang."""

    links: tuple[Link, ...] = ()

    def run(self, run_id: int) -> RunDetail:
        evidence = tuple(commit(str(number), link) for number, link in enumerate(self.links))
        return replace(super().run(run_id), evidence=evidence)


class NothingKept:
    def kept(self, run_id: int) -> None:
        assert run_id == 1


def links_of(*links: Link) -> str:
    asked = WithCommits()
    asked.links = links
    return touched(cast("Queries", asked), cast("Touching", NothingKept()), 1).links


def test_commits_are_named_without_what_became_of_them() -> None:
    assert links_of() == "Branch fix/login"
    assert links_of(Link.EXACT, Link.CANDIDATE) == (
        "Branch fix/login · commit 0000000000, made in it · 1 commit may belong to it"
    )
    said = links_of(Link.CONTENT, Link.PERSON, Link.EXACT, Link.EXACT)
    assert said == (
        "Branch fix/login · commit 0000000000, holds its lines · commit 1111111111, as you said · 2 more commits"
    )
    assert "revert" not in said, "a guess is asked about that"


def test_names_are_few_and_each_once() -> None:
    paths = ("/a/__init__.py", "/b/__init__.py", r"C:\shop\tea.py", "/c/cup.py", "/c/pot.py")
    said, whole = files_of(Touched(paths, ()))
    assert said == "Edited __init__.py, tea.py, cup.py and 2 more"
    assert whole.splitlines() == list(paths)
    many = tuple(f"/a/{number}.py" for number in range(40))
    said, whole = files_of(Touched((), many))
    assert said == "Read 0.py, 1.py, 2.py and 37 more"
    assert whole.splitlines()[-1] == "and 28 more"
