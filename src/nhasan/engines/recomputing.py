"""Rates on another map, computed again from parts that were read on it.

A rate is never added up and never shared out. Where the area is not the same on both maps, and
the formula of the rate and all its parts are at hand, it is computed from the parts as they
are on the other map: an estimate where a part is one, not told where a part is missing or
hidden, and not applicable where it would be a division by zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD
from nhasan.domain.observations import Status
from nhasan.domain.recast import Finding, Why
from nhasan.domain.recast_rates import Rate
from nhasan.engines.arrow import COVERAGE, DECIMALS, STATUS, VALUE
from nhasan.engines.engine import TooLarge
from nhasan.engines.exact import evaluate, rounded
from nhasan.engines.recasting import BY, WHY, TableOnMap

AGAIN = "AGAIN"
"""The column that tells which rates were computed again."""
_LARGEST = 2**63 - 1
# Arrow's stubs know more types than they can tell apart; an array is just an array here.
Arrow = Any
_arrow: Any = pc
_Key = tuple[str, ...]
_Found = tuple[int | None, int, str, str]  # value, decimals, status, keys


def recomputed(found: TableOnMap, rates: Sequence[Rate]) -> TableOnMap:
    """Return the figures with a column more (`AGAIN`), and rates computed where they can be."""
    table = found.figures
    dims = table.column_names[:table.column_names.index(VALUE)]
    by_ref = {rate.indicator: rate for rate in rates}
    wanted: Arrow = _arrow.and_(
        _arrow.and_(_arrow.equal(_text(table, WHY), str(Why.RATE)),
                _arrow.equal(_text(table, STATUS), str(Status.NOT_REPORTED))),
        _among(table, INDICATOR, by_ref),
    )
    at = np.flatnonzero(wanted.to_numpy(zero_copy_only=False))
    if not len(at):
        return TableOnMap(
            table.append_column(AGAIN, pa.array(np.zeros(len(table), bool))), found.findings)
    keys = _keys(table.take(at), dims)
    parts = _parts(table, dims, rates, {key[dims.index(REF_AREA)] for key in keys})
    told, mended = {}, []
    for line, key in zip(at, keys, strict=True):
        result = _computed(by_ref[key[dims.index(INDICATOR)]], dims, key, parts)
        if result:
            told[int(line)] = result
            mended.append(tuple(
                key[dims.index(dim)] for dim in (AREA_LEVEL, REF_AREA, TIME_PERIOD)))
    return TableOnMap(_replaced(table, told), _without(found.findings, mended))


def _without(findings: Sequence[Finding], mended: Iterable[_Key]) -> tuple[Finding, ...]:
    """Return the findings without the rates that could be told after all."""
    fewer = Counter(mended)
    found = [
        one._replace(figures=one.figures - fewer[one.level, one.code, one.period])
        if one.why is Why.RATE else one for one in findings
    ]
    return tuple(one for one in found if one.figures)


def _text(table: pa.Table, name: str) -> Arrow:
    return table[name].combine_chunks().cast(pa.string())


def _among(table: pa.Table, name: str, codes: Any) -> Arrow:
    return _arrow.is_in(_text(table, name), pa.array(sorted(codes), pa.string()))


def _keys(table: pa.Table, dims: Sequence[str]) -> list[_Key]:
    return list(zip(*(_text(table, dim).to_pylist() for dim in dims), strict=True))


def _parts(table: pa.Table, dims: Sequence[str], rates: Sequence[Rate],
           areas: set[str]) -> dict[_Key, _Found]:
    """Return what formulas read at these areas, by key."""
    read = {operand.indicator for rate in rates for operand in rate.operands}
    held = table.filter(
        _arrow.and_(_among(table, INDICATOR, read), _among(table, REF_AREA, areas)))
    facts: Any = zip(held[VALUE].to_pylist(), held[DECIMALS].to_pylist(),
                     _text(held, STATUS).to_pylist(), _text(held, BY).to_pylist(), strict=True)
    return dict(zip(_keys(held, dims), facts, strict=True))


def _computed(rate: Rate, dims: Sequence[str], key: _Key,
              parts: Mapping[_Key, _Found]) -> _Found | None:
    """Return a rate from its parts, or nothing when it is to stay empty as it is."""
    named = dict(zip(dims, key, strict=True))
    held = {
        operand.name: parts.get(tuple(
            {**named, INDICATOR: operand.indicator, **dict(operand.places)}[dim]
            for dim in dims))
        for operand in rate.operands
    }
    there = [part for part in held.values() if part is not None]
    statuses = {part[2] for part in there}
    if Status.CONFIDENTIAL in statuses:
        return None, rate.decimals, Status.CONFIDENTIAL, ""
    if len(there) < len(held) or statuses - {Status.REPORTED, Status.NOT_APPLICABLE}:
        return None
    value = evaluate(rate.tree, {
        name: None if part is None or part[0] is None else Fraction(part[0], 10**part[1])
        for name, part in held.items()
    })
    if value is None:
        return None, rate.decimals, Status.NOT_APPLICABLE, ""
    number = rounded(value, rate.decimals)
    if abs(number) > _LARGEST:
        raise TooLarge()
    by = {kind for part in there for kind in part[3].split()}
    return number, rate.decimals, Status.REPORTED, " ".join(sorted(by))


def _replaced(table: pa.Table, told: Mapping[int, _Found]) -> pa.Table:
    """Return the table with other figures at some of its lines."""
    columns = {name: table[name].to_pylist() for name in (VALUE, DECIMALS)}
    columns |= {name: _text(table, name).to_pylist() for name in (STATUS, BY, WHY, COVERAGE)}
    again = np.zeros(len(table), bool)
    for line, (value, decimals, status, by) in told.items():
        columns[VALUE][line], columns[DECIMALS][line] = value, decimals
        columns[STATUS][line], columns[BY][line] = status, by
        columns[WHY][line] = ""
        again[line] = status == Status.REPORTED
    for name, column in columns.items():
        kind = table.schema.field(name).type
        plain = pa.string() if pa.types.is_dictionary(kind) else kind
        table = table.set_column(
            table.column_names.index(name), name, pa.array(column, plain))
    return table.append_column(AGAIN, pa.array(again))
