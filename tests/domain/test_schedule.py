"""Schedules: the days of rounds, held to the table of examples, and what must always hold."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.periods import Frequency, Period
from nhasan.domain.problems import Invalid
from nhasan.domain.schedule import OFTEN, Often, Reporters, Schedule
from tests.domain.test_calendar import OFFICE
from tests.house.code import ROOT

SPEC = json.loads((ROOT / "tests/spec/deadlines.json").read_text("utf-8"))
MONTHLY = {"frequency": "M", "due": {"from": "window_end", "days": 5}}
CHAIN = {"frequency": "event", "due": {"from": "event:chi-dao", "working_days": 15}}


@pytest.mark.parametrize("row", SPEC["days"], ids=lambda row: row["what"])
def test_the_days_are_those_of_the_table(row: dict[str, Any]) -> None:
    schedule = Schedule.parse(row["schedule"])
    schedule.check(OFFICE, date(2026, 1, 1))
    events = {name: date.fromisoformat(day) for name, day in row["events"].items()}
    found = schedule.days(Period.parse(row["period"]), OFFICE, events).checked()
    names = ("window_from", "window_to", "opens", "due", "closes", "waits_for")
    told = {name: str(getattr(found, name)) for name in names if getattr(found, name)}
    assert told == row["days"]


@pytest.mark.parametrize("row", SPEC["refuse"], ids=lambda row: row["what"])
def test_a_schedule_that_cannot_be_followed_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=row["says"]):
        Schedule.parse(row["schedule"]).check(OFFICE, date(2026, 1, 1))


def test_rounds_open_on_their_days_each_once() -> None:
    schedule = Schedule.parse(MONTHLY)
    found = schedule.opening(date(2026, 1, 1), date(2026, 6, 30), OFFICE, {})
    assert [str(each.period) for each in found] == [
        "2025-M12", "2026-M01", "2026-M02", "2026-M03", "2026-M04", "2026-M05"]
    assert all(each.opens == each.period.end for each in found)


def test_what_an_event_opens_waits_for_it() -> None:
    schedule = Schedule.parse(CHAIN)
    assert schedule.opening(date(2025, 1, 1), date(2026, 12, 31), OFFICE, {}) == []
    events = {"2025": {"chi-dao": date(2025, 11, 10)}, "2026": {"khác": date(2026, 1, 1)}}
    found = schedule.opening(date(2025, 1, 1), date(2026, 12, 31), OFFICE, events)
    assert [(str(each.period), each.due) for each in found] == [("2025", date(2025, 12, 1))]
    coming = schedule.coming(date(2025, 11, 20), 3, OFFICE, events)
    assert [each.waits_for for each in coming] == ["", "chi-dao"]
    assert coming[0].event_on == date(2025, 11, 10)


def test_the_next_rounds_are_told_in_order() -> None:
    coming = Schedule.parse(MONTHLY).coming(date(2026, 11, 30), 4, OFFICE)
    assert [str(each.period) for each in coming] == [
        "2026-M11", "2026-M12", "2027-M01", "2027-M02"]
    yearly = Schedule.parse(SPEC["days"][13]["schedule"]).coming(date(2026, 1, 1), 10, OFFICE)
    assert [each.period.year for each in yearly] == list(range(2026, 2036))


def test_a_term_comes_round_when_its_years_have_passed() -> None:
    term = Schedule.parse({
        "frequency": "term", "first": 2026, "every": 5, "due": {"from": "window_end", "days": 30}})
    assert [each.period.year for each in term.coming(date(2026, 1, 1), 3, OFFICE)] == [
        2026, 2031, 2036]
    [first] = term.coming(date(2026, 1, 1), 1, OFFICE)
    assert str(term.called(first)) == "Nhiệm kỳ 2026–2030"
    window = Schedule.parse({
        "frequency": "term", "first": 2026, "every": 5, "due": {"from": "window_end", "days": 30},
        "window": {"from": {"day": 1, "month": 7, "years": -5}, "to": {"day": 30, "month": 6}}})
    [first] = window.coming(date(2026, 1, 1), 1, OFFICE)
    assert str(window.called(first)) == "Nhiệm kỳ 2021–2026"


def test_a_round_that_opens_before_its_window_ends_stands_on_the_map_of_its_opening() -> None:
    early = Schedule.parse({
        "frequency": "Q", "opens": {"from": "window_end", "days": -20},
        "due": {"from": "window_end", "days": 10}})
    days = early.days(Period(Frequency.QUARTER, 2026, 2), OFFICE)
    assert days.map_day == days.opens
    late = Schedule.parse(MONTHLY).days(Period(Frequency.MONTH, 2026, 6), OFFICE)
    assert late.map_day == date(2026, 6, 30)
    waiting = Schedule.parse(CHAIN).days(Period(Frequency.YEAR, 2026), OFFICE)
    assert waiting.map_day == date(2026, 12, 31)


def test_an_event_may_come_too_early_for_its_window() -> None:
    schedule = Schedule.parse({
        **CHAIN, "window": {"to": {"day": 31, "month": 12}}})
    schedule.check(OFFICE, date(2026, 1, 1))
    with pytest.raises(Invalid, match="trước ngày chốt số liệu"):
        schedule.days(Period(Frequency.YEAR, 2026), OFFICE,
                      {"chi-dao": date(2026, 3, 2)}).checked()


def test_a_periodic_report_may_be_due_from_an_event() -> None:
    schedule = Schedule.parse({
        "frequency": "A", "due": {"from": "event:ket-luan", "days": 10}})
    schedule.check(OFFICE, date(2026, 1, 1))
    assert schedule.coming(date(2026, 6, 1), 1, OFFICE)[0].waits_for == "ket-luan"
    events = {"2026": {"ket-luan": date(2027, 2, 1)}}
    found = schedule.opening(date(2026, 1, 1), date(2027, 6, 1), OFFICE, events)
    assert found[0].due == date(2027, 2, 12)  # the 11th is off in place of a Sunday of Tết


@pytest.mark.parametrize(("rule", "words"), [
    ({"from": "event:chi-dao", "working_days": 15},
     "15 ngày làm việc kể từ sự kiện “chi-dao”"),
    ({"from": "window_end", "days": 5}, "5 ngày kể từ ngày chốt số liệu"),
    ({"from": "window_end", "working_days": -3}, "3 ngày làm việc trước ngày chốt số liệu"),
    ({"from": "period_end", "days": -3}, "3 ngày trước ngày cuối kỳ"),
    ({"from": "window_end"}, "ngày chốt số liệu"),
    ({"day": 19, "of": "end"}, "ngày 19 của tháng cuối kỳ"),
    ({"day": 15, "of": "start", "months": -1}, "ngày 15, 1 tháng trước tháng đầu kỳ"),
    ({"day": 15, "month": 2, "years": 1}, "ngày 15/2 năm sau"),
    ({"day": 15, "month": 2, "years": 3}, "ngày 15/2, cách 3 năm"),
    ({"date": "2026-02-17"}, "ngày 17/02/2026"),
])
def test_a_rule_is_said_in_words(rule: dict[str, Any], words: str) -> None:
    found = Schedule.parse({"frequency": "once", "period": "2025", "due": rule}).words()["due"]
    assert found.said() == words


def test_every_frequency_has_a_name() -> None:
    assert set(OFTEN) == set(Often)
    assert Often.TERM.name_vi == "mỗi nhiệm kỳ"


def test_who_reports_is_a_kind_of_unit_or_units_by_name() -> None:
    every = Reporters.parse({"kind": "commune", "level": "commune", "to": "superior"})
    assert every == Reporters("commune", "commune", (), True)
    assert Reporters.parse({"units": ["a", "b"]}).units == ("a", "b")


@pytest.mark.parametrize("nobody", [{}, {"units": []}, {"kind": "commune"}])
def test_a_report_that_nobody_owes_is_refused(nobody: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="đơn vị nào"):
        Reporters.parse(nobody)


@given(
    st.sampled_from(["A", "S", "Q", "M", "school_year"]), st.integers(1, 60),
    st.dates(date(2016, 1, 1), date(2050, 1, 1)), st.integers(0, 700),
)
def test_no_round_is_lost_or_opened_twice_however_the_days_are_cut(
    often: str, after: int, first: date, length: int,
) -> None:
    schedule = Schedule.parse({
        "frequency": often, "due": {"from": "window_end", "working_days": after}})
    last = first + timedelta(days=length)
    middle = first + timedelta(days=length // 2)
    whole = schedule.opening(first, last, OFFICE, {})
    parts = [
        *schedule.opening(first, middle, OFFICE, {}),
        *schedule.opening(middle + timedelta(days=1), last, OFFICE, {}),
    ]
    assert whole == parts
    assert len({each.period for each in whole}) == len(whole)
    for each in whole:
        each.checked()
        assert each.due is not None
        assert OFFICE.is_working(each.due)


def test_days_at_the_ends_of_time_are_laid_out_or_refused() -> None:
    monthly = Schedule.parse(MONTHLY)
    assert str(monthly.opening(date.min, date(1900, 3, 1), OFFICE, {})[-1].period) == "1900-M02"
    assert list(monthly.periods(date.max, date.max)) != []
    assert monthly.coming(date.max, 1, OFFICE) == []
    assert Schedule.parse(CHAIN).opening(date.min, date.max, OFFICE, {}) == []


@pytest.mark.parametrize(("once", "days"), [("9998", 500), ("0001", -500)])
def test_a_day_that_no_calendar_has_is_refused(once: str, days: int) -> None:
    schedule = Schedule.parse({
        "frequency": "once", "period": once,
        "due": {"from": "window_end", "working_days": days}})
    with pytest.raises(Invalid, match="quá lớn"):
        schedule.days(Period.parse(once), OFFICE)
    with pytest.raises(Invalid, match="ngày phải từ"):
        schedule.check(OFFICE, date(2025, 11, 25))


def test_a_due_day_by_name_lies_within_reason() -> None:
    schedule = Schedule.parse({"frequency": "A", "due": {"date": "9999-12-31"}})
    with pytest.raises(Invalid, match="ngày phải từ"):
        schedule.check(OFFICE, date(2025, 11, 25))
