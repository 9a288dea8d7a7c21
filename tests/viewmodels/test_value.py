from goodmeasure.services.queries import Queries
from goodmeasure.viewmodels.overview import OverviewFilter, Stretch
from goodmeasure.viewmodels.value import EvidenceCount, title_of, value
from tests.viewmodels.conftest import Answers


def test_each_number_has_its_runs_behind_it(answers: Queries) -> None:
    view = value(answers, OverviewFilter(Stretch.QUARTER))
    assert view.behind[("outcome", "used")] == (1,)
    for question, bar in view.bars.items():
        for part in bar.parts:
            assert part.count == str(len(view.behind.get((question, part.value), ())))


def test_coverage_stands_first_and_grey_is_said(answers: Queries) -> None:
    view = value(answers, OverviewFilter())
    assert view.coverage.startswith("2 of 5 runs rated (40 %")
    assert "neither guessed nor hidden" in view.coverage
    assert not view.time.enough
    assert not any(bar.enough for bar in view.bars.values())


def test_worst_cases_are_told_where_there_is_no_estimate(answers: Queries) -> None:
    used = value(answers, OverviewFilter()).bars["outcome"].parts[0]
    assert (used.likely, used.worst) == ("", "20 – 80 %")


def test_projects_and_evidence(answers: Queries) -> None:
    view = value(answers, OverviewFilter())
    assert [(row.name, row.about, row.counts) for row in view.projects] == [
        ("checkout-api", "1 of 4 runs rated", "1 used · 3 not rated"),
        ("No project", "1 of 1 run rated", "1 learned / decided"),
    ]
    assert view.projects[0].run_ids == (1, 3, 5, 4)
    assert [(row.label, row.counts) for row in view.evidence] == [
        ("Used", (EvidenceCount("your own word", "1", (1,)),)),
        ("Learned / decided", (EvidenceCount("your own word", "1", (2,)),)),
    ]


def test_nothing_read_says_nothing(nothing_read: Queries) -> None:
    view = value(nothing_read, OverviewFilter())
    assert view.coverage == "No runs in this period."
    assert (view.projects, view.evidence, view.behind) == ((), (), {})
    assert Answers((), read=False).inbox(5) == []


def test_what_runs_have_in_common() -> None:
    assert title_of("outcome", "not_rated") == "Not rated"
    assert title_of("need", "helpful") == "done it anyway, slower or worse"
