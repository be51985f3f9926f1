"""Figures chosen from many Parquet files, and added up over areas, before a row of them is Python.

One database in memory serves a whole process; every request has a cursor of its own, so
threads do not wait for one another. It may open files of one folder and do nothing else.
Files are never changed once they are there, so what their heads say is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from nhasan.domain.cube import (
    AREA_LEVEL,
    FIXED,
    INDICATOR,
    REF_AREA,
    TIME_PERIOD,
    TOTAL,
    dimensions,
)
from nhasan.domain.observations import Status
from nhasan.engines.arrow import COVERAGE, DECIMALS, FACTS, ORIGIN, STATUS, VALUE
from nhasan.engines.duckdb import LOCKS

UNIT = "UNIT"
UNITS = "UNITS"
MIXED = -1
"""The unit of a total of figures from several units; `UNITS` then says which, `3,17`."""
Dated = tuple[str, str, str, str, date | None, date | None]
"""An area beneath another: its level and code, those of the other, from when until when."""
Day = Callable[[str], date]
_TOWARDS = ("level", "code", "parent_level", "parent_code", "since", "until")


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

    def summed(self, held: pa.Table, below: Iterable[Dated], day: Day,
               refs: Collection[str]) -> pa.Table:
        """Return what areas add up to from those beneath them, however far down, for `refs`.

        An area's own figure goes before the sum of its parts. With a part of which nothing is
        known there is no sum; a hidden part hides it. Only areas that have no figure of their
        own are told.
        """
        links = _links(below)
        found = held.slice(0, 0)
        with self._database.cursor() as cursor:
            periods = held[TIME_PERIOD].unique().to_pylist()
            days = pa.table({
                "period": pa.array(periods, pa.string()),
                "day": pa.array(list(map(day, periods)), pa.date32())})
            for name, table in (("held", held), ("links", links), ("days", days)):
                cursor.register(name, table)
            for level in _upwards(links):
                cursor.register("sums", found)
                layer = cursor.sql(
                    _layer(held), params=[level, sorted(refs)]).to_arrow_table()
                found = pa.concat_tables([found, layer.cast(held.schema)])
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


def _layer(held: pa.Table) -> str:
    """Return the statement that adds up the areas of one level from those right beneath."""
    dims = held.column_names[:held.column_names.index(VALUE)]
    broken = [f'"{dim}"' for dim in dims[len(FIXED):]]
    also = "".join(f", {dim}" for dim in broken)
    kept = Status.REPORTED, Status.NOT_REPORTED, Status.NOT_APPLICABLE, Status.CONFIDENTIAL
    reported, unknown, idle, hidden = (f"'{status}'" for status in kept)
    columns = ", ".join(f'"{dim}"' for dim in dims)
    return f"""
WITH standing AS (
  SELECT l.*, d.period FROM links l JOIN days d
  ON (since IS NULL OR since <= d.day) AND (until IS NULL OR d.day < until)
  WHERE l.parent_level = $1),
expected AS (SELECT parent_code, period, count(*) AS n FROM standing GROUP BY ALL),
told AS (SELECT * FROM held WHERE list_contains($2::VARCHAR[], "{INDICATOR}")),
own AS (SELECT * FROM told WHERE {STATUS} <> {unknown}),
known AS (
  SELECT * FROM own UNION ALL BY NAME SELECT * FROM sums
  UNION ALL BY NAME
  SELECT * FROM told t ANTI JOIN sums USING ({columns}) WHERE t.{STATUS} = {unknown}),
places AS (SELECT "{INDICATOR}" AS ref, max({DECIMALS}) AS most FROM known GROUP BY ALL),
added AS (
  SELECT k."{INDICATOR}", s.parent_level AS "{AREA_LEVEL}", s.parent_code AS "{REF_AREA}",
    s.period AS "{TIME_PERIOD}"{also}, count(*) AS n, any_value(p.most) AS most,
    bool_or({STATUS} = {unknown}) AS unknown, bool_or({STATUS} = {hidden}) AS hidden,
    sum(CASE WHEN {STATUS} = {reported} THEN {VALUE}::HUGEINT
        * (10::HUGEINT ** (p.most - {DECIMALS}))::HUGEINT END) AS total
  FROM known k JOIN standing s
    ON k."{AREA_LEVEL}" = s.level AND k."{REF_AREA}" = s.code AND k."{TIME_PERIOD}" = s.period
  JOIN places p ON p.ref = k."{INDICATOR}"
  GROUP BY ALL)
SELECT {columns},
  CASE WHEN a.unknown OR a.hidden OR a.n < e.n THEN NULL ELSE total::BIGINT END AS {VALUE},
  most::TINYINT AS {DECIMALS},
  CASE WHEN a.unknown OR a.n < e.n THEN {unknown} WHEN a.hidden THEN {hidden}
       WHEN total IS NULL THEN {idle} ELSE {reported} END AS {STATUS},
  a.n || '/' || e.n AS {COVERAGE}, -1 AS {ORIGIN}
FROM added a JOIN expected e
  ON e.parent_code = a."{REF_AREA}" AND e.period = a."{TIME_PERIOD}"
ANTI JOIN own o USING ({columns})
"""  # noqa: S608  (names of columns and statuses of the house itself)


def _links(below: Iterable[Dated]) -> pa.Table:
    columns: list[Sequence[Any]] = list(zip(*below, strict=True)) or [[]] * len(_TOWARDS)
    return pa.table({
        name: pa.array(column, pa.date32() if name in ("since", "until") else pa.string())
        for name, column in zip(_TOWARDS, columns, strict=True)})


def _upwards(links: pa.Table) -> list[str]:
    """Return the levels that have areas beneath them, the lowest first."""
    over: dict[str, set[str]] = {}
    for upper, lower in zip(
            links["parent_level"].to_pylist(), links["level"].to_pylist(), strict=True):
        over.setdefault(upper, set()).add(lower)
    found: list[str] = []
    while free := sorted(level for level, lower in over.items()
                         if level not in found and not (lower & over.keys()) - set(found)):
        found += free
    return found


def _quoted(text: str) -> str:
    return text.replace("'", "''")

