"""Parquet for analysts: dimensions as dictionary columns, values as exact decimals.

What the file is about stands in the metadata of its schema, under `nhasan`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nhasan.domain.cube import INDICATOR, Cube
from nhasan.domain.observations import unscaled
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.data.rows import cube_from
from nhasan.formats.format import (
    CONF_STATUS,
    CONFIDENTIALITY,
    COVERAGE,
    DECIMALS,
    OBS_STATUS,
    OBS_VALUE,
    UNIT_MEASURE,
    About,
    Format,
)

ROWS_A_GROUP = 122_880
_PRECISION = 38


def write(cube: Cube, about: About) -> Iterator[bytes]:
    """Yield the file; a Parquet file ends with its index, so it comes in one piece."""
    table = _table(cube, about).replace_schema_metadata({"nhasan": _about(about)})
    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd", row_group_size=ROWS_A_GROUP)
    yield target.getvalue()


def read(data: bytes) -> Cube:
    """Return the cube of a file that `write` wrote."""
    try:
        table = pq.read_table(io.BytesIO(data))
    except pa.ArrowInvalid as error:
        raise Invalid(reason=phrase("tệp không phải là Parquet")) from error
    columns = [column.to_pylist() for column in table.columns]
    texts = [
        ["" if value is None else str(value) for value in column] for column in columns
    ]
    return cube_from(table.column_names, zip(*texts, strict=True))


def _table(cube: Cube, about: About) -> pa.Table:
    most = max(cube.decimals, default=0)
    values: list[Decimal | None] = [
        None if value is None else unscaled(value, decimals)
        for value, decimals in zip(cube.values, cube.decimals, strict=True)
    ]
    coded = pa.dictionary(pa.int32(), pa.string())
    columns: dict[str, Any] = {
        dimension: pa.array(codes, pa.string()).cast(coded)
        for dimension, codes in zip(cube.dims, cube.codes, strict=True)
    }
    columns[OBS_VALUE] = pa.array(values, pa.decimal128(_PRECISION, most))
    columns[OBS_STATUS] = pa.array(cube.statuses, pa.string()).cast(coded)
    columns[CONF_STATUS] = pa.array(
        [CONFIDENTIALITY[status] for status in cube.statuses], pa.string()).cast(coded)
    columns[UNIT_MEASURE] = pa.array(
        [about.units.get(code, "") for code in cube.column(INDICATOR)], pa.string()).cast(coded)
    columns[DECIMALS] = pa.array(cube.decimals, pa.int8())
    columns[COVERAGE] = pa.array(cube.coverage, pa.string()).cast(coded)
    return pa.table(columns)


def _about(about: About) -> str:
    return json.dumps({
        "title": about.title, "source": about.source, "release": about.release,
        "address": about.address, "published": about.published, "licence": about.licence,
        "illustrative": about.illustrative, "notes": list(about.notes),
        "units": dict(about.units),
    }, ensure_ascii=False)


PARQUET = Format("parquet", "application/vnd.apache.parquet", "parquet", write, read)
