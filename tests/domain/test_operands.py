"""Operands: what stands in the square brackets of a formula."""

from __future__ import annotations

import pytest

from nhasan.domain.formulas import parse
from nhasan.domain.operands import BadOperand, Condition, operand, operands, reads


def test_an_operand_says_indicator_time_weight_and_codes() -> None:
    assert operand("0301").reads == ("0301",)
    whole = operand("BO:0301 @ last_year | ETHNIC_GROUP <> 01, 02 | SEX = F")
    assert (whole.indicator, whole.when) == ("BO:0301", "last_year")
    assert whole.conditions == (
        Condition("ETHNIC_GROUP", ("01", "02"), without=True), Condition("SEX", ("F",)))
    assert operand("0405 weighted 0101").reads == ("0405", "0101")
    assert operand('0301 | ETHNIC_GROUP <> "01"').conditions[0].codes == ("01",)


def test_conditions_hold_and_add() -> None:
    kinh = Condition("ETHNIC_GROUP", ("01",), without=True)
    assert not kinh.holds("01")
    assert kinh.holds("02")
    assert kinh.adds
    assert not Condition("ETHNIC_GROUP", ("_T",)).adds
    assert Condition("ETHNIC_GROUP", ("02", "06")).adds


def test_periods_go_back() -> None:
    assert operand("1 @previous").period("2025-Q1") == "2024-Q4"
    assert operand("1 @last_year").period("2025-Q3") == "2024-Q3"
    assert operand("1").period("2025") == "2025"


@pytest.mark.parametrize(("text", "said"), [
    ("1 @next", "previous"), ("1 2", "dấu cách"), ("| SEX = F", "mã một chỉ tiêu"),
    ("1 | sex", "ETHNIC_GROUP"), ("1 | SEX = F | SEX = M", "hai lần"), ("1 weighted ", "dấu cách"),
    ("1 | SEX =", "ETHNIC_GROUP"),
])
def test_what_cannot_be_read_is_said(text: str, said: str) -> None:
    with pytest.raises(BadOperand, match=said):
        operand(text)


def test_a_formula_names_each_indicator_once() -> None:
    tree = parse("([a] - [a @previous]) / [a @previous] * 100 + [b weighted a]")
    assert len(operands(tree)) == 3
    assert reads(tree) == ("a", "b")
