"""What the appendices of a report need of runs: what agents were allowed to do and did, and what their models used."""

import json
from collections import defaultdict
from collections.abc import Iterable

from goodmeasure.domain.events import ToolKind
from goodmeasure.domain.facts import external_actions
from goodmeasure.domain.numbers import RunTraits
from goodmeasure.domain.usage import Counters
from goodmeasure.ledger.errors import told
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.summaries import SUMS

_FACTS = """SELECT s.run_id, s.autonomy, s.data_class FROM json_each(?) chosen
 CROSS JOIN run_summary s ON s.run_id = chosen.value"""
_TOOLS = f"""SELECT DISTINCT c.run_id, t.name, t.kind FROM json_each(?) chosen
 CROSS JOIN tool_call c ON c.run_id = chosen.value JOIN tool t ON t.id = c.tool_id
 WHERE (c.status IS NULL OR c.status NOT IN (2, 3)) AND t.kind <> '{ToolKind.RUN}'"""  # noqa: S608 - constant parts
_USAGE = f"""SELECT run_id, nullif(m.name, ''), {SUMS} FROM json_each(?) chosen
 CROSS JOIN generation ON run_id = chosen.value LEFT JOIN model m ON m.id = model_id
 GROUP BY run_id, m.name ORDER BY run_id, m.name"""  # noqa: S608 - constant parts


def run_traits(ledger: Ledger, run_ids: Iterable[int]) -> dict[int, RunTraits]:
    """Return what is known of these runs, by run; runs that do not exist are left out. Raises LedgerError."""
    listed = json.dumps(list(run_ids))
    tools: dict[int, list[tuple[str, str]]] = defaultdict(list)
    usage: dict[int, list[tuple[str | None, Counters]]] = defaultdict(list)
    with told(ledger.path):
        connection = ledger.raw()
        for run_id, name, kind in connection.execute(_TOOLS, (listed,)):
            tools[run_id].append((name, kind))
        for run_id, model, *sums in connection.execute(_USAGE, (listed,)):
            usage[run_id].append((model, Counters(*sums)))
        return {
            run_id: RunTraits(
                autonomy,
                data_class,
                frozenset(action for action, times in external_actions(tools[run_id]).items() if times),
                tuple(usage[run_id]),
            )
            for run_id, autonomy, data_class in connection.execute(_FACTS, (listed,)).fetchall()
        }
