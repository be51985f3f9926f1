"""Formulas in exact fractions: what every engine must agree with.

The language is that of `domain/formulas.py`. A form evaluates it in decimals of 28 digits, so
that a browser gives the same; a release is computed without any rounding before the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from nhasan.domain.formulas import ColumnValue, Number, Tree

Value = Fraction | bool | None


def evaluate(tree: Tree, values: Mapping[str, Fraction | None]) -> Fraction | None:
    """Return the number that the tree gives, or nothing when an operand it needs is missing."""
    found = _value(tree, values)
    return Fraction(found) if found is not None else None


def rounded(value: Fraction, decimals: int) -> int:
    """Return the value as an integer of 10**-decimals units, rounded half up (away from 0)."""
    scaled = abs(value) * 10**decimals
    whole: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -whole if value < 0 else whole


def _value(tree: Tree, values: Mapping[str, Fraction | None]) -> Value:
    if isinstance(tree, Number):
        return Fraction(tree.value)
    if isinstance(tree, ColumnValue):
        return values[tree.column]
    name, operands = tree.name, tree.operands
    if name == "if":
        chosen = _value(operands[0], values)
        return None if chosen is None else _value(operands[1 if chosen else 2], values)
    given = [_value(operand, values) for operand in operands]
    present = [value for value in given if value is not None]
    if name == "coalesce":
        return present[0] if present else None
    if name in _OF_MANY:
        return _OF_MANY[name](present) if present else None
    return _APPLY[name](*present) if len(present) == len(given) else None


def _divide(left: Fraction, right: Fraction) -> Value:
    return left / right if right else None


def _round(value: Fraction, places: Fraction = Fraction(0)) -> Value:
    decimals = int(places)
    return Fraction(rounded(value, decimals), 10**decimals)


_OF_MANY: Mapping[str, Callable[..., Value]] = {"sum": sum, "min": min, "max": max}
_APPLY: Mapping[str, Callable[..., Value]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": _divide,
    "neg": lambda a: -a, "abs": abs, "round": _round,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b, ">=": lambda a, b: a >= b, ">": lambda a, b: a > b,
    "and": lambda a, b: a and b, "or": lambda a, b: a or b, "not": lambda a: not a,
}
