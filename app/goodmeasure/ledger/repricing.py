"""Costs made anew after prices changed. Raw driver only."""

from goodmeasure.ledger.behind import PRICES_MARK, prices_behind
from goodmeasure.ledger.codes import COST_BASIS, bucket_of
from goodmeasure.ledger.events_in import CostOf
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.summaries import refresh

_AT_ONCE = 20_000
_CALLS = """SELECT g.id, g.run_id, g.cost_micros, g.cost_basis, g.key, '', g.recorded_at, nullif(m.provider, ''),
 nullif(m.name, ''), g.input_tokens, g.cache_read_tokens, g.cache_write_5m_tokens, g.cache_write_1h_tokens,
 g.output_tokens, g.reasoning_tokens, g.web_search_requests, g.reported_cost_micros, g.service_tier, g.flags
 FROM generation g LEFT JOIN model m ON m.id = g.model_id WHERE g.id > ? ORDER BY g.id LIMIT ?"""
_UPDATE = "UPDATE generation SET cost_micros = ?, cost_basis = ? WHERE id = ?"


def reprice(ledger: Ledger, cost_of: CostOf, mark: str) -> int:
    """Price every call anew where it was priced under another `mark`; return how many costs changed.

    One look where nothing changed. A try that is cut off is begun again by the next. Raises LedgerError.
    """
    if not prices_behind(ledger, mark):
        return 0
    changed, last = 0, 0
    while True:
        with ledger.writing() as connection:
            calls = connection.execute(_CALLS, (last, _AT_ONCE)).fetchall()
            if not calls:
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (PRICES_MARK, mark))
                break
            last = calls[-1][0]
            for id_, run_id, cost, basis, *generation in calls:
                now, word = cost_of(generation)
                if (now, COST_BASIS[word]) != (cost, basis):
                    changed += 1
                    connection.execute(_UPDATE, (now, COST_BASIS[word], id_))
                    connection.execute("INSERT OR IGNORE INTO dirty_run VALUES (?)", (run_id,))
                    connection.execute("INSERT OR IGNORE INTO dirty_bucket VALUES (?)", (bucket_of(generation[2]),))
    if changed:
        refresh(ledger)
    return changed
