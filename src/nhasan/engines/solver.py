"""Linear and whole-number programs, solved by HiGHS.

One thread and a fixed seed: the same program gives the same answer on every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from highspy import HighsModelStatus, HighsVarType

# The class that the public one is built on: that one prints a banner and wires callbacks.
from highspy._core import _Highs

from nhasan.domain.attack import INFINITE

Numbers = npt.NDArray[np.float64]
_ENDLESS = frozenset({HighsModelStatus.kUnbounded, HighsModelStatus.kUnboundedOrInfeasible})
Bound = tuple[Sequence[int], Sequence[float], float, float]
_MOST_NODES = 2_000
"""Where a search for whole numbers is given up; a count, for a clock would not repeat itself."""


class Program:
    """Unknowns between bounds, and rows of sums over them; asked for extremes, again and again.

    HiGHS keeps where it stood, so a question that differs little from the last costs little.
    """

    def __init__(self, low: Sequence[float], high: Sequence[float]) -> None:
        """Begin with the unknowns and their bounds."""
        self._size = len(low)
        self._highs: Any = _Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 1),
            ("mip_max_nodes", _MOST_NODES), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0),
        ):
            self._highs.setOptionValue(name, value)
        self._highs.addVars(self._size, _numbers(low), _numbers(high))
        self._cost = np.zeros(self._size)

    def add_rows(self, rows: Iterable[Bound]) -> None:
        """Add rows: (which unknowns, their weights, least, greatest)."""
        starts, low, high = [0], [], []
        cells: list[int] = []
        weights: list[float] = []
        for at, by, least, most in rows:
            cells += at
            weights += by
            starts.append(len(cells))
            low.append(least)
            high.append(most)
        self._highs.addRows(
            len(low), _numbers(low), _numbers(high), len(cells),
            np.array(starts[:-1], np.int32), np.array(cells, np.int32), _numbers(weights),
        )

    def whole(self, unknowns: Sequence[int]) -> None:
        """Ask these unknowns to be whole numbers."""
        kind = np.full(len(unknowns), HighsVarType.kInteger.value, np.uint8)
        self._highs.changeColsIntegrality(len(unknowns), np.array(unknowns, np.int32), kind)

    def bound(self, unknown: int, low: float, high: float) -> None:
        """Change the bounds of one unknown."""
        self._highs.changeColBounds(unknown, low, high)

    def least(self, cost: Numbers) -> tuple[float, Numbers | None]:
        """Return the least that the cost can be, and where.

        Without a place there is no least: minus infinity when the cost has no bound, plus
        infinity when nothing solves the program or the search was given up.
        """
        changed = np.flatnonzero(cost != self._cost).astype(np.int32)
        if len(changed):
            self._highs.changeColsCost(len(changed), changed, cost[changed])
            self._cost = cost.copy()
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != HighsModelStatus.kOptimal:
            return -INFINITE if status in _ENDLESS else INFINITE, None
        return (
            self._highs.getInfo().objective_function_value,
            np.array(self._highs.getSolution().col_value),
        )


def _numbers(values: Sequence[float]) -> Numbers:
    return np.array(values, np.float64)
