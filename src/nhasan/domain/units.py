"""Units of measure in formulas: nobody adds people to households, or compares % with hectares.

Counts of different things may be compared (a village has no more households than people), but
not added. What is multiplied or divided has a unit that nobody named, which fits everything.
"""

from __future__ import annotations

from collections.abc import Callable

from nhasan.domain.formulas import ColumnValue, Operation, Tree
from nhasan.domain.problems import Invalid, phrase

# Units that measure; every other unit counts things of one kind.
MEASURES = frozenset({
    "%", "‰", "lần", "tỷ lệ", "đồng", "nghìn đồng", "triệu đồng", "tỷ đồng", "ha", "km²", "m²",
    "km", "m", "kg", "tạ", "tấn", "kWh", "m³", "lít",
})
_ALIKE = frozenset({"+", "-", "sum"})
_COMPARED = frozenset({
    "<", "<=", "=", "<>", ">=", ">", "min", "max", "coalesce",
})
_KEPT = frozenset({"neg", "abs", "round"})

UnitOf = Callable[[str], str]


def unit_of(tree: Tree, unit_of_column: UnitOf) -> str:
    """Return the unit of what a tree gives, "" when it has none; refuse units that do not fit."""
    if isinstance(tree, ColumnValue):
        return unit_of_column(tree.column)
    if not isinstance(tree, Operation):
        return ""
    units = [unit_of(operand, unit_of_column) for operand in tree.operands]
    if tree.name == "if":
        return _one(units[1:], _comparable)
    if tree.name in _ALIKE:
        return _one(units, _same)
    if tree.name in _COMPARED:
        return _one(units, _comparable)
    return units[0] if tree.name in _KEPT else ""


def _one(units: list[str], fit: Callable[[str, str], bool]) -> str:
    found = ""
    for unit in units:
        if found and unit and not fit(found, unit):
            raise Invalid(reason=phrase(
                "không cộng trừ hay so sánh được “{left}” với “{right}”").format(
                    left=found, right=unit))
        found = found or unit
    return found


def _same(left: str, right: str) -> bool:
    return left == right


def _comparable(left: str, right: str) -> bool:
    return left == right or not {left, right} & MEASURES
