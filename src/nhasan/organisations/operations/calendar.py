"""The office calendar: holidays by law, and single days by the decisions of a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from nhasan.domain.access import Actor, Permission
from nhasan.domain.problems import Invalid, phrase
from nhasan.organisations.authority import operation
from nhasan.organisations.models import DayOff, HolidayRule


@dataclass(frozen=True, slots=True)
class NewHoliday:
    """A holiday of every year, as a law sets it."""

    identifier: str
    name: str
    month: int
    day: int
    lunar: bool = False
    first: int = 0
    last: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


@operation("holiday.set")
def set_holiday(*, actor: Actor, holiday: NewHoliday, at: datetime) -> HolidayRule:
    """Set a holiday of every year; one of the same identifier is replaced."""
    actor.require_root(Permission.ADMINISTER)
    _possible(holiday)
    found, _ = HolidayRule.objects.update_or_create(
        identifier=holiday.identifier,
        defaults={
            "name": holiday.name, "lunar": holiday.lunar, "month": holiday.month,
            "day": holiday.day, "first": holiday.first, "last": holiday.last,
            "valid_from": holiday.valid_from, "valid_to": holiday.valid_to,
            "source": holiday.source,
        },
    )
    return found


def _possible(holiday: NewHoliday) -> None:
    most = 30 if holiday.lunar else 31
    if not (1 <= holiday.month <= 12 and 1 <= holiday.day <= most):
        raise Invalid(reason=phrase("ngày lễ phải có ngày và tháng có thật"))
    if not -10 <= holiday.first <= holiday.last <= 10:
        raise Invalid(reason=phrase("đợt nghỉ lễ phải có ngày đầu trước ngày cuối"))
    if holiday.valid_from and holiday.valid_to and holiday.valid_to <= holiday.valid_from:
        raise Invalid(reason=phrase("ngày hết hiệu lực phải sau ngày có hiệu lực"))


@operation("day_off.decide")
def decide_day(*, actor: Actor, day: date, works: bool, name: str, decision: str,
               at: datetime) -> DayOff:
    """Make one day a day off, or a working day, by a decision; the later decision counts."""
    actor.require_root(Permission.ADMINISTER)
    if not name.strip() or not decision.strip():
        raise Invalid(reason=phrase("cần ghi lý do và văn bản quyết định ngày nghỉ"))
    found, _ = DayOff.objects.update_or_create(
        day=day, defaults={"works": works, "name": name.strip(), "decision": decision.strip()},
    )
    return found


@operation("day_off.withdraw")
def withdraw_day(*, actor: Actor, day: date, at: datetime) -> None:
    """Take a decision about one day back: the rules count for it again."""
    actor.require_root(Permission.ADMINISTER)
    DayOff.objects.filter(day=day).delete()
