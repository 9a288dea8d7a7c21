"""Reading the agents' logs. Light on purpose: an import with nothing new must end in a blink, so no SQLAlchemy here."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from goodmeasure.host.git import project_of
from goodmeasure.intake.clean_up import DeletedSoon, deleted_soon
from goodmeasure.intake.find import find_files
from goodmeasure.intake.report import ImportReport, Progress
from goodmeasure.intake.sync import import_home, import_paths
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.repricing import reprice
from goodmeasure.pricing.own_prices import OwnPrices
from goodmeasure.services.splitting import Splitting
from goodmeasure.sources.registry import all_sources

__all__ = ["DeletedSoon", "ImportReport", "Importing", "Progress"]


class Importing:
    """The verb "read now". One at a time per process; several processes get along."""

    def __init__(
        self,
        ledger: Ledger,
        home: Path | None,
        *,
        keep_titles: bool = True,
        prices: OwnPrices | None = None,
        splitting: Splitting | None = None,
    ) -> None:
        """`home`: look under this folder as if it were the user's home, ignoring environment overrides.

        `keep_titles`: whether runs keep a title. `prices`: the person's own; changed ones price all calls anew.
        `splitting`: splits runs at pauses after each reading; None: runs stay as their sessions are.
        """
        self._keep_titles = keep_titles
        self._prices = prices or OwnPrices()
        self._splitting = splitting
        self._ledger = ledger
        self._home = home

    def found(self) -> Counter[str]:
        """Return how many log files of each source lie on this computer now, by its key; none of them is opened."""
        return Counter(file.source for file in find_files(all_sources(), self._home).files)

    def deleted_soon(self, now: int) -> list[DeletedSoon]:
        """Return the agents whose logs go before they may have been read. `now`: ms UTC. Raises LedgerError."""
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
        if self._splitting is not None and not report.cancelled:
            self._splitting.split(cancelled)
        return report

    def _read(
        self,
        paths: Sequence[Path],
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
    ) -> ImportReport:
        cost_of = self._prices.cost_of()
        reprice(self._ledger, cost_of, self._prices.mark)
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

        cost_of = self._prices.cost_of()
        reprice(self._ledger, cost_of, self._prices.mark)
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
            after=lambda: None if self._splitting is None else self._splitting.split(stop.is_set),
        )
