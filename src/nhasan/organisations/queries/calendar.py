"""The office calendar, as the law and the decisions of each year make it."""

from __future__ import annotations

from datetime import date

from nhasan.domain.calendar import Calendar, Decided, Holiday
from nhasan.organisations.models import DayOff, HolidayRule


def calendar() -> Calendar:
    """Return the office calendar. Ask once a request or a step: it reads both tables."""
    return Calendar(
        holidays=[
            Holiday(
                name=rule.name, month=rule.month, day=rule.day, lunar=rule.lunar,
                first=rule.first, last=rule.last, since=rule.valid_from, until=rule.valid_to,
            )
            for rule in HolidayRule.objects.order_by("pk")
        ],
        decided=[Decided(each.day, each.works, each.name) for each in DayOff.objects.all()],
    )


def decided_days() -> dict[date, DayOff]:
    """Return the days that a decision made a day off or a working day."""
    return {each.day: each for each in DayOff.objects.order_by("day")}


def holiday_rules() -> list[HolidayRule]:
    """Return the holidays of every year, as laws set them."""
    return list(HolidayRule.objects.order_by("lunar", "month", "day", "pk"))
