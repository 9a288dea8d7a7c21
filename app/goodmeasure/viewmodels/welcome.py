"""The first start: which agents are here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """What was found before anything is read."""

    agents: tuple[tuple[str, str], ...]
    """Label and the place it was found in."""
    sentence: str
    action: str


def welcome(queries: "Queries") -> WelcomeView:
    """Say which agents this version can read and where it looks for them."""
    agents = tuple((source.label, ", ".join(source.places)) for source in queries.sources())
    sentence = f"{counted(len(agents), 'agent')} can be read, each from its usual place. There is nothing to set up."
    return WelcomeView(agents, sentence, "Read my agents' logs")
