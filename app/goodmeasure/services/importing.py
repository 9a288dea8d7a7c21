"""Reading the agents' logs. Light on purpose: an import with nothing new must end in a blink, so no SQLAlchemy here."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from goodmeasure.domain.files import DeletedSoon
from goodmeasure.host.git import project_of
from goodmeasure.intake.find import find_files
from goodmeasure.intake.report import ImportReport, Progress
from goodmeasure.intake.sync import import_home, import_paths
from goodmeasure.ledger.behind import prices_behind
from goodmeasure.ledger.opening import Ledger
from goodmeasure.pricing.own_prices import CostOf, OwnPrices
from goodmeasure.sources.registry import all_sources

__all__ = ["ImportReport", "Importing", "Progress"]

Split = Callable[[Callable[[], bool]], object]
"""Splits runs at pauses, where any is due, until it is told to stop."""


class Importing:
    """The verb "read now". One at a time per process; several processes get along."""

    def __init__(
        self,
        ledger: Ledger,
        home: Path | None,
        *,
        keep_titles: bool = True,
        prices: OwnPrices | None = None,
        split: Split | None = None,
    ) -> None:
        """`home`: look under this folder as if it were the user's home, ignoring environment overrides.

        `keep_titles`: whether runs keep a title. `prices`: the person's own; changed ones price all calls anew.
        `split`: splits runs at pauses after each reading; None: runs stay as their sessions are.
        """
        self._keep_titles = keep_titles
        self._prices = prices or OwnPrices()
        self._split = split
        self._ledger = ledger
        self._home = home

    def found(self) -> Counter[str]:
        """Return how many log files of each source lie on this computer now, by its key; none of them is opened."""
        return Counter(file.source for file in find_files(all_sources(), self._home).files)

    def deleted_soon(self, now: int) -> list[DeletedSoon]:
        """Return the agents whose logs go before they may have been read. `now`: ms UTC. Raises LedgerError."""
        from goodmeasure.intake.clean_up import deleted_soon  # noqa: PLC0415 - no import asks

        return deleted_soon(self._ledger, all_sources(), self._home, now)

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
        report = self._read(paths, progress, cancelled)
        if self._split is not None and not report.cancelled:
            self._split(cancelled)
        return report

    def _read(
        self,
        paths: Sequence[Path],
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        cost_of = self._priced()
        sources = all_sources()

        if paths:
            return import_paths(
                self._ledger,
                sources,
                paths,
                progress=progress,
                cancelled=cancelled,
                cost_of=cost_of,
                project_of=project_of,
                keep_titles=self._keep_titles,
            )
        return import_home(
            self._ledger,
            sources,
            self._home,
            progress=progress,
            cancelled=cancelled,
            cost_of=cost_of,
            project_of=project_of,
            keep_titles=self._keep_titles,
        )

    def follow(
        self,
        told: Callable[[ImportReport], None],
        stop: Event,
        *,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        """Read what is new, then follow all sources until `stop` is set; `told` gets a report whenever something came.

        Where the person's prices have changed, all calls are priced anew before that. Raises LedgerError where the
        ledger cannot be written.
        """
        from goodmeasure.intake.watch import follow  # noqa: PLC0415 - only who follows loads the watching library

        cost_of = self._priced()
        follow(
            self._ledger,
            all_sources(),
            self._home,
            cost_of=cost_of,
            project_of=project_of,
            told=told,
            stop=stop,
            keep_titles=self._keep_titles,
            progress=progress,
            after=lambda: None if self._split is None else self._split(stop.is_set),
        )

    def _priced(self) -> CostOf:
        """Return what prices calls, after all calls were priced anew where the prices have changed."""
        cost_of = self._prices.cost_of()
        if prices_behind(self._ledger, self._prices.mark):
            from goodmeasure.ledger.repricing import reprice  # noqa: PLC0415 - prices change seldom

            reprice(self._ledger, cost_of, self._prices.mark)
        return cost_of
