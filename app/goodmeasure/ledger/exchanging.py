"""Current judgements with the names of their runs, and runs by the names that others know."""

from goodmeasure.domain.assessments import AssessmentSource, Collected
from goodmeasure.domain.interchange import Exchanged
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger

_CURRENT = """SELECT key, native_id, source, name, value, judge, collected, inclusion_probability, assessed_at,
 answer_seconds, suggested, taxonomy_version FROM (
 SELECT t.key, s.native_id, t.source, a.name, a.value, a.source AS judge, a.collected, a.inclusion_probability,
  a.assessed_at, a.answer_seconds, a.suggested, a.taxonomy_version,
  row_number() OVER (PARTITION BY t.id, a.name, a.source ORDER BY a.assessed_at DESC, a.id DESC) AS place
 FROM assessment a JOIN run r ON r.id = a.run_id JOIN run t ON t.id = coalesce(r.merged_into_id, r.id)
 JOIN session s ON s.id = t.root_session_id)
 WHERE place = 1 AND value IS NOT NULL ORDER BY assessed_at, key, name, judge"""
_BY_KEY = "SELECT coalesce(merged_into_id, id) FROM run WHERE key = ?"
_BY_SESSION = "SELECT DISTINCT run_id FROM session WHERE native_id = ?1 AND (?2 IS NULL OR source = ?2)"


def current_judgements(ledger: Ledger) -> list[Exchanged]:
    """Return the current judgement of each run, question and judge, oldest first. Raises LedgerError."""
    with told(ledger.path):
        return [
            Exchanged(key, session, agent, name, value, AssessmentSource(judge), Collected(collected), *rest)
            for key, session, agent, name, value, judge, collected, *rest in ledger.raw().execute(_CURRENT)
        ]


def run_of(ledger: Ledger, judgement: Exchanged) -> int | None:
    """Return the run that a judgement is about: by its key, else by its session; None: unknown, or more than one.

    Raises LedgerError.
    """
    with told(ledger.path):
        ask = ledger.raw().execute
        if judgement.run is not None:
            found = ask(_BY_KEY, (judgement.run,)).fetchall()
        else:
            found = ask(_BY_SESSION, (judgement.session, judgement.agent)).fetchall()
    return int(found[0][0]) if len(found) == 1 else None
