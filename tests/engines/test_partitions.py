"""Figures read from many files: only what is asked, only of whose units, and sums as by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.cube import Cube, CubeRow, dimensions
from nhasan.domain.derived import Facts, Known
from nhasan.domain.derived_figures import Figures, Place
from nhasan.domain.observations import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Figure,
    Status,
    reported,
)
from nhasan.domain.plan import map_day
from nhasan.engines.arrow import arrow_of, cube_of
from nhasan.engines.parquet import write_table
from nhasan.engines.partitions import MIXED, UNIT, UNITS, Dated, Folder, Wanted

DIMS = dimensions(["SEX"])
YEAR = date(2024, 7, 1)
BELOW: list[Dated] = [
    ("province", "1", "country", "VN", None, None), ("province", "2", "country", "VN", None, None),
    *(("commune", f"{up}{at}", "province", up, None, None) for up in "12" for at in "ab"),
    ("commune", "1c", "province", "1", None, YEAR), ("commune", "2c", "province", "2", YEAR, None),
]
KNOWN = Known({"S:x": Facts("S:x", "người", dimensions=("SEX",))}, {})
FIGURES = st.one_of(
    st.integers(-9, 99).map(reported), st.sampled_from((CONFIDENTIAL, NOT_APPLICABLE)),
    st.just(NOT_REPORTED), st.none())


def children(level: str, code: str, period: str) -> Sequence[tuple[str, str]]:
    day = map_day(period, "")
    return [(row[0], row[1]) for row in BELOW if row[2:4] == (level, code)
            and (row[4] is None or row[4] <= day) and (row[5] is None or day < row[5])]


def row(level: str, area: str, figure: Figure, *, period: str = "2023", sex: str = "_T",
        decimals: int = 0) -> CubeRow:
    return CubeRow(("S:x", level, area, period, sex), figure.value, figure.status, decimals,
                   origin=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("parts"))


@given(held=st.fixed_dictionaries({
    (level, code, period): FIGURES for level, code in sorted({row[:2] for row in BELOW})
    for period in ("2023", "2025")}), decimals=st.integers(0, 2))
def test_areas_add_up_as_they_do_by_hand(
    folder: Folder, held: dict[tuple[str, str, str], Figure | None], decimals: int,
) -> None:
    cube = Cube.of(DIMS, [
        row(level, code, figure, period=period, decimals=decimals)
        for (level, code, period), figure in held.items() if figure is not None])
    sums = cube_of(folder.summed(
        arrow_of(cube), BELOW, lambda period: map_day(period, ""), ["S:x"]))
    by_hand, beforehand = Figures(KNOWN, cube, children), Figures(KNOWN, cube, children, sums)
    for level, code in (("country", "VN"), ("province", "1"), ("province", "2")):
        for period in ("2023", "2025"):
            place = Place("S:x", level, code, period)
            expected, found = by_hand.told(place), beforehand.told(place)
            assert (found.figure, found.how == "none") == (expected.figure, expected.how == "none")
            assert beforehand.opened(place).parts == expected.parts


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


def test_it_opens_no_file_beside_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    write_table(pa.table({"x": [1]}), tmp_path / "another")
    folder = Folder(tmp_path / "mine")
    with pytest.raises(duckdb.PermissionException):
        folder._database.execute(f"SELECT * FROM read_parquet('{tmp_path}/another')")
