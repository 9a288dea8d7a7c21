"""Adding up reports: who may be in which sum, and that no two sums can be subtracted to a person.

Whose figure stands in a sum is decided by `Told`; the arithmetic of ranges by `adding_bars` and `adding_amounts`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from goodmeasure.disclosure.levels import Numbers, Story
from goodmeasure.disclosure.rollup import ADVISED_PEOPLE, MIN_PEOPLE
from goodmeasure.domain.errors import Refusal

PEOPLE: Final = "people"
"""The part of the journal that holds everyone in a roll-up."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One person's report of the period, and the mark under which the journal knows it."""

    mark: str
    report: Story | Numbers


class Sums:
    """The reports that are added up, and which of them went into which part."""

    def __init__(self, contributions: Sequence[Contribution], earlier: Sequence[Mapping[str, frozenset[str]]]) -> None:
        """`earlier`: the members of every roll-up of the same period that was made before.

        Raises Refusal for fewer than five people, for reports of different periods, and where a roll-up made before
        could be subtracted so that one to four people are left.
        """
        periods = sorted({one.report.period for one in contributions})
        if len(contributions) < MIN_PEOPLE:
            raise Refusal(
                f"A roll-up needs the reports of {MIN_PEOPLE} people or more ({ADVISED_PEOPLE} are better):"
                f" there are {len(contributions)}."
            )
        if len(periods) > 1:
            raise Refusal(f"These reports are about different periods ({', '.join(periods)}): choose one.")
        self.contributions = contributions
        self.period = periods[0]
        self._earlier = earlier
        everyone = _marks(contributions)
        self.members = {PEOPLE: everyone}
        """Part → marks of the reports in it: what the journal keeps."""
        if self._leaves_few(PEOPLE, everyone):
            raise Refusal(
                f"Another roll-up of {self.period} was made before, and subtracting the two would tell about fewer than"
                f" {MIN_PEOPLE} people: use that one, or wait until {MIN_PEOPLE} more have shared."
            )

    def told(
        self,
        part: str,
        has: Callable[[Story | Numbers], bool],
        *,
        among: Sequence[Contribution] | None = None,
        unknown_counts: bool = False,
    ) -> Sequence[Contribution]:
        """Return whose figures make `part`, of everyone or `among` some; nobody where it would tell of under five.

        Where all but one to four people have a figure, these would stand out by being left out: then everyone is
        returned if an unknown figure can be counted (`unknown_counts`), else nobody. Who is returned is noted.
        """
        asked = self.contributions if among is None else among
        having = [one for one in asked if has(one.report)]
        without = len(asked) - len(having)
        if len(having) < MIN_PEOPLE:
            return ()
        if without in range(1, MIN_PEOPLE):
            if not unknown_counts:
                return ()
            having = list(asked)
        if self._leaves_few(part, _marks(having)):
            return ()
        self.members[part] = _marks(having)
        return having

    def _leaves_few(self, part: str, marks: frozenset[str]) -> bool:
        """Say whether some group of one to four stands apart: in and out of the same sums, unlike everyone else.

        Sums of sets give away no more than sums of these groups, however they are added and subtracted.
        """
        sets = [members[part] for members in self._earlier if part in members] + [marks]
        groups = Counter(tuple(mark in one for one in sets) for mark in frozenset().union(*sets))
        return any(size < MIN_PEOPLE for size in groups.values())


def held_by_one(amounts: Iterable[int]) -> bool:
    """Say whether one person could hold more than half of what all hold together. No amount is negative."""
    held = list(amounts)
    return 2 * max(held, default=0) > sum(held)


def _marks(contributions: Iterable[Contribution]) -> frozenset[str]:
    return frozenset(one.mark for one in contributions)
