"""Cubes as Arrow tables and back."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from nhasan.domain.cube import Cube

VALUE = "OBS_VALUE_SCALED"
DECIMALS = "DECIMALS"
STATUS = "OBS_STATUS"
COVERAGE = "COVERAGE"
ORIGIN = "ORIGIN"
FACTS = (VALUE, DECIMALS, STATUS, COVERAGE, ORIGIN)


def arrow_of(cube: Cube) -> pa.Table:
    """Return a cube as an Arrow table: codes as text, the value as an integer and decimals."""
    columns: dict[str, Any] = {
        dim: pa.array(codes, pa.string())
        for dim, codes in zip(cube.dims, cube.codes, strict=True)
    }
    return pa.table({
        **columns, VALUE: pa.array(cube.values, pa.int64()),
        DECIMALS: pa.array(cube.decimals, pa.int8()),
        STATUS: pa.array([str(status) for status in cube.statuses], pa.string()),
        COVERAGE: pa.array(cube.coverage, pa.string()),
        ORIGIN: pa.array(cube.origins, pa.int32()),
    })


def cube_of(table: pa.Table) -> Cube:
    """Return the cube that `arrow_of` wrote; its dimensions are the columns before the value."""
    dims = tuple(table.column_names[:table.column_names.index(VALUE)])
    return Cube(
        dims, tuple(_texts(table, dim) for dim in dims),
        _numbers(table, VALUE), _numbers(table, DECIMALS), _texts(table, STATUS),
        _texts(table, COVERAGE), _numbers(table, ORIGIN),
    )


def _texts(table: pa.Table, name: str) -> list[str]:
    """Return a column of text; equal codes are one object, so a big cube stays small."""
    known: dict[str, str] = {}
    column: list[Any] = table[name].cast(pa.string()).to_pylist()
    return [known.setdefault(text, text) for text in column]


def _numbers(table: pa.Table, name: str) -> list[Any]:
    return table[name].to_pylist()
