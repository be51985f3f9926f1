"""Programs: least costs, whole numbers, and no answer where there is none."""

from __future__ import annotations

import numpy as np

from nhasan.domain.attack import INFINITE
from nhasan.engines.solver import Program


def program(most: float = 5) -> Program:
    made = Program([0, 0], [most, most])
    made.add_rows([([0, 1], [2, 1], 3, 7)])
    return made


def test_the_least_cost_and_where_it_is() -> None:
    value, at = program().least(np.array([1.0, 1.0]))
    assert at is not None
    assert (value, at.tolist()) == (1.5, [1.5, 0])


def test_whole_numbers_cost_more() -> None:
    asked = program()
    asked.whole([0, 1])
    assert asked.least(np.array([1.0, 1.0]))[0] == 2


def test_it_is_asked_again_and_again() -> None:
    asked = program()
    assert asked.least(np.array([1.0, 0.0]))[0] == 0
    assert asked.least(np.array([-1.0, 0.0]))[0] == -3.5
    assert asked.least(np.array([0.0, -1.0]))[0] == -5


def test_no_end_and_no_answer_are_told_apart() -> None:
    endless = Program([0], [INFINITE])
    assert endless.least(np.array([-1.0])) == (-INFINITE, None)
    impossible = Program([0], [1])
    impossible.add_rows([([0], [1], 2, 3)])
    assert impossible.least(np.array([1.0])) == (INFINITE, None)
