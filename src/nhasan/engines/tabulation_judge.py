"""Tabulations in plain Python, slow and obvious. It judges the fast ones.

Every row is put into every cell that it belongs to, and each measure is taken from the rows of
its cell by its own definition. Where a faster engine and this page disagree, this page is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from nhasan.domain.sampling_errors import checked_strata, moments, standard_error
from nhasan.domain.tabulation import (
    Atom,
    Ladder,
    Lonely,
    Median,
    Ratio,
    Tabulation,
    UnplacedCode,
    WeightMissing,
    median_of,
)
from nhasan.engines.exact import rounded

Row = Mapping[str, Any]
Cell = tuple[tuple[str, str], ...]
Answer = dict[Cell, dict[str, int | None]]


def judged(plan: Tabulation, rows: Iterable[Row]) -> Answer:
    """Return the measures of every cell: by (rung, code) of each ladder."""
    held = list(rows)
    _check(plan, held)
    clusters: dict[str, int] = {}
    if plan.design:
        pairs = {(row[plan.design.stratum], row[plan.design.cluster]) for row in held}
        for stratum, _ in pairs:
            clusters[stratum] = clusters.get(stratum, 0) + 1
        if plan.ratios:
            checked_strata(clusters, plan.design.strata,
                           lonely_is_certain=plan.design.lonely is Lonely.CERTAIN)
    cells: dict[Cell, list[Row]] = defaultdict(list)
    for row in held:
        for cell in _cells(plan, row):
            cells[cell].append(row)
    return {cell: _measured(plan, members, clusters) for cell, members in cells.items()}


def _cells(plan: Tabulation, row: Row) -> Iterable[Cell]:
    """Return every cell that a row belongs to."""
    return product(*(
        [(rung.name, code) for rung, code in zip(
            ladder.rungs, ladder.path(row[ladder.column]), strict=True)]
        for ladder in plan.ladders
    ))


def _measured(
    plan: Tabulation, rows: Sequence[Row], clusters: Mapping[str, int],
) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for measure in plan.measures:
        if isinstance(measure, Median):
            value = median_of([
                (row[measure.column], _weight(plan, row)) for row in rows
                if all(test.holds(row[test.column]) for test in measure.given)
            ])
            found[measure.name] = None if value is None else rounded(value, measure.decimals)
            continue
        above, below = measure.parts
        under = _sum(plan, below, rows) if below else plan.unit
        found[measure.name] = rounded(
            Fraction(_sum(plan, above, rows) * measure.per, under), measure.decimals,
        ) if under else None
        if plan.design:
            found[f"{measure.name}_se"] = _error(plan, measure, rows, clusters)
    return found


def _error(
    plan: Tabulation, measure: Ratio, rows: Sequence[Row], clusters: Mapping[str, int],
) -> int | None:
    if plan.design is None:
        raise TypeError("errors need a sample design")
    by_cluster: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_cluster[row[plan.design.stratum], row[plan.design.cluster]].append(row)
    totals: dict[str, list[tuple[int, int]]] = defaultdict(list)
    above, below = measure.parts
    for (stratum, _), members in by_cluster.items():
        totals[stratum].append((
            _sum(plan, above, members), _sum(plan, below, members) if below else 0))
    return standard_error(
        {stratum: moments(held) for stratum, held in totals.items()}, clusters,
        0 if below else plan.unit, measure.per * 10**measure.decimals)


def _sum(plan: Tabulation, atom: Atom, rows: Sequence[Row]) -> int:
    return sum(
        _weight(plan, row) * (row[atom.column] if atom.column else 1) for row in rows
        if all(test.holds(row[test.column]) for test in atom.where)
    )


def _weight(plan: Tabulation, row: Row) -> int:
    return int(row[plan.weight]) if plan.weight else 1


def _check(plan: Tabulation, rows: Sequence[Row]) -> None:
    for ladder in plan.ladders:
        lost = {row[ladder.column] for row in rows if not _placed(ladder, row[ladder.column])}
        if lost:
            raise UnplacedCode(
                column=ladder.column, codes=", ".join(sorted(code or "—" for code in lost)[:5]))
    if plan.design:
        for column in (plan.design.stratum, plan.design.cluster):
            if any(row[column] is None for row in rows):
                raise UnplacedCode(column=column, codes="—")
    if plan.weight:
        bad = sum(row[plan.weight] is None or row[plan.weight] < 0 for row in rows)
        if bad:
            raise WeightMissing(rows=bad, column=plan.weight)


def _placed(ladder: Ladder, code: str | None) -> bool:
    if code is None:
        return False
    return len(ladder.rungs) == 1 or code in ladder.rungs[1].parents
