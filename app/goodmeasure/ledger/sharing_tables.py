"""Tables of what was shared: the frozen cells of each period, sealed weeks, and the audit log week by week.

Instants (`*_at`) are milliseconds since 1970-01-01 UTC.
"""

from sqlalchemy import Index, Integer, UniqueConstraint

from goodmeasure.ledger.table_parts import blob, keyed_table, number, part_of_key, row_id, table, text

frozen_period = table(
    "frozen_period",
    row_id(),
    text("period", "ISO week or month; its newest row holds", needed=True),
    blob("cells", "JSON of disclosure.period_cells.PeriodCells: all that may ever be seen of it", needed=True),
    number("frozen_at", "instant of the first release, or of the restatement", needed=True),
    Index("frozen_period_named", "period"),
)

released_run = keyed_table(
    "released_run",
    part_of_key("run_id", Integer, "run that frozen cells count; it counts for one period only", "run"),
    text("period", "that period", needed=True),
)

receipt = table(
    "receipt",
    row_id(),
    text("week", "ISO week that is sealed", needed=True),
    blob("filling", "32 random bytes: what stands in the places that no run takes", needed=True),
    blob("root", "32 bytes: root of the tree", needed=True),
    number("made_at", "instant", needed=True),
    UniqueConstraint("week"),
)

receipt_leaf = keyed_table(
    "receipt_leaf",
    part_of_key("receipt_id", Integer, "receipt", "receipt"),
    part_of_key("place", Integer, "place in the tree, by chance"),
    blob("leaf", "32 bytes: hash of a run's salted record", needed=True),
)

receipt_run = keyed_table(
    "receipt_run",
    part_of_key("run_id", Integer, "run that is sealed", "run"),
    part_of_key("receipt_id", Integer, "receipt that holds it", "receipt"),
    number("place", "place in the tree", needed=True),
    blob("salt", "32 random bytes", needed=True),
    blob("record", "JSON of disclosure.single_runs.RunRecord, as it was sealed", needed=True),
    Index("receipt_run_of_receipt", "receipt_id"),
)

audit_week = table(
    "audit_week",
    row_id(),
    text("week", "ISO week", needed=True),
    blob("salt", "32 random bytes that blind the link", needed=True),
    number("up_to", "number of the last audit entry that it covers; 0: none", needed=True),
    blob("link", "32 bytes: hash of the salt and the log's chain there", needed=True),
    blob("head", "32 bytes: chain over this week and all before", needed=True),
    UniqueConstraint("week"),
)
