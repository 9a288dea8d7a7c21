"""Tables of evidence: commits that hang on runs, and what runs wrote. Instants are milliseconds since 1970 UTC."""

from sqlalchemy import Integer, Text, UniqueConstraint

from goodmeasure.ledger.table_parts import blob, keyed_table, number, part_of_key, real, row_id, table, text

evidence = table(
    "evidence",
    row_id(),
    number("run_id", "run", of="run", needed=True),
    text("kind", "commit, pull_request, ticket, document or file", needed=True),
    text("reference", "commit id, number, address or path", needed=True),
    text("repository", "root path or remote address"),
    text("link", "exact, content, candidate or person", needed=True),
    real("containment", "share of the run's effective lines that it holds, 0 to 1"),
    number("found_at", "instant", needed=True),
    number("landed_at", "instant"),
    number("reverted_at", "instant"),
    real("survival_14_days", "share of its lines, 0 to 1"),
    real("survival_30_days", "share of its lines, 0 to 1"),
    number("dismissed_at", "instant when the person refused the link"),
    UniqueConstraint("run_id", "kind", "reference"),
)

run_work = keyed_table(
    "run_work",
    part_of_key("run_id", Integer, "run", "run"),
    part_of_key("path", Text, "file as the agent named it; empty: the run wrote none that is known"),
    blob("line_hashes", "salted 8-byte hashes of the effective lines written, joined", needed=True),
    text("commits", "JSON list of the commits made inside the run, as git abbreviated them", needed=True),
)

run_work_salt = keyed_table(
    "run_work_salt",
    part_of_key("run_id", Integer, "run whose work another ledger hashed", "run"),
    blob("salt", "that ledger's salt", needed=True),
)

evidence_check = keyed_table(
    "evidence_check",
    part_of_key("run_id", Integer, "run", "run"),
    number("checked_at", "instant when its repository was last asked", needed=True),
    text("state", "checked or unavailable", needed=True),
)
