"""Choosing what to hide besides: enough, no more than enough, and what cannot be helped."""

from __future__ import annotations

from hypothesis import given, settings

from nhasan.domain.attack import Puzzle, Row
from nhasan.domain.cube import Cube
from nhasan.engines.attacker import Evidence, ranges
from nhasan.engines.hiding import choose
from tests.engines.tables import seen, table

CODES = ("01", "02", "03")
ROW = Row((0, 1, 2, 3), (1, -1, -1, -1))


@settings(max_examples=60, deadline=None)
@given(table(CODES, CODES))
def test_every_cell_has_its_room_and_nothing_is_hidden_in_vain(cube: Cube) -> None:
    puzzle = seen(cube)
    choice = choose(puzzle, puzzle.need)
    hidden = set(puzzle.need) | set(choice.more)
    assert choice.exposed == ()
    for at, each in ranges(puzzle, hidden, puzzle.need, whole=True).items():
        assert each.width() >= puzzle.need[at]
    assert set(choice.more) <= puzzle.free - set(puzzle.need)
    for cell in choice.more:
        assert Evidence(puzzle).search(hidden - {cell})


@settings(max_examples=15, deadline=None)
@given(table(CODES, CODES[:2], CODES[:2]))
def test_over_three_directions_too(cube: Cube) -> None:
    puzzle = seen(cube)
    choice = choose(puzzle, puzzle.need)
    found = ranges(puzzle, {*puzzle.need, *choice.more}, puzzle.need, whole=True)
    assert choice.exposed == ()
    assert all(each.width() >= puzzle.need[at] for at, each in found.items())


def test_the_least_loss_is_hidden() -> None:
    puzzle = Puzzle([63, 3, 20, 40], [1] * 4, [ROW], {1: 3}, [6, 2, 4, 5], frozenset(range(4)))
    assert choose(puzzle, [1]).more == (2,)


def test_a_hint_that_is_not_needed_is_shown() -> None:
    puzzle = Puzzle([63, 3, 20, 40], [1] * 4, [ROW], {1: 3}, [6, 2, 4, 5], frozenset(range(4)))
    assert choose(puzzle, [1], hint=[2, 3]).more == (2,)
    assert choose(puzzle, [1], hint=[0, 2, 3]).more == (2,)


def test_what_nothing_can_hide_is_said() -> None:
    puzzle = Puzzle([63, 3, 20, 40], [1] * 4, [ROW], {1: 3}, [6, 2, 4, 5])
    assert choose(puzzle, [1]).exposed == (1,)
