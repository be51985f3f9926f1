"""Formulas as exact ratios in Ibis: what `exact.py` says, as columns.

A number is a pair of integers, numerator and positive denominator, so nothing is rounded
before the end and no dialect's decimal division is ever used. A missing number has a missing
numerator. While the denominator is the same for every row it stays a plain integer, which
keeps the expressions short; only a division by a column makes it a column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import ibis

from nhasan.domain.formulas import ColumnValue, Number, Tree

WIDE = "decimal(38, 0)"
_NOT_GIVEN = Number(Decimal(0))
Column = Any


@ibis.udf.scalar.builtin(
    name="round_ratio", signature=((WIDE, WIDE), "int64"),
)
def _round_ratio(numerator, denominator):  # type: ignore[no-untyped-def]
    """Return the ratio as an integer, rounded half up (away from 0); each backend brings it."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number as a pair; `below` is positive, and an integer when it is the same for all."""

    above: Column
    below: Column | int


Value = Ratio | Column


def value_of(scaled: Column, decimals: int) -> Ratio:
    """Return a stored value (an integer of 10**-decimals units) as a ratio."""
    return Ratio(scaled.cast(WIDE), 10**decimals)


def round_ratio(value: Ratio, decimals: int) -> Column:
    """Return the value as an integer of 10**-decimals units, rounded half up."""
    return _round_ratio(value.above * _wide(10**decimals), _wide(value.below))


def ratio_of(tree: Tree, values: Mapping[str, Ratio]) -> Ratio:
    """Return what a formula gives."""
    found: Ratio = _value(tree, values)
    return found


def _wide(value: Column | int) -> Column:
    return ibis.literal(Decimal(value), type=WIDE) if isinstance(value, int) else value


def _value(tree: Tree, values: Mapping[str, Ratio]) -> Value:
    if isinstance(tree, Number):
        number = Fraction(tree.value)
        return Ratio(_wide(number.numerator), number.denominator)
    if isinstance(tree, ColumnValue):
        return values[tree.column]
    if tree.name == "round":
        return _rounded(*tree.operands, values=values)
    operands = [_value(operand, values) for operand in tree.operands]
    if tree.name in _FOLDED:
        return reduce(_FOLDED[tree.name], operands)
    return _APPLY[tree.name](*operands)


def _missing(value: Value) -> Column:
    """Tell where a value is missing.

    A condition is cast first: `NOT x IS NULL` would be read as `NOT (x IS NULL)`.
    """
    return value.above.isnull() if isinstance(value, Ratio) else value.cast("int8").isnull()


def _times(left: Column | int, right: Column | int) -> Column | int:
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    if 1 in (left if isinstance(left, int) else 0, right if isinstance(right, int) else 0):
        return right if isinstance(left, int) else left
    return _wide(left) * _wide(right)


def _level(left: Ratio, right: Ratio) -> tuple[Column, Column, Column | int]:
    """Return both numerators over one denominator."""
    if isinstance(left.below, int) and isinstance(right.below, int):
        below = lcm(left.below, right.below)
        return (
            _times(left.above, below // left.below), _times(right.above, below // right.below),
            below,
        )
    if left.below is right.below:
        return left.above, right.above, left.below
    return (
        _times(left.above, right.below), _times(right.above, left.below),
        _times(left.below, right.below),
    )


def _sum(left: Ratio, right: Ratio) -> Ratio:
    above, other, below = _level(left, right)
    return Ratio(above + other, below)


def _difference(left: Ratio, right: Ratio) -> Ratio:
    above, other, below = _level(left, right)
    return Ratio(above - other, below)


def _product(left: Ratio, right: Ratio) -> Ratio:
    return Ratio(left.above * right.above, _times(left.below, right.below))


def _quotient(left: Ratio, right: Ratio) -> Ratio:
    """Divide; a division by zero is missing. The sign moves up, so `below` stays positive."""
    above = _times(left.above, right.below) * right.above.sign().cast(WIDE)
    below = _times(left.below, right.above.abs().nullif(_wide(0)))
    return Ratio(ibis.cases((right.above == 0, ibis.null(WIDE)), else_=above), below)


def _rounded(value: Tree, places: Tree = _NOT_GIVEN, *, values: Mapping[str, Ratio]) -> Ratio:
    """Round; the language asks for the places as a number, not as a formula."""
    decimals = int(places.value) if isinstance(places, Number) else 0
    return Ratio(round_ratio(ratio_of(value, values), decimals).cast(WIDE), 10**decimals)


def _negated(value: Ratio) -> Ratio:
    return Ratio(value.above * _wide(-1), value.below)


def _absolute(value: Ratio) -> Ratio:
    return Ratio(value.above.abs(), value.below)


def _chosen(condition: Column, left: Value, right: Value) -> Value:
    """Return `left` where the condition is true, else `right`."""
    if not isinstance(left, Ratio) or not isinstance(right, Ratio):
        return ibis.cases((condition, left), else_=right)
    above, other, below = left.above, right.above, left.below
    if isinstance(left.below, int) and isinstance(right.below, int):
        above, other, below = _level(left, right)
    elif left.below is not right.below:
        below = ibis.cases((condition, _wide(left.below)), else_=_wide(right.below))
    return Ratio(ibis.cases((condition, above), else_=other), below)


def _coalesced(left: Value, right: Value) -> Value:
    return _chosen(~_missing(left), left, right)


def _branch(condition: Column, left: Value, right: Value) -> Value:
    """Choose by a condition; a missing condition gives a missing result."""
    found = _chosen(condition, left, right)
    if not isinstance(found, Ratio):
        return ibis.cases((_missing(condition), ibis.null("boolean")), else_=found)
    above = ibis.cases((_missing(condition), ibis.null(WIDE)), else_=found.above)
    return Ratio(above, found.below)


def _present_sum(left: Ratio, right: Ratio) -> Ratio:
    return _one_missing(left, right, _sum(left, right))


def _least(left: Ratio, right: Ratio) -> Ratio:
    return _one_missing(left, right, _chosen(_compared("<=")(left, right), left, right))


def _greatest(left: Ratio, right: Ratio) -> Ratio:
    return _one_missing(left, right, _chosen(_compared(">=")(left, right), left, right))


def _one_missing(left: Ratio, right: Ratio, both: Ratio) -> Ratio:
    """Return `both`, or the one that is there where the other is missing."""
    found: Ratio = _chosen(_missing(left), right, _chosen(_missing(right), left, both))
    return found


def _compared(sign: str) -> Callable[[Ratio, Ratio], Column]:
    def compare(left: Ratio, right: Ratio) -> Column:
        above, other, _ = _level(left, right)
        return _COMPARE[sign](above, other)

    return compare


def _strictly(
    join: Callable[[Column, Column], Column],
) -> Callable[[Column, Column], Column]:
    """Return a connective that is missing when either side is, unlike that of SQL."""
    def joined(left: Column, right: Column) -> Column:
        unknown = _missing(left) | _missing(right)
        return ibis.cases((unknown, ibis.null("boolean")), else_=join(left, right))

    return joined


_COMPARE: Mapping[str, Callable[[Column, Column], Column]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b, ">=": lambda a, b: a >= b, ">": lambda a, b: a > b,
}
_FOLDED: Mapping[str, Callable[..., Value]] = {
    "sum": _present_sum, "min": _least, "max": _greatest, "coalesce": _coalesced,
}
_APPLY: Mapping[str, Callable[..., Value]] = {
    "+": _sum, "-": _difference, "*": _product, "/": _quotient, "neg": _negated,
    "abs": _absolute, "if": _branch,
    **{sign: _compared(sign) for sign in _COMPARE},
    "and": _strictly(lambda a, b: a & b), "or": _strictly(lambda a, b: a | b),
    "not": lambda a: ~a,
}
