"""Periods: spelling, bounds and neighbours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.periods import Frequency, Period, series
from nhasan.domain.problems import Invalid

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
PERIODS = st.builds(Frequency.containing, st.sampled_from(Frequency), DAYS)


@pytest.mark.parametrize(
    ("text", "start", "last", "label"),
    [
        ("2019", "2019-01-01", "2019-12-31", "Năm 2019"),
        ("2025-S1", "2025-01-01", "2025-06-30", "6 tháng đầu năm 2025"),
        ("2025-S2", "2025-07-01", "2025-12-31", "6 tháng cuối năm 2025"),
        ("2019-Q3", "2019-07-01", "2019-09-30", "Quý III năm 2019"),
        ("2020-M02", "2020-02-01", "2020-02-29", "Tháng 2 năm 2020"),
        ("2019-04-01", "2019-04-01", "2019-04-01", "Ngày 01/04/2019"),
        ("2024-2025", "2024-09-01", "2025-05-31", "Năm học 2024–2025"),
    ],
)
def test_a_period_is_read_and_bounded(text: str, start: str, last: str, label: str) -> None:
    period = Period.parse(text)
    assert period.start.isoformat() == start
    assert period.reference_date.isoformat() == last
    assert period.end == period.reference_date + timedelta(days=1)
    assert period.label_vi() == label


@pytest.mark.parametrize(
    "text",
    ["", "19", "2019-S3", "2019-Q5", "2019-M13", "2019-M00", "2018-2020", "2019-02-30", "0000"],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Period.parse(text)


@given(PERIODS)
def test_spelling_comes_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(PERIODS)
def test_neighbours_touch_and_do_not_overlap(period: Period) -> None:
    assert period.next().previous() == period
    if period.frequency is not Frequency.SCHOOL_YEAR:
        assert period.previous().end == period.start
    else:
        assert period.previous().end < period.start


@given(st.sampled_from([f for f in Frequency if f is not Frequency.SCHOOL_YEAR]), DAYS)
def test_the_containing_period_contains(frequency: Frequency, day: date) -> None:
    period = frequency.containing(day)
    assert period.start <= day < period.end


def test_a_series_has_no_gap_and_one_kind() -> None:
    found = [str(period) for period in series(Period.parse("2019-Q3"), Period.parse("2020-Q2"))]
    assert found == ["2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2"]
    with pytest.raises(Invalid):
        list(series(Period.parse("2019"), Period.parse("2020-Q2")))


def test_the_same_part_of_last_year() -> None:
    assert str(Period.parse("2020-Q2").same_last_year()) == "2019-Q2"
    assert str(Period.parse("2020-12-31").same_last_year()) == "2019-12-31"
