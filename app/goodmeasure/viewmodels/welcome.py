"""The first start: which agents can be read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodmeasure.viewmodels.wording import counted

if TYPE_CHECKING:
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """What can be read, before anything is."""

    agents: tuple[tuple[str, str], ...]
    """Label and the places that are looked at."""
    sentence: str
    action: str


def welcome(queries: "Queries") -> WelcomeView:
    """Say which agents this version can read and where it looks for them."""
    agents = tuple((source.label, ", ".join(source.places)) for source in queries.sources())
    sentence = f"{counted(len(agents), 'agent')} can be read, each from its usual place. There is nothing to set up."
    return WelcomeView(agents, sentence, "Read my agents' logs")
