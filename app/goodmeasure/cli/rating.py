"""`rate`: say what a run was worth."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from goodmeasure.bootstrap.desk import Desk
from goodmeasure.cli.formats import print_json, printable
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.value.taxonomy import choice, values_of

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _answer(name: AssessmentName, text: str) -> Callable[[_Command], _Command]:
    return click.option(
        "--" + name.value.replace("_", "-"), type=click.Choice([str(value) for value in values_of(name)]), help=text
    )


@click.command(short_help="Say what a run was worth.")
@click.argument("run")
@_answer(AssessmentName.OUTCOME, "What became of it?")
@_answer(AssessmentName.NEED, "Without AI I would have…")
@_answer(AssessmentName.TIME_SAVED, "Time saved on this same task, everything included.")
@_answer(AssessmentName.REVIEW, "Who checked it?")
@click.option("--second-person", is_flag=True, help="A second person reviewed it too.")
@_answer(AssessmentName.CONFIDENCE, "How sure you are of the time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def rate(desk: Desk, /, run: str, *, second_person: bool, as_json: bool, **given: str | None) -> None:
    """Say what RUN was worth. Earlier judgements stay in its history."""
    answers = {AssessmentName(name): value for name, value in given.items() if value is not None}
    if second_person:
        answers[AssessmentName.SECOND_PERSON] = values_of(AssessmentName.SECOND_PERSON)[0]
    if not answers:
        raise click.UsageError("Nothing was said: give at least --outcome.")
    detail = desk.queries.run_named(run)
    rated = desk.rating.rate_run(detail.run.id, answers)
    if as_json:
        document = [{"name": row.name.value, "value": row.value, "id": row.id} for row in rated.assessments]
        print_json({"run": detail.run.key, "assessments": document})
        return
    said = ", ".join(choice(name.value, value).label for name, value in answers.items())
    click.echo(printable(f"{detail.run.title or detail.run.key}: {said}."))
