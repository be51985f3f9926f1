"""Which rates can be computed again from figures that were read on another map.

Those that the plan of a release derived, and those whose indicator has a formula over plain
figures of the same place and period. Formulas that read other periods, averages, or sums over
several codes are left alone: their rates stay empty on another map.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nhasan.domain.derived import Facts, Known
from nhasan.domain.formulas import Tree, parse_number
from nhasan.domain.operands import OperandText, operands
from nhasan.domain.plan import Derive, Node, Operand, steps


@dataclass(frozen=True, slots=True)
class Rate:
    """An indicator with its formula: which figures it reads, and to how many decimals."""

    indicator: str
    tree: Tree
    operands: tuple[Operand, ...]
    decimals: int


def planned_rates(plan: Node) -> tuple[Rate, ...]:
    """Return the rates that a plan derived."""
    return tuple(
        Rate(step.indicator, step.tree, step.operands, step.decimals)
        for step in steps(plan) if isinstance(step, Derive)
    )


def formula_rates(facts: Iterable[Facts], present: Collection[str]) -> tuple[Rate, ...]:
    """Return the indicators whose formulas read only figures that are present, as they stand."""
    found = []
    for each in facts:
        if not each.formula:
            continue
        tree = parse_number(each.formula)
        owner = Known({}, {}, each.ref.partition(":")[0])
        read = [_operand(owner, text) for text in operands(tree)]
        plain = tuple(one for one in read if one is not None and one.indicator in present)
        if read and len(plain) == len(read):
            found.append(Rate(each.ref, tree, plain, each.decimals))
    return tuple(found)


def _operand(owner: Known, text: OperandText) -> Operand | None:
    """Return what a formula reads at a place; nothing when it reads anything else besides."""
    if text.when or text.weight or any(condition.adds for condition in text.conditions):
        return None
    places = tuple((each.dimension, each.codes[0]) for each in text.conditions)
    return Operand(text.text, owner.ref(text.indicator), places)
