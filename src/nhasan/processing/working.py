"""The working cube: the figures of officials' screens, as files beside the table of record.

One file holds the figures of one dataflow, one period and one receiving unit, in the layout
of a release with two columns more: the unit that reported, and the batch. Totals over coded
breakdowns stand in it already, as the plan of the dataflow adds them. Files are written
aside under a name of their own and come into use with a row of the database, so a reader
sees the old file or the new one and never half of one; a killed writer leaves a file that
nobody knows, and the next beat sweeps it away.

Figures are unprotected. Rows are handed out only for units that the database says, now, lie
within the reader's authority: a unit that moved takes its figures along at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from nhasan.domain.access import Actor, Permission
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL, Cube
from nhasan.domain.cube import dimensions as ordered
from nhasan.domain.plan import Tables, Total
from nhasan.engines import connect
from nhasan.engines.arrow import VALUE, arrow_of, cube_of
from nhasan.engines.parquet import read_table, write_table
from nhasan.observations import queries as observations
from nhasan.organisations.models import OrganisationUnit
from nhasan.processing.computation import Recipe, planned
from nhasan.processing.models import WorkingPart

UNIT = "UNIT"
MIXED = -1
"""The unit of a total of figures from several units: it is told to nobody, but added up anew."""
_KEY = (AREA_LEVEL, REF_AREA, TIME_PERIOD, INDICATOR)


def path_of(name: str) -> Path:
    """Return where a file of the working cube lies."""
    return Path(settings.WORKING) / name


def write(recipe: Recipe, dataflow: str, period: str, receiver: int,
          name: str) -> tuple[int, list[int]]:
    """Write the file of one partition from the table of record: its rows, its units."""
    held = observations.of_receiver(dataflow, period, receiver)
    if not len(held.cube):
        return 0, []
    cube = _totalled(recipe, dataflow, held.cube)
    owners = _owners(held)
    units = [
        held.units[origin] if origin >= 0 else owners[key]
        for key, origin in zip(_keys(cube), cube.origins, strict=True)
    ]
    table = arrow_of(cube).append_column(UNIT, pa.array(units, pa.int32()))
    table = table.sort_by([(INDICATOR, "ascending"), (REF_AREA, "ascending")])
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    write_table(table, path)
    return len(table), sorted(set(held.units.values()))


def _keys(cube: Cube) -> Iterable[tuple[str, ...]]:
    return zip(*(cube.column(dim) for dim in _KEY), strict=True)


def _owners(held: observations.Kept) -> Mapping[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for key, origin in zip(_keys(held.cube), held.cube.origins, strict=True):
        unit = held.units[origin]
        found[key] = unit if found.get(key, unit) == unit else MIXED
    return found


def _totalled(recipe: Recipe, dataflow: str, cube: Cube) -> Cube:
    """Return the figures with the totals that the dataflow's own plan adds over breakdowns."""
    plan = planned(dataflow, Recipe(totals=recipe.totals), cube)
    if not isinstance(plan, Total):
        return cube
    return connect(settings.ENGINE).run(plan, Tables({dataflow: cube}))


def figures(actor: Actor, dataflow: str, where: Mapping[str, Collection[str]],
            totals: Collection[str] = ()) -> Cube:
    """Return figures of the working cube within READ; `totals` are breakdowns not looked into."""
    units = set(OrganisationUnit.objects.within(actor.may(Permission.READ))
                .values_list("pk", flat=True))
    parts = WorkingPart.objects.filter(dataflow=dataflow)
    if TIME_PERIOD in where:
        parts = parts.filter(period__in=list(where[TIME_PERIOD]))
    wanted = [part for part in parts if units.intersection(part.units)]
    tables = [_read(part.name, units, where, totals) for part in wanted]
    return _joined([table for table in tables if table is not None])


def _read(name: str, units: Collection[int], where: Mapping[str, Collection[str]],
          totals: Collection[str]) -> pa.Table | None:
    table = read_table(path_of(name))
    dims = table.column_names[:_first_fact(table)]
    wanted = pc.is_in(table[UNIT], pa.array(sorted(units), pa.int32()))
    for dim, codes in where.items():
        if dim in dims:
            wanted = pc.and_(wanted, pc.is_in(table[dim], pa.array(sorted(codes), pa.string())))
    for dim in totals:
        if dim in dims:
            wanted = pc.and_(wanted, pc.equal(table[dim], pa.scalar(TOTAL)))
    found = table.filter(wanted)
    return found.drop_columns([UNIT]) if len(found) else None


def _joined(tables: Sequence[pa.Table]) -> Cube:
    dims = ordered({
        name for table in tables for name in table.column_names[:_first_fact(table)]})
    if not tables:
        return Cube.empty(dims)
    return cube_of(pa.concat_tables([_widened(table, dims) for table in tables]))


def _first_fact(table: pa.Table) -> int:
    return table.column_names.index(VALUE)


def _widened(table: pa.Table, dims: Sequence[str]) -> pa.Table:
    columns: dict[str, Any] = {
        dim: table[dim] if dim in table.column_names
        else pa.array([TOTAL] * len(table), pa.string())
        for dim in dims
    }
    return pa.table({**columns, **{
        name: table[name] for name in table.column_names[_first_fact(table):]}})

