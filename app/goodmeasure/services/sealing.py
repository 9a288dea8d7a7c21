"""The receipt of each week: what was said of its runs by then, sealed, so that single runs can be opened later."""

from collections.abc import Iterable
from datetime import tzinfo
from secrets import SystemRandom, token_bytes
from typing import TYPE_CHECKING

import msgspec

from goodmeasure.disclosure.sealing import PLACES, sealed, sealed_week
from goodmeasure.disclosure.single_runs import RunRecord
from goodmeasure.domain.assessments import AssessmentName
from goodmeasure.domain.audit_trail import week_before, weeks_between
from goodmeasure.domain.period import Span, moment, period_named, week_of
from goodmeasure.domain.receipts import SealedReceipt, SealedRun
from goodmeasure.host.clock import Clock
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.receipts import keep_receipt, receipt_weeks, sealed_runs
from goodmeasure.reports.exact import grade_shown
from goodmeasure.value.coverage import answer

if TYPE_CHECKING:
    from goodmeasure.domain.runs import RatedRun


class Sealing:
    """Makes the receipts of finished weeks. Not for the thread that draws."""

    def __init__(self, ledger: Ledger, zone: tzinfo, clock: Clock) -> None:
        self._ledger = ledger
        self._zone = zone
        self._clock = clock

    def seal_weeks(self) -> int:
        """Make the receipt of every finished week since the last one, and return how many that were.

        The first time, of the last week only: it seals all runs so far. A receipt seals every run that started before
        its week ended and is new, or of which something else is said than when it was sealed last. Raises LedgerError.
        """
        last = week_before(week_of(moment(self._clock.now(), self._zone).date()).name)
        made = receipt_weeks(self._ledger)
        weeks = weeks_between(made[-1] if made else week_before(last), last)
        if not weeks:
            return 0
        from goodmeasure.ledger.runs import rated_runs  # noqa: PLC0415 - loads SQLAlchemy, once a week

        runs = rated_runs(self._ledger, Span(None, period_named(last).span(self._zone).until))
        before = {run_id: run.record for run_id, (_, run) in sealed_runs(self._ledger).items()}
        return sum(self._seal(week, runs, before) for week in weeks)

    def seal_week(self, week: str) -> bool:
        """Make the receipt of one finished week that is asked for though it was over before the first receipt.

        It seals the runs that started in that week, as they are now; reports say when they were written. Return whether
        it was made: False where there is one, or the week is not over. Raises LedgerError.
        """
        self.seal_weeks()
        made = receipt_weeks(self._ledger)
        if week in made or not made or week > made[-1]:
            return False
        from goodmeasure.ledger.runs import rated_runs  # noqa: PLC0415 - loads SQLAlchemy, once a week

        return self._seal(week, rated_runs(self._ledger, period_named(week).span(self._zone)), {})

    def _seal(self, week: str, runs: Iterable["RatedRun"], before: dict[int, bytes]) -> bool:
        ended = period_named(week).span(self._zone).until or 0
        said = {
            run.run_id: record_of(run, self._zone)
            for run in runs
            if run.started_at is not None and run.started_at < ended
        }
        fresh = [
            (run_id, record)
            for run_id, record in said.items()
            if before.get(run_id) != msgspec.json.encode(record, order="sorted")
        ][-PLACES:]
        sealed_now, leaves = [], {}
        for (run_id, record), place in zip(fresh, SystemRandom().sample(range(PLACES), len(fresh)), strict=True):
            salt = token_bytes(32)
            leaves[place] = sealed(record, salt)
            before[run_id] = msgspec.json.encode(record, order="sorted")
            sealed_now.append(SealedRun(run_id, place, salt, before[run_id]))
        filling = token_bytes(32)
        root = sealed_week(leaves, filling).root
        return keep_receipt(self._ledger, SealedReceipt(week, root, filling, leaves, self._clock.now()), sealed_now)


def record_of(run: "RatedRun", zone: tzinfo) -> RunRecord:
    """Return what can be sealed of a run: its answers and facts as they are now."""
    said = {
        name.value: answer(run, name)
        for name in (
            AssessmentName.OUTCOME,
            AssessmentName.NEED,
            AssessmentName.REVIEW,
            AssessmentName.TIME_SAVED,
        )
    }
    return msgspec.convert(
        {
            "run_week": None if run.started_at is None else week_of(moment(run.started_at, zone).date()).name,
            "work_kind": run.work_kind,
            **said,
            "evidence": None if said["outcome"] is None else grade_shown(run).value,
        },
        RunRecord,
        strict=True,
    )
