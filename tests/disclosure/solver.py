"""An attacker with an integer solver: everything that a period's cells say, as constraints, and nothing of our code.

Written from docs/what-leaves-this-machine.md alone, so that a mistake in the app's own check is not made twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

DELICATE = {"harmful", "unnecessary"}
RESTS = ("not_rated", "not_known")
MOST = 50_000


@dataclass(frozen=True)
class Hidden:
    """What the attacker finds out of one kind that is not shown."""

    bar: str
    kind: str
    in_other: bool
    least: int
    most: int


class Attacker:
    """Collects what is said of one period; then asks for the least and most of each hidden kind."""

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self._names: dict[tuple[str, str], int] = {("", "runs"): 0}
        self._rows: list[tuple[dict[int, int], float, float]] = []
        self._least: dict[int, int] = {}
        self._most: dict[int, int] = {}
        self.hidden: list[tuple[str, str, bool]] = []
        bars = {name: cells[name]["shares"] for name in ("outcome", "need", "review")}
        bars |= {name: cells["oversight"][name] for name in ("autonomy", "data_class")}
        for name, shares in bars.items():
            if shares is not None:
                self._bar(name, shares, cells["counts"].get(name) or {})
        # Each run with a time answer has one grade; each that acted is a run.
        timed = sum(_span(cell["runs"])[0] for cell in cells["time"].values() if cell)
        acted = [_span(code)[0] for code in cells["oversight"]["actions"].values() if code]
        self._least[0] = max(10, timed, *acted)

    def solved(self) -> list[Hidden]:
        """Return the exact range of every hidden kind."""
        width = len(self._names)
        matrix = np.zeros((len(self._rows), width))
        for row, (parts, _, _) in enumerate(self._rows):
            for number, times in parts.items():
                matrix[row, number] = times
        said = LinearConstraint(
            csr_array(matrix), [low for _, low, _ in self._rows], [high for _, _, high in self._rows]
        )
        ends = Bounds(
            np.array([self._least.get(number, 0) for number in range(width)]),
            np.array([self._most.get(number, MOST) for number in range(width)]),
        )

        def end(bar: str, kind: str, sign: int) -> int:
            goal = np.zeros(width)
            goal[self._names[bar, kind]] = sign
            found = milp(goal, constraints=said, bounds=ends, integrality=np.ones(width))
            assert found.success, f"the truth itself is not possible: {found.message}"
            return sign * round(float(found.fun))

        return [Hidden(bar, kind, other, end(bar, kind, 1), end(bar, kind, -1)) for bar, kind, other in self.hidden]

    def _bar(self, bar: str, shares: Mapping[str, str | None], counts: Mapping[str, str | None]) -> None:
        rest = next(name for name in RESTS if name in shares)
        kinds = [kind for kind in shares if kind not in {"other", *RESTS}]
        hidden = [kind for kind in kinds if shares[kind] is None]
        unknown = self._variable(bar, rest)
        for kind in kinds:
            number = self._variable(bar, kind)
            if kind in hidden:
                self._most[number] = 19 if kind in DELICATE else 4
                self.hidden.append((bar, kind, shares["other"] is not None))
                continue
            self._least[number] = 5
            self._share({number: 1}, shares[kind])
            if counts.get(kind):
                self._least[number], self._most[number] = _span(str(counts[kind]))
        unseen = {self._variable(bar, kind): 1 for kind in hidden}
        if shares["other"] is None:
            self._share({unknown: 1, **unseen}, shares[rest])
        else:
            self._rows.append((unseen, 5, MOST))
            self._share(unseen, shares["other"])
            self._share({unknown: 1}, shares[rest])
        every = {self._variable(bar, kind): 1 for kind in kinds}
        if rest == "not_rated":
            self._rows.append((every, 10, MOST))
        self._rows.append(({**every, unknown: 1, 0: -1}, 0, 0))

    def _share(self, parts: Mapping[int, int], code: str | None) -> None:
        low, high = map(int, str(code).split("-"))
        hundredfold = {number: 100 * times for number, times in parts.items()}
        self._rows.append(({**hundredfold, 0: -low}, 0, np.inf))
        self._rows.append(({**hundredfold, 0: -high}, -np.inf, 0 if high == 100 else -1))

    def _variable(self, bar: str, kind: str) -> int:
        return self._names.setdefault((bar, kind), len(self._names))


def _span(code: str) -> tuple[int, int]:
    low, _, high = code.rstrip("+").partition("-")
    return int(low), int(high or MOST)
