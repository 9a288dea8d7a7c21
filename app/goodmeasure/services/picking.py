"""Single runs for level L3: which can be picked, and how they are opened from the receipts that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from goodmeasure.disclosure.sealing import sealed_week
from goodmeasure.disclosure.single_runs import MOST_RUNS, OpenedRun, RunRecord
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.evidence import Link
from goodmeasure.domain.period import Period
from goodmeasure.ledger.opening import Ledger
from goodmeasure.ledger.reads import runs_by_id
from goodmeasure.ledger.receipts import receipt_of, sealed_runs
from goodmeasure.services.report_requests import PickedRun, reference

if TYPE_CHECKING:
    from goodmeasure.domain.runs import RatedRun
    from goodmeasure.services.queries import Queries


@dataclass(frozen=True, slots=True)
class SealedChoice:
    """One run that can be picked for level L3."""

    run_id: int
    title: str | None
    """For the person alone; it never leaves."""
    sealed_in: str
    """ISO week of its receipt."""
    record: RunRecord
    """What would be shown of it."""
    commits: tuple[str, ...]
    """Commits that hang on it, to be confirmed as references one by one."""


def sealed_choices(ledger: Ledger, queries: "Queries", period: Period) -> list[SealedChoice]:
    """Return the runs of a period that can be picked for level L3, oldest first."""
    sealed = sealed_runs(ledger)
    runs = [run for run in queries.rated_runs(period.span(queries.zone)) if run.run_id in sealed]
    titles = {run.id: run.title for run in queries.runs([run.run_id for run in runs])}
    return [
        SealedChoice(
            run.run_id,
            titles.get(run.run_id),
            sealed[run.run_id][0],
            msgspec.json.decode(sealed[run.run_id][1].record, type=RunRecord),
            tuple(one.sha for one in run.evidence if one.link is not Link.CANDIDATE),
        )
        for run in runs
    ]


def opened_runs(
    ledger: Ledger, picked: Sequence[PickedRun], period: Period, runs: Sequence["RatedRun"]
) -> list[OpenedRun]:
    """Return picked runs, each with the proof that it was sealed. `runs`: those of the period. Raises Refusal."""
    if not 1 <= len(picked) <= MOST_RUNS or len({one.run_id for one in picked}) != len(picked):
        raise Refusal(f"Pick from 1 to {MOST_RUNS} different runs: level L3 shows single runs, one by one.")
    sealed, of_period = sealed_runs(ledger), {run.run_id for run in runs}
    opened = []
    for one in picked:
        if one.run_id not in of_period:
            raise Refusal(f"Run {_key(ledger, one)} did not start in {period.name}: pick runs of that period.")
        if one.run_id not in sealed:
            raise Refusal(f"Run {_key(ledger, one)} is in no receipt yet: one is made when the week is over.")
        week, run = sealed[one.run_id]
        receipt = receipt_of(ledger, week)
        if receipt is None:
            raise AssertionError("a sealed run has a receipt")
        tree = sealed_week(receipt.leaves, receipt.filling)
        opened.append(
            OpenedRun(
                sealed_in=week,
                runs_root=tree.root.hex(),
                place=run.place,
                salt=run.salt.hex(),
                path=tuple(beside.hex() for beside in tree.path(run.place)),
                record=msgspec.json.decode(run.record, type=RunRecord),
                references=tuple(reference(kind, text) for kind, text in one.references),
            )
        )
    return opened


def receipt_root(ledger: Ledger, period: Period) -> bytes:
    """Return the root of a week's receipt, 32 bytes. Raises Refusal where there is none."""
    if "W" not in period.name:
        raise Refusal(f"A receipt is about one ISO week, not {period.name}: name one such as 2026-W46.")
    receipt = receipt_of(ledger, period.name)
    if receipt is None:
        raise Refusal(f"There is no receipt of {period.name} yet: one is made when the week is over.")
    return receipt.root


def _key(ledger: Ledger, picked: PickedRun) -> str:
    """Return the name by which a person knows the run."""
    found = runs_by_id(ledger, [picked.run_id])
    return found[0].key[:8] if found else str(picked.run_id)
