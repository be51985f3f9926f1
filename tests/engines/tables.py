"""Small tables with every total, and an attacker who simply tries every number."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from nhasan.domain.attack import Puzzle
from nhasan.domain.cube import TOTAL, Cube, CubeKey, CubeRow, dimensions
from nhasan.domain.disclosure import Line, small_cells, sum_lines
from nhasan.domain.links import Link
from nhasan.domain.observations import Status
from nhasan.domain.protection_policy import DisclosurePolicy
from nhasan.domain.public_knowledge import Knowledge, puzzle

POLICY = DisclosurePolicy(threshold=5, indicators=frozenset({"S:1"}))
Cells = dict[tuple[str, ...], int]


def key(area: str, *groups: str) -> CubeKey:
    return ("S:1", "country" if area == "VN" else "province", area, "2019", *groups)


def with_totals(cells: Cells) -> Cube:
    """Return a table of areas by any number of breakdowns with every total of it."""
    held = dict(cells)
    for at in range(len(next(iter(cells)))):
        sums: Cells = {}
        for place, value in held.items():
            whole = (*place[:at], "VN" if at == 0 else TOTAL, *place[at + 1:])
            sums[whole] = sums.get(whole, 0) + value
        held |= sums
    dims = dimensions(["ETHNIC_GROUP", "SEX"][:len(next(iter(cells))) - 1])
    return Cube.of(dims, [
        CubeRow(key(*place), Decimal(value), Status.REPORTED) for place, value in held.items()
    ])


def all_lines(cube: Cube) -> list[Line]:
    """Return every sum of a table."""
    areas = set(cube.column("REF_AREA")) - {"VN"}
    return sum_lines(cube, {"S:1"}, [Link("province", area, "country", "VN") for area in areas])


def seen(cube: Cube, policy: DisclosurePolicy = POLICY) -> Puzzle:
    """Return a table as readers see it."""
    return puzzle(cube, policy, all_lines(cube), small_cells(cube, policy), Knowledge())


def table(*lists: Collection[str], high: int = 30) -> st.SearchStrategy[Cube]:
    """Return tables over codes, half of whose cells are small."""
    value = st.one_of(st.integers(0, 6), st.integers(0, high))
    return st.fixed_dictionaries(dict.fromkeys(product(*lists), value)).map(with_totals)


def by_trying(puzzle: Puzzle, hidden: Collection[int], most: int) -> dict[int, tuple[int, int]]:
    """Return the range of each hidden cell, found by trying every number up to `most`."""
    cells = sorted(hidden)
    found: dict[int, tuple[int, int]] = {}
    for values in _fitting(puzzle, cells, most):
        for cell, value in zip(cells, values, strict=True):
            low, high = found.get(cell, (value, value))
            found[cell] = (min(low, value), max(high, value))
    return found


def _fitting(puzzle: Puzzle, cells: list[int], most: int) -> Iterator[tuple[int, ...]]:
    """Yield every choice of numbers that agrees with all rows, cell by cell."""
    numbers = {cell: at for at, cell in enumerate(cells)}
    checked: dict[int, list[int]] = {at: [] for at in range(len(cells))}
    for number, row in enumerate(puzzle.rows):
        last = max((numbers[cell] for cell in row.cells if cell in numbers), default=None)
        if last is not None:
            checked[last].append(number)

    def agrees(number: int, chosen: list[int]) -> bool:
        row = puzzle.rows[number]
        total = sum(
            weight * (chosen[numbers[cell]] if cell in numbers else puzzle.truth[cell])
            for cell, weight in zip(row.cells, row.weights, strict=True)
        )
        return row.low <= total <= row.high

    def grow(chosen: list[int]) -> Iterator[tuple[int, ...]]:
        if len(chosen) == len(cells):
            yield tuple(chosen)
            return
        for value in range(puzzle.least[cells[len(chosen)]], most + 1):
            longer = [*chosen, value]
            if all(agrees(number, longer) for number in checked[len(chosen)]):
                yield from grow(longer)

    yield from grow([])
