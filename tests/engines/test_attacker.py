"""The attacker: finds exactly what trying every number finds, and no witness lies."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nhasan.domain.attack import INFINITE, Puzzle, Row
from nhasan.domain.cube import Cube
from nhasan.engines import attacker
from nhasan.engines.attacker import Evidence, is_whole, ranges
from tests.engines.tables import by_trying, seen, table, with_totals

AREAS, GROUPS = ("01", "02"), ("01", "02", "03")


@settings(max_examples=40, deadline=None)
@given(table(AREAS, GROUPS, high=9), st.data())
def test_it_finds_what_trying_every_number_finds(cube: Cube, data: st.DataObject) -> None:
    puzzle = seen(cube)
    inner = [at for at, key in enumerate(cube.cells())
             if key[2] != "VN" and key[4] != "_T" and puzzle.truth[at]]
    hidden = data.draw(st.sets(st.sampled_from(inner), max_size=5)) if inner else set()
    most = max(puzzle.truth)
    found = ranges(puzzle, hidden, whole=True)
    assert {at: (each.low, each.high) for at, each in found.items()} == by_trying(
        puzzle, hidden, most)


@settings(max_examples=60, deadline=None)
@given(table(AREAS, GROUPS), st.data())
def test_a_cell_is_exposed_when_its_range_is_narrow_and_only_then(
        cube: Cube, data: st.DataObject) -> None:
    puzzle = seen(cube)
    free = sorted(puzzle.free)
    hidden = set(puzzle.need) | (data.draw(st.sets(st.sampled_from(free))) if free else set())
    found = ranges(puzzle, hidden, puzzle.need, whole=True)
    narrow = {at for at, each in found.items() if each.width() < puzzle.need[at]}
    assert set(Evidence(puzzle).search(hidden)) == narrow


@settings(max_examples=40, deadline=None)
@given(table(AREAS, GROUPS, ("M", "F")))
def test_looking_near_by_first_finds_no_other_cells_exposed(cube: Cube) -> None:
    puzzle = seen(cube)
    hidden = set(puzzle.need) | set(sorted(puzzle.free)[::2])
    found = ranges(puzzle, hidden, puzzle.need, whole=True)
    narrow = {at for at, each in found.items() if each.width() < puzzle.need[at]}
    with patch.object(attacker, "BLOCKS", (2, 3, 5)):
        assert set(Evidence(puzzle).search(hidden)) == narrow


def test_two_hidden_in_each_row_and_column_are_not_enough() -> None:
    """Each line has two unknowns, and each is known: none can be less than one."""
    cells = {("01", "01"): 1, ("01", "02"): 1, ("02", "01"): 1, ("02", "02"): 1,
             ("01", "03"): 40, ("02", "03"): 40}
    puzzle = seen(with_totals(cells))
    found = ranges(puzzle, puzzle.need)
    assert {each.width() for each in found.values()} == {0}


def test_what_has_no_upper_bound_is_open() -> None:
    puzzle = Puzzle([4, 4], [1, 1], [Row((0, 1), (1, -1))], {0: 3}, [1, 1])
    assert ranges(puzzle, {0, 1})[0].high == INFINITE
    assert Evidence(puzzle).search({0, 1}) == []


def test_what_is_forgotten_can_be_recalled() -> None:
    puzzle = Puzzle([4, 4], [1, 1], [Row((0, 1), (1, -1))], {0: 3}, [1, 1])
    evidence = Evidence(puzzle)
    evidence.note([0, 1], np.array([3.0, 3.0]))
    memory = evidence.forget([0])
    assert evidence.lacking([0, 1]) == [0]
    evidence.recall(memory)
    assert evidence.lacking([0, 1]) == []


def test_whole_numbers_are_told_from_halves() -> None:
    assert is_whole(np.array([1.0, 2.0000000001]))
    assert not is_whole(np.array([0.5]))
