"""The compiler of tabulations: a plan becomes a few Ibis statements, the same for fast engines.

The rows are read once: every sum over rows that any measure needs is taken for the finest cells.
What is coarser is added up from there, rung by rung and ladder by ladder, so that 16 grouping
sets cost six statements, of which only the first sees the rows. Medians go their own way: for
them the finest cells hold how often each value was seen, which adds up as counts do.

A sample's cells are kept by cluster until the end, where the spread between clusters is taken.

Statements refer to each other by name. A backend runs them in order, keeps each result under
its name, and brings two functions that dialects disagree on: `round_ratio` and `round_share`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

import ibis

from nhasan.domain.tabulation import (
    Atom,
    Kind,
    Ladder,
    Median,
    OneOf,
    Ratio,
    Tabulation,
    Test,
    Within,
)
from nhasan.engines.ratios import WIDE, round_ratio
from nhasan.engines.ratios import Ratio as Fraction

Table = Any
Column = Any
CELLS, STRATUM, CLUSTER, WEIGHT, VALUE, BAD = (
    "cells", "stratum", "cluster", "weight", "value", "bad_weights")
# Twice the factor, times as many rows as these bits count, fits into 64 bits.
_ROWS_BITS = 40


class Step(NamedTuple):
    """A statement and the name under which its result is kept."""

    name: str
    expression: Table


class Cascade(NamedTuple):
    """The statements that add finest cells up; together they hold every grouping set."""

    steps: tuple[Step, ...]
    whole: Table


@ibis.udf.agg.builtin(name="count_if", signature=(("boolean",), "int64"))
def _count_if(condition):  # type: ignore[no-untyped-def]
    """Return for how many rows the condition holds; DuckDB and Spark say it alike."""


@ibis.udf.scalar.builtin(name="round_share", signature=(("int64", "int64"), "int64"))
def _round_share(above, below):  # type: ignore[no-untyped-def]
    """Return the ratio of small numbers, none below zero, rounded half up."""


def key(number: int) -> str:
    """Return the name of the column with a ladder's code."""
    return f"key_{number}"


def rung(number: int) -> str:
    """Return the name of the column with a ladder's rung."""
    return f"rung_{number}"


def parents(number: int, at: int) -> str:
    """Return the name of the table of the codes above those of a rung below."""
    return f"parents_{number}_{at}"


def cells(plan: Tabulation) -> Table:
    """Return every sum over rows that the ratios need, for the finest cells."""
    rows = _units(plan)
    sums = {name: _sum(plan, rows, atom) for name, atom in _atoms(plan).items()}
    if plan.weight:
        weight = rows[plan.weight]
        sums[BAD] = rows.count(where=weight.isnull() | (weight < 0))
    found = rows.group_by(**_keys(plan, rows)).agg(**sums)
    return found.mutate(**{
        rung(number): ibis.literal(ladder.rungs[0].name)
        for number, ladder in enumerate(plan.ladders)
    }).select(*_cell(plan), *_clusters(plan), *sums)


def cascade(plan: Tabulation) -> Cascade:
    """Return how the finest cells of the ratios are added up."""
    weights = [BAD] if plan.weight else []
    return _cascade(plan, CELLS, _clusters(plan), [*_atoms(plan), *weights])


def kept_name() -> str:
    """Return the statement whose result is enough to do without the rows of other parts."""
    return _step(CELLS, 0, 1)


def answer(plan: Tabulation, whole: Table) -> Table:
    """Return the measures of every cell, without medians and errors."""
    names = {atom: name for name, atom in _atoms(plan).items()}
    if plan.design:
        whole = whole.group_by(*_cell(plan)).agg(**{
            name: whole[name].sum().cast("int64") for name in names.values()})
    return whole.select(*_cell(plan), **{
        measure.name: _value(plan, measure, whole, names) for measure in plan.ratios})


def median_steps(plan: Tabulation, number: int) -> tuple[Step, Cascade]:
    """Return how often each value was seen in the finest cells, and how that is added up."""
    median = plan.medians[number]
    rows = _units(plan)
    rows = rows.filter(_all(rows, median.given))
    name = f"values_{number}"
    weight = rows[plan.weight].sum().cast("int64") if plan.weight else rows.count()
    seen = rows.group_by(**{
        **{key(at): rows[ladder.column] for at, ladder in enumerate(plan.ladders)},
        VALUE: rows[median.column],
    }).agg(**{WEIGHT: weight})
    seen = seen.filter(seen[WEIGHT] > 0).mutate(**{
        rung(at): ibis.literal(ladder.rungs[0].name) for at, ladder in enumerate(plan.ladders)
    }).select(*_cell(plan), VALUE, WEIGHT)
    return Step(name, seen), _cascade(plan, name, (VALUE,), [WEIGHT])


def median(plan: Tabulation, measure: Median, seen: Table) -> Table:
    """Return the median of every cell from how often each value was seen in it."""
    cell = _cell(plan)
    by_cell = ibis.window(group_by=[seen[name] for name in cell])
    so_far = ibis.window(
        group_by=[seen[name] for name in cell], order_by=seen[VALUE],
        rows=(None, 0))
    told = seen.mutate(
        so_far=seen[WEIGHT].sum().over(so_far).cast(WIDE) * _wide(2),
        everything=seen[WEIGHT].sum().over(by_cell).cast(WIDE))
    found = told.group_by(*cell).agg(
        low=told[VALUE].min(where=told["so_far"] >= told["everything"]),
        high=told[VALUE].min(where=told["so_far"] > told["everything"]))
    twice = found["low"].cast(WIDE) + found["high"].cast(WIDE)
    return found.select(*cell, **{
        measure.name: round_ratio(Fraction(twice, 2), measure.decimals)})


def moments(plan: Tabulation, whole: Table) -> Table:
    """Return, for every cell and stratum, the sums over clusters that the errors need."""
    names = {atom: name for name, atom in _atoms(plan).items()}
    found: dict[str, Column] = {}
    for number, measure in enumerate(plan.ratios):
        above, below = measure.parts
        y = whole[names[above]].cast(WIDE)
        x = whole[names[below]].cast(WIDE) if below else _wide(0) * y
        for name, column in (("y", y), ("x", x), ("yy", y * y), ("xx", x * x), ("xy", x * y)):
            found[f"{name}_{number}"] = column.sum()
    return whole.group_by(*_cell(plan), STRATUM).agg(**found)


def joined(plan: Tabulation, left: Table, right: Table) -> Table:
    """Return the measures of two statements side by side, cell by cell."""
    cell = _cell(plan)
    facts = [name for name in right.columns if name not in cell]
    right = right.rename({f"{name}_right": name for name in cell})
    found = left.join(
        right, [left[name] == right[f"{name}_right"] for name in cell], how="left")
    return found.select(*left.columns, *facts)


def named(plan: Tabulation, found: Table) -> Table:
    """Return the answer under the names that the plan gives its columns."""
    columns = {}
    for number, ladder in enumerate(plan.ladders):
        columns[f"{ladder.column}_rung"] = found[rung(number)]
        columns[ladder.column] = found[key(number)]
    facts = [name for name in found.columns if name not in _cell(plan)]
    return found.select(**columns, **{name: found[name] for name in facts})


def reference(plan: Tabulation, name: str, columns: Sequence[str]) -> Table:
    """Return a kept result by its name: cells with these columns of numbers beside them."""
    texts = (*_cell(plan), STRATUM, CLUSTER)
    known = [*_cell(plan), *columns]
    return ibis.table({
        column: "string" if column in texts else "int64" for column in known}, name=name)


def _cascade(
    plan: Tabulation, base: str, beside: Sequence[str], sums: Sequence[str],
) -> Cascade:
    held = [reference(plan, base, [*beside, *sums])]
    steps = []
    for number, ladder in enumerate(plan.ladders):
        below = _union(held)
        for at in range(1, len(ladder.rungs)):
            name = _step(base, number, at)
            steps.append(Step(name, _risen(plan, below, number, at, beside, sums)))
            below = reference(plan, name, [*beside, *sums])
            held.append(below)
    return Cascade(tuple(steps), _union(held))


def _risen(
    plan: Tabulation, below: Table, number: int, at: int, beside: Sequence[str],
    sums: Sequence[str],
) -> Table:
    """Return the cells one rung up."""
    ladder = plan.ladders[number]
    above = _above(ladder, number, at)
    if isinstance(above, str):
        below = below.mutate(**{key(number): ibis.literal(above)})
    else:
        columns = [name for name in below.columns if name != key(number)]
        below = below.join(above, below[key(number)] == above["code"]).select(
            *columns, **{key(number): above["parent"]})
    by = [name for name in (*_cell(plan), *beside) if name != rung(number)]
    found = below.group_by(*by).agg(**{name: below[name].sum().cast("int64") for name in sums})
    return found.mutate(**{rung(number): ibis.literal(ladder.rungs[at].name)}).select(
        *_cell(plan), *beside, *sums)


def _above(ladder: Ladder, number: int, at: int) -> Table | str:
    """Return the table of codes above, or the one code that is above all of them."""
    reached = set(ladder.rungs[at].parents.values())
    if len(reached) == 1:
        return reached.pop()
    return ibis.table({"code": "string", "parent": "string"}, name=parents(number, at))


def _step(base: str, number: int, at: int) -> str:
    return f"{base}_up_{number}_{at}"


def _union(tables: Sequence[Table]) -> Table:
    return reduce(lambda one, two: one.union(two), tables)


def _units(plan: Tabulation) -> Table:
    return ibis.table({
        name: "string" if kind is Kind.CODE else "int64" for name, kind in plan.columns.items()
    }, name="units")


def _atoms(plan: Tabulation) -> dict[str, Atom]:
    return {f"sum_{number}": atom for number, atom in enumerate(plan.atoms)}


def _cell(plan: Tabulation) -> list[str]:
    """Return the columns that name a cell."""
    return [name(number) for number in range(len(plan.ladders)) for name in (rung, key)]


def _clusters(plan: Tabulation) -> tuple[str, ...]:
    return (STRATUM, CLUSTER) if plan.design else ()


def _keys(plan: Tabulation, rows: Table) -> dict[str, Column]:
    found = {key(number): rows[ladder.column] for number, ladder in enumerate(plan.ladders)}
    if plan.design:
        found |= {STRATUM: rows[plan.design.stratum], CLUSTER: rows[plan.design.cluster]}
    return found


def _sum(plan: Tabulation, rows: Table, atom: Atom) -> Column:
    """Return a sum over rows.

    Conditions stand inside of the sum: a filter beside each of forty sums costs thrice the time.
    """
    where = _all(rows, atom.where)
    if not atom.column and not plan.weight:
        return rows.count() if where is None else ibis.coalesce(_count_if(where), 0)
    if not atom.column:
        taken = rows[plan.weight]
    elif not plan.weight:
        taken = rows[atom.column]
        # A sum passes over what is missing without being told.
        where = _all(rows, [test for test in atom.where if test != Within(atom.column)])
    else:
        taken = rows[atom.column] * rows[plan.weight]
    told = taken if where is None else ibis.ifelse(where, taken, 0)
    return ibis.coalesce(told.sum(), 0).cast("int64")


def _all(rows: Table, where: Sequence[Test]) -> Column:
    tests = [_test(rows, test) for test in where]
    return reduce(and_, tests) if tests else None


def _test(rows: Table, test: Test) -> Column:
    column = rows[test.column]
    if isinstance(test, OneOf):
        return column == test.codes[0] if len(test.codes) == 1 else column.isin(test.codes)
    if test.low is None and test.high is None:
        return column.notnull()
    if test.low is None:
        return column <= test.high
    if test.high is None:
        return column >= test.low
    return column.between(test.low, test.high)


def _value(plan: Tabulation, measure: Ratio, whole: Table, names: dict[Atom, str]) -> Column:
    """Return a measure, rounded once."""
    above, below = measure.parts
    taken, factor = whole[names[above]], measure.per * 10**measure.decimals
    if below is None:
        return _total(taken, factor, plan.unit)
    if not plan.weight and not above.column and factor < 2 ** (62 - _ROWS_BITS):
        return _round_share(taken * factor, whole[names[below]])
    over = whole[names[below]].cast(WIDE).nullif(_wide(0))
    return round_ratio(Fraction(taken.cast(WIDE) * _wide(measure.per), over), measure.decimals)


def _total(taken: Column, factor: int, unit: int) -> Column:
    if unit == 1:
        return taken * factor if factor > 1 else taken
    return round_ratio(Fraction(taken.cast(WIDE) * _wide(factor), unit), 0)


def _wide(number: int) -> Column:
    return ibis.literal(Decimal(number), type=WIDE)
