"""Schedules: from an obligation to the days of each of its rounds, as data.

A schedule says how often something is reported and, for every period, five days: the first and
the last day that the figures speak of (the window), when the round opens, when it is due and
when it is locked. Each is told by one rule: so many calendar or working days from an edge of
the period or the window, or from an event (`{"from": "event:chi-dao", "working_days": 15}`);
a day of a month (`{"day": 15, "month": 12, "years": -1}`); a day of a month counted from the
period (`{"day": 14, "of": "end"}`); or one date. A due day on a day off moves on to the next
working day unless the rule says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from nhasan.domain.calendar import Calendar, sensible
from nhasan.domain.day_rules import EVENT, DayRule, day_rule, whole
from nhasan.domain.periods import Frequency, Period
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.words import VIETNAMESE, Notation, Words

_REACH = timedelta(days=800)  # how far from its period a round may open
_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 1, 1)  # beyond these no period is laid out
_LOOKED_AT = 96  # periods that a drafted schedule is tried on


class Often(StrEnum):
    """How often something is reported."""

    YEAR = "A"
    HALF = "S"
    QUARTER = "Q"
    MONTH = "M"
    SCHOOL_YEAR = "school_year"
    TERM = "term"
    EVENT = "event"
    ONCE = "once"

    @property
    def name_vi(self) -> str:
        """Return how the frequency is called."""
        return OFTEN[self]


OFTEN = {
    Often.YEAR: phrase("hằng năm"), Often.HALF: phrase("6 tháng một lần"),
    Often.QUARTER: phrase("hằng quý"), Often.MONTH: phrase("hằng tháng"),
    Often.SCHOOL_YEAR: phrase("hằng năm học"), Often.TERM: phrase("mỗi nhiệm kỳ"),
    Often.EVENT: phrase("khi có sự kiện"), Often.ONCE: phrase("một lần"),
}
_PERIODS = {
    Often.YEAR: Frequency.YEAR, Often.HALF: Frequency.HALF, Often.QUARTER: Frequency.QUARTER,
    Often.MONTH: Frequency.MONTH, Often.SCHOOL_YEAR: Frequency.SCHOOL_YEAR,
    Often.TERM: Frequency.YEAR,
}


@dataclass(frozen=True, slots=True)
class RoundDays:
    """The days of one round, or which event they wait for."""

    period: Period
    window_from: date | None = None
    window_to: date | None = None
    opens: date | None = None
    due: date | None = None
    closes: date | None = None
    event_on: date | None = None
    waits_for: str = ""

    @property
    def map_day(self) -> date:
        """Return the day whose map the figures stand on: the last they speak of, if past."""
        last = self.window_to or self.period.reference_date
        return min(last, self.opens) if self.opens else last

    def checked(self) -> RoundDays:
        """Return the days, or refuse when they come in an order without sense."""
        if self.waits_for or self.opens is None or self.due is None:
            return self
        facts = {"period": self.period.label_vi(), "due": f"{self.due:%d/%m/%Y}"}
        if self.window_from and self.window_to and self.window_to < self.window_from:
            raise Invalid(reason=phrase("kỳ {period}: ngày chốt số liệu trước ngày đầu")
                          .format(**facts))
        if self.window_to and self.due < self.window_to:
            raise Invalid(reason=phrase(
                "kỳ {period}: hạn gửi {due} trước ngày chốt số liệu {last}").format(
                    last=f"{self.window_to:%d/%m/%Y}", **facts))
        if self.due < self.opens:
            raise Invalid(reason=phrase("kỳ {period}: hạn gửi {due} trước ngày mở {opens}").format(
                opens=f"{self.opens:%d/%m/%Y}", **facts))
        if self.closes and self.closes < self.due:
            raise Invalid(reason=phrase("kỳ {period}: ngày khoá trước hạn gửi {due}")
                          .format(**facts))
        return self


Events = Mapping[str, Mapping[str, date]]
"""Period → event → the day it happened on."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often, and the five rules. Without a window the figures speak of the whole period."""

    often: Often
    rules: Mapping[str, DayRule]
    period: str = ""
    first: int = 0
    every: int = 1

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Schedule:
        """Read a schedule and refuse one that cannot be followed."""
        return _parsed(data)

    def events(self) -> set[str]:
        """Return the names of the events that must be known before a round can open."""
        return {rule.event for rule in self.rules.values() if rule.event}

    def words(self) -> dict[str, Words]:
        """Return each rule in words: `window_from`, `window_to`, `opens`, `due`, `closes`."""
        return {name: rule.words() for name, rule in self.rules.items()}

    def called(self, days: RoundDays, notation: Notation = VIETNAMESE) -> Words:
        """Return how one round's period is written for people; a term by its first and last year.

        The window tells them, where one is set: a term need not begin with its period's year.
        """
        if self.often is not Often.TERM:
            return days.period.label(notation)
        first, last = days.period.year, days.period.year + self.every - 1
        if days.window_from and days.window_to and days.window_to.year > days.window_from.year:
            first, last = days.window_from.year, days.window_to.year
        return Words(phrase("Nhiệm kỳ {first}–{last}"), {"first": first, "last": last})

    def days(self, period: Period, calendar: Calendar,
             events: Mapping[str, date] | None = None) -> RoundDays:
        """Return the days of one period; without its events, which of them it waits for."""
        try:
            return self._days(period, calendar, events or {})
        except (OverflowError, ValueError) as beyond:  # no day has such a year
            raise Invalid(reason=phrase("số ngày, tháng quá lớn")) from beyond

    def _days(self, period: Period, calendar: Calendar,
              events: Mapping[str, date]) -> RoundDays:
        missing = sorted(self.events() - events.keys())
        if missing:
            return RoundDays(period, waits_for=missing[0])
        known = {"period_start": period.start, "period_end": period.reference_date}
        known |= {f"{EVENT}{name}": day for name, day in events.items()}
        found: dict[str, date] = {}
        for name, edge in _ORDER:
            if name in self.rules:
                found[name] = known[edge] = self.rules[name].found(period, known, calendar)
        return RoundDays(
            period, found.get("window_from"), found.get("window_to"), found["opens"],
            found["due"], found.get("closes"), events.get(self.rules["due"].event),
        )

    def periods(self, first: date, last: date) -> Iterator[Period]:
        """Yield the periods whose rounds might open between two days."""
        if self.often is Often.ONCE:
            yield Period.parse(self.period)
        if self.often not in _PERIODS:
            return
        reach = _REACH * self.every
        at = _PERIODS[self.often].containing(_moved(first, -reach))
        end = _moved(last, reach)
        while at.start <= end:
            if (at.year - self.first) % self.every == 0:
                yield at
            at = at.next()

    def opening(self, first: date, last: date, calendar: Calendar,
                events: Events) -> list[RoundDays]:
        """Return the rounds that open from `first` to `last`, in the order of opening."""
        found = [
            self.days(period, calendar, events.get(str(period)))
            for period in self._asked(first, last, events)
        ]
        due = [each for each in found if each.opens and first <= each.opens <= last]
        return sorted(due, key=lambda each: (each.opens or first, each.period))

    def _asked(self, first: date, last: date, events: Events) -> Iterator[Period]:
        if self.often is Often.EVENT:
            yield from (Period.parse(period) for period in sorted(events))
        else:
            yield from self.periods(first, last)

    def coming(self, after: date, count: int, calendar: Calendar,
               events: Events | None = None) -> list[RoundDays]:
        """Return the next rounds that are due on that day or later, at most so many.

        Of a period whose event has not happened yet, the event is named. What only an event
        opens is one such round.
        """
        known = events or {}
        if self.often is Often.EVENT:
            waiting = RoundDays(
                Frequency.YEAR.containing(after), waits_for=", ".join(sorted(self.events())))
            found = self.opening(_moved(after, -_REACH), date.max, calendar, known)
            return [*(each for each in found if each.due and each.due >= after), waiting][:count]
        horizon = _moved(after, _REACH * self.every * max(1, count))
        found = [
            self.days(period, calendar, known.get(str(period)))
            for period in self.periods(after, horizon)
        ]
        return [
            each for each in found
            if (each.due >= after if each.due else each.period.end > after)
        ][:count]

    def check(self, calendar: Calendar, on: date) -> None:
        """Refuse a schedule whose days would come in an order without sense.

        Two years of rounds are laid out, the events supposed to happen on the first day of
        what they wait for. A window told by the calendar is not held against an event's due
        day before the event: only its day can tell.
        """
        once = [Period.parse(self.period).start] if self.often is Often.ONCE else []
        sensible(*once, *(rule.on for rule in self.rules.values()))
        for each in self._supposed(calendar, on):
            if self.events() and not self.rules.get("window_to", DayRule()).event:
                RoundDays(each.period, None, None, each.opens, each.due, each.closes).checked()
            else:
                each.checked()

    def _supposed(self, calendar: Calendar, on: date) -> Iterator[RoundDays]:
        events = dict.fromkeys(self.events(), on)
        if self.often is Often.EVENT:
            yield self.days(Frequency.YEAR.containing(on), calendar, events)
            return
        last = _moved(on, _REACH * self.every)
        for period in islice(self.periods(on, last), _LOOKED_AT):
            yield self.days(period, calendar, events)


def _moved(day: date, by: timedelta) -> date:
    """Return a day so far away, or the last one that periods are laid out to."""
    reached = day.toordinal() + by.days
    return date.fromordinal(min(max(reached, _EARLIEST.toordinal()), _LATEST.toordinal()))


_ORDER = (
    ("window_from", "window_start"), ("window_to", "window_end"), ("opens", "opens"),
    ("due", "due"), ("closes", "closes"),
)
_DEFAULT_WINDOW = {
    "window_from": DayRule("period_start", days=0), "window_to": DayRule("period_end", days=0),
}


def _parsed(data: Mapping[str, Any]) -> Schedule:
    try:
        often = Often(data.get("frequency", ""))
    except ValueError as unknown:
        raise Invalid(reason=phrase("chưa chọn báo cáo bao lâu một lần")) from unknown
    rules = _rules(data, often)
    every = whole(data, "every", default=5) if often is Often.TERM else 1
    if not 1 <= every <= 20:
        raise Invalid(reason=phrase("một nhiệm kỳ dài từ 1 đến 20 năm"))
    found = Schedule(
        often, rules, str(data.get("period", "")),
        whole(data, "first") if often is Often.TERM else 0, every,
    )
    if often is Often.ONCE:
        Period.parse(found.period)
    if often is Often.EVENT and not found.events():
        raise Invalid(reason=phrase("báo cáo theo sự kiện phải có hạn tính từ một sự kiện"))
    return found


def _rules(data: Mapping[str, Any], often: Often) -> dict[str, DayRule]:
    window = data.get("window") or {}
    told = {
        "window_from": window.get("from"), "window_to": window.get("to"),
        "opens": data.get("opens"), "due": data.get("due"), "closes": data.get("closes"),
    }
    found = {
        name: day_rule(name, rule) for name, rule in told.items() if rule
    }
    if often is not Often.EVENT:
        found = _DEFAULT_WINDOW | found
    if "due" not in found:
        raise Invalid(reason=phrase("chưa có quy tắc tính hạn gửi"))
    if "opens" not in found:
        found["opens"] = _default_opening(found)
    return found


def _default_opening(rules: Mapping[str, DayRule]) -> DayRule:
    """Return when a round opens if nothing is said: on its event, or after its window."""
    if rules["due"].event:
        return DayRule(rules["due"].origin, days=0)
    return DayRule("window_end" if "window_to" in rules else "period_end", days=1)


@dataclass(frozen=True, slots=True)
class Reporters:
    """Which units owe a report, and for which of their areas.

    All of a kind that answer for an area of `level` within the receiver's branch, or the units
    named. `superior`: each sends to the unit above it, not to the receiver of the obligation.
    """

    kind: str = ""
    level: str = ""
    units: tuple[str, ...] = ()
    superior: bool = False

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Reporters:
        """Read who reports and refuse what names nobody."""
        units = data.get("units") or ()
        found = cls(
            str(data.get("kind") or ""), str(data.get("level") or ""),
            tuple(str(code) for code in units), data.get("to") == "superior",
        )
        if not found.units and not (found.kind and found.level):
            raise Invalid(reason=phrase("chưa chọn đơn vị nào phải báo cáo"))
        return found
