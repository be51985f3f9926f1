"""The office calendar kept as data: rules of the law, and single days by decision."""

from datetime import date

import pytest

from nhasan.domain.access import Actor
from nhasan.domain.problems import Forbidden, Invalid
from nhasan.organisations.models import DayOff, HolidayRule
from nhasan.organisations.operations import (
    NewHoliday,
    decide_day,
    set_holiday,
    withdraw_day,
)
from nhasan.organisations.queries import calendar
from tests import factories
from tests.breaking import refused

pytestmark = pytest.mark.django_db
AT, HOUSE = factories.AT, factories.HOUSE
TET = NewHoliday("tet", "Tết Âm lịch", 1, 1, lunar=True, first=-1, last=3)
SWAP = {"works": True, "name": "làm bù", "decision": "Thông báo thử"}


def test_rules_and_decisions_make_the_calendar() -> None:
    set_holiday(actor=HOUSE, holiday=TET, at=AT)
    decide_day(actor=HOUSE, day=date(2026, 2, 14), at=AT, **SWAP)
    found = calendar()
    assert not found.is_working(date(2026, 2, 16))
    assert found.is_working(date(2026, 2, 14))
    withdraw_day(actor=HOUSE, day=date(2026, 2, 14), at=AT)
    assert not calendar().is_working(date(2026, 2, 14))


def test_the_later_word_counts() -> None:
    for last in (3, 4):
        set_holiday(actor=HOUSE, at=AT, holiday=NewHoliday("tet", "Tết", 1, 1, True, -1, last))
    decide_day(actor=HOUSE, day=date(2026, 2, 14), at=AT, **SWAP)
    decide_day(actor=HOUSE, day=date(2026, 2, 14), at=AT, **{**SWAP, "works": False})
    assert HolidayRule.objects.get().last == 4
    assert not DayOff.objects.get().works


@pytest.mark.parametrize("wrong", [
    NewHoliday("x", "X", 13, 1), NewHoliday("x", "X", 1, 31, lunar=True),
    NewHoliday("x", "X", 1, 1, first=2, last=1), NewHoliday("x", "X", 1, 1, first=0, last=90),
    NewHoliday("x", "X", 1, 1, valid_from=date(2026, 1, 1), valid_to=date(2026, 1, 1)),
])
def test_a_rule_without_sense_is_refused(wrong: NewHoliday) -> None:
    with pytest.raises(Invalid):
        set_holiday(actor=HOUSE, holiday=wrong, at=AT)


@pytest.mark.parametrize("missing", ["name", "decision"])
def test_a_day_is_decided_by_a_document(missing: str) -> None:
    with pytest.raises(Invalid):
        decide_day(actor=HOUSE, day=date(2026, 2, 14), at=AT, **{**SWAP, missing: " "})


def test_only_who_administers_the_whole_house_sets_it() -> None:
    with pytest.raises(Forbidden):
        decide_day(actor=Actor("1", "x"), day=date(2026, 2, 14), at=AT, **SWAP)


@pytest.mark.parametrize(("promise", "wrong"), [
    ("holiday_rule_day_possible", {"month": 13}),
    ("holiday_rule_days_in_order", {"first": 1, "last": 0}),
    ("holiday_rule_ends_after_start",
     {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 1, 1)}),
])
def test_the_database_keeps_the_rules_sound(promise: str, wrong: dict) -> None:
    facts = {"identifier": "x", "name": "X", "month": 1, "day": 1, **wrong}
    refused(promise, lambda: HolidayRule.objects.create(**facts))
