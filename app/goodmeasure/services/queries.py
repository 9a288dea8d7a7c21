"""What a person can ask. Every answer is a frozen record; nothing here changes the ledger.

All methods may be called from a worker thread; none may be called from the thread that draws.
"""

import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo

from goodmeasure.domain.period import Period, Span, moment, month_of, week_of
from goodmeasure.domain.runs import RatedRun, Run, RunDetail, RunFilter, SourceHealth, UnloggedUsage, UsageRow
from goodmeasure.domain.usage import Counters, EstimatedShare, total_of
from goodmeasure.host.clock import Clock
from goodmeasure.ledger import reads
from goodmeasure.ledger.draws import DrawnRun, drawn_since, drawn_waiting
from goodmeasure.ledger.opening import Ledger
from goodmeasure.services.plans import effective_costs
from goodmeasure.sources.base import Capability, Source
from goodmeasure.sources.registry import all_sources
from goodmeasure.value.sampling import FRAME_DAYS

_DAY_MS = 86_400_000
_FOLDERS_OF_SYSTEMS = {"darwin": "Library/", "win32": "AppData/"}
_ELSEWHERE = tuple(folder for system, folder in _FOLDERS_OF_SYSTEMS.items() if system != sys.platform)
"""How the homes of other systems begin where they keep what programs write."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and cost, grouped; `unlogged` is shown beside, never added."""

    group_by: tuple[str, ...]
    rows: tuple[UsageRow, ...]
    totals: Counters
    unlogged: tuple[UnloggedUsage, ...]
    effective: tuple[int | None, ...] = ()
    """What each row costs under subscription plans, in micro-USD; empty without plans. Never added to list costs."""
    effective_total: int | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source as the Sources page shows it: what it is, where it was looked for, what became of its files."""

    key: str
    label: str
    places: tuple[str, ...]
    """Folders that were looked at, as written in the source (`~/.claude`)."""
    capabilities: dict[str, Capability]
    health: SourceHealth | None
    """None where no file of this source was ever seen."""


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What the shell shows around the pages."""

    runs: int
    to_rate: int
    last_import_at: int | None
    first_run_at: int | None
    last_run_at: int | None


class Queries:
    """Questions to one open ledger, answered in one reporting time zone."""

    def __init__(self, ledger: Ledger, zone: tzinfo, clock: Clock, plans: Mapping[str, object] | None = None) -> None:
        self._ledger = ledger
        self.zone = zone
        self._clock = clock
        self._plans = plans or {}

    def now(self) -> int:
        """Return the instant of the app's clock, in milliseconds UTC."""
        return self._clock.now()

    def today(self) -> date:
        """Return the day it is in the reporting zone."""
        return moment(self.now(), self.zone).date()

    def facts(self) -> LedgerFacts:
        """Return the counts around the pages; cheap enough to ask after every change."""
        counts = reads.counts(self._ledger)
        return LedgerFacts(
            counts.runs,
            len(reads.inbox_run_ids(self._ledger, self.now(), limit=1000)),
            counts.last_import_at,
            counts.first_run_at,
            counts.last_run_at,
        )

    def usage(
        self,
        group_by: Sequence[str],
        span: Span,
        *,
        source: str | None = None,
        project: str | None = None,
        cost_center: str | None = None,
    ) -> Usage:
        """Sum tokens and cost by any of `ledger.usage.GROUPS`: project and cost centre as they were corrected."""
        rows = reads.usage_rows(
            self._ledger, tuple(group_by), span, self.zone, source=source, project=project, cost_center=cost_center
        )
        unlogged = tuple(reads.unlogged(self._ledger, span)) if (project, cost_center) == (None, None) else ()
        answer = Usage(
            tuple(group_by),
            tuple(rows),
            total_of([row.counters for row in rows]),
            tuple(row for row in unlogged if source in (None, row.source)),
        )
        return self._with_plans(answer, span, source, project, cost_center) if self._plans else answer

    def estimated_share(self, span: Span) -> EstimatedShare:
        """Return how much of a span's usage was estimated from text, beside the whole."""
        return EstimatedShare(self.usage((), span).totals, reads.estimated_usage(self._ledger, span))

    def _with_plans(
        self, answer: Usage, span: Span, source: str | None, project: str | None, cost_center: str | None
    ) -> Usage:
        def costs(groups: Sequence[str]) -> dict[tuple[str | None, ...], int | None]:
            return effective_costs(
                self._ledger,
                self._plans,
                groups,
                span,
                self.zone,
                source=source,
                project=project,
                cost_center=cost_center,
            )

        by_group = costs(answer.group_by)
        effective = tuple(by_group.get(tuple(row.group.values())) for row in answer.rows)
        return replace(answer, effective=effective, effective_total=costs(()).get(()))

    def run_ids(self, wanted: RunFilter) -> "array[int]":
        """Return the ids of the runs that match, in the order asked for (8 bytes each)."""
        return reads.run_ids(self._ledger, wanted)

    def runs(self, ids: Sequence[int]) -> list[Run]:
        """Return these runs in the order of `ids`; ids that no longer exist are left out."""
        return reads.runs_by_id(self._ledger, ids)

    def run(self, run_id: int) -> RunDetail:
        """Return one run whole. Raises LedgerError where it does not exist."""
        return reads.run_detail(self._ledger, run_id)

    def run_id(self, text: str) -> int:
        """Return the ledger's number of the run that `run_named` finds. Raises the same."""
        return reads.find_run(self._ledger, text)

    def run_named(self, text: str) -> RunDetail:
        """Find a run by its key's first digits, or the agent's session id.

        Raises LedgerError where there is none, or several.
        """
        return reads.run_detail(self._ledger, self.run_id(text))

    def inbox(self, limit: int = 200) -> list[Run]:
        """Return the ended runs that wait for a judgement: those that the app has drawn, then the others, newest first.

        `pending` ones return after 7 days.
        """
        drawn = drawn_waiting(self._ledger, self.now() - FRAME_DAYS * _DAY_MS)
        others = reads.inbox_run_ids(self._ledger, self.now(), limit=limit)
        return self.runs(list(dict.fromkeys([*drawn, *others]))[:limit])

    def drawn(self) -> list[DrawnRun]:
        """Return the runs that the app has drawn in the last days to ask about, answered ones too, earliest first."""
        return drawn_since(self._ledger, self.now() - FRAME_DAYS * _DAY_MS)

    def rated_runs(self, span: Span) -> list[RatedRun]:
        """Return every run that started in the span with its current answers: the input of `value` and `metrics`."""
        return reads.rated_runs(self._ledger, span)

    def projects(self) -> list[str]:
        """Return the names of all projects that have runs, sorted."""
        return reads.projects(self._ledger)

    def sources(self) -> list[SourceReport]:
        """Return every source that this version can read, those with files first."""
        health = {row.source: row for row in reads.source_health(self._ledger)}
        found = [
            SourceReport(
                source.key,
                source.label,
                _places(source) or ("what you log yourself",),
                source.capabilities,
                health.get(source.key),
            )
            for source in all_sources()
        ]
        return sorted(found, key=lambda report: (report.health is None, report.label))

    def periods(self) -> list[Period]:
        """Return the months and then the weeks (the running ones included) since the first run, newest first."""
        counts = reads.counts(self._ledger)
        if counts.first_run_at is None or counts.last_run_at is None:
            return []
        first, last = moment(counts.first_run_at, self.zone).date(), moment(counts.last_run_at, self.zone).date()
        return [*_periods_between(first, last, month_of), *_periods_between(first, last, week_of)]


def _places(source: Source) -> tuple[str, ...]:
    """Return where a source's files lie on this kind of computer, each place once."""
    here = [root.default for root in source.roots if not (root.default or "").startswith(_ELSEWHERE)]
    return tuple(dict.fromkeys("where you name them" if folder is None else "~/" + folder for folder in here))


def _periods_between(first: date, last: date, period_of: Callable[[date], Period]) -> list[Period]:
    found = []
    period = period_of(last)
    while period.last_on >= first:
        found.append(period)
        period = period_of(period.first_on - timedelta(days=1))
    return found
