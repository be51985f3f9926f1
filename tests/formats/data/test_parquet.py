import io
import json
from decimal import Decimal

import pyarrow.parquet as pq
from hypothesis import given

from nhasan.formats.data.parquet import PARQUET
from tests.formats.data.material import ABOUT, CUBE, CUBES, comes_back, refuses


@given(CUBES)
def test_what_is_written_is_read_back(cube):
    comes_back(PARQUET, cube)


def test_other_bytes_are_refused():
    refuses(PARQUET)


def test_parquet_has_exact_decimals_and_says_what_it_is():
    table = pq.read_table(io.BytesIO(PARQUET.content(CUBE, ABOUT)))
    assert table.column("OBS_VALUE").to_pylist()[5] == Decimal("36.10")
    about = json.loads(table.schema.metadata[b"nhasan"])
    assert about["release"] == "BDT:DAN_SO(1.0.0)"
