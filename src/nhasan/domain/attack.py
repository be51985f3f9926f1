"""Attack: what a reader can work out of a table in which cells are hidden.

A `Puzzle` is a table as somebody sees it who can reckon. Every sum that he can check is a row:
so much of these cells together is no less than `low` and no more than `high`. Cells that are
shown are known. A hidden one is known only to be no less than `least`: where zeros are shown, a
hidden count is at least one. All rows together leave each hidden cell a range, and a cell that
must be protected is exposed when its range is narrower than it needs.

The puzzle is a value; `engines/solver.py` reckons with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

INFINITE = float("inf")


class Row(NamedTuple):
    """One thing that a reader knows of several cells: `low <= weights × cells <= high`."""

    cells: tuple[int, ...]
    weights: tuple[float, ...]
    low: float = 0
    high: float = 0


class Part(NamedTuple):
    """Cells that depend on one another, with the rows that bind them."""

    cells: tuple[int, ...]
    rows: tuple[int, ...]


class Range(NamedTuple):
    """The least and the greatest that a hidden cell can be, for all that a reader knows."""

    low: float
    high: float

    def width(self) -> float:
        """Return how much room the range leaves."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A table as a reader sees it, with what he must not find out.

    `truth` holds every cell's value and `least` the least that readers hold possible for it.
    `need` says how wide the range of each cell that is to be protected must stay. `free` cells
    may be hidden if that helps; `loss` is what readers lose by it. A cell that is neither free
    nor hidden stays as it is.
    """

    truth: Sequence[int]
    least: Sequence[int]
    rows: Sequence[Row]
    need: Mapping[int, int]
    loss: Sequence[float]
    free: frozenset[int] = frozenset()
    _of_cell: dict[int, list[int]] = field(
        init=False, compare=False, repr=False, default_factory=lambda: defaultdict(list),
    )

    _slack: dict[int, tuple[float, float]] = field(
        init=False, compare=False, repr=False, default_factory=dict,
    )

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            for cell in row.cells:
                self._of_cell[cell].append(number)

    def rows_of(self, cell: int) -> Sequence[int]:
        """Return the numbers of the rows that a cell stands in."""
        return self._of_cell.get(cell, ())

    def slack(self, number: int) -> tuple[float, float]:
        """Return how far a row may move down and up from what it is in truth.

        A row that is not true of the figures themselves (somebody reported a total that
        differs from its parts) is taken as it stands: it does not move.
        """
        if number not in self._slack:
            row = self.rows[number]
            now = sum(
                weight * self.truth[cell]
                for cell, weight in zip(row.cells, row.weights, strict=True)
            )
            self._slack[number] = min(0, row.low - now), max(0, row.high - now)
        return self._slack[number]

    def parts(self, hidden: Collection[int]) -> Iterator[Part]:
        """Yield the hidden cells in groups that share no row, each with its rows."""
        seen: set[int] = set()
        for first in sorted(hidden):
            if first not in seen:
                yield self.around((first,), hidden, seen=seen)

    def around(self, start: Iterable[int], within: Container[int], most: int = 0,
               seen: set[int] | None = None) -> Part:
        """Return the cells that hang together with `start`, marking them as seen.

        With `most` it stops at that many. A cell can move only where each of its rows has
        another one that makes up for it, so those are taken first whose rows are mostly there
        already, and among them those that readers miss least.
        """
        taken: list[int] = []
        rows: dict[int, None] = {}
        missing: dict[int, int] = {}
        heap = [(0, 0.0, cell) for cell in sorted(start)]
        seen = set() if seen is None else seen
        first = {cell for _, _, cell in heap}
        seen.difference_update(first)
        while heap and not (most and len(taken) >= max(most, len(first))):
            _, _, cell = heappop(heap)
            if cell in seen:
                continue
            seen.add(cell)
            taken.append(cell)
            for number in self.rows_of(cell):
                if number not in rows:
                    rows[number] = None
                    for near in self.rows[number].cells:
                        if near not in seen and near in within:
                            left = missing.get(near) or len(self._of_cell[near])
                            missing[near] = left - 1
                            heappush(heap, (left - 1, self.loss[near], near))
        return Part(tuple(taken), tuple(rows))
