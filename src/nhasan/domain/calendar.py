"""The office calendar: which days an office works, and counting in such days.

Offices rest on Saturday and Sunday, on the holidays of the law (`Holiday` rules, by the sun or
by the moon), and on the working days that follow when a holiday falls on a day of rest (Bộ luật
Lao động 2019, Điều 111 khoản 3). A single day named by decision wins over all of that: Tết is
laid out anew each year, and a Friday is swapped with a Saturday.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nhasan.domain import lunar
from nhasan.domain.problems import Invalid, phrase

_DAY = timedelta(days=1)
_SATURDAY = 5
MOST_DAYS = 2000
"""No due day lies further from its event: eight years of working days."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""Between which the days of the regime lie; a day beyond them was mistyped."""

REST = phrase("ngày nghỉ hằng tuần")
IN_PLACE = phrase("nghỉ bù {holiday}")


def sensible(*days: date | None) -> None:
    """Refuse a day so far away that it can only have been mistyped; one not named is none."""
    if any(day is not None and not FIRST_DAY <= day <= LAST_DAY for day in days):
        raise Invalid(reason=phrase("ngày phải từ {first} đến {last}").format(
            first=f"{FIRST_DAY:%d/%m/%Y}", last=f"{LAST_DAY:%d/%m/%Y}"))


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday of every year from `since` on: `first` to `last` days about a day of a month."""

    name: str
    month: int
    day: int
    lunar: bool = False
    first: int = 0
    last: int = 0
    since: date | None = None
    until: date | None = None

    def days(self, year: int) -> Iterator[date]:
        """Yield its days in a year."""
        day = self._day(year)
        if day is None:
            return
        for offset in range(self.first, self.last + 1):
            yield day + timedelta(days=offset)

    def _day(self, year: int) -> date | None:
        if self.lunar and not lunar.FIRST_YEAR <= year <= lunar.LAST_YEAR:
            return None
        try:
            day = (lunar.solar if self.lunar else date)(year, self.month, self.day)
        except ValueError:  # 29 February in a common year
            return None
        begun = self.since is None or day >= self.since
        return day if begun and (self.until is None or day < self.until) else None


@dataclass(frozen=True, slots=True)
class Decided:
    """One day that a decision made a day off, or a working day."""

    day: date
    works: bool
    name: str


class Calendar:
    """Which days are worked; counts in working days. Years are laid out when first asked for."""

    def __init__(self, holidays: Iterable[Holiday] = (), decided: Iterable[Decided] = ()) -> None:
        """Keep the rules and the days named by decision."""
        self._holidays = tuple(holidays)
        self._decided: Mapping[date, Decided] = {each.day: each for each in decided}
        self._years: dict[int, dict[date, str]] = {}

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on the day."""
        decided = self._decided.get(day)
        if decided is not None:
            return decided.works
        return day.weekday() < _SATURDAY and day not in self._off(day.year)

    def why_off(self, day: date) -> str:
        """Return why offices rest on the day: the holiday, or the weekend; "" if they work."""
        if self.is_working(day):
            return ""
        decided = self._decided.get(day)
        return decided.name if decided else self._off(day.year).get(day) or REST

    def moved_on(self, day: date) -> date:
        """Return the day itself if it is worked, or else the next day that is."""
        for _ in range(MOST_DAYS):
            if self.is_working(day):
                return day
            day += _DAY
        raise Invalid(reason=phrase("lịch làm việc không có ngày làm việc nào"))

    def plus_working(self, day: date, count: int) -> date:
        """Return the working day that lies `count` working days after (or before) the day.

        The day itself is not counted: one working day from a Friday is the Monday after it.
        None at all is the day itself, moved on if it is a day of rest.
        """
        if abs(count) > MOST_DAYS:
            raise Invalid(reason=phrase("số ngày làm việc quá lớn"))
        if count == 0:
            return self.moved_on(day)
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_between(self, first: date, last: date) -> int:
        """Return how many working days lie after `first` up to `last`; less than 0 backwards.

        Counted by weeks, less what is off, so that a far day costs little.
        """
        if last < first:
            return -self.working_between(last, first)
        weeks, rest = divmod((last - first).days, 7)
        found = weeks * _SATURDAY + sum(
            (first.weekday() + offset) % 7 < _SATURDAY for offset in range(1, rest + 1))
        for year in range(first.year, last.year + 1):
            found -= sum(
                day.year == year and first < day <= last and day.weekday() < _SATURDAY
                and day not in self._decided for day in self._off(year))
        return found + sum(
            each.works - (day.weekday() < _SATURDAY)
            for day, each in self._decided.items() if first < day <= last)

    def days_off(self, year: int) -> dict[date, str]:
        """Return the days of a year on which offices rest besides weekends, and why."""
        found = {
            day: name for day, name in self._off(year).items()
            if not (day in self._decided and self._decided[day].works)
        }
        found.update({
            day: each.name for day, each in self._decided.items()
            if day.year == year and not each.works
        })
        return dict(sorted(found.items()))

    def _off(self, year: int) -> dict[date, str]:
        if year not in self._years:
            self._years[year] = self._laid_out(year)
        return self._years[year]

    def _laid_out(self, year: int) -> dict[date, str]:
        """Return the holidays of a year, with the days off in place of those on a weekend."""
        named = {day: each.name for each in self._holidays for day in each.days(year)}
        found = dict(named)
        for day in sorted(named):
            if day.weekday() >= _SATURDAY:
                found[self._in_place_of(day, found)] = IN_PLACE.format(holiday=named[day])
        return found

    @staticmethod
    def _in_place_of(day: date, taken: Mapping[date, str]) -> date:
        while day.weekday() >= _SATURDAY or day in taken:
            day += _DAY
        return day
