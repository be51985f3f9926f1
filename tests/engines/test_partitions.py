"""Figures read from many files: only what is asked, only of whose units, and sums as by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from nhasan.domain.cube import Cube, CubeRow, dimensions
from nhasan.domain.observations import (
    Figure,
    Status,
    reported,
)
from nhasan.engines.arrow import arrow_of, cube_of
from nhasan.engines.parquet import write_table
from nhasan.engines.partitions import MIXED, UNIT, UNITS, Folder, Wanted

DIMS = dimensions(["SEX"])
def row(level: str, area: str, figure: Figure, *, period: str = "2023", sex: str = "_T",
        decimals: int = 0) -> CubeRow:
    return CubeRow(("S:x", level, area, period, sex), figure.value, figure.status, decimals,
                   origin=1)


def test_only_what_is_asked_is_read_and_only_of_whose_units(tmp_path: Path) -> None:
    cube = Cube.of(DIMS, [
        row("commune", "1a", reported(5), sex=sex) for sex in ("F", "M", "_T")
    ] + [row("commune", "1b", reported(7))])
    table = arrow_of(cube).append_column(UNIT, pa.array([3, 4, MIXED, 3], pa.int32()))
    write_table(table.append_column(UNITS, pa.array([None, None, "3,4", None], pa.string())),
                tmp_path / "one")
    other = Cube.of(dimensions([]), [CubeRow(
        ("S:x", "commune", "2a", "2023"), Decimal(9), Status.REPORTED, origin=1)])
    write_table(arrow_of(other).append_column(UNIT, pa.array([4], pa.int32())), tmp_path / "two")
    folder = Folder(tmp_path)

    def cells(*units: int, **where: list[str]) -> list[tuple[str, str]]:
        found = cube_of(folder.chosen(["one", "two"], Wanted(units, where)))
        return sorted(zip(found.column("REF_AREA"), found.column("SEX"), strict=True))

    assert cells(3) == [("1a", "F"), ("1b", "_T")]
    assert cells(4) == [("1a", "M"), ("2a", "_T")]
    assert cells(3, 4, SEX=["_T"]) == [("1a", "_T"), ("1b", "_T"), ("2a", "_T")]
    assert cells(3, 4, REF_AREA=["2a"], INDICATOR=["S:x"]) == [("2a", "_T")]
    around = folder.chosen(["one", "two"], Wanted(
        (3, 4), {"SEX": ["_T"]}, {"AREA_LEVEL": "commune", "REF_AREA": "1a"}))
    assert sorted(cube_of(around).column("SEX")) == ["F", "M", "_T", "_T", "_T"]


def test_files_without_the_areas_are_not_opened_and_every_dimension_is_told(
    tmp_path: Path,
) -> None:
    for name, dims, area in (("one", DIMS, "1a"), ("two", dimensions([]), "2a")):
        key = ("S:x", "commune", area, "2023", *(["F"] if dims == DIMS else []))
        cube = Cube.of(dims, [CubeRow(key, Decimal(4), Status.REPORTED, origin=1)])
        write_table(arrow_of(cube).append_column(UNIT, pa.array([3], pa.int32())),
                    tmp_path / name)
    folder = Folder(tmp_path)

    def found(**where: list[str]) -> list[tuple[str, ...]]:
        table = folder.chosen(["one", "two"], Wanted(None, where))
        assert "SEX" in table.column_names
        return sorted(cube_of(table).cells())

    assert len(found()) == 2
    (tmp_path / "one").write_bytes(b"nothing that could be read")
    assert found(REF_AREA=["2a"]) == [("S:x", "commune", "2a", "2023", "_T")]
    assert found(REF_AREA=["2a"], SEX=["_T"]) == [("S:x", "commune", "2a", "2023", "_T")]
    assert found(REF_AREA=["2a"], SEX=["F"]) == []
    assert found(REF_AREA=["0", "3"]) == []


def test_it_opens_no_file_beside_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    write_table(pa.table({"x": [1]}), tmp_path / "another")
    folder = Folder(tmp_path / "mine")
    with pytest.raises(duckdb.PermissionException):
        folder._database.execute(f"SELECT * FROM read_parquet('{tmp_path}/another')")
