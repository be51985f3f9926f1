"""Periods: the stretch of time a figure speaks of, in SDMX spelling.

A period is half-open: it begins on `start` and ends just before `end`. Which map a figure
belongs to is asked on its `reference_date`, the last day of the period: a report for the
first half of 2025 stands on the map of 30/6/2025, one for the whole year on that of 31/12.

A school year is written `2018-2019`, as people write it. It runs from 1 September to 31 May,
so that the school year 2024-2025 stays on the map that its schools lived on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.words import VIETNAMESE, Notation, Words, date_text

_SPELLING = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:(?P<unit>[SQ])(?P<part>[1-4])|M(?P<month>\d{2})|(?P<second>\d{4})"
    r"|(?P<mm>\d{2})-(?P<dd>\d{2})))?",
)
_SCHOOL_STARTS = 9
_SCHOOL_ENDS = 6


class Frequency(StrEnum):
    """How often something is measured; letters follow SDMX CL_FREQ."""

    YEAR = "A"
    HALF = "S"
    QUARTER = "Q"
    MONTH = "M"
    DAY = "D"
    SCHOOL_YEAR = "school_year"

    def containing(self, day: date) -> Period:
        """Return the period of this frequency that the day belongs to.

        A summer day belongs to the school year that has just ended.
        """
        if self is Frequency.SCHOOL_YEAR:
            return Period(self, day.year if day.month >= _SCHOOL_STARTS else day.year - 1)
        if self is Frequency.DAY:
            return Period(self, day.year, day.timetuple().tm_yday)
        return Period(self, day.year, (day.month - 1) // _MONTHS[self] + 1)


_MONTHS = {Frequency.YEAR: 12, Frequency.HALF: 6, Frequency.QUARTER: 3, Frequency.MONTH: 1}


def _month(year: int, months: int) -> date:
    """Return the first day of the month that lies `months` after January of the year."""
    return date(year + months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period: a frequency, a year, and which part of the year."""

    frequency: Frequency
    year: int
    part: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9998 or not 1 <= self.part <= _parts(self.frequency, self.year):
            raise Invalid(reason=f"kỳ không có thật: {self.year}, phần {self.part}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2019`, `2019-S1`, `2019-Q3`, `2019-M04`, `2019-04-01` or `2018-2019`."""
        found = _SPELLING.fullmatch(text.strip())
        if found is None:
            raise Invalid(reason=_not_a_period(text))
        year = int(found["year"])
        if found["unit"]:
            return cls(Frequency(found["unit"]), year, int(found["part"]))
        if found["month"]:
            return cls(Frequency.MONTH, year, int(found["month"]))
        if found["second"]:
            return cls._school(text, year, int(found["second"]))
        if found["mm"]:
            return cls._day(text)
        return cls(Frequency.YEAR, year)

    @classmethod
    def _school(cls, text: str, first: int, second: int) -> Period:
        if second != first + 1:
            raise Invalid(reason=_not_a_period(text))
        return cls(Frequency.SCHOOL_YEAR, first)

    @classmethod
    def _day(cls, text: str) -> Period:
        try:
            return Frequency.DAY.containing(date.fromisoformat(text.strip()))
        except ValueError as wrong:
            raise Invalid(reason=_not_a_period(text)) from wrong

    def __str__(self) -> str:
        """Return the one spelling of the period, as in addresses and files."""
        return _SPELL[self.frequency](self)

    @property
    def start(self) -> date:
        """Return the first day."""
        if self.frequency is Frequency.SCHOOL_YEAR:
            return date(self.year, _SCHOOL_STARTS, 1)
        if self.frequency is Frequency.DAY:
            return date(self.year, 1, 1) + timedelta(days=self.part - 1)
        return _month(self.year, (self.part - 1) * _MONTHS[self.frequency])

    @property
    def end(self) -> date:
        """Return the first day after the period."""
        if self.frequency is Frequency.SCHOOL_YEAR:
            return date(self.year + 1, _SCHOOL_ENDS, 1)
        if self.frequency is Frequency.DAY:
            return self.start + timedelta(days=1)
        return _month(self.year, self.part * _MONTHS[self.frequency])

    @property
    def reference_date(self) -> date:
        """Return the day on which the map is asked: the last day of the period."""
        return self.end - timedelta(days=1)

    def previous(self) -> Period:
        """Return the period of the same frequency just before this one."""
        return self._moved(-1)

    def next(self) -> Period:
        """Return the period of the same frequency just after this one."""
        return self._moved(1)

    def same_last_year(self) -> Period:
        """Return the same part of the year before, for comparison."""
        last = self.year - 1
        return Period(self.frequency, last, min(self.part, _parts(self.frequency, last)))

    def _moved(self, step: int) -> Period:
        part = self.part + step
        if part < 1:
            return Period(self.frequency, self.year - 1, _parts(self.frequency, self.year - 1))
        if part > _parts(self.frequency, self.year):
            return Period(self.frequency, self.year + 1)
        return Period(self.frequency, self.year, part)

    def label(self, notation: Notation = VIETNAMESE) -> Words:
        """Return how the period is written for people."""
        return _label(self, notation)

    def label_vi(self) -> str:
        """Return how the period is written in Vietnamese."""
        return str(self.label())


def _not_a_period(text: str) -> str:
    return f"“{text}” không phải là kỳ; viết như 2019, 2019-S1, 2019-Q3, 2019-M04 hoặc 2018-2019"


def _parts(frequency: Frequency, year: int) -> int:
    """Return how many periods of the frequency a year has."""
    if frequency is Frequency.DAY:
        return (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return 12 // _MONTHS[frequency] if frequency in _MONTHS else 1


_SPELL: dict[Frequency, Callable[[Period], str]] = {
    Frequency.YEAR: lambda period: f"{period.year:04d}",
    Frequency.HALF: lambda period: f"{period.year:04d}-S{period.part}",
    Frequency.QUARTER: lambda period: f"{period.year:04d}-Q{period.part}",
    Frequency.MONTH: lambda period: f"{period.year:04d}-M{period.part:02d}",
    Frequency.DAY: lambda period: period.start.isoformat(),
    Frequency.SCHOOL_YEAR: lambda period: f"{period.year:04d}-{period.year + 1:04d}",
}

_ROMAN = ("", "I", "II", "III", "IV")

_HALVES = (phrase("6 tháng đầu năm {year}"), phrase("6 tháng cuối năm {year}"))


def _label(period: Period, notation: Notation) -> Words:
    year = {"year": period.year}
    match period.frequency:
        case Frequency.YEAR:
            return Words(phrase("Năm {year}"), year)
        case Frequency.HALF:
            return Words(_HALVES[period.part - 1], year)
        case Frequency.QUARTER:
            facts = year | {"quarter": _ROMAN[period.part]}
            return Words(phrase("Quý {quarter} năm {year}"), facts)
        case Frequency.MONTH:
            return Words(phrase("Tháng {month} năm {year}"), year | {"month": period.part})
        case Frequency.DAY:
            return Words(phrase("Ngày {day}"), {"day": date_text(period.start, notation)})
        case Frequency.SCHOOL_YEAR:
            return Words(phrase("Năm học {year}–{next}"), year | {"next": period.year + 1})


def series(first: Period, last: Period) -> Iterator[Period]:
    """Yield every period from the first to the last, both included."""
    if first.frequency is not last.frequency:
        raise Invalid(reason=f"hai kỳ “{first}” và “{last}” không cùng loại")
    while first <= last:
        yield first
        first = first.next()
