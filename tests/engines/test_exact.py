"""Exact formulas agree with those of forms wherever those are exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain import formulas
from nhasan.engines.exact import evaluate, rounded


@pytest.mark.parametrize(("formula", "gives"), [
    ("[a] / [b] * 1.5", Fraction(1, 2)), ("[a] / 0", None), ("[gone] + 1", None),
    ("sum([a], [gone])", Fraction(1)), ("coalesce([gone], [b])", Fraction(3)),
    ("if([a] < [b], 7, [gone])", Fraction(7)), ("if([gone] < 1, 7, 8)", None),
    ("min([a], [b]) - max([a], [b])", Fraction(-2)), ("round(2.675, 2)", Fraction(268, 100)),
    ("round(-0.5)", Fraction(-1)), ("abs(-[b])", Fraction(3)),
    ("if(not ([a] = 1 and [b] >= 3), 1, 0)", Fraction(0)),
    ("if([gone] = 1 or [a] = 1, 1, 0)", None),
])
def test_a_formula_gives_an_exact_number(formula: str, gives: Fraction | None) -> None:
    values = {"a": Fraction(1), "b": Fraction(3), "gone": None}
    assert evaluate(formulas.parse(formula), values) == gives


@given(st.fractions(min_value=-10**9, max_value=10**9), st.integers(0, 6))
def test_rounding_is_to_the_nearest_and_half_goes_away_from_zero(
    value: Fraction, decimals: int,
) -> None:
    found = Fraction(rounded(value, decimals), 10**decimals)
    assert abs(found - value) <= Fraction(1, 2 * 10**decimals)
    assert rounded(-value, decimals) == -rounded(value, decimals)
    if abs(found - value) == Fraction(1, 2 * 10**decimals):
        assert abs(found) > abs(value)


@given(st.decimals(-10**6, 10**6, places=2), st.decimals(-10**6, 10**6, places=2))
def test_forms_and_releases_say_the_same_sums(a: Decimal, b: Decimal) -> None:
    for text in ("[a] + [b] - 3", "[a] * [b]", "max([a], [b], 0)", "round([a] * 0.1, 1)"):
        tree = formulas.parse(text)
        exact = evaluate(tree, {"a": Fraction(a), "b": Fraction(b)})
        told = formulas.evaluate(tree, {"a": a, "b": b})
        assert isinstance(told, Decimal)
        assert exact == Fraction(told)
