"""The moon's calendar against known days of Tết, and what must hold in every year."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain import lunar
from tests.house.code import ROOT

KNOWN = [
    date.fromisoformat(day)
    for day in json.loads((ROOT / "tests/spec/calendar.json").read_text("utf-8"))["tet"]
]
years = st.integers(lunar.FIRST_YEAR, lunar.LAST_YEAR)


@pytest.mark.parametrize("day", KNOWN, ids=str)
def test_tet_falls_where_it_fell(day: date) -> None:
    assert lunar.tet(day.year) == day


def test_viet_nam_and_china_part_where_they_did() -> None:
    """Where the moon is new between midnight here and midnight there."""
    assert lunar.tet(1985) == date(1985, 1, 21)  # in China a month later
    assert lunar.tet(2007) == date(2007, 2, 17)  # in China a day later
    assert lunar.tet(2030) == date(2030, 2, 2)  # in China a day later


def test_leap_months_are_those_of_the_printed_calendars() -> None:
    leaps = {
        year: number for year in range(1995, 2026)
        for number, leap, _ in lunar.months(year) if leap
    }
    assert leaps == {1995: 8, 1998: 5, 2001: 4, 2004: 2, 2006: 7, 2009: 5, 2012: 4, 2014: 9,
                     2017: 6, 2020: 4, 2023: 2, 2025: 6}


@given(years)
def test_tet_comes_between_the_great_cold_and_the_rains(year: int) -> None:
    assert date(year, 1, 20) <= lunar.tet(year) <= date(year, 2, 22)


@given(years.filter(lambda year: year < lunar.LAST_YEAR))
def test_a_year_has_twelve_or_thirteen_whole_months_without_a_gap(year: int) -> None:
    months = lunar.months(year)
    following = lunar.months(year + 1)[0][2]
    starts = [start for _, _, start in months] + [following]
    lengths = {(after - start).days for start, after in pairwise(starts)}
    assert lengths <= {29, 30}
    assert len(months) == 12 + sum(leap for _, leap, _ in months)
    assert [number for number, leap, _ in months if not leap] == [11, 12, *range(1, 11)]


@given(years, st.integers(1, 12), st.integers(1, 29))
def test_a_day_of_the_moon_is_a_day_of_the_sun(year: int, month: int, day: int) -> None:
    first = lunar.solar(year, month, 1)
    assert lunar.solar(year, month, day) == first + timedelta(days=day - 1)
    assert abs((first - date(year, month, 1)).days) <= 55


@pytest.mark.parametrize("year", [lunar.FIRST_YEAR - 1, lunar.LAST_YEAR + 1])
def test_a_year_that_is_not_reckoned_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="reckoned from"):
        lunar.solar(year, 1, 1)
