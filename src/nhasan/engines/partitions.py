"""Figures chosen from many Parquet files before a row of them is Python.

One database in memory serves a whole process; every request has a cursor of its own, so
threads do not wait for one another. It may open files of one folder and do nothing else.
Files are never changed once they are there, so what their heads say is kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from nhasan.domain.cube import FIXED, REF_AREA, TOTAL, Cube, dimensions
from nhasan.engines.arrow import FACTS, arrow_of
from nhasan.engines.duckdb import LOCKS

UNIT = "UNIT"
UNITS = "UNITS"
_ABOVE = chr(0x10FFFF)
MIXED = -1
"""The unit of a total of figures from several units; `UNITS` then says which, `3,17`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are read: codes by dimension, of these units (None: whosever they are).

    `around` names places of which, besides, the figures one breakdown further are read.
    """

    units: Collection[int] | None
    where: Mapping[str, Collection[str]]
    around: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Head:
    """What the head of a file says: its columns, and between which codes its areas lie."""

    columns: frozenset[str]
    low: str
    high: str

    def may_hold(self, areas: Sequence[str] | None) -> bool:
        """Tell whether the file can have figures of one of these areas, given in order."""
        if areas is None:
            return True
        at = bisect_left(areas, self.low)
        return at < len(areas) and areas[at] <= self.high


class Folder:
    """The files of one folder, read by names that the caller knows."""

    def __init__(self, folder: Path) -> None:
        """Open a database that sees this folder."""
        self._folder = folder
        self._database = duckdb.connect(":memory:", config={
            "memory_limit": "512MB", "threads": 2})
        self._database.execute("SET parquet_metadata_cache = true")
        self._database.execute(f"SET allowed_directories = ['{_quoted(str(folder))}/']")
        for lock in LOCKS:
            self._database.execute(lock)
        self._head = lru_cache(8192)(self._head_of)

    def _head_of(self, name: str) -> _Head:
        found = pq.read_metadata(self._folder / name)
        columns = found.schema.to_arrow_schema().names
        at = columns.index(REF_AREA)
        every = [found.row_group(group).column(at).statistics
                 for group in range(found.num_row_groups)]
        told = [each for each in every if each is not None and each.has_min_max]
        if not told or len(told) < len(every):
            return _Head(frozenset(columns), "", _ABOVE)
        return _Head(frozenset(columns), min(str(each.min) for each in told),
                     max(str(each.max) for each in told))

    def chosen(self, names: Sequence[str], wanted: Wanted) -> pa.Table:
        """Return the wanted figures of these files, with every dimension that any of them has.

        Files that by their heads have nothing of the areas asked about are not opened.
        """
        heads = {name: self._head(name) for name in names}
        dims = dimensions(
            frozenset().union(*(head.columns for head in heads.values())) - {*FACTS, UNIT, UNITS})
        asked_areas = sorted(wanted.where[REF_AREA]) if REF_AREA in wanted.where else None
        if wanted.around and asked_areas is not None and REF_AREA in wanted.around:
            asked_areas = sorted({*asked_areas, wanted.around[REF_AREA]})
        opened = [name for name, head in heads.items() if head.may_hold(asked_areas)]
        if not opened:
            return arrow_of(Cube.empty(dims))
        there = frozenset().union(*(heads[name].columns for name in opened))
        given: list[Any] = []
        lists = ", ".join(f"'{_quoted(str(self._folder / name))}'" for name in opened)
        chosen = _chosen(dims, there, wanted, given)
        shown = [f'{_column(dim, there)} AS "{dim}"' for dim in dims]
        asked = (  # names of columns are those of files that the house wrote
            f"SELECT {', '.join([*shown, *FACTS])} "  # noqa: S608
            f"FROM read_parquet([{lists}], union_by_name = true) WHERE {chosen}")
        with self._database.cursor() as cursor:
            found: pa.Table = cursor.sql(asked, params=given).to_arrow_table()
        return found


def _column(dim: str, there: Collection[str]) -> str:
    """Return a dimension in SQL: files that do not have it tell totals."""
    if dim in FIXED:
        return f'"{dim}"'
    return f"coalesce(\"{dim}\", '{TOTAL}')" if dim in there else f"'{TOTAL}'"


def _mine(units: Sequence[int], there: Collection[str], given: list[Any]) -> str:
    given.append(units)
    mine = f"{UNIT} IN (SELECT unnest(?::INT[]))"
    if UNITS in there:
        mine = (f"({mine} OR ({UNIT} = {MIXED} AND list_has_all(?::INT[], "
                f"TRY_CAST(string_split({UNITS}, ',') AS INT[]))))")
        given.append(units)
    return mine


def _chosen(dims: Sequence[str], there: Collection[str], wanted: Wanted,
            given: list[Any]) -> str:
    """Return the condition of the rows that are wanted; its values are added to `given`."""
    parts = [] if wanted.units is None else [_mine(sorted(wanted.units), there, given)]
    for dim in FIXED:
        if dim in wanted.where:
            parts.append(_among(f'"{dim}"', wanted.where[dim], given))
    broken = [dim for dim in dims[len(FIXED):] if dim in wanted.where]
    if broken:
        narrow = " AND ".join(
            _among(_column(dim, there), wanted.where[dim], given) for dim in broken)
        parts.append(f"(({narrow}){_around(broken, there, wanted, given)})")
    return " AND ".join(parts) or "true"


def _around(broken: Sequence[str], there: Collection[str], wanted: Wanted,
            given: list[Any]) -> str:
    if not wanted.around:
        return ""
    place = " AND ".join(_among(f'"{dim}"', [code], given)
                         for dim, code in wanted.around.items())
    further = " + ".join(
        f"({_among(_column(dim, there), wanted.where[dim], given)})::INT" for dim in broken)
    return f" OR ({place} AND {further} >= {len(broken) - 1})"


def _among(column: str, codes: Collection[str], given: list[Any]) -> str:
    wanted = sorted(codes)
    given += wanted if len(wanted) <= 20 else [wanted]
    if len(wanted) <= 20:  # a file can say from its head whether it has few codes at all
        return f"{column} IN ({', '.join('?' * len(wanted))})" if wanted else "false"
    return f"{column} IN (SELECT unnest(?::VARCHAR[]))"


def _quoted(text: str) -> str:
    return text.replace("'", "''")

