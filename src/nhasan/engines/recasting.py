"""Figures of one map read on another, many at once: what `domain/recast.py` means, in sets.

Codes become whole numbers, the correspondence becomes tables, and one statement does the
rest. Amounts are 128-bit integers, so nothing is rounded but by the rule of the largest
remainders. `domain/recast.py` is the judge of what it must give.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm, prod
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import ConversionException, OutOfRangeException

from nhasan.domain.correspondence import Correspondence, KeyKind
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD
from nhasan.domain.observations import Status
from nhasan.domain.recast import Finding, Maps, Recast, Why
from nhasan.engines.arrow import COVERAGE, DECIMALS, ORIGIN, STATUS, VALUE, cube_of
from nhasan.engines.duckdb import LOCKS
from nhasan.engines.engine import TooLarge

# Arrow's stubs know more types than they can tell apart; an array is just an array here.
Arrow = Any
Numbers = npt.NDArray[np.int64]
BY, WHY = "BY", "WHY"
_STATUSES = (Status.REPORTED, Status.NOT_REPORTED, Status.NOT_APPLICABLE, Status.CONFIDENTIAL)
_TOLD, _MISSING, _SKIPPED, _HIDDEN = range(4)
_KINDS = (KeyKind.EQUAL, KeyKind.AREA, KeyKind.POPULATION, KeyKind.TABLE)
_WHYS = tuple(Why)
_RATE, _UNSURE, _SPLIT = map(_WHYS.index, (Why.RATE, Why.UNSURE, Why.SPLIT))
_FINEST = 10**37  # shares finer than that cannot be counted with exactly


@dataclass(frozen=True)
class TableOnMap:
    """Figures on another map, side by side.

    The columns are those of a cube, then by which keys a figure was reckoned (names of
    `KeyKind` with spaces between, empty: exactly) and why it could not be told (`Why`).
    """

    figures: pa.Table
    findings: tuple[Finding, ...] = ()

    def recast(self) -> Recast:
        """Return the same as the pure reading gives it."""
        cube = cube_of(self.figures.drop_columns([BY, WHY]))
        by, why = self.figures[BY].to_pylist(), self.figures[WHY].to_pylist()
        return Recast(
            cube,
            {key: kinds_of(text) for key, text in zip(cube.cells(), by, strict=True) if text},
            {key: Why(text) for key, text in zip(cube.cells(), why, strict=True) if text},
            self.findings,
        )


def kinds_of(text: str) -> frozenset[KeyKind]:
    """Return the keys that a row of the column `BY` names."""
    return frozenset(map(KeyKind, text.split()))


def recast_table(figures: pa.Table, adding: Collection[str], maps: Maps, *,
                 memory_limit: str = "1GB", threads: int = 2) -> TableOnMap:
    """Return the figures (columns of a cube) on the other map, in the order of a release file.

    `adding` are the indicators whose figures add up over areas.
    """
    coded = _Coded(figures, maps)
    connection = duckdb.connect(
        config={"memory_limit": memory_limit, "threads": threads})
    try:
        for name, table in coded.tables(frozenset(adding)).items():
            connection.register(name, table)
        for lock in LOCKS:
            connection.execute(lock)
        found = _table(connection, coded.statement(), {"tail": coded.tail})
        left_out = _table(connection, _LEFT_OUT, {})
    except (ConversionException, OutOfRangeException) as wrong:
        raise TooLarge() from wrong
    finally:
        connection.close()
    return TableOnMap(coded.decoded(found), coded.findings(found, left_out))


def _table(connection: Any, statement: str, given: dict[str, int]) -> pa.Table:
    found: pa.Table = connection.sql(statement, params=given).to_arrow_table()
    return found


class _Coded:
    """A table of figures with whole numbers for codes, and back."""

    def __init__(self, figures: pa.Table, maps: Maps) -> None:
        self._figures, self._maps = figures, maps
        self.dims = figures.column_names[:figures.column_names.index(VALUE)]
        # Level and period lead, then the indicator and the breakdowns: with the area between
        # level and period that is the order of a release file.
        self._rest = [AREA_LEVEL, TIME_PERIOD, INDICATOR,
                      *(dim for dim in self.dims if dim not in (
                          AREA_LEVEL, TIME_PERIOD, INDICATOR, REF_AREA))]
        self._codes: dict[str, list[str]] = {}
        ranks = {dim: self._ranked(dim) for dim in self._rest}
        self._sizes = [len(self._codes[dim]) for dim in self._rest]
        if prod(self._sizes) >= 2**62:
            raise TooLarge()
        self.tail = max(prod(self._sizes[1:]), 1)
        rest = np.zeros(len(figures), np.int64)
        for dim, size in zip(self._rest, self._sizes, strict=True):
            rest = rest * size + ranks[dim]
        self.rest, self._indicators = rest, ranks[INDICATOR]
        self._same = _Different(maps.values())
        self._map_of, self._on = self._pairs(ranks)
        more = {code for each in self._same.maps
                for code in (*each.parts, *each.sources)}
        self._areas = self._ranked(REF_AREA, more)
        self._rank = {code: at for at, code in enumerate(self._codes[REF_AREA])}

    def _ranked(self, dim: str, more: Iterable[str] = ()) -> Numbers:
        """Return a column as the places of its codes in the order of their text."""
        packed: Arrow = self._figures[dim].combine_chunks()
        if not pa.types.is_dictionary(packed.type):
            packed = packed.dictionary_encode()
        if isinstance(packed, pa.ChunkedArray):
            packed = packed.unify_dictionaries().combine_chunks()
        known = packed.dictionary.to_pylist()
        self._codes[dim] = sorted({*known, *more})
        places = {code: at for at, code in enumerate(self._codes[dim])}
        of_each = np.array([places[code] for code in known], np.int64)
        indices = packed.indices.to_numpy(zero_copy_only=False)
        return of_each[indices] if len(indices) else np.array([], np.int64)

    def _pairs(self, ranks: Mapping[str, Numbers]) -> tuple[Numbers, Numbers]:
        """Return for each level and period its map (-1: none), and the pair of each row."""
        levels, periods = self._codes[AREA_LEVEL], self._codes[TIME_PERIOD]
        found = [
            self._same.number(self._maps.get((level, period)))
            for level in levels for period in periods
        ]
        pair = ranks[AREA_LEVEL] * len(periods) + ranks[TIME_PERIOD]
        return np.array(found or [-1], np.int64), pair

    def tables(self, adding: frozenset[str]) -> dict[str, pa.Table]:
        """Return what the statement reads."""
        figures = self._figures
        codes = [status.value for status in _STATUSES]
        statuses: Arrow = pc.index_in(
            figures[STATUS].cast(pa.string()), pa.array(codes))
        adds = np.array([ref in adding for ref in self._codes[INDICATOR]] or [False])
        return {
            "figures": pa.table({
                "line": np.arange(len(figures), dtype=np.int32),
                "pair": self._on.astype(np.int32),
                "map": self._map_of[self._on].astype(np.int32),
                "area": self._areas.astype(np.int32), "rest": self.rest,
                "adds": adds[self._indicators], "value": figures[VALUE],
                "decimals": figures[DECIMALS].cast(pa.int8()),
                "status": statuses.cast(pa.int8()),
            }),
            "parts": _parts(self._same.maps, self._rank),
            "targets": _targets(self._same.maps, self._rank),
            "lost": pa.table({
                "map": pa.array([at for at, each in enumerate(self._same.maps)
                                 for parts in each.parts.values() if not parts], pa.int32()),
                "area": pa.array([self._rank[code] for each in self._same.maps
                                  for code, parts in each.parts.items() if not parts],
                                 pa.int32()),
            }),
        }

    def statement(self) -> str:
        """Return the statement; amounts of one number of decimals are added as they are."""
        decimals: Arrow = pc.min_max(self._figures[DECIMALS])
        least, most = decimals["min"].as_py() or 0, decimals["max"].as_py() or 0
        units, of_places = ("1", "1") if least == most else (
            f"CAST(power(10, {most} - decimals) AS HUGEINT)",
            f"CAST(power(10, {most} - places) AS HUGEINT)")
        return _ON_MAP.replace("UNITS", units).replace("PLACES", of_places)

    def decoded(self, found: pa.Table) -> pa.Table:
        """Return the columns of a cube, with texts for numbers."""
        columns = dict(zip(self._rest, self._apart(_numbers(found, "rest")), strict=True))
        columns[REF_AREA] = _numbers(found, "area")
        texts = {dim: _packed(columns[dim], self._codes[dim]) for dim in self.dims}
        by = [" ".join(sorted(kind for bit, kind in enumerate(_KINDS) if mask >> bit & 1))
              for mask in range(2 ** len(_KINDS))]
        return pa.table({
            **texts,
            VALUE: found["value"],
            DECIMALS: found["places"].cast(pa.int8()),
            STATUS: _packed(_numbers(found, "status"), [str(status) for status in _STATUSES]),
            COVERAGE: found["coverage"],
            ORIGIN: pa.array(np.full(len(found), -1, np.int32)),
            BY: _packed(_numbers(found, "by"), by),
            WHY: _packed(_numbers(found, "why"), ["", *_WHYS]),
        })

    def findings(self, found: pa.Table, left_out: pa.Table) -> tuple[Finding, ...]:
        """Return what was met, counted by reason, level, area and period."""
        levels, periods, *_ = self._apart(_numbers(found, "rest"))
        whys, areas = _numbers(found, "why"), _numbers(found, "area")
        met = whys > 0
        packed = np.stack([whys[met] - 1, levels[met], areas[met], periods[met]], axis=1)
        kinds, counts = np.unique(packed, axis=0, return_counts=True)
        rows = [(*map(int, kind), int(n)) for kind, n in zip(kinds, counts, strict=True)]
        size = len(self._codes[TIME_PERIOD])
        rows += [
            (row["why"], row["pair"] // size, row["area"], row["pair"] % size, row["n"])
            for row in left_out.to_pylist()
        ]
        return tuple(sorted(
            Finding(_WHYS[why], self._codes[AREA_LEVEL][level], self._codes[REF_AREA][area],
                    self._codes[TIME_PERIOD][period], count)
            for why, level, area, period, count in rows))

    def _apart(self, rest: Numbers) -> list[Numbers]:
        """Return the places of the codes that a number stands for, dimension by dimension."""
        found = []
        for size in reversed(self._sizes):
            rest, place = np.divmod(rest, max(size, 1))
            found.append(place)
        return found[::-1]


class _Different:
    """The correspondences that differ, numbered: years on one map share one."""

    def __init__(self, maps: Iterable[Correspondence]) -> None:
        self._numbers: dict[int, int] = {}
        self.maps: list[Correspondence] = []
        for each in maps:
            if id(each) not in self._numbers:
                self._numbers[id(each)] = len(self.maps)
                self.maps.append(each)

    def number(self, wanted: Correspondence | None) -> int:
        """Return the number of a correspondence; -1 when there is none."""
        return -1 if wanted is None else self._numbers[id(wanted)]


def _parts(maps: Sequence[Correspondence], rank: Mapping[str, int]) -> pa.Table:
    """Return every part of every area: its share as a whole number of the area's finest."""
    rows: list[tuple[Any, ...]] = []
    for number, each in enumerate(maps):
        for code, parts in each.parts.items():
            shares = [part.share for part in parts if part.share is not None]
            told = len(shares) == len(parts)
            below = lcm(*(share.denominator for share in shares)) if told else 1
            if below > _FINEST:
                raise TooLarge()
            rows += [
                (number, rank[code], rank[part.code],
                 part.share.numerator * (below // part.share.denominator)
                 if told and part.share is not None else 0,
                 below, len(parts), told,
                 0 if part.by is KeyKind.NONE else 1 << _KINDS.index(part.by))
                for part in parts if part.share != 0
            ]
    kinds: dict[str, Any] = {
        "map": pa.int32(), "area": pa.int32(), "target": pa.int32(),
        "above": pa.decimal128(38), "below": pa.decimal128(38), "parts": pa.int32(),
        "told": pa.bool_(), "by": pa.int32(),
    }
    return _columns(rows, kinds)


def _targets(maps: Sequence[Correspondence], rank: Mapping[str, int]) -> pa.Table:
    """Return every area of the other map: of how many it is made, and what is known of it."""
    rows = [
        (number, rank[code], len(sources), bool(each.same(code)), code in each.unsure)
        for number, each in enumerate(maps) for code, sources in each.sources.items()
    ]
    return _columns(rows, {"map": pa.int32(), "target": pa.int32(), "expected": pa.int32(),
                           "same": pa.bool_(), "unsure": pa.bool_()})


def _columns(rows: Sequence[tuple[Any, ...]], kinds: Mapping[str, Any]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return pa.table({
        name: pa.array(column, kind)
        for (name, kind), column in zip(kinds.items(), columns, strict=True)
    })


def _numbers(table: pa.Table, name: str) -> Numbers:
    found: Arrow = table[name]
    numbers: Numbers = found.to_numpy().astype(np.int64, copy=False)
    return numbers


def _packed(places: Numbers, codes: Sequence[str]) -> Arrow:
    return pa.DictionaryArray.from_arrays(
        places.astype(np.int32), pa.array([str(code) for code in codes], pa.string()))


_ON_MAP = f"""
WITH placed AS (
  SELECT f.*, p.target, CAST(p.above AS HUGEINT) AS above, CAST(p.below AS HUGEINT) AS below,
         p.parts, p.told, p."by", p.parts = 1 AND p.above = p.below AS whole
  FROM figures f JOIN parts p ON p.map = f.map AND p.area = f.area
),
-- Largest remainders, of split areas alone; `//` cuts towards zero and shares want the floor.
cut AS (
  SELECT line, target, CAST(value AS HUGEINT) AS value, CAST(value AS HUGEINT) * above AS exact,
         below
  FROM placed WHERE told AND NOT whole AND value IS NOT NULL
),
floored AS (
  SELECT line, target, value, below,
         exact // below - CASE WHEN exact % below < 0 THEN 1 ELSE 0 END AS share, exact
  FROM cut
),
ordered AS (
  SELECT line, target, share, value - sum(share) OVER (PARTITION BY line) AS over,
         row_number() OVER (PARTITION BY line ORDER BY exact - share * below DESC, target) AS place
  FROM floored
),
pieces AS (
  SELECT map, target, rest, adds, decimals, status, value AS amount, 0 AS "by"
  FROM placed WHERE whole
  UNION ALL
  SELECT f.map, f.target, f.rest, f.adds, f.decimals, f.status,
         CAST(o.share + CASE WHEN o.place <= o.over THEN 1 ELSE 0 END AS BIGINT), f."by"
  FROM placed f LEFT JOIN ordered o ON o.line = f.line AND o.target = f.target
  WHERE NOT f.whole
),
grouped AS (
  SELECT map, target, rest, any_value(adds) AS adds, max(decimals) AS places,
         min(status) AS status,
         count(*) FILTER (status = {_TOLD}) AS told,
         count(*) FILTER (status = {_SKIPPED}) AS skipped,
         count(*) FILTER (status = {_HIDDEN}) AS hidden,
         count(*) FILTER (status = {_TOLD} AND amount IS NULL) AS blind,
         sum(amount * UNITS) AS amount,
         coalesce(bit_or("by") FILTER (status = {_TOLD}), 0) AS "by"
  FROM pieces GROUP BY map, target, rest
),
judged AS (
  SELECT g.*, t.expected, t.same,
         CASE WHEN t.same THEN 0
              WHEN NOT g.adds THEN {_RATE + 1}
              WHEN t.unsure THEN {_UNSURE + 1}
              WHEN g.told + g.skipped + g.hidden = t.expected AND g.hidden = 0 AND g.blind > 0
              THEN {_SPLIT + 1} ELSE 0 END AS why
  FROM grouped g JOIN targets t ON t.map = g.map AND t.target = g.target
),
stated AS (
  SELECT *,
         CASE WHEN same THEN status
              WHEN why > 0 THEN CASE WHEN hidden > 0 THEN {_HIDDEN} ELSE {_MISSING} END
              WHEN told + skipped + hidden < expected THEN {_MISSING}
              WHEN hidden > 0 THEN {_HIDDEN}
              WHEN told = 0 THEN {_SKIPPED} ELSE {_TOLD} END AS found
  FROM judged
)
SELECT target AS area, rest, places, found AS status, why,
       CASE WHEN found = {_TOLD} AND NOT same THEN "by" ELSE 0 END AS "by",
       CASE WHEN found = {_TOLD}
            THEN CAST(amount // PLACES AS BIGINT) END AS value,
       CASE WHEN same OR why > 0 THEN '' ELSE told || '/' || (expected - skipped) END AS coverage
FROM stated ORDER BY rest // $tail, target, rest
"""  # noqa: S608 (the numbers are constants of this module)
_LEFT_OUT = f"""
SELECT CASE WHEN f.map < 0 THEN {_WHYS.index(Why.NO_MAP)}
            WHEN l.area IS NULL THEN {_WHYS.index(Why.STRAY)}
            ELSE {_WHYS.index(Why.LOST)} END AS why,
       f.pair, f.area, count(*) AS n
FROM figures f LEFT JOIN lost l ON l.map = f.map AND l.area = f.area
WHERE NOT EXISTS (SELECT 1 FROM parts p WHERE p.map = f.map AND p.area = f.area)
GROUP BY ALL
"""  # noqa: S608 (the numbers are constants of this module)
