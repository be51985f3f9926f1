"""The DuckDB engine: the default for screens, runs and releases.

Each run has its own database in memory. It sees the tables it is given and nothing else: no
files, no network, no extensions, and its settings are locked before the plan is run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import ibis
import pyarrow as pa
from duckdb import ConversionException, OutOfRangeException

from nhasan.domain.cube import INDICATOR, TIME_PERIOD, Cube
from nhasan.domain.plan import Node, RollUp, Tables, map_day, reading, steps
from nhasan.domain.problems import Invalid
from nhasan.engines.arrow import arrow_of, cube_of
from nhasan.engines.compiler import compiled
from nhasan.engines.engine import TooLarge
from nhasan.engines.parquet import write_cube

ALWAYS = "0001-01-01"
FOREVER = "9999-12-31"
LOCKS = (
    "SET enable_external_access = false",
    "SET allow_community_extensions = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
# Half up, away from zero, in 128-bit integers: exact, and an overflow is an error.
ROUND_RATIO = """
CREATE TEMP MACRO round_ratio(above, below) AS CAST(
  sign(above) * ((2 * abs(CAST(above AS HUGEINT)) + CAST(below AS HUGEINT))
                 // (2 * CAST(below AS HUGEINT))) AS BIGINT)
"""


def open_engine(settings: str) -> DuckEngine:
    """Return the engine; settings are `?memory_limit=1GB&threads=2`."""
    given = dict(parse_qsl(settings.lstrip("?")))
    unknown = given.keys() - {"memory_limit", "threads"}
    if unknown:
        raise Invalid(reason=f"bộ máy duckdb không có thiết lập “{', '.join(sorted(unknown))}”")
    threads = int(given.get("threads", 0)) or min(4, os.cpu_count() or 1)
    return DuckEngine(given.get("memory_limit", "1GB"), threads)


@dataclass(frozen=True, slots=True)
class DuckEngine:
    """Runs plans in DuckDB."""

    memory_limit: str
    threads: int

    def run(self, plan: Node, tables: Tables) -> Cube:
        """Return what the plan computes."""
        connection = ibis.duckdb.connect(memory_limit=self.memory_limit, threads=self.threads)
        try:
            for lock in LOCKS:
                connection.raw_sql(lock)
            connection.raw_sql(ROUND_RATIO)
            loaded = _Loaded(connection, plan, tables)
            found = connection.to_pyarrow(compiled(plan, loaded))
        except (ConversionException, OutOfRangeException) as wrong:
            raise TooLarge() from wrong
        finally:
            connection.disconnect()
        return cube_of(found).sorted()

    def write(self, plan: Node, tables: Tables, path: Path) -> Cube:
        """Write what the plan computes to a Parquet file, and return it."""
        cube = self.run(plan, tables)
        write_cube(cube, path)
        return cube


class _Loaded:
    """The tables of one run, as the compiler asks for them."""

    def __init__(self, connection: Any, plan: Node, tables: Tables) -> None:
        self._connection = connection
        dataflow = reading(plan).dataflow
        cube = tables.cubes[dataflow].aligned()
        self._decimals = dict(zip(cube.column(INDICATOR), cube.decimals, strict=True))
        self._load("cube", arrow_of(cube))
        self._load("links", pa.table({
            "level": [link.level for link in tables.links],
            "code": [link.code for link in tables.links],
            "parent_level": [link.parent_level for link in tables.links],
            "parent_code": [link.parent_code for link in tables.links],
            "valid_from": [str(link.valid_from or ALWAYS) for link in tables.links],
            "valid_to": [str(link.valid_to or FOREVER) for link in tables.links],
        }, schema=pa.schema([(name, pa.string()) for name in (
            "level", "code", "parent_level", "parent_code", "valid_from", "valid_to",
        )])))
        periods = sorted(set(cube.column(TIME_PERIOD)))
        for on in {step.on for step in steps(plan) if isinstance(step, RollUp)}:
            self._load(_days(on), pa.table({
                "period": periods,
                "day": [str(map_day(period, on)) for period in periods],
            }, schema=pa.schema([("period", pa.string()), ("day", pa.string())])))

    def _load(self, name: str, table: pa.Table) -> None:
        raw = self._connection.con
        raw.register("arriving", table)
        raw.execute(f'CREATE TABLE "{name}" AS SELECT * FROM arriving')  # noqa: S608
        raw.unregister("arriving")

    def cube(self, dataflow: str) -> Any:
        return self._connection.table("cube")

    def links(self) -> Any:
        return self._connection.table("links")

    def decimals(self, indicator: str) -> int:
        return self._decimals.get(indicator, 0)

    def days(self, on: str) -> Any:
        return self._connection.table(_days(on))


def _days(on: str) -> str:
    return f"days {on or 'last'}"
