"""One roll-up of a period, whole: everything that five people or more told of, and for the journal who they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from goodmeasure.disclosure.adding_amounts import costs, runs, times
from goodmeasure.disclosure.adding_bars import bars
from goodmeasure.disclosure.adding_up import Contribution, Sums
from goodmeasure.disclosure.cells import bucket
from goodmeasure.disclosure.rollup import FORMAT, STEP, RollUp
from goodmeasure.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Added:
    """A roll-up, and which reports went into which part of it."""

    roll_up: RollUp
    members: dict[str, frozenset[str]]
    """Part → marks, for the journal."""


def roll_up(
    contributions: Sequence[Contribution], invited: int | None, earlier: Sequence[Mapping[str, frozenset[str]]]
) -> Added:
    """Add up reports of one period, one of each person.

    `invited`: how many people were asked for one; None: not said. `earlier`: the members of every roll-up of this
    period before. Raises Refusal for fewer than five people, for fewer invited than came, and where the sum and an
    earlier one could be subtracted so that one to four people are left.
    """
    sums = Sums(contributions, earlier)
    if invited is not None and invited < len(contributions):
        raise Refusal(
            f"{len(contributions)} people shared {sums.period}, so more than {invited} were invited: say how many."
        )
    made = RollUp(
        format=FORMAT,
        taxonomy=1,
        period=sums.period,
        people_at_least=len(contributions) // STEP * STEP,
        contribution=None if invited is None else bucket(len(contributions), invited),  # type: ignore[arg-type]  # one of the literal's
        bars=bars(sums),
        runs=runs(sums),
        time=times(sums),
        costs=costs(sums),
    )
    # The gate that a file must pass, too.
    return Added(msgspec.convert(msgspec.to_builtins(made), RollUp, strict=True), sums.members)
