"""Parquet files are written aside and put in place."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from nhasan.domain.cube import Cube
from nhasan.engines import parquet
from nhasan.engines.arrow import arrow_of
from tests.engines.test_compiler import CUBES


@settings(max_examples=20)
@given(CUBES)
def test_a_cube_comes_back_from_its_file(tmp_path_factory: pytest.TempPathFactory,
                                         cube: Cube) -> None:
    path = tmp_path_factory.mktemp("cube") / "part.parquet"
    parquet.write_cube(cube, path)
    assert list(parquet.read_cube(path).rows()) == list(cube.rows())


def test_a_file_that_could_not_be_written_whole_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(b"old")

    def stopped(*args: object, **kwargs: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(pq, "write_table", stopped)
    with pytest.raises(OSError, match="no space"):
        parquet.write_table(arrow_of(Cube.empty(("INDICATOR", "AREA_LEVEL", "REF_AREA",
                                                 "TIME_PERIOD"))), path)
    assert path.read_bytes() == b"old"


def test_a_file_is_packed_in_large_row_groups(tmp_path: Path) -> None:
    n = parquet.ROW_GROUP + 1
    dims = ("INDICATOR", "AREA_LEVEL", "REF_AREA", "TIME_PERIOD")
    cube = Cube(dims, (["A"] * n, ["commune"] * n, ["c1"] * n, ["2025"] * n), list(range(n)),
                [0] * n, ["A"] * n, [""] * n, [-1] * n)
    parquet.write_cube(cube, tmp_path / "part.parquet")
    facts = pq.ParquetFile(tmp_path / "part.parquet").metadata
    assert facts.num_row_groups == 2
    assert facts.row_group(0).column(0).compression == "ZSTD"
