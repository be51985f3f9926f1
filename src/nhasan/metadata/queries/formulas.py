"""What formulas of derived indicators may read, and whether those of a set hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nhasan.domain.dependencies import in_order
from nhasan.domain.derived import Facts, Known, check
from nhasan.domain.formulas import parse_number
from nhasan.domain.indicators import Sheet, refs_elsewhere, verify_formulas
from nhasan.domain.operands import operands, reads
from nhasan.metadata.models import IndicatorSet
from nhasan.metadata.queries.lists import code_names, dataflows, dimensions
from nhasan.metadata.queries.sets import indicators_by_ref, sheet_of, sheets, standing


def facts_of(owner: str, sheet: Mapping[str, Any]) -> Facts:
    """Return what formulas must know of an indicator."""
    return Facts(
        f"{owner}:{sheet['key']}", sheet.get("unit") or "", sheet.get("value_kind") or "count",
        sheet.get("adds_over_area") == "sum", tuple(sheet.get("dimensions") or ()),
        int(sheet.get("decimals") or 0), sheet.get("formula") or "",
    )


def _known(owner: str, held: Sequence[Sheet]) -> Known:
    facts = [facts_of(owner, sheet) for sheet in held]
    beyond = indicators_by_ref(refs_elsewhere(held))
    facts += [replace(facts_of(ref.partition(":")[0], sheet_of(row)), ref=ref)
              for ref, row in beyond.items()]
    named = {
        condition.dimension for sheet in held if sheet.get("formula")
        for operand in operands(parse_number(sheet["formula"]))
        for condition in operand.conditions
    }
    return Known({each.ref: each for each in facts}, codes_by_dimension(named), owner)


def codes_by_dimension(named: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the codes that each of these breakdowns has in any dataflow of the house."""
    wanted = set(named)
    found: dict[str, frozenset[str]] = {}
    for flow in dataflows() if wanted else ():
        for dimension in dimensions(flow):
            if dimension.id in wanted and dimension.code_list:
                found[dimension.id] = found.get(dimension.id, frozenset()) | frozenset(
                    code_names(dimension.code_list))
    return found


def check_formulas(owner: str, held: Sequence[Sheet]) -> None:
    """Refuse the formulas of a set (`owner`) that do not hold together or mean nothing."""
    verify_formulas(held, elsewhere=standing(refs_elsewhere(held)))
    in_order(_reads_beyond(owner, held))
    known = _known(owner, held)
    for sheet in held:
        if sheet.get("formula"):
            check(facts_of(owner, sheet), known)


def _reads_beyond(owner: str, held: Sequence[Sheet]) -> dict[str, tuple[str, ...]]:
    """Return what the formulas of a set read, and those of other sets that they rest on.

    A circle may lead through another set and back. Those of the set go by their keys.
    """
    found: dict[str, tuple[str, ...]] = {
        f"{owner}:{sheet['key']}": formula_reads(facts_of(owner, sheet)) for sheet in held}
    while missing := {name for names in found.values() for name in names} - found.keys():
        found |= dict.fromkeys(missing, ())
        found |= {ref: formula_reads(facts_of(ref.partition(":")[0], sheet_of(row)))
                  for ref, row in indicators_by_ref(missing).items()}
    own = f"{owner}:"
    return {ref.removeprefix(own): tuple(name.removeprefix(own) for name in names)
            for ref, names in found.items() if names}


def check_sheet(found: IndicatorSet, was: str, sheet: Sheet) -> None:
    """Refuse a sheet whose formula means nothing beside the others of its draft."""
    if not sheet.get("formula"):
        return
    held = [*(each for each in sheets(found) if each["key"] not in (was, sheet["key"])), sheet]
    in_order(_reads_beyond(found.identifier, held))
    check(facts_of(found.identifier, sheet), _known(found.identifier, held))


def known_indicators(refs: Iterable[str]) -> Known:
    """Return indicators with all that their formulas rest on, through however many formulas."""
    facts: dict[str, Facts] = {}
    waiting = set(refs)
    while waiting:
        rows = indicators_by_ref(waiting)
        for ref, row in rows.items():
            facts[ref] = replace(facts_of(ref.partition(":")[0], sheet_of(row)), ref=ref)
        waiting = {
            read for ref in rows for read in formula_reads(facts[ref]) if read not in facts}
    return Known(facts, {})


def formula_reads(facts: Facts) -> tuple[str, ...]:
    """Return the full names of the indicators that a formula reads."""
    owner = Known({}, {}, facts.ref.partition(":")[0])
    return tuple(map(owner.ref, reads(parse_number(facts.formula)))) if facts.formula else ()
