"""How long each question of a screen takes over very many runs: `python -m tests.bench.reads [--runs 100000]`.

Builds a ledger of invented runs in a scratch profile and asks every question several times; the median is printed.
The numbers depend on the machine; none of them is a test.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from goodmeasure.bootstrap.desk import Choices, Desk
from goodmeasure.domain.period import Span, month_of
from goodmeasure.domain.runs import RunFilter, RunOrder
from goodmeasure.services.queries import Queries
from tests.bench.many_runs import fill

TIMES = 5


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    wanted = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="goodmeasure-reads-") as folder:
        os.environ["HOME"] = folder
        profile = Path(folder) / "profile"
        fill(profile, wanted)
        with Desk(Choices(profile_dir=profile)) as desk:
            for name, ask in questions(desk.queries).items():
                sys.stdout.write(f"{name:34} {_median(ask) * 1000:7.1f} ms\n")
    return 0


def questions(queries: Queries) -> dict[str, Callable[[], object]]:
    """Return what the screens and the terminal ask, by name."""
    month = month_of(queries.today()).span(UTC)
    ids = queries.run_ids(RunFilter())
    return {
        "facts": queries.facts,
        "inbox": queries.inbox,
        "periods": queries.periods,
        "projects": queries.projects,
        "sources": queries.sources,
        "list of runs": lambda: queries.run_ids(RunFilter()),
        "list of runs by cost": lambda: queries.run_ids(RunFilter(order=RunOrder.COST)),
        "list of runs by title": lambda: queries.run_ids(RunFilter(order=RunOrder.TITLE)),
        "search": lambda: queries.run_ids(RunFilter(text="fix pi")),
        "one page of runs": lambda: queries.runs(ids[:200]),
        "one run": lambda: queries.run(ids[-1]),
        "usage by model": lambda: queries.usage(("model",), Span(None, None)),
        "usage by day": lambda: queries.usage(("day",), Span(None, None)),
        "usage by day and model": lambda: queries.usage(("day", "model"), Span(None, None)),
        "usage by session, a month": lambda: queries.usage(("session",), month),
        "usage by session": lambda: queries.usage(("session",), Span(None, None)),
        "rated runs of a month": lambda: queries.rated_runs(month),
    }


def _median(ask: Callable[[], object]) -> float:
    seconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        ask()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    sys.exit(main())
