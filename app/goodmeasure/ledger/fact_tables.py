"""Tables of what a person corrects: rules and facts of runs, how runs are merged and split; and private guesses.

Instants (`*_at`) are milliseconds since 1970-01-01 UTC.
"""

from sqlalchemy import Index, Integer, Text

from goodmeasure.ledger.table_parts import keyed_table, number, part_of_key, row_id, table, text

rule = table(
    "rule",
    row_id(),
    number("position", "order: of the rules that fit, the first sets the fact", needed=True),
    text("fact", "domain.facts.FactName", needed=True),
    text("value", "what the fact is where the rule fits", needed=True),
    text("folder", "working folder, what lies below it included; NULL here and below: any"),
    text("repository", "pattern of the root folder or the remote address"),
    text("branch", "pattern of the branch at the start"),
    text("source", "key of the source"),
    text("tool", "pattern of a tool that was used"),
    number("made_at", "instant", needed=True),
)

run_fact = keyed_table(
    "run_fact",
    part_of_key("run_id", Integer, "run", "run"),
    part_of_key("name", Text, "domain.facts.FactName"),
    text("value", "what holds instead of what the log tells", needed=True),
    number("rule_id", "rule that set it; NULL: the person did, and no rule changes it", of="rule"),
    number("decided_at", "instant", needed=True),
    Index("run_fact_of_rule", "rule_id"),
)

run_edit = table(
    "run_edit",
    row_id(),
    text("kind", "merge, split or undo", needed=True),
    number("run_id", "run that is merged or split", of="run", needed=True),
    number("other_id", "merge: run that takes it over; split: run that the later part becomes", of="run"),
    number("from_at", "split: instant from which events belong to the later part"),
    number("undoes_id", "undo: the edit that no longer holds", of="run_edit"),
    number("edited_at", "instant", needed=True),
    number("by_app", "1: the app split it at a pause before something else; 0: the person's edit", needed=True),
    Index("run_edit_of_run", "run_id"),
    Index("run_edit_of_other", "other_id"),
)

run_part = keyed_table(
    "run_part",
    part_of_key("run_id", Integer, "later part of a session that the app split", "run"),
    text("cwd", "working folder when it began"),
    text("git_branch", "branch when it began"),
    number("project_id", "project of that folder", of="project"),
)

split_due = keyed_table(
    "split_due",
    part_of_key("run_id", Integer, "run with news that have not been looked through for pauses before something else"),
)

guess = table(
    "guess",
    row_id(),
    number("run_id", "run that is guessed about", of="run", needed=True),
    text("question", "domain.calibration.GuessName", needed=True),
    text("value", "the guess; NULL: taken back"),
    number("said_at", "instant", needed=True),
    Index("guess_of_run", "run_id"),
)
