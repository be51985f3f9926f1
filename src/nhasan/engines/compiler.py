"""The compiler: a plan becomes Ibis expressions, the same for every fast engine.

Values stay integers of 10**-decimals units. A backend brings only its connection, and the one
function that dialects disagree on: `round_ratio`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, Protocol

import ibis

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.observations import Status
from nhasan.domain.plan import Derive, Node, Operand, Read, RollUp, Select, Total, steps
from nhasan.engines.arrow import COVERAGE, DECIMALS, FACTS, ORIGIN, STATUS, VALUE
from nhasan.engines.ratios import WIDE, ratio_of, round_ratio, value_of

# Ibis has no types of its own for mypy: an expression is whatever it says it is.
Table = Any
Column = Any


class Names(Protocol):
    """Where the compiler finds the tables that a backend has loaded."""

    def cube(self, dataflow: str) -> Table:
        """Return the cube of a dataflow, aligned, with its own dimensions."""
        ...

    def links(self) -> Table:
        """Return the map: level, code, parent_level, parent_code, valid_from, valid_to."""
        ...

    def decimals(self, indicator: str) -> int:
        """Return the decimals of an indicator in the cube."""
        ...

    def days(self, on: str) -> Table:
        """Return the day on which the map is asked, per TIME_PERIOD."""
        ...


def compiled(plan: Node, names: Names) -> Table:
    """Return the expression of a plan."""
    if isinstance(plan, Read):
        return _read(plan, names)
    source = compiled(plan.source, names)
    if isinstance(plan, Select):
        wanted = [source[dimension].isin(codes) for dimension, codes in plan.where]
        return source.filter(wanted) if wanted else source
    if isinstance(plan, Total):
        return _total(plan, source)
    if isinstance(plan, RollUp):
        return _roll_up(plan, source, names)
    return _derive(plan, source, names)


def _read(plan: Read, names: Names) -> Table:
    found = names.cube(plan.dataflow)
    missing = {dim: ibis.literal(TOTAL) for dim in plan.dims if dim not in found.columns}
    if missing:
        found = found.mutate(**missing)
    wanted = [measure.indicator for measure in plan.measures]
    return found.filter(found[INDICATOR].isin(wanted)).select(*plan.dims, *FACTS)


def _total(plan: Total, source: Table) -> Table:
    parts = source.filter(
        source[INDICATOR].isin(plan.indicators), source[plan.dimension].isin(plan.parts),
    )
    kept = [dim for dim in plan.dims if dim != plan.dimension]
    whole = _whole(parts, kept, ibis.literal(len(plan.parts), type="int64"))
    return _merged(source, whole.mutate(**{plan.dimension: ibis.literal(TOTAL)}), plan.dims)


def _roll_up(plan: RollUp, source: Table, names: Names) -> Table:
    links = names.links()
    links = links.filter(
        links["level"] == plan.from_level, links["parent_level"] == plan.to_level,
    )
    days = names.days(plan.on)
    standing = links.join(days, [
        links["valid_from"] <= days["day"], days["day"] < links["valid_to"],
    ]).select("code", "parent_code", map_period=days["period"])
    expected = standing.group_by(
        parent=standing["parent_code"], parent_period=standing["map_period"],
    ).agg(expected=standing.count())
    parts = source.filter(
        source[INDICATOR].isin(plan.indicators), source[AREA_LEVEL] == plan.from_level,
    )
    parts = parts.join(standing, [
        parts[REF_AREA] == standing["code"], parts[TIME_PERIOD] == standing["map_period"],
    ])
    parts = parts.join(expected, [
        parts["parent_code"] == expected["parent"],
        parts["map_period"] == expected["parent_period"],
    ]).drop(REF_AREA, AREA_LEVEL).rename({REF_AREA: "parent_code"})
    kept = [dim for dim in plan.dims if dim != AREA_LEVEL]
    whole = _whole(parts, kept, parts["expected"].max())
    return _merged(source, whole.mutate(**{AREA_LEVEL: ibis.literal(plan.to_level)}), plan.dims)


def _whole(parts: Table, by: Sequence[str], expected: Column) -> Table:
    """Return the sums of the parts, or why there is none (as `reference._whole` says it)."""
    def counted(status: Status) -> Column:
        return (parts[STATUS] == str(status)).sum()

    found = parts.group_by(*by).agg(
        told=counted(Status.REPORTED), skipped=counted(Status.NOT_APPLICABLE),
        hidden=counted(Status.CONFIDENTIAL), total=parts[VALUE].sum(),
        places=parts[DECIMALS].max(), expected=expected,
    )
    accounted = found["told"] + found["skipped"] + found["hidden"]
    status = ibis.cases(
        (accounted < found["expected"], str(Status.NOT_REPORTED)),
        (found["hidden"] > 0, str(Status.CONFIDENTIAL)),
        (found["told"] == 0, str(Status.NOT_APPLICABLE)),
        else_=str(Status.REPORTED),
    )
    return found.select(*by, **{
        VALUE: _if_reported(status, found["total"].cast(WIDE)).cast("int64"),
        DECIMALS: found["places"], STATUS: status, ORIGIN: ibis.literal(-1, type="int32"),
        COVERAGE: found["told"].cast("string") + ibis.literal("/")
        + (found["expected"] - found["skipped"]).cast("string"),
    })


def _if_reported(status: Column, value: Column) -> Column:
    return ibis.cases((status == str(Status.REPORTED), value), else_=ibis.null())


def _derive(plan: Derive, source: Table, names: Names) -> Table:
    keys = [dim for dim in plan.dims if dim != INDICATOR]
    own = [operand for operand in plan.operands if not operand.places]
    first, *others = own
    found = _operand(source, first, plan.operands, keys)
    for operand in others:
        found = _beside(found, _operand(source, operand, plan.operands, keys), keys, "inner")
    for operand in plan.operands:
        if operand.places:
            fixed = {dimension for dimension, _ in operand.places}
            free = [dim for dim in keys if dim not in fixed]
            beside = _operand(source, operand, plan.operands, free)
            found = _beside(found, beside, free, "left")
    places = _decimals(plan, names)
    columns = [_columns(operand, plan.operands) for operand in plan.operands]
    values = {
        operand.name: value_of(found[value], places[operand.indicator])
        for operand, (value, _) in zip(plan.operands, columns, strict=True)
    }
    found = found.mutate(result=round_ratio(ratio_of(plan.tree, values), plan.decimals))
    statuses = [found[status].fill_null(str(Status.NOT_REPORTED)) for _, status in columns]

    def any_is(status: Status) -> Column:
        return reduce(lambda a, b: a | b, [one == str(status) for one in statuses])

    status = ibis.cases(
        (found["result"].notnull(), str(Status.REPORTED)),
        (any_is(Status.CONFIDENTIAL), str(Status.CONFIDENTIAL)),
        (any_is(Status.NOT_REPORTED), str(Status.NOT_REPORTED)),
        else_=str(Status.NOT_APPLICABLE),
    )
    computed = found.select(*keys, **{
        INDICATOR: ibis.literal(plan.indicator), VALUE: found["result"].cast("int64"),
        DECIMALS: ibis.literal(plan.decimals, type="int8"), STATUS: status,
        COVERAGE: ibis.literal(""), ORIGIN: ibis.literal(-1, type="int32"),
    })
    return _merged(source, computed, plan.dims)


def _decimals(plan: Derive, names: Names) -> dict[str, int]:
    """Return the decimals of every operand: as the cube has them, or as an earlier step says."""
    derived = {node.indicator: node.decimals for node in steps(plan) if isinstance(node, Derive)}
    return {
        operand.indicator: derived.get(operand.indicator, names.decimals(operand.indicator))
        for operand in plan.operands
    }


def _columns(operand: Operand, operands: Sequence[Operand]) -> tuple[str, str]:
    """Return the names of an operand's columns; names of formulas may hold anything."""
    number = operands.index(operand)
    return f"value_{number}", f"status_{number}"


def _operand(
    source: Table, operand: Operand, operands: Sequence[Operand], keys: Sequence[str],
) -> Table:
    """Return the rows of one operand, its columns under their own names."""
    value, status = _columns(operand, operands)
    rows = source.filter(source[INDICATOR] == operand.indicator, *(
        source[dimension] == code for dimension, code in operand.places
    ))
    return rows.select(*keys, **{value: rows[VALUE], status: rows[STATUS]})


def _beside(left: Table, right: Table, keys: Sequence[str], how: str) -> Table:
    facts = [name for name in right.columns if name not in keys]
    right = right.rename({f"{key}_right": key for key in keys})
    joined = left.join(right, [left[key] == right[f"{key}_right"] for key in keys], how=how)
    return joined.select(*left.columns, *facts)


def _merged(source: Table, computed: Table, dims: Sequence[str]) -> Table:
    """Return the source with the computed rows; what somebody reported stays as it is."""
    computed = computed.select(*dims, *FACTS)
    kept = source.filter(source[STATUS] != str(Status.NOT_REPORTED))
    added = computed.anti_join(kept, list(dims))
    left = source.anti_join(added, list(dims))
    return left.union(added.cast(source.schema()))
