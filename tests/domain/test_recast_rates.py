"""Which rates can be computed again on another map."""

from __future__ import annotations

import pytest

from nhasan.domain.derived import Facts
from nhasan.domain.plan import Derive, Measure, Operand, Read
from nhasan.domain.recast_rates import formula_rates, planned_rates

PRESENT = {"S:01", "S:02", "S:R"}


def test_a_rate_that_the_plan_derived_is_known_with_its_formula() -> None:
    plan = Derive(Read("F", (Measure("a"), Measure("b"))), "r", "[x] / [y] * 100",
                  (Operand("x", "a"), Operand("y", "b")), 2)
    (found,) = planned_rates(plan)
    assert (found.indicator, found.decimals, found.operands) == ("r", 2, plan.operands)


def test_a_formula_over_figures_at_hand_is_one_too() -> None:
    (found,) = formula_rates([Facts("S:R", formula="[01] / [02 | SEX = _T]")], PRESENT)
    assert found.operands == (
        Operand("01", "S:01"), Operand("02 | SEX = _T", "S:02", (("SEX", "_T"),)))


@pytest.mark.parametrize("formula", [
    "", "[01] / [03]", "[01 @previous] / [02]", "[01 | SEX <> F] / [02]",
    "[01 weighted 02]", "[01 | SEX = F,M] / [02]",
])
def test_a_formula_that_reads_anything_else_is_left_alone(formula: str) -> None:
    assert formula_rates([Facts("S:R", formula=formula)], PRESENT) == ()
