"""A ledger of very many invented runs, for benches."""

import sys
from pathlib import Path

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.intake.demo import write_demo_home

COPIES = "with recursive copies(copy) as (select 1 union all select copy + 1 from copies where copy < :copies)"
RUNS = (
    "insert into run (id, key, source, root_session_id, project_id) "  # noqa: S608 - constant parts
    f"{COPIES} select id + :have * copy, printf('%016x', id + :have * copy), source,"
    " root_session_id + :sessions * copy, project_id from run, copies"
)
SESSIONS = (
    "insert into session (id, source, native_id, run_id, project_id, started_at, ended_at, title_rank) "  # noqa: S608 - constant parts
    f"{COPIES} select id + :sessions * copy, source, native_id || '-' || copy, run_id + :have * copy, project_id,"
    " started_at, ended_at, title_rank from session, copies"
)
WORDS = (
    "insert into run_text (rowid, title, project, model, source) "
    "select run_id, title, project, model, source from run_summary where run_id > :have"
)
CHANGED = {
    "run_id": "run_id + :have * copy",
    "started_at": "started_at - copy * 600000",
    "title": "title || ' ' || copy",
}


def fill(profile: Path, runs: int) -> None:
    """Read a small invented home, then write its runs again and again with other titles and instants."""
    home = profile.parent / "home"
    with Desk(Choices(profile_dir=profile, home=home)) as desk:
        write_demo_home(home, now=desk.clock.now(), days=60, sessions=40)
        desk.importing.import_logs()
        connection = desk.ledger.raw()
        have = connection.execute("select max(id) from run").fetchone()[0]
        sessions = connection.execute("select max(id) from session").fetchone()[0]
        numbers = {"have": have, "sessions": sessions, "copies": -(-runs // 40)}
        columns = [row[1] for row in connection.execute("pragma table_info(run_summary)")]
        picked = ", ".join(CHANGED.get(name, name) for name in columns)
        connection.execute("begin immediate")
        connection.execute(RUNS, numbers)
        connection.execute(SESSIONS, numbers)
        connection.execute(f"insert into run_summary {COPIES} select {picked} from run_summary, copies", numbers)  # noqa: S608 - the ledger's own column names
        connection.execute(WORDS, numbers)
        connection.execute("commit")
        count = connection.execute("select count(*) from run_summary").fetchone()[0]
        sys.stdout.write(f"{count:,} runs in the ledger\n")
