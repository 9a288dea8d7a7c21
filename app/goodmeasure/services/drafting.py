"""From what a person asks for to the report that would leave: frozen cells, late runs, restatements, noise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec

from goodmeasure.disclosure.fields import EvidenceGrade
from goodmeasure.disclosure.levels import Numbers, Report
from goodmeasure.disclosure.noise import discrete_laplace, keyed
from goodmeasure.disclosure.numbers import NoisyRuns
from goodmeasure.disclosure.period_cells import PeriodCells, period_cells
from goodmeasure.disclosure.writing import (
    Claim,
    Header,
    TypedWords,
    write_numbers,
    write_receipt,
    write_single_runs,
    write_story,
)
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import Period, Span, period_named, starts_within, week_of
from goodmeasure.domain.releases import Freezing, FrozenPeriod, Release
from goodmeasure.ledger.audit import audit_trail
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.releases import frozen_periods, noise_key, released_runs, releases
from goodmeasure.ledger.traits import run_traits
from goodmeasure.reports.exact import exact_numbers, grade_shown
from goodmeasure.reports.opening import open_report
from goodmeasure.services.picking import opened_runs, receipt_root
from goodmeasure.services.report_requests import ImprovedLine, ReportRequest, demand_fitting
from goodmeasure.value.coverage import judged_runs

if TYPE_CHECKING:
    from goodmeasure.domain.runs import RatedRun
    from goodmeasure.services.queries import Queries

_GRADES: Final = tuple(EvidenceGrade)
"""Best backed first."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that a restatement changes: what a reader of both reports can lay side by side."""

    path: str
    """As in the field list: `outcome.shares.used`."""
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A report as it would leave, and what saving it does to the ledger."""

    report: Report
    freezing: Freezing | None = None
    """The cells that are frozen with it; None: they are frozen already, or it has none."""
    restates: Release | None = None
    """The release that it corrects for the first time."""
    changes: tuple[CellChange, ...] = ()
    """What a restatement changes of what was seen before."""


class Drafting:
    """Draws up reports. Writes nothing but what is not there yet: closed weeks of the audit log, the noise's key."""

    def __init__(self, ledger: Ledger, queries: "Queries") -> None:
        self._ledger = ledger
        self._queries = queries

    def drafted(self, request: ReportRequest) -> Drafted:
        """Return the report that is asked for. Raises Refusal where it cannot be, in one sentence."""
        demand_fitting(request)
        period = period_named(request.period)
        today = self._queries.today()
        if period.first_on > today:
            # Its shares would be frozen before there is anything to share.
            raise Refusal(f"{period.name} has not begun: choose a period in which your agents worked.")
        trail = audit_trail(self._ledger, week_of(today).name)
        header = Header(request.name, request.audience, request.purpose, today, request.kept_days, trail)
        if request.level == "L0":
            return Drafted(write_receipt(receipt_root(self._ledger, period), period, header))
        words = TypedWords(self._claims(request, period), request.did_not_work, request.needed)
        if request.level == "L3":
            return Drafted(
                write_single_runs(
                    opened_runs(self._ledger, request.runs, period, self._runs_of(period)), period, words, header
                )
            )
        return self._of_cells(request, period, words, header)

    def changes(self, period: Period) -> tuple[CellChange, ...]:
        """Return what a restatement of a period would change of what was seen of it. Raises Refusal as `drafted`."""
        held = frozen_periods(self._ledger)
        frozen = held.get(period.name)
        if frozen is None:
            raise Refusal(f"Nothing was shared of {period.name}: there is nothing to restate.")
        cells, _ = self._fresh(period, held)
        return self._changes(period, msgspec.json.decode(frozen.cells, type=PeriodCells), cells)

    def epsilon_tenths(self) -> int:
        """Return what all noisy numbers together have given away: the sum of their epsilons, in tenths."""
        spent = 0
        current: dict[str, NoisyRuns] = {}
        for release in releases(self._ledger):
            if release.restates_id is not None:
                current.pop(release.period, None)
            report = open_report(release.body) if release.level == "L2" else None
            if isinstance(report, Numbers) and report.noisy_runs is not None:
                spent += report.noisy_runs.epsilon_tenths if current.get(release.period) != report.noisy_runs else 0
                current[release.period] = report.noisy_runs
        return spent

    def _of_cells(self, request: ReportRequest, period: Period, words: TypedWords, header: Header) -> Drafted:
        held = frozen_periods(self._ledger)
        _demand_disjoint(period, held)
        frozen = held.get(period.name)
        made = [one for one in releases(self._ledger) if one.period == period.name and one.level in {"L1", "L2"}]
        freezing, changes, corrected = None, tuple[CellChange, ...](), None
        if frozen is not None and not request.restate:
            cells = msgspec.json.decode(frozen.cells, type=PeriodCells)
        else:
            cells, run_ids = self._fresh(period, held)
            freezing = Freezing(msgspec.json.encode(cells), run_ids, None if frozen is None else frozen.id)
            if request.restate:
                if frozen is None:
                    raise Refusal(f"Nothing was shared of {period.name}: there is nothing to restate.")
                changes = self._changes(period, msgspec.json.decode(frozen.cells, type=PeriodCells), cells)
                if not changes:
                    raise Refusal(f"What was shared of {period.name} still holds: there is nothing to restate.")
                corrected = made[-1]
        restates = _restated(made, corrected)
        if request.level == "L1":
            story = write_story(cells, period, words, header, restates=restates)
            return Drafted(story, freezing, corrected, changes)
        numbers = write_numbers(
            cells,
            period,
            words,
            header,
            restates=restates,
            cost=request.cost,
            oversight=request.oversight,
            noisy_runs=self._noisy(request, period, freezing, [] if corrected else made),
        )
        return Drafted(numbers, freezing, corrected, changes)

    def _fresh(self, period: Period, held: Mapping[str, FrozenPeriod]) -> tuple[PeriodCells, tuple[int, ...]]:
        """Return cells over the runs that count for a period now, and those runs."""
        runs = self._members(period, held)
        if not runs:
            raise Refusal(f"There is no run in {period.name}: choose a period in which your agents worked.")
        run_ids = tuple(run.run_id for run in judged_runs(runs))
        numbers = exact_numbers(runs, run_traits(self._ledger, run_ids), self._queries.zone)
        return period_cells(numbers), run_ids

    def _members(self, period: Period, held: Mapping[str, FrozenPeriod]) -> list["RatedRun"]:
        """Return the runs of a period, and those that came too late for an earlier one that was released before."""
        counted = released_runs(self._ledger)
        earlier = [one for one in map(period_named, held) if one.last_on < period.first_on]
        late = {run.run_id: run for run in self._runs_in(earlier, period)}
        members = {run.run_id: run for run in self._runs_of(period)}
        # In a restatement, the late runs that came to this period stay, and no more come: it is no open one.
        open_for = {period.name} if period.name in held else {period.name, None}
        members |= {run_id: run for run_id, run in late.items() if counted.get(run_id) in open_for}
        return [run for run in members.values() if counted.get(run.run_id, period.name) == period.name]

    def _runs_of(self, period: Period) -> list["RatedRun"]:
        return self._queries.rated_runs(period.span(self._queries.zone))

    def _runs_in(self, earlier: Sequence[Period], before: Period) -> list["RatedRun"]:
        """Return the runs that started in any of the earlier periods, asked for at once."""
        if not earlier:
            return []
        zone = self._queries.zone
        spans = [one.span(zone) for one in earlier]
        since = min(span.since for span in spans if span.since is not None)
        runs = self._queries.rated_runs(Span(since, before.span(zone).since))
        return [run for run in runs if any(starts_within(run.started_at, span) for span in spans)]

    def _changes(self, period: Period, before: PeriodCells, after: PeriodCells) -> tuple[CellChange, ...]:
        seen = {"outcome", "need", "review"}
        for release in releases(self._ledger):
            report = open_report(release.body) if release.period == period.name and release.level == "L2" else None
            if isinstance(report, Numbers):
                seen |= {"counts", "time"}
                seen |= {name for name in ("cost", "oversight") if getattr(report, name) is not None}
        old, new = _leaves(before), _leaves(after)
        return tuple(
            CellChange(path, old.get(path), new.get(path))
            for path in sorted(old.keys() | new.keys())
            if path.split(".")[0] in seen and old.get(path) != new.get(path)
        )

    def _noisy(
        self, request: ReportRequest, period: Period, freezing: Freezing | None, made: Sequence[Release]
    ) -> NoisyRuns | None:
        if request.noise_tenths is None:
            return None
        for release in reversed(made):
            report = open_report(release.body)
            if isinstance(report, Numbers) and report.noisy_runs is not None:
                if report.noisy_runs.epsilon_tenths != request.noise_tenths:
                    said = report.noisy_runs.epsilon_tenths / 10
                    raise Refusal(
                        f"A noisy number of {period.name} was shared with epsilon {said}: only that one can be again."
                    )
                return report.noisy_runs
            if release.restates_id is not None:
                break
        counted = (
            len(freezing.run_ids)
            if freezing is not None
            else sum(name == period.name for name in released_runs(self._ledger).values())
        )
        generation = 0 if freezing is None else (freezing.after_id or 0) + 1
        label = f"{period.name} {generation} {counted} {request.noise_tenths}".encode()
        noise = discrete_laplace(request.noise_tenths, keyed(noise_key(self._ledger), label))
        return NoisyRuns(counted + noise, request.noise_tenths)

    def _claims(self, request: ReportRequest, period: Period) -> list[Claim]:
        lines = [line if isinstance(line, ImprovedLine) else ImprovedLine(line) for line in request.improved]
        if not any(line.run_ids for line in lines):
            return [Claim(line.text) for line in lines]
        held = frozen_periods(self._ledger)
        grades = {run.run_id: EvidenceGrade(grade_shown(run).value) for run in self._members(period, held)}
        claims = []
        for line in lines:
            if strange := [run_id for run_id in line.run_ids if run_id not in grades]:
                raise Refusal(f"Run {strange[0]} is not of {period.name}: it cannot back a line about it.")
            backing = [grades[run_id] for run_id in line.run_ids]
            claims.append(Claim(line.text, max(backing, key=_GRADES.index) if backing else EvidenceGrade.SELF_REPORTED))
        return claims


def _demand_disjoint(period: Period, held: Mapping[str, FrozenPeriod]) -> None:
    for other in map(period_named, held):
        if other != period and other.first_on <= period.last_on and period.first_on <= other.last_on:
            raise Refusal(
                f"{other.name} was shared before, and {period.name} shares days with it, so that the difference of the "
                f"two would tell of those days alone: share {other.name} again, or a period without a day of it."
            )


def _restated(made: Sequence[Release], corrected: Release | None) -> str | None:
    """Return the SHA-256 of the release that the period's cells correct; None where they were never restated."""
    if corrected is None:
        number = next((one.restates_id for one in reversed(made) if one.restates_id is not None), None)
        corrected = next((one for one in made if one.id == number), None)
    return None if corrected is None else sha256(corrected.body).hexdigest()


def _leaves(cells: PeriodCells) -> dict[str, str | None]:
    """Return every cell by its path; lines of cost by their provider."""

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, one in value.items():
                walk(f"{path}.{name}", one)
        elif isinstance(value, list | tuple):
            for line in value:
                walk(f"{path}.{line['provider']}", line)
        else:
            found[path.removeprefix(".")] = None if value is None else str(value)

    found: dict[str, str | None] = {}
    walk("", msgspec.to_builtins(cells))
    return found
