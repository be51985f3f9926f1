"""The reference engine: plain Python, slow and obvious. It judges the others.

Nothing here is optimised on purpose. Where a faster engine and this page disagree, this page
is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from nhasan.domain.cube import (
    AREA_LEVEL,
    INDICATOR,
    REF_AREA,
    TIME_PERIOD,
    TOTAL,
    Cube,
    CubeKey,
    CubeRow,
)
from nhasan.domain.links import Link
from nhasan.domain.observations import Status, unscaled
from nhasan.domain.plan import (
    Derive,
    Node,
    Operand,
    Read,
    RollUp,
    Select,
    Tables,
    Total,
    map_day,
)
from nhasan.engines.engine import TooLarge
from nhasan.engines.exact import evaluate, rounded
from nhasan.engines.parquet import write_cube

LARGEST = 2**63 - 1


def open_engine(settings: str) -> ReferenceEngine:
    """Return the engine; it has no settings."""
    return ReferenceEngine()


@dataclass(frozen=True, slots=True)
class ReferenceEngine:
    """Runs plans in plain Python."""

    def run(self, plan: Node, tables: Tables) -> Cube:
        """Return what the plan computes."""
        return _run(plan, tables).sorted()

    def write(self, plan: Node, tables: Tables, path: Path) -> Cube:
        """Write what the plan computes to a Parquet file, and return it."""
        cube = self.run(plan, tables)
        write_cube(cube, path)
        return cube


def _run(plan: Node, tables: Tables) -> Cube:
    if isinstance(plan, Read):
        return _read(plan, tables)
    source = _run(plan.source, tables)
    if isinstance(plan, Select):
        return source.select(dict(plan.where))
    if isinstance(plan, Total):
        return _total(plan, source)
    if isinstance(plan, RollUp):
        return _roll_up(plan, source, tables)
    return _derive(plan, source)


def _read(plan: Read, tables: Tables) -> Cube:
    cube = tables.cubes[plan.dataflow].widened(plan.breakdowns)
    return cube.select({INDICATOR: {m.indicator for m in plan.measures}}).aligned()


def _total(plan: Total, source: Cube) -> Cube:
    at = source.position(plan.dimension)
    groups: dict[CubeKey, list[CubeRow]] = defaultdict(list)
    for row in source.rows():
        if row.key[0] in plan.indicators and row.key[at] in plan.parts:
            groups[_moved(row.key, {at: TOTAL})].append(row)
    return _merged(source, [
        _whole(key, rows, len(plan.parts)) for key, rows in groups.items()
    ])


def _roll_up(plan: RollUp, source: Cube, tables: Tables) -> Cube:
    level, area = source.position(AREA_LEVEL), source.position(REF_AREA)
    period = source.position(TIME_PERIOD)
    links = [link for link in tables.links
             if link.level == plan.from_level and link.parent_level == plan.to_level]
    groups: dict[CubeKey, list[CubeRow]] = defaultdict(list)
    for row in source.rows():
        if row.key[0] in plan.indicators and row.key[level] == plan.from_level:
            for link in _standing(links, row.key[period], plan.on):
                if link.code == row.key[area]:
                    parent = {level: plan.to_level, area: link.parent_code}
                    groups[_moved(row.key, parent)].append(row)
    return _merged(source, [
        _whole(key, rows, sum(
            link.parent_code == key[area] for link in _standing(links, key[period], plan.on)
        ))
        for key, rows in groups.items()
    ])


def _standing(links: Iterable[Link], period: str, on: str) -> list[Link]:
    """Return the links that hold on the day on which the period's map is asked."""
    day = map_day(period, on)
    return [link for link in links if link.holds(day)]


def _whole(key: CubeKey, parts: list[CubeRow], expected: int) -> CubeRow:
    """Return the sum of the parts, or why there is none."""
    statuses = [row.status for row in parts]
    told = statuses.count(Status.REPORTED)
    skipped = statuses.count(Status.NOT_APPLICABLE)
    hidden = statuses.count(Status.CONFIDENTIAL)
    decimals = max(row.decimals for row in parts)
    coverage = f"{told}/{expected - skipped}"
    if told + skipped + hidden < expected:
        return CubeRow(key, None, Status.NOT_REPORTED, decimals, coverage)
    if hidden:
        return CubeRow(key, None, Status.CONFIDENTIAL, decimals, coverage)
    if not told:
        return CubeRow(key, None, Status.NOT_APPLICABLE, decimals, coverage)
    value = sum((row.value for row in parts if row.value is not None), start=unscaled(0, 0))
    if abs(value.scaleb(decimals)) > LARGEST:
        raise TooLarge()
    return CubeRow(key, value, Status.REPORTED, decimals, coverage)


def _derive(plan: Derive, source: Cube) -> Cube:
    at = source.index()
    indicator = source.position(INDICATOR)
    own = [operand for operand in plan.operands if not operand.places]
    computed = []
    for key in at:
        if key[indicator] != own[0].indicator:
            continue
        find = partial(_operand, source, at, key)
        if all(find(operand) is not None for operand in own):
            found = {operand.name: find(operand) for operand in plan.operands}
            computed.append(_computed(plan, _moved(key, {indicator: plan.indicator}), found))
    return _merged(source, computed)


def _operand(
    source: Cube, at: Mapping[CubeKey, int], key: CubeKey, operand: Operand,
) -> CubeRow | None:
    """Return the row that an operand stands for, seen from the row at `key`."""
    places = {source.position(dimension): code for dimension, code in operand.places}
    where = at.get(_moved(key, {source.position(INDICATOR): operand.indicator, **places}))
    return None if where is None else source.row(where)


def _computed(plan: Derive, key: CubeKey, found: Mapping[str, CubeRow | None]) -> CubeRow:
    values = {
        name: None if row is None or row.value is None else Fraction(row.value)
        for name, row in found.items()
    }
    result = evaluate(plan.tree, values)
    if result is not None:
        number = rounded(result, plan.decimals)
        if abs(number) > LARGEST:
            raise TooLarge()
        value = unscaled(number, plan.decimals)
        return CubeRow(key, value, Status.REPORTED, plan.decimals)
    statuses = {Status.NOT_REPORTED if row is None else row.status for row in found.values()}
    for status in (Status.CONFIDENTIAL, Status.NOT_REPORTED):
        if status in statuses:
            return CubeRow(key, None, status, plan.decimals)
    return CubeRow(key, None, Status.NOT_APPLICABLE, plan.decimals)


def _merged(source: Cube, computed: list[CubeRow]) -> Cube:
    """Return the source with the computed rows; what somebody reported stays as it is."""
    kept = {row.key for row in source.rows() if row.status is not Status.NOT_REPORTED}
    added = [row for row in computed if row.key not in kept]
    replaced = {row.key for row in added}
    return Cube.of(source.dims, [
        *(row for row in source.rows() if row.key not in replaced), *added,
    ])


def _moved(key: CubeKey, places: Mapping[int, str]) -> CubeKey:
    return tuple(places.get(at, code) for at, code in enumerate(key))


