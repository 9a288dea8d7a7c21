"""Facts of runs: what rules and persons say in place of the log. Raw driver only, within the caller's transaction."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlcipher3 import dbapi2

from goodmeasure.domain.events import NoticeKind
from goodmeasure.domain.facts import DEFAULT_DATA_CLASS, FactName, autonomy, work_kind
from goodmeasure.domain.rules import Rule, RunTraits, decided

_RULES = "SELECT id, fact, value, folder, repository, branch, source, tool FROM rule ORDER BY position, id"
# Each answers by run id, for the runs listed in the parameter.
_TRAITS = """SELECT r.id, coalesce(part.cwd, s.cwd), p.root,
 iif(part.project_id IS NULL OR part.project_id IS s.project_id, s.git_repository, NULL),
 iif(part.run_id IS NULL, s.git_branch, part.git_branch), r.source
 FROM json_each(?) chosen CROSS JOIN run r ON r.id = chosen.value JOIN session s ON s.id = r.root_session_id
 LEFT JOIN run_part part ON part.run_id = r.id
 LEFT JOIN project p ON p.id = coalesce(part.project_id, s.project_id) WHERE +r.merged_into_id IS NULL"""
_TOOLS = """SELECT DISTINCT run_id, t.name FROM json_each(?) chosen CROSS JOIN tool_call ON run_id = chosen.value
 JOIN tool t ON t.id = tool_id WHERE t.name <> ''"""
_FACTS = "SELECT run_id, name, value, rule_id FROM run_fact WHERE run_id IN (SELECT value FROM json_each(?))"
_ENTRY = """SELECT r.id, s.entrypoint, p.cost_center FROM json_each(?) chosen CROSS JOIN run r ON r.id = chosen.value
 JOIN session s ON s.id = r.root_session_id LEFT JOIN project p ON p.id = r.project_id"""
_KINDS = """SELECT run_id, t.kind, count(*) FROM json_each(?) chosen CROSS JOIN tool_call ON run_id = chosen.value
 JOIN tool t ON t.id = tool_id GROUP BY run_id, t.kind"""
_NOTICED = """SELECT DISTINCT run_id, kind, coalesce(detail, '') FROM json_each(?) chosen
 CROSS JOIN notice ON run_id = chosen.value WHERE kind IN ('permission_mode', 'approved', 'denied')"""
_SPLITS = """SELECT e.other_id, e.run_id, e.from_at FROM json_each(?) chosen
 CROSS JOIN run_edit e ON e.other_id = chosen.value
 WHERE e.kind = 'split' AND NOT EXISTS (SELECT 1 FROM run_edit u WHERE u.undoes_id = e.id)"""
_MODE = """SELECT detail FROM notice WHERE run_id = ? AND kind = 'permission_mode' AND noticed_at <= ?
 AND detail IS NOT NULL ORDER BY noticed_at DESC, id DESC LIMIT 1"""
_SOON_MS = 1000
"""A mode is told with the prompt for which it was chosen."""

Said = dict[FactName, tuple[str, int | None]]
"""What is said of a run: fact → value and the rule that says so (None: the person)."""


def rules_of(connection: dbapi2.Connection) -> list[Rule]:
    """Return all rules in their order."""
    return [Rule(row[0], FactName(row[1]), *row[2:]) for row in connection.execute(_RULES)]


def said_of(connection: dbapi2.Connection, run_ids: Iterable[int]) -> dict[int, Said]:
    """Return what rules and the person say of these runs."""
    found: dict[int, Said] = defaultdict(dict)
    for run_id, name, value, rule_id in connection.execute(_FACTS, (json.dumps(list(run_ids)),)):
        found[run_id][FactName(name)] = (value, rule_id)
    return found


def traits_of(connection: dbapi2.Connection, run_ids: Iterable[int], *, tools: bool) -> Iterator[RunTraits]:
    """Yield what rules see of these runs; `tools`: the tools they used, too."""
    listed = json.dumps(list(run_ids))
    used: dict[int, set[str]] = defaultdict(set)
    for run_id, name in connection.execute(_TOOLS, (listed,)) if tools else ():
        used[run_id].add(name)
    for run_id, folder, root, repository, branch, source in connection.execute(_TRAITS, (listed,)).fetchall():
        yield RunTraits(run_id, folder, root, repository, branch, source, frozenset(used.get(run_id, ())))


def settle(connection: dbapi2.Connection, run_ids: Sequence[int]) -> None:
    """Let the rules say what they say of these runs now. What a person said stays."""
    rules = rules_of(connection)
    if not rules:
        return
    before = said_of(connection, run_ids)
    for traits in traits_of(connection, run_ids, tools=any(rule.tool for rule in rules)):
        there = before.get(traits.run_id, {})
        wanted = {fact: (rule.value, rule.id) for fact, rule in decided(rules, traits).items()}
        for fact, (_, rule_id) in there.items():
            if rule_id is None:
                wanted.pop(fact, None)
            elif fact not in wanted:
                connection.execute("DELETE FROM run_fact WHERE run_id = ? AND name = ?", (traits.run_id, fact))
        for fact, (value, rule_id) in wanted.items():
            if there.get(fact) != (value, rule_id):
                say(connection, traits.run_id, fact, value, rule_id=rule_id, at=time.time_ns() // 1_000_000)


def say(
    connection: dbapi2.Connection, run_id: int, fact: FactName, value: str, *, rule_id: int | None, at: int
) -> None:
    """Write what holds of a run from now on; `rule_id` None: the person says so."""
    connection.execute("INSERT OR REPLACE INTO run_fact VALUES (?, ?, ?, ?, ?)", (run_id, fact, value, rule_id, at))
    known = connection.execute("SELECT 1 FROM project WHERE name = ?", (value,)).fetchone()
    if fact is FactName.PROJECT and not known:
        # A project that no folder tells of: its name is its identity.
        connection.execute("INSERT OR IGNORE INTO project(root, name) VALUES (?, ?)", (f"named:{value}", value))


def fact_columns(
    connection: dbapi2.Connection, run_ids: Sequence[int], titles: dict[int, Any], prompts: dict[int, Any]
) -> dict[int, tuple[str | None, ...]]:
    """Return (cost_center, work_kind, data_class, autonomy) of each of these runs.

    `titles`: (title,) by run. `prompts`: (first, last, count) by run.
    """
    listed = json.dumps(list(run_ids))
    said = said_of(connection, run_ids)
    kinds: dict[int, dict[str, int]] = defaultdict(dict)
    for run_id, kind, count in connection.execute(_KINDS, (listed,)):
        kinds[run_id][kind] = count
    modes: dict[int, list[str]] = defaultdict(list)
    asked: dict[int, int] = defaultdict(int)
    for run_id, kind, detail in connection.execute(_NOTICED, (listed,)):
        if kind == NoticeKind.PERMISSION_MODE:
            modes[run_id].append(detail)
        elif detail != "rule":
            asked[run_id] += 1
    for run_id, mode in _modes_before(connection, listed):
        modes[run_id].append(mode)
    found: dict[int, tuple[str | None, ...]] = {}
    for run_id, entrypoint, cost_center in connection.execute(_ENTRY, (listed,)):
        own = {fact: value for fact, (value, _) in said.get(run_id, {}).items()}
        title = titles.get(run_id, (None,))[0]
        count = prompts[run_id][2] if run_id in prompts else 0
        found[run_id] = (
            own.get(FactName.COST_CENTER, cost_center),
            own.get(FactName.WORK_KIND) or work_kind(title, kinds.get(run_id, {}), modes.get(run_id, ())),
            own.get(FactName.DATA_CLASS, DEFAULT_DATA_CLASS),
            autonomy(modes.get(run_id, ()), prompts=count, asked_person=asked[run_id], entrypoint=entrypoint),
        )
    return found


def _modes_before(connection: dbapi2.Connection, listed: str) -> Iterator[tuple[int, str]]:
    """Yield the permission mode in which a later part of a session began, where an earlier part told it."""
    for run_id, before, from_at in connection.execute(_SPLITS, (listed,)).fetchall():
        if connection.execute(_MODE, (run_id, from_at + _SOON_MS)).fetchone():
            continue
        earlier: int | None = before
        while earlier is not None:
            told = connection.execute(_MODE, (earlier, from_at)).fetchone()
            if told:
                yield run_id, told[0]
                break
            above = connection.execute(_SPLITS, (json.dumps([earlier]),)).fetchone()
            earlier = above and above[1]
