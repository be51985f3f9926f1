"""Areas added up at once add up as they do by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

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
    reported,
)
from nhasan.domain.plan import map_day
from nhasan.engines.area_sums import Dated, summed
from nhasan.engines.arrow import arrow_of
from nhasan.engines.engine import TooLarge

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


@given(held=st.fixed_dictionaries({
    (level, code, period): FIGURES for level, code in sorted({row[:2] for row in BELOW})
    for period in ("2023", "2025")}), decimals=st.integers(0, 2))
def test_areas_add_up_as_they_do_by_hand(
    held: dict[tuple[str, str, str], Figure | None], decimals: int,
) -> None:
    cube = Cube.of(DIMS, [
        row(level, code, figure, period=period, decimals=decimals)
        for (level, code, period), figure in held.items() if figure is not None])
    sums = summed(arrow_of(cube), BELOW, lambda period: map_day(period, ""), ["S:x"])
    by_hand, beforehand = Figures(KNOWN, cube, children), Figures(KNOWN, cube, children, sums)
    for level, code in (("country", "VN"), ("province", "1"), ("province", "2")):
        for period in ("2023", "2025"):
            place = Place("S:x", level, code, period)
            expected, found = by_hand.told(place), beforehand.told(place)
            assert (found.figure, found.how == "none") == (expected.figure, expected.how == "none")
            assert beforehand.opened(place).parts == expected.parts


def test_what_no_longer_fits_is_refused_and_what_is_not_asked_left_out() -> None:
    most = 2**61

    def told(value: int, near: list[tuple[str, str]] | None = None) -> Cube:
        cube = Cube.of(DIMS, [row("commune", f"1{at}", reported(value)) for at in "abc"])
        return summed(arrow_of(cube), BELOW, lambda period: map_day(period, ""), ["S:x"], near)

    assert [each.value for each in told(5, [("province", "1")]).rows()] == [15]
    with pytest.raises(TooLarge):
        told(most)
