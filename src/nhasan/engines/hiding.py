"""Hiding further cells so that those already hidden keep the room that they need.

For each exposed cell the cheapest movement is sought that gives it room and leaves every row
as it is: the cells that move in it are hidden as well. The movement itself is then a witness,
so what is chosen is proved by how it was chosen. In the end cells without which all hold as
well are shown again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nhasan.domain.attack import INFINITE, Part, Puzzle
from nhasan.engines.attacker import (
    MOST_AT_ONCE,
    MOST_WHOLE,
    NEAR_WHOLE,
    Evidence,
    bound_rows,
    is_whole,
)
from nhasan.engines.solver import Numbers, Program

_NEIGHBOURHOODS = (300, MOST_AT_ONCE, 0)
_REACH = 64
_MOST_RESTING = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cells are hidden besides, and which cannot be protected at all."""

    more: tuple[int, ...]
    exposed: tuple[int, ...]


def choose(puzzle: Puzzle, hidden: Iterable[int], hint: Iterable[int] = ()) -> Choice:
    """Return which further cells to hide so that every cell keeps the room that it needs.

    A `hint` is what a simpler procedure would hide besides: a good place to begin. What is
    exposed in the end is given away by what cannot be hidden any more.
    """
    work = _Work(puzzle, frozenset(hidden))
    work.hidden |= puzzle.free.intersection(hint)
    exposed = []
    for cell in work.evidence.look(work.hidden):
        if work.evidence.lacks(cell) and not work.make_room(cell):
            exposed.append(cell)
    work.show_again()
    return Choice(tuple(sorted(work.hidden - work.start)), tuple(exposed))


class _Work:
    def __init__(self, puzzle: Puzzle, start: frozenset[int]) -> None:
        self.puzzle = puzzle
        self.start = start
        self.hidden = set(start)
        self.loose = start | puzzle.free
        self.evidence = Evidence(puzzle)
        self.resting: dict[int, set[int]] = defaultdict(set)
        self.moved: dict[int, list[int]] = {}

    def make_room(self, cell: int) -> bool:
        """Hide what it costs least to hide so that a cell has its room; false if nothing does."""
        for most in _NEIGHBOURHOODS:
            part = self.puzzle.around((cell,), self.loose, most)
            moves = self._cheapest(part)
            if moves is not None:
                used = np.flatnonzero(np.abs(moves) > NEAR_WHOLE)
                self.hidden.update(part.cells[at] for at in used)
                self.evidence.note(part.cells, moves)
                return True
            if not most or len(part.cells) < most:
                return False
        return False

    def _cheapest(self, part: Part) -> Numbers | None:
        """Return the cheapest movement that gives the first cell of a part its room."""
        cell = part.cells[0]
        found = []
        for sign, other in ((1, self.evidence.down), (-1, self.evidence.up)):
            wanted = self.puzzle.need[cell] - int(other[cell] + NEAR_WHOLE)
            if sign > 0 or self.puzzle.truth[cell] - wanted >= self.puzzle.least[cell]:
                cost, moves = self._moving(part, sign * wanted)
                if moves is not None:
                    found.append((cost, -sign, moves))
        return min(found, key=lambda one: one[:2])[2] if found else None

    def _moving(self, part: Part, by: int) -> tuple[float, Numbers | None]:
        """Return the cheapest movement in which the first cell of a part moves by so much.

        Each cell has a column for its way up; those still shown have one for their way down
        too, so that either way costs.
        """
        puzzle, size = self.puzzle, len(part.cells)
        shown = [at for at, cell in enumerate(part.cells) if cell not in self.hidden]
        down = [min(0, puzzle.least[cell] - puzzle.truth[cell]) for cell in part.cells]
        reach = _REACH * abs(by)
        low = [float(each) for each in down]
        for at in shown:
            low[at] = 0
        low[0], high = by, [float(reach)] * size
        high[0] = by
        program = Program([*low, *[0] * len(shown)], [*high, *[-down[at] for at in shown]])
        second = {at: size + number for number, at in enumerate(shown)}
        place = {cell: at for at, cell in enumerate(part.cells)}
        program.add_rows(
            ([*at, *(second[one] for one in at if one in second)],
             [*by_each, *(-weight for one, weight in zip(at, by_each, strict=True)
                          if one in second)], least, most)
            for at, by_each, least, most in bound_rows(puzzle, part.rows, place)
        )
        cost = np.zeros(size + len(shown))
        for at in shown:
            cost[at] = cost[second[at]] = puzzle.loss[part.cells[at]]
        value, found = program.least(cost)
        if found is not None and size <= MOST_WHOLE and not is_whole(found):
            program.whole(range(size + len(shown)))
            value, found = program.least(cost)
        if found is None:
            return INFINITE, None
        moves = found[:size].copy()
        for at, twin in second.items():
            moves[at] -= found[twin]
        return value, moves

    def show_again(self) -> None:
        """Show what was hidden besides and is not needed, the greatest loss first."""
        self._rest(self.hidden, 0)
        more = sorted(self.hidden - self.start, key=lambda at: (-self.puzzle.loss[at], at))
        for cell in more:
            self._try_without(cell)

    def _rest(self, cells: Iterable[int], since: int) -> None:
        """Note which further cells the room of these rests on, by the witnesses since then."""
        for cell in cells:
            if cell not in self.puzzle.need:
                continue
            for number in {int(self.evidence.of_up[cell]), int(self.evidence.of_down[cell])}:
                if number >= since:
                    for at in self._further(number):
                        self.resting[at].add(cell)

    def _further(self, number: int) -> list[int]:
        """Return which further cells a witness moves."""
        if number not in self.moved:
            self.moved[number] = [
                at for at in self.evidence.witnesses[number][0].tolist() if at not in self.start
            ]
        return self.moved[number]

    def _try_without(self, cell: int) -> None:
        """Show a cell again if those that rest on it have room without it."""
        resting = sorted(self.resting[cell])
        if len(resting) > _MOST_RESTING:
            return
        self.hidden.discard(cell)
        if not resting:
            return
        since, memory = len(self.evidence.witnesses), self.evidence.forget(resting)
        part = self.puzzle.around(resting, self.hidden, _NEIGHBOURHOODS[0])
        if self.evidence.search_part(part):
            self.hidden.add(cell)
            self.evidence.recall(memory)
        self._rest(part.cells, since)
