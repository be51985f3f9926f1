"""Puzzles: which cells hang together, and how far a row may move."""

from __future__ import annotations

from nhasan.domain.attack import INFINITE, Puzzle, Range, Row


def chain(rows: list[Row], size: int = 6, loss: list[float] | None = None) -> Puzzle:
    return Puzzle([5] * size, [1] * size, rows, {}, loss or [1.0] * size)


def pair(one: int, two: int) -> Row:
    return Row((one, two), (1, -1))


def test_cells_that_share_no_row_are_apart() -> None:
    puzzle = chain([pair(0, 1), pair(1, 2), pair(3, 4)])
    assert [part.cells for part in puzzle.parts({0, 1, 2, 3, 5})] == [(0, 1, 2), (3,), (5,)]
    # A cell that is shown holds nothing together.
    assert [part.cells for part in puzzle.parts({0, 2})] == [(0,), (2,)]


def test_every_row_of_a_part_is_named_once() -> None:
    [part] = chain([pair(0, 1), pair(1, 2)]).parts({0, 1, 2})
    assert part.rows == (0, 1)


def test_cells_whose_rows_are_there_come_first_and_of_them_what_is_missed_least() -> None:
    puzzle = chain([Row((0, 1, 2), (1, -1, -1)), pair(2, 3), pair(1, 4)], loss=[9, 2, 1, 1, 1, 1])
    part = puzzle.around((0,), set(range(6)), most=3)
    assert part.cells == (0, 2, 3)  # 2 is missed less than 1; then 3 moves with it, 1 needs 4 too
    assert set(part.rows) == {0, 1}


def test_a_row_moves_as_far_as_it_leaves_room() -> None:
    puzzle = chain([pair(0, 1), Row((0, 1), (1, 1), 4, INFINITE)])
    assert puzzle.slack(0) == (0, 0)
    assert puzzle.slack(1) == (-6, INFINITE)


def test_a_row_that_is_not_true_stands_still() -> None:
    assert chain([Row((0, 1), (1, 1), 12, 12)]).slack(0) == (0, 2)


def test_a_range_has_a_width() -> None:
    assert Range(1, 4).width() == 3
    assert Range(1, INFINITE).width() == INFINITE
