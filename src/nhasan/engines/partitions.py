"""Figures chosen from many Parquet files before a row of them is Python.

One database in memory serves a whole process; every request has a cursor of its own, so
threads do not wait for one another. It may open files of one folder and do nothing else.
Files are never changed once they are there, so what their heads say is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from nhasan.domain.cube import FIXED, TOTAL, dimensions
from nhasan.engines.arrow import FACTS
from nhasan.engines.duckdb import LOCKS

UNIT = "UNIT"
UNITS = "UNITS"
MIXED = -1
"""The unit of a total of figures from several units; `UNITS` then says which, `3,17`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are read: codes by dimension, of these units.

    `around` names places of which, besides, the figures one breakdown further are read.
    """

    units: Collection[int]
    where: Mapping[str, Collection[str]]
    around: Mapping[str, str] | None = None


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
        self._columns = lru_cache(8192)(self._columns_of)

    def _columns_of(self, name: str) -> tuple[str, ...]:
        return tuple(pq.read_schema(self._folder / name).names)

    def chosen(self, names: Sequence[str], wanted: Wanted) -> pa.Table:
        """Return the wanted figures of these files, with every dimension that any of them has."""
        held = [set(self._columns(name)) for name in names]
        every = set().union(*held)
        dims = dimensions(every - {*FACTS, UNIT, UNITS})
        given: list[Any] = []
        lists = ", ".join(f"'{_quoted(str(self._folder / name))}'" for name in names)
        chosen = _chosen(dims, every, wanted, given)
        shown = [f'coalesce("{dim}", \'{TOTAL}\') AS "{dim}"' for dim in dims]
        asked = (  # names of columns are those of files that the house wrote
            f"SELECT {', '.join([*shown, *FACTS])} "  # noqa: S608
            f"FROM read_parquet([{lists}], union_by_name = true) WHERE {chosen}")
        with self._database.cursor() as cursor:
            found: pa.Table = cursor.sql(asked, params=given).to_arrow_table()
        return found


def _chosen(dims: Sequence[str], every: Collection[str], wanted: Wanted,
            given: list[Any]) -> str:
    """Return the condition of the rows that are wanted; its values are added to `given`."""
    units = sorted(wanted.units)
    mine = f"list_contains(?::INT[], {UNIT})"
    given.append(units)
    if UNITS in every:
        mine = (f"({mine} OR ({UNIT} = {MIXED} AND list_has_all(?::INT[], "
                f"TRY_CAST(string_split({UNITS}, ',') AS INT[]))))")
        given.append(units)
    parts = [mine]
    for dim in FIXED:
        if dim in wanted.where:
            parts.append(_among(dim, wanted.where[dim], given))
    broken = [dim for dim in dims[len(FIXED):] if dim in wanted.where]
    if broken:
        narrow = " AND ".join(_among(dim, wanted.where[dim], given) for dim in broken)
        parts.append(f"(({narrow}){_around(broken, wanted, given)})")
    return " AND ".join(parts)


def _around(broken: Sequence[str], wanted: Wanted, given: list[Any]) -> str:
    if not wanted.around:
        return ""
    place = " AND ".join(_among(dim, [code], given) for dim, code in wanted.around.items())
    further = " + ".join(
        f"({_among(dim, wanted.where[dim], given)})::INT" for dim in broken)
    return f" OR ({place} AND {further} >= {len(broken) - 1})"


def _among(dim: str, codes: Collection[str], given: list[Any]) -> str:
    column = f'"{dim}"' if dim in FIXED else f'coalesce("{dim}", \'{TOTAL}\')'
    wanted = sorted(codes)
    given += wanted if len(wanted) <= 20 else [wanted]
    if len(wanted) <= 20:  # a file can say from its head whether it has few codes at all
        return f"{column} IN ({', '.join('?' * len(wanted))})" if wanted else "false"
    return f"{column} IN (SELECT unnest(?::VARCHAR[]))"


def _quoted(text: str) -> str:
    return text.replace("'", "''")

