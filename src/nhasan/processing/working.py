"""The working cube: the figures of officials' screens, as files beside the table of record.

One file holds the figures of one dataflow, one period and one receiving unit, in the layout
of a release with two columns more: the unit that reported, and the batch. Totals over coded
breakdowns stand in it already, as the plan of the dataflow adds them. Files are written
aside under a name of their own and come into use with a row of the database, so a reader
sees the old file or the new one and never half of one; a killed writer leaves a file that
nobody knows, and the next beat sweeps it away.

Figures are unprotected. Rows are handed out only for units that the database says, now, lie
within the reader's authority: a unit that moved takes its figures along at once. A total of
figures of several units is told to who may read all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from nhasan.domain.access import Actor, Permission
from nhasan.domain.cube import (
    AREA_LEVEL,
    FIXED,
    INDICATOR,
    REF_AREA,
    TIME_PERIOD,
    TOTAL,
    Cube,
    CubeKey,
    CubeRow,
)
from nhasan.domain.derived_figures import added
from nhasan.domain.plan import Tables, Total, steps
from nhasan.engines import connect
from nhasan.engines.arrow import arrow_of
from nhasan.engines.parquet import write_table
from nhasan.engines.partitions import MIXED, UNIT, UNITS, Folder, Wanted
from nhasan.observations import queries as observations
from nhasan.organisations.models import OrganisationUnit
from nhasan.processing.computation import Recipe, planned
from nhasan.processing.models import WorkingPart

GROUP = 16_384
"""Rows of a group in a file: a screen asks for few of them."""
_KEY = (AREA_LEVEL, REF_AREA, TIME_PERIOD, INDICATOR)
_SORTED = (INDICATOR, AREA_LEVEL, REF_AREA)


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
    of_row = [
        (held.units[origin],) if origin >= 0 else owners[key]
        for key, origin in zip(_keys(cube), cube.origins, strict=True)
    ]
    table = arrow_of(cube).append_column(UNIT, pa.array(
        [one[0] if len(one) == 1 else MIXED for one in of_row], pa.int32()))
    table = table.append_column(UNITS, pa.array(
        [None if len(one) == 1 else ",".join(map(str, one)) for one in of_row], pa.string()))
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    write_table(table.sort_by([(dim, "ascending") for dim in _SORTED]), path, GROUP)
    return len(table), sorted(set(held.units.values()))


def _keys(cube: Cube) -> Iterable[tuple[str, ...]]:
    return zip(*(cube.column(dim) for dim in _KEY), strict=True)


def _owners(held: observations.Kept) -> Mapping[tuple[str, ...], tuple[int, ...]]:
    """Return which units reported what a total is of."""
    found: dict[tuple[str, ...], set[int]] = {}
    for key, origin in zip(_keys(held.cube), held.cube.origins, strict=True):
        found.setdefault(key, set()).add(held.units[origin])
    return {key: tuple(sorted(units)) for key, units in found.items()}


def _totalled(recipe: Recipe, dataflow: str, cube: Cube) -> Cube:
    """Return the figures with the totals that the dataflow's own plan adds over breakdowns.

    A breakdown without a list of codes (the villages of a commune) is added up place by place.
    """
    plan = planned(dataflow, Recipe(totals=recipe.totals), cube)
    found = cube
    if isinstance(plan, Total):
        found = connect(settings.ENGINE).run(plan, Tables({dataflow: cube}))
    added = {one.indicator for one in plan.measures if one.adds_over_groups}
    totalled = {step.dimension for step in steps(plan) if isinstance(step, Total)}
    for dim in found.dims[len(FIXED):]:
        if dim not in totalled:
            found = found.joined(_place_by_place(found, dim, added))
    return found


def _place_by_place(cube: Cube, dim: str, indicators: Collection[str]) -> Cube:
    at = cube.position(dim)
    groups: dict[CubeKey, list[CubeRow]] = {}
    whole: set[CubeKey] = set()
    for row in cube.rows():
        if row.key[at] == TOTAL:
            whole.add(row.key)
        elif row.key[0] in indicators:
            groups.setdefault((*row.key[:at], TOTAL, *row.key[at + 1:]), []).append(row)
    made = []
    for key, rows in groups.items():
        if key not in whole:
            sum_ = added(row.figure for row in rows)
            made.append(CubeRow(key, sum_.value, sum_.status, max(r.decimals for r in rows),
                                f"{len(rows)}/{len(rows)}"))
    return Cube.of(cube.dims, made)


@lru_cache(maxsize=8)
def _folder(path: str) -> Folder:
    return Folder(Path(path))


def figures(actor: Actor, dataflow: str, where: Mapping[str, Collection[str]],
            around: Mapping[str, str] | None = None) -> pa.Table:
    """Return figures of the working cube within READ, as a table of a cube's columns.

    `around` names a place of which, besides, the figures one breakdown further are wanted.
    """
    units = set(OrganisationUnit.objects.within(actor.may(Permission.READ))
                .values_list("pk", flat=True))
    parts = WorkingPart.objects.filter(dataflow=dataflow)
    if TIME_PERIOD in where:
        parts = parts.filter(period__in=list(where[TIME_PERIOD]))
    near = [part for part in parts if not units.isdisjoint(part.units)]
    if not near:
        return arrow_of(Cube.empty(FIXED))
    # Where all who reported are within reach no row needs to be looked at for that.
    whole = all(units.issuperset(part.units) for part in near)
    return _folder(settings.WORKING).chosen(
        [part.name for part in near], Wanted(None if whole else units, where, around))


def periods(dataflow: str) -> list[str]:
    """Return the periods of which there are figures of a dataflow."""
    return sorted(set(WorkingPart.objects.filter(dataflow=dataflow)
                      .values_list("period", flat=True)))
