"""The office calendar: the years as the notices gave them, and counting in working days."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.calendar import MOST_DAYS, Calendar, Decided, Holiday, sensible
from nhasan.domain.problems import Invalid
from tests.house.code import ROOT

YEARS = json.loads((ROOT / "tests/spec/calendar.json").read_text("utf-8"))["years"]
days = st.dates(date(2015, 1, 1), date(2060, 12, 31))


def shipped() -> Calendar:
    """Return the calendar that the product ships."""
    facts = json.loads((ROOT / "data/holidays.json").read_text("utf-8"))
    return Calendar(
        [
            Holiday(
                name=rule["name"], month=rule["month"], day=rule["day"],
                lunar=rule.get("lunar", False), first=rule.get("first", 0),
                last=rule.get("last", 0), since=_day(rule.get("from")),
                until=_day(rule.get("to")),
            )
            for rule in facts["rules"]
        ],
        [
            Decided(date.fromisoformat(each["day"]), each.get("works", False), each["name"])
            for each in facts["decided"]
        ],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


OFFICE = shipped()


@pytest.mark.parametrize("year", sorted(YEARS))
def test_the_civil_service_rests_and_works_as_the_notices_of_the_year_say(year: str) -> None:
    first = date(int(year), 1, 1)
    every = [first + timedelta(days=n) for n in range((date(int(year) + 1, 1, 1) - first).days)]
    off = [f"{day:%m-%d}" for day in every if day.weekday() < 5 and not OFFICE.is_working(day)]
    worked = [f"{day:%m-%d}" for day in every if day.weekday() >= 5 and OFFICE.is_working(day)]
    assert off == YEARS[year]["off"]
    assert worked == YEARS[year]["worked"]


def test_a_holiday_on_a_weekend_is_given_back_on_the_next_working_day() -> None:
    """30/4/2022 was a Saturday and 1/5 a Sunday: Monday and Tuesday instead."""
    assert OFFICE.why_off(date(2022, 5, 2)) == "nghỉ bù Ngày Chiến thắng"
    assert OFFICE.why_off(date(2022, 5, 3)) == "nghỉ bù Ngày Quốc tế lao động"
    assert OFFICE.is_working(date(2022, 5, 4))


def test_why_offices_rest_is_said() -> None:
    assert OFFICE.why_off(date(2026, 2, 17)) == "Tết Âm lịch"
    assert OFFICE.why_off(date(2026, 1, 2)).startswith("nghỉ hoán đổi")
    assert OFFICE.why_off(date(2026, 6, 6)) == "ngày nghỉ hằng tuần"
    assert OFFICE.why_off(date(2026, 1, 10)) == ""
    assert OFFICE.days_off(2026)[date(2026, 8, 31)].startswith("nghỉ hoán đổi")
    assert date(2025, 2, 3) not in OFFICE.days_off(2025)


def test_a_law_counts_from_its_day_until_its_end() -> None:
    assert OFFICE.is_working(date(2025, 11, 24))
    assert not OFFICE.is_working(date(2026, 11, 24))
    assert OFFICE.is_working(date(2020, 9, 1))
    assert not OFFICE.is_working(date(2020, 9, 2))


def test_counting_begins_on_the_day_after() -> None:
    friday = date(2025, 11, 28)
    assert OFFICE.plus_working(friday, 1) == date(2025, 12, 1)
    assert OFFICE.plus_working(friday, 0) == friday
    assert OFFICE.plus_working(date(2025, 11, 29), 0) == date(2025, 12, 1)
    assert OFFICE.plus_working(date(2025, 12, 1), -1) == friday
    assert OFFICE.working_between(friday, date(2025, 12, 5)) == 5
    assert OFFICE.working_between(date(2025, 12, 5), friday) == -5
    assert OFFICE.working_between(friday, friday) == 0


def test_a_holiday_of_29_february_is_there_in_leap_years_only() -> None:
    leap = Calendar([Holiday("thử", 2, 29)])
    assert not leap.is_working(date(2028, 2, 29))
    assert leap.is_working(date(2027, 3, 1))


def test_a_count_beyond_all_reason_is_refused() -> None:
    with pytest.raises(Invalid):
        OFFICE.plus_working(date(2026, 1, 1), MOST_DAYS + 1)


def test_a_calendar_without_a_working_day_does_not_run_for_ever() -> None:
    first = date(2026, 1, 1)
    never = Calendar([], [
        Decided(first + timedelta(days=n), False, "x") for n in range(MOST_DAYS)
    ])
    with pytest.raises(Invalid):
        never.moved_on(first)


@given(days, st.integers(1, 60))
def test_what_is_counted_forward_is_counted_back(day: date, count: int) -> None:
    due = OFFICE.plus_working(day, count)
    assert OFFICE.is_working(due)
    assert OFFICE.working_between(day, due) == count


@given(days)
def test_a_day_moved_on_is_worked_and_skips_no_working_day(day: date) -> None:
    moved = OFFICE.moved_on(day)
    assert OFFICE.is_working(moved)
    assert not any(
        OFFICE.is_working(day + timedelta(days=n)) for n in range((moved - day).days)
    )


@given(days, st.integers(0, 900))
def test_days_counted_by_weeks_are_those_counted_one_by_one(day: date, count: int) -> None:
    last = day + timedelta(days=count)
    one_by_one = sum(OFFICE.is_working(day + timedelta(days=n)) for n in range(1, count + 1))
    assert OFFICE.working_between(day, last) == one_by_one
    assert OFFICE.working_between(last, day) == -one_by_one


def test_a_far_day_is_counted_without_looking_at_every_day() -> None:
    looked: list[date] = []

    class Watched(Calendar):
        def is_working(self, day: date) -> bool:
            looked.append(day)
            return super().is_working(day)

    assert Watched().working_between(date(2025, 11, 28), date.max) == 2_080_340
    assert len(looked) < 10


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2101, 1, 1), date.max])
def test_a_day_beyond_all_reason_was_mistyped(day: date) -> None:
    with pytest.raises(Invalid, match="ngày phải từ 01/01/2000 đến 31/12/2100"):
        sensible(None, date(2025, 1, 1), day)
    sensible(None, date(2000, 1, 1), date(2100, 12, 31))
