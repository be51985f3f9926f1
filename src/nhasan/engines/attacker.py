"""The attacker: a linear program that works out what it can of hidden cells.

`ranges` says exactly between which numbers each hidden cell lies for all that a reader knows.
`Evidence` answers the narrower question, whether a cell keeps the room that it needs, with far
fewer programs: every table that agrees with what is shown bears witness for all its cells at
once, and so does the true one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nhasan.domain.attack import INFINITE, Part, Puzzle, Range
from nhasan.engines.solver import Bound, Numbers, Program

NEAR_WHOLE = 1e-6
MOST_AT_ONCE = 4_000
"""How many cells are looked at in one program; others are held still meanwhile."""
BLOCKS = (60, 250, 1_000)
"""The sizes of the neighbourhoods in which witnesses are looked for, one after the other."""
MOST_WHOLE = 150
"""Up to how many cells a witness must consist of whole numbers."""
_REACH = 64


def ranges(puzzle: Puzzle, hidden: Collection[int], cells: Iterable[int] | None = None,
           *, whole: bool = False) -> dict[int, Range]:
    """Return the range of each hidden cell (or of some), rounded inwards to whole numbers.

    With `whole` the attacker also uses that every hidden cell is a whole number.
    """
    asked = set(hidden if cells is None else cells)
    found = {}
    for part in puzzle.parts(hidden):
        wanted = [at for at, cell in enumerate(part.cells) if cell in asked]
        if not wanted:
            continue
        program = program_of(puzzle, part, INFINITE)
        if whole:
            program.whole(range(len(part.cells)))
        for at in wanted:
            true = puzzle.truth[part.cells[at]]
            low, high = _extremes(program, len(part.cells), at)
            found[part.cells[at]] = Range(
                true + ceil(low - NEAR_WHOLE),
                INFINITE if high == INFINITE else true + floor(high + NEAR_WHOLE),
            )
    return found


def _extremes(program: Program, size: int, at: int) -> tuple[float, float]:
    """Return how far one unknown can move down and up; nowhere when that is in doubt."""
    cost = np.zeros(size)
    cost[at] = 1
    low, _ = program.least(cost)
    high, _ = program.least(-cost)
    return (0 if low == INFINITE else low), (0 if high == INFINITE else -high)


def program_of(puzzle: Puzzle, part: Part, reach: float) -> Program:
    """Return the program of a part: each unknown is how far a cell moves from its true value."""
    program = Program(
        [min(0, puzzle.least[cell] - puzzle.truth[cell]) for cell in part.cells],
        [reach] * len(part.cells),
    )
    place = {cell: at for at, cell in enumerate(part.cells)}
    program.add_rows(bound_rows(puzzle, part.rows, place))
    return program


def bound_rows(
    puzzle: Puzzle, rows: Iterable[int], place: Mapping[int, int],
) -> Iterator[Bound]:
    """Yield rows as they bind the cells that move; what stands still adds nothing."""
    for number in rows:
        row = puzzle.rows[number]
        at, by = [], []
        for cell, weight in zip(row.cells, row.weights, strict=True):
            if cell in place:
                at.append(place[cell])
                by.append(weight)
        yield at, by, *puzzle.slack(number)


class Memory(NamedTuple):
    """What was witnessed of some cells."""

    cells: npt.NDArray[np.int64]
    up: Numbers
    down: Numbers
    of_up: npt.NDArray[np.int64]
    of_down: npt.NDArray[np.int64]


class Evidence:
    """What is known of the room that cells have, from witnesses alone."""

    def __init__(self, puzzle: Puzzle) -> None:
        """Begin with one witness: the true table."""
        self.puzzle = puzzle
        self.up = np.zeros(len(puzzle.truth))
        self.down = np.zeros(len(puzzle.truth))
        self.witnesses: list[tuple[npt.NDArray[np.int64], Numbers]] = []
        self.of_up = np.full(len(puzzle.truth), -1)
        self.of_down = np.full(len(puzzle.truth), -1)

    def lacks(self, cell: int) -> int:
        """Return how much of the room that a cell needs has not been witnessed."""
        room: int = floor(self.up[cell] + NEAR_WHOLE) + floor(self.down[cell] + NEAR_WHOLE)
        return max(0, self.puzzle.need[cell] - room)

    def note(self, cells: Sequence[int], moves: Numbers) -> None:
        """Hear a witness: these cells could all differ by this much from their true values."""
        moved = np.abs(moves) > NEAR_WHOLE
        at, by = np.array(cells, np.int64)[moved], moves[moved]
        for room, of, sign in ((self.up, self.of_up, 1), (self.down, self.of_down, -1)):
            more = at[sign * by > room[at] + NEAR_WHOLE]
            room[more] = sign * by[sign * by > room[at] + NEAR_WHOLE]
            of[more] = len(self.witnesses)
        self.witnesses.append((at, by))

    def forget(self, cells: Sequence[int]) -> Memory:
        """Forget what was witnessed of some cells; what is returned brings it back."""
        at = np.array(cells, np.int64)
        kept = Memory(at, *(held[at].copy() for held in self._held()))
        self.up[at] = self.down[at] = 0
        self.of_up[at] = self.of_down[at] = -1
        return kept

    def recall(self, memory: Memory) -> None:
        """Know again what was forgotten."""
        for held, values in zip(self._held(), memory[1:], strict=True):
            held[memory.cells] = values

    def _held(self) -> tuple[npt.NDArray[Any], ...]:
        return self.up, self.down, self.of_up, self.of_down

    def lacking(self, cells: Iterable[int]) -> list[int]:
        """Return those of the cells whose room has not been witnessed."""
        return [cell for cell in cells if cell in self.puzzle.need and self.lacks(cell)]

    def search(self, hidden: Collection[int]) -> list[int]:
        """Look for witnesses for every hidden cell that needs room; return the exposed ones."""
        return [cell for cell in self.look(hidden) if self.is_exposed(cell, hidden)]

    def look(self, hidden: Collection[int]) -> list[int]:
        """Look for witnesses in small neighbourhoods; return the cells that found none.

        Most find them near by. So a small neighbourhood is looked at first, and only what it
        leaves open is looked at in a larger one: the work grows with the table, not with its
        square.
        """
        lacking = self.lacking(sorted(hidden))
        for most in BLOCKS:
            seen: set[int] = set()
            for cell in lacking:
                if cell not in seen and self.lacks(cell):
                    _Search(self, self.puzzle.around((cell,), hidden, most, seen)).together()
            lacking = self.lacking(lacking)
        return lacking

    def is_exposed(self, cell: int, hidden: Collection[int]) -> bool:
        """Tell whether a cell is exposed even with all that is near it free to move."""
        return bool(self.lacks(cell)) and bool(
            _Search(self, self.puzzle.around((cell,), hidden, MOST_AT_ONCE)).one_by_one([0]),
        )

    def search_part(self, part: Part) -> list[int]:
        """Look for witnesses among cells that hang together; return the exposed ones."""
        if not self.lacking(part.cells):
            return []
        search = _Search(self, part)
        search.together()
        return search.one_by_one(search.asked)


class _Search:
    """A search for witnesses within one part."""

    def __init__(self, evidence: Evidence, part: Part) -> None:
        self.evidence = evidence
        self.part = part
        self.size = len(part.cells)
        puzzle = evidence.puzzle
        self.asked = [at for at, cell in enumerate(part.cells) if cell in puzzle.need]
        self.reach = _REACH * max(puzzle.need[part.cells[at]] for at in self.asked)
        self.small = self.size <= MOST_WHOLE

    def together(self) -> None:
        """Move as many cells as possible at once, up and down in turn, while that helps."""
        helped, sign = 2, 1
        while helped:
            before = self.evidence.lacking(self.part.cells)
            if not before:
                return
            self._all(sign)
            sign = -sign
            helped = 2 if len(self.evidence.lacking(self.part.cells)) < len(before) else helped - 1

    def _all(self, sign: int) -> None:
        asked = [at for at in self.asked if self.evidence.lacks(self.part.cells[at])]
        least = [
            min(0, self.evidence.puzzle.least[cell] - self.evidence.puzzle.truth[cell])
            for cell in self.part.cells
        ]
        wanted = [self._wanted(at, sign) for at in asked]
        program = Program([*least, *[0] * len(asked)], [*[self.reach] * self.size, *wanted])
        place = {cell: at for at, cell in enumerate(self.part.cells)}
        program.add_rows(bound_rows(self.evidence.puzzle, self.part.rows, place))
        program.add_rows(
            ([at, self.size + number], [sign, -1], 0, INFINITE)
            for number, at in enumerate(asked)
        )
        cost = np.zeros(self.size + len(asked))
        cost[self.size:] = -1
        self._ask(program, cost)

    def _wanted(self, at: int, sign: int) -> int:
        """Return how far a cell has to move this way, given how far it can move the other."""
        cell = self.part.cells[at]
        other = self.evidence.down if sign > 0 else self.evidence.up
        has: int = floor(other[cell] + NEAR_WHOLE)
        return max(0, self.evidence.puzzle.need[cell] - has)

    def one_by_one(self, asked: Sequence[int]) -> list[int]:
        """Ask for each cell that is left how far it can move; return those that cannot."""
        program: Program | None = None
        exposed = []
        for at in asked:
            if not self.evidence.lacks(self.part.cells[at]):
                continue
            program = program or program_of(self.evidence.puzzle, self.part, self.reach)
            for sign in (-1, 1):
                cost = np.zeros(self.size)
                cost[at] = sign
                self._ask(program, cost)
            if self.evidence.lacks(self.part.cells[at]):
                exposed.append(self.part.cells[at])
        return exposed

    def _ask(self, program: Program, cost: Numbers) -> None:
        _, found = program.least(cost)
        if found is not None and self.small and not is_whole(found[:self.size]):
            program.whole(range(self.size))
            _, found = program.least(cost)
        if found is not None:
            self.evidence.note(self.part.cells, found[:self.size])


def is_whole(values: Numbers) -> bool:
    """Tell whether all of these are whole numbers, as nearly as can be reckoned."""
    return bool(np.all(np.abs(values - np.rint(values)) < NEAR_WHOLE))
