"""The DuckDB engine: held to the examples, exact, fast enough, and locked in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import ibis
import pytest

from nhasan.domain.cube import Cube, dimensions
from nhasan.domain.links import Link
from nhasan.domain.plan import Measure, Read, RollUp, Tables
from nhasan.domain.problems import Invalid
from nhasan.engines import connect
from nhasan.engines.duckdb import LOCKS
from nhasan.engines.engine import TooLarge
from nhasan.engines.parquet import read_cube
from tests.engines import examples


@pytest.mark.parametrize("example", examples.EXAMPLES, ids=examples.NAMES)
def test_the_examples_hold(example: dict[str, Any]) -> None:
    assert examples.computed(connect("duckdb:"), example) == examples.told(example)


def test_a_figure_too_large_to_be_exact_is_refused() -> None:
    steps = examples.EXAMPLES[0]["steps"]
    rows = [["A", "commune", code, "2025", "_T", str(2**62), "A"] for code in ("c1", "c2")]
    with pytest.raises(TooLarge):
        examples.computed(connect("duckdb:"), {"rows": rows, "steps": steps, "gives": []})
    product = [{"step": "derive", "indicator": "R", "formula": "[a] * [a] * [a] * [b]",
                "operands": [["a", "A", []], ["b", "B", []]], "decimals": 0}]
    rows = [[name, "commune", "c1", "2025", "_T", str(10**17), "A"] for name in ("A", "B")]
    with pytest.raises(TooLarge):
        examples.computed(connect("duckdb:"), {"rows": rows, "steps": product, "gives": []})


@pytest.mark.parametrize("statement", [
    "SELECT * FROM read_csv('/etc/hostname')", "COPY (SELECT 1) TO '/tmp/out.parquet'",
    "ATTACH '/tmp/other.db'", "INSTALL httpfs", "LOAD httpfs", "SET memory_limit = '8GB'",
    "SET enable_external_access = true",
])
def test_the_database_of_a_run_sees_nothing_else(statement: str) -> None:
    connection = ibis.duckdb.connect()
    for lock in LOCKS:
        connection.raw_sql(lock)
    with pytest.raises(Exception, match=r"(?i)disabled|lock|permission|cannot"):
        connection.raw_sql(statement)
    connection.disconnect()


def test_settings_are_named_and_nothing_else_is_taken() -> None:
    assert len(connect("duckdb:?memory_limit=512MB&threads=1").run(
        examples.plan_of(examples.EXAMPLES[0]), examples.tables_of(examples.EXAMPLES[0]),
    )) == 3
    with pytest.raises(Invalid):
        connect("duckdb:?temp_directory=/tmp")


def test_names_that_look_like_sql_are_only_names() -> None:
    strange = "x'); DROP TABLE cube; --"
    rows = [[strange, "commune", "c1", "2025", '"; SELECT 1', "1", "A"]]
    cube = examples.tables_of({"rows": rows}).cubes["D"]
    plan = Read("D", (Measure(strange),), ("ETHNIC_GROUP",))
    assert list(connect("duckdb:").run(plan, Tables({"D": cube})).rows()) == list(cube.rows())


def test_what_is_computed_is_written_as_it_is_returned(tmp_path: Path) -> None:
    example = examples.EXAMPLES[0]
    path = tmp_path / "x.parquet"
    cube = connect("duckdb:").write(
        examples.plan_of(example), examples.tables_of(example), path,
    )
    assert list(read_cube(path).rows()) == list(cube.rows())


def test_half_a_million_figures_are_rolled_up_in_seconds() -> None:
    communes, groups = 3_300, 50
    n = communes * groups * 3
    codes = [f"{at % communes:05}" for at in range(n)]
    cube = Cube(
        dimensions(["ETHNIC_GROUP"]),
        (["A"] * n, ["commune"] * n, codes,
         [str(2023 + at // (communes * groups)) for at in range(n)],
         [f"{at // communes % groups:02}" for at in range(n)]),
        list(range(n)), [0] * n, ["A"] * n, [""] * n, [-1] * n,
    )
    links = [Link("commune", f"{at:05}", "province", f"{at % 34:02}") for at in range(communes)]
    plan = RollUp(
        Read("D", (Measure("A"),), ("ETHNIC_GROUP",)), "commune", "province", ("A",),
    )
    started = time.process_time()
    found = connect("duckdb:").run(plan, Tables({"D": cube}, links))
    spent = time.process_time() - started
    assert len(found) == n + 34 * groups * 3
    provinces = found.select({"AREA_LEVEL": {"province"}})
    assert sum(value or 0 for value in provinces.values) == n * (n - 1) // 2
    assert spent < 30
