"""Rules and corrections, written: what they change in runs and sums is done once these return. Raw driver only."""

from collections.abc import Callable, Iterable, Sequence

from sqlcipher3 import dbapi2

from goodmeasure.domain.facts import FactName
from goodmeasure.domain.rules import FactChange, Rule, RunTraits, decided
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.facts import Said, rules_of, said_of, say, settle, traits_of
from goodmeasure.ledger.handle import Ledger
from goodmeasure.ledger.summaries import refresh

_RUNS_AT_ONCE = 5_000
_SHOWN = "SELECT run_id, project, cost_center, work_kind, data_class FROM run_summary"


def rules(ledger: Ledger) -> list[Rule]:
    """Return all rules in their order. Raises LedgerError."""
    with told(ledger.path):
        return rules_of(ledger.raw())


def add_rule(ledger: Ledger, rule: Rule, position: int | None, at: int) -> Rule:
    """Write a rule at this place (from 0; None: last), apply all rules, and return it as written.

    `at`: milliseconds since 1970 UTC. Raises LedgerError.
    """
    with ledger.writing(lasting=True) as connection:
        added = _insert(connection, rule, connection.execute("SELECT count(*) FROM rule").fetchone()[0], at)
        if position is not None:
            _put(connection, added, position)
        apply_rules(connection)
        written = next(one for one in rules_of(connection) if one.id == added)
    refresh(ledger)
    return written


def remove_rule(ledger: Ledger, rule_id: int) -> None:
    """Delete a rule; what it said is said by the next that fits, else by the log. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        _known(connection, ledger, rule_id)
        _mark_dirty(connection, "SELECT run_id FROM run_fact WHERE rule_id = ?", (rule_id,))
        connection.execute("DELETE FROM run_fact WHERE rule_id = ?", (rule_id,))
        connection.execute("DELETE FROM rule WHERE id = ?", (rule_id,))
        apply_rules(connection)
    refresh(ledger)


def move_rule(ledger: Ledger, rule_id: int, position: int) -> None:
    """Put a rule at this place, from 0; beyond the end is last. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        _known(connection, ledger, rule_id)
        _put(connection, rule_id, position)
        apply_rules(connection)
    refresh(ledger)


def set_rules(ledger: Ledger, change: Callable[[list[Rule]], Sequence[Rule]], at: int) -> None:
    """Put what `change` makes of the rules in their place, and apply it, in one step.

    A rule with another fact, value or condition than before is a new one. `at`: milliseconds since 1970 UTC. Raises
    LedgerError.
    """
    with ledger.writing(lasting=True) as connection:
        before = rules_of(connection)
        planned = change(list(before))
        kept = {rule.id for rule in before if rule in planned}
        for rule in before:
            if rule.id not in kept:
                _mark_dirty(connection, "SELECT run_id FROM run_fact WHERE rule_id = ?", (rule.id or 0,))
                connection.execute("DELETE FROM run_fact WHERE rule_id = ?", (rule.id,))
                connection.execute("DELETE FROM rule WHERE id = ?", (rule.id,))
        for position, rule in enumerate(planned):
            if rule.id in kept:
                connection.execute("UPDATE rule SET position = ? WHERE id = ?", (position, rule.id))
            else:
                _insert(connection, rule, position, at)
        apply_rules(connection)
    refresh(ledger)


def correct(ledger: Ledger, run_id: int, facts: dict[FactName, str | None], at: int) -> None:
    """Write what the person says of a run, which beats every rule; None takes it back. Raises LedgerError."""
    with ledger.writing(lasting=True) as connection:
        if connection.execute("SELECT 1 FROM run WHERE id = ?", (run_id,)).fetchone() is None:
            raise LedgerError(f"There is no run {run_id} in {ledger.path}: look at goodmeasure runs.")
        for fact, value in facts.items():
            if value is None:
                connection.execute("DELETE FROM run_fact WHERE run_id = ? AND name = ?", (run_id, fact))
            else:
                say(connection, run_id, fact, value, rule_id=None, at=at)
        settle(connection, [run_id])
        _mark_dirty(connection, "VALUES (?)", (run_id,))
    refresh(ledger)


def said_of_run(ledger: Ledger, run_id: int) -> Said:
    """Return what rules and the person say of a run. Raises LedgerError."""
    with told(ledger.path):
        return said_of(ledger.raw(), [run_id]).get(run_id, {})


def traits_of_run(ledger: Ledger, run_id: int) -> RunTraits:
    """Return what rules see of a run. Raises LedgerError where there is none."""
    with told(ledger.path):
        found = list(traits_of(ledger.raw(), [run_id], tools=True))
    if not found:
        raise LedgerError(f"There is no run {run_id} in {ledger.path}: look at goodmeasure runs.")
    return found[0]


def changes(ledger: Ledger, planned: Sequence[Rule]) -> list[FactChange]:
    """Return what would change in the facts of runs if these were the rules, by run. Nothing is written.

    Raises LedgerError.
    """
    found = []
    with told(ledger.path):
        connection = ledger.raw()
        names = (FactName.PROJECT, FactName.COST_CENTER, FactName.WORK_KIND, FactName.DATA_CLASS)
        shown = {row[0]: dict(zip(names, row[1:], strict=True)) for row in connection.execute(_SHOWN)}
        for ids in _portions(sorted(shown)):
            said = said_of(connection, ids)
            for traits in traits_of(connection, ids, tools=any(rule.tool for rule in planned)):
                found += _changes_of(traits, said.get(traits.run_id, {}), shown[traits.run_id], planned)
    return found


def _changes_of(
    traits: RunTraits, said: Said, shown: dict[FactName, str | None], planned: Sequence[Rule]
) -> list[FactChange]:
    found = []
    wanted = decided(planned, traits)
    for fact in FactName:
        rule, there = wanted.get(fact), said.get(fact)
        if there is not None and there[1] is None:
            continue  # the person said so
        if rule is not None and rule.value != shown[fact]:
            found.append(FactChange(traits.run_id, fact, shown[fact], rule.value, rule.id))
        elif rule is None and there is not None:
            found.append(FactChange(traits.run_id, fact, shown[fact], None, None))
    return found


def _insert(connection: dbapi2.Connection, rule: Rule, position: int, at: int) -> int:
    row = (position, rule.fact, rule.value, rule.folder, rule.repository, rule.branch, rule.source, rule.tool, at)
    made = connection.execute(
        "INSERT INTO rule(position, fact, value, folder, repository, branch, source, tool, made_at)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        row,
    )
    return int(made.lastrowid)


def apply_rules(connection: dbapi2.Connection) -> None:
    """Let all rules say what they say of all runs, and mark those of which they say something else now."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS said_before AS SELECT * FROM run_fact LIMIT 0")
    connection.execute("DELETE FROM temp.said_before")
    connection.execute("INSERT INTO temp.said_before SELECT * FROM run_fact")
    ids = [row[0] for row in connection.execute("SELECT id FROM run WHERE merged_into_id IS NULL")]
    for portion in _portions(ids):
        settle(connection, portion)
    for old, new in (("temp.said_before", "run_fact"), ("run_fact", "temp.said_before")):
        _mark_dirty(
            connection,
            f"SELECT run_id FROM (SELECT run_id, name, value FROM {old} EXCEPT SELECT run_id, name, value FROM {new})",  # noqa: S608 - constant names
            (),
        )


def _mark_dirty(connection: dbapi2.Connection, question: str, values: tuple[int, ...]) -> None:
    connection.execute(f"INSERT OR IGNORE INTO dirty_run {question}", values)


def _put(connection: dbapi2.Connection, rule_id: int, position: int) -> None:
    ids = [row[0] for row in connection.execute("SELECT id FROM rule WHERE id <> ? ORDER BY position, id", (rule_id,))]
    ids.insert(max(position, 0), rule_id)
    connection.executemany("UPDATE rule SET position = ? WHERE id = ?", list(enumerate(ids)))


def _known(connection: dbapi2.Connection, ledger: Ledger, rule_id: int) -> None:
    if connection.execute("SELECT 1 FROM rule WHERE id = ?", (rule_id,)).fetchone() is None:
        raise LedgerError(f"There is no rule {rule_id} in {ledger.path}: goodmeasure rules lists them.")


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _RUNS_AT_ONCE] for start in range(0, len(ids), _RUNS_AT_ONCE))
