"""What one's own guesses say, in calm sentences. Private: no report knows of it."""

from dataclasses import dataclass

from goodmeasure.domain.calibration import Kept
from goodmeasure.domain.shares import MIN_ANSWERS
from goodmeasure.value.calibration import GUESSES, Calibration, Drift, Forecast, GuessQuestion, Impossible
from goodmeasure.viewmodels.wording import counted

__all__ = ["GUESSES", "CalibrationLine", "CalibrationView", "GuessQuestion", "calibration_view"]

_ANSWERS = {Kept.YES: "yes", Kept.UNSURE: "unsure", Kept.NO: "no"}


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """One thing that guesses say."""

    title: str
    sentence: str
    enough: bool
    """False: there are fewer than ten runs to say it of."""


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """All that guesses say; without any guess the lines say what will stand there."""

    about: str
    lines: tuple[CalibrationLine, ...]


def calibration_view(found: Calibration) -> CalibrationView:
    """Say a calibration."""
    return CalibrationView(
        f"{counted(found.guessed, 'run')} guessed about. Only for you: nothing of it is ever in a report.",
        (
            _line("Your sense of time, before and after", _drift(found.drift) if found.drift else None),
            _line(
                "Still there after two weeks", " ".join(map(_forecast, found.forecasts)) if found.forecasts else None
            ),
            _line("Saved more than it would have taken", _impossible(found.impossible) if found.impossible else None),
        ),
    )


def _line(title: str, sentence: str | None) -> CalibrationLine:
    little = f"Not enough to say yet: this needs {MIN_ANSWERS} runs."
    return CalibrationLine(title, sentence or little, sentence is not None)


def _drift(found: Drift) -> str:
    return (
        f"Of {found.runs} runs you guessed a longer time without AI afterwards than before for {found.higher},"
        f" the same for {found.same}, a shorter one for {found.lower}."
    )


def _forecast(found: Forecast) -> str:
    waiting = f", {found.waiting} cannot be said" if found.waiting else ""
    return f"Of {found.resolved} “{_ANSWERS[found.answer]}”, {found.kept} were there{waiting}."


def _impossible(found: Impossible) -> str:
    return (
        f"Of {found.runs} runs with time saved, you said for {found.beyond} that it was more than the whole task"
        " would have taken."
    )
