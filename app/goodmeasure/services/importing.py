"""Reading the agents' logs. Light on purpose: an import with nothing new must end in a blink, so no SQLAlchemy here."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from goodmeasure.host.git import project_of
from goodmeasure.intake.report import ImportReport, Progress
from goodmeasure.intake.sync import import_home, import_paths
from goodmeasure.ledger.opening import Ledger
from goodmeasure.pricing.list_prices import ListPrices
from goodmeasure.sources.registry import all_sources

__all__ = ["ImportReport", "Importing", "Progress"]


class Importing:
    """The verb "read now". One at a time per process; several processes get along."""

    def __init__(self, ledger: Ledger, home: Path | None) -> None:
        """`home`: look under this folder as if it were the user's home, ignoring environment overrides."""
        self._ledger = ledger
        self._home = home

    def import_logs(
        self,
        paths: Sequence[Path] = (),
        *,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ImportReport:
        """Read every source, or only `paths`; what was read before is not read again.

        Raises LedgerError where the ledger cannot be written; unreadable logs are part of the report.
        """
        read_paths = partial(import_paths, self._ledger, all_sources(), **self._means(progress, cancelled))
        if paths:
            return read_paths(list(paths))
        report = import_home(self._ledger, all_sources(), self._home, **self._means(progress, cancelled))
        if not report.sources and not report.cancelled and self._home is not None:
            # What was named as a home may be a folder of logs that somebody collected.
            return read_paths([self._home])
        return report

    @staticmethod
    def _means(progress: Callable[[Progress], None] | None, cancelled: Callable[[], bool]) -> dict[str, Any]:
        return {
            "progress": progress,
            "cancelled": cancelled,
            "cost_of": ListPrices().cost_of,
            "project_of": project_of,
        }
