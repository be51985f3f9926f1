"""Ratios in columns say what exact fractions say."""

from __future__ import annotations

from fractions import Fraction

import ibis
import pyarrow as pa
import pytest

from nhasan.domain import formulas
from nhasan.engines.duckdb import ROUND_RATIO
from nhasan.engines.exact import evaluate, rounded
from nhasan.engines.ratios import ratio_of, round_ratio, value_of

ROWS = [(a, b) for a in (None, -7, 0, 1, 3, 10**12) for b in (None, -2, 0, 5, 999)]
FORMULAS = (
    "[a] / [b]", "[a] / [b] / [b] + [b] / 3", "sum([a] / [b], [b])", "min([a] / [b], [b] / 7)",
    "coalesce([a] / [b], [b])", "if([a] / [b] >= 0.5, [a], [b] / 3)", "round([a] / [b], 1) * 3",
    "-abs([a]) + 0.125", "if([a] = 0 or [b] = 0, 1, 2)", "if(not [a] < [b], [b], 0.25)",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_over_columns_is_exact(formula: str) -> None:
    connection = ibis.duckdb.connect()
    connection.raw_sql(ROUND_RATIO)
    table = pa.table({
        "n": range(len(ROWS)), "a": pa.array([a for a, _ in ROWS], pa.int64()),
        "b": pa.array([b for _, b in ROWS], pa.int64()),
    })
    connection.con.register("given", table)
    given = connection.table("given")
    tree = formulas.parse_number(formula)
    values = {"a": value_of(given["a"], 1), "b": value_of(given["b"], 0)}
    asked = given.select("n", found=round_ratio(ratio_of(tree, values), 3)).order_by("n")
    said = connection.to_pyarrow(asked)["found"].to_pylist()
    exact = [
        evaluate(tree, {"a": None if a is None else Fraction(a, 10),
                        "b": None if b is None else Fraction(b)})
        for a, b in ROWS
    ]
    assert said == [None if value is None else rounded(value, 3) for value in exact]
    connection.disconnect()
