"""The day of a request, with the office's calendar at hand: how many working days are left."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Self

from nhasan.domain.calendar import Calendar
from nhasan.organisations import queries as organisations


class OfficeDay(date):
    """A day that knows the office calendar, read when it is first asked for."""

    @classmethod
    def of(cls, day: date) -> Self:
        """Return a day with the calendar beside it."""
        return cls(day.year, day.month, day.day)

    @cached_property
    def calendar(self) -> Calendar:
        """Return the office calendar."""
        return organisations.calendar()
