"""A person who keeps no titles keeps none, in no corner of the ledger."""

from goodmeasure.domain.events import Batch, SessionFacts
from goodmeasure.ledger.files import FileReading
from goodmeasure.ledger.untitled import untitled

TITLE = 'Fünf "Tassen"'


def facts(title: str | None, rank: int) -> SessionFacts:
    return SessionFacts("s", None, None, 1, 2, "/tea", None, None, None, None, title, rank)


def test_title_goes_from_session_and_from_what_is_remembered() -> None:
    state = '{"a":"Fünf \\"Tassen\\"","b":"Fünf"}'.encode()
    reading = FileReading("p", "s", 1, 1, 1, 1, 0, 1, None, state)
    bare, batch = untitled(reading, Batch(lines=3, sessions=[facts(TITLE, 3), facts(None, 0)]))
    assert batch.sessions == [facts(None, 0), facts(None, 0)]
    assert batch.lines == 3
    assert bare == reading._replace(reader_state='{"a":null,"b":"Fünf"}'.encode())
