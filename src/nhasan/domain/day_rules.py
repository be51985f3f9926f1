"""How one day of a round is found: counted from an edge or an event, or named.

`{"from": "event:chi-dao", "working_days": 15}` counts from an event, `{"from": "window_end",
"days": 1}` from an edge, `{"day": 15, "month": 12, "years": -1}` is a day of every year,
`{"day": 14, "of": "end"}` one of the period's last month, `{"date": "2025-12-31"}` one day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nhasan.domain.calendar import MOST_DAYS, Calendar
from nhasan.domain.periods import Period
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.words import Words

EVENT = "event:"
EDGES = {
    "period_start": phrase("ngày đầu kỳ"), "period_end": phrase("ngày cuối kỳ"),
    "window_start": phrase("ngày đầu của số liệu"), "window_end": phrase("ngày chốt số liệu"),
    "opens": phrase("ngày mở kỳ báo cáo"), "due": phrase("hạn gửi"),
}
_SIDES = ("start", "end")
_KNOWN_BEFORE = {
    "window_from": ("period_start", "period_end"),
    "window_to": ("period_start", "period_end", "window_start"),
    "opens": ("period_start", "period_end", "window_start", "window_end"),
    "due": ("period_start", "period_end", "window_start", "window_end", "opens"),
    "closes": tuple(EDGES),
}


@dataclass(frozen=True, slots=True)
class DayRule:
    """How one day of a round is found."""

    origin: str = ""
    days: int | None = None
    working_days: int | None = None
    day: int = 0
    month: int = 0
    of: str = ""
    months: int = 0
    years: int = 0
    on: date | None = None
    moves: bool = False

    @property
    def event(self) -> str:
        """Return the name of the event it counts from, or ""."""
        return self.origin.removeprefix(EVENT) if self.origin.startswith(EVENT) else ""

    def found(self, period: Period, known: Mapping[str, date], calendar: Calendar) -> date:
        """Return the day; what it counts from is among the known days."""
        day = self._counted(known, calendar) if self.origin else self._named(period)
        return calendar.moved_on(day) if self.moves else day

    def _counted(self, known: Mapping[str, date], calendar: Calendar) -> date:
        start = known[self.origin]
        if self.working_days is not None:
            return calendar.plus_working(start, self.working_days)
        return start + timedelta(days=self.days or 0)

    def _named(self, period: Period) -> date:
        if self.on is not None:
            return self.on
        if self.of:
            edge = period.start if self.of == "start" else period.reference_date
            place = edge.year * 12 + edge.month - 1 + self.months
            return _of_month(place // 12, place % 12 + 1, self.day)
        return _of_month(period.year + self.years, self.month, self.day)

    def words(self) -> Words:
        """Return the rule in words."""
        if self.origin:
            return self._counted_words()
        if self.on is not None:
            return Words(phrase("ngày {day}"), {"day": f"{self.on:%d/%m/%Y}"})
        if self.of:
            return Words(_OF[self.of, (self.months > 0) - (self.months < 0)],
                         {"day": self.day, "months": abs(self.months)})
        return Words(_YEARS.get(self.years, _OTHER_YEAR),
                     {"day": self.day, "month": self.month, "years": self.years})

    def _counted_words(self) -> Words:
        origin = Words(phrase("sự kiện “{event}”"), {"event": self.event}) if self.event else (
            Words(EDGES[self.origin]))
        count = self.working_days if self.working_days is not None else self.days or 0
        if count == 0:
            return origin
        kind = "working" if self.working_days is not None else "calendar"
        return Words(_COUNTED[kind, count > 0], {"count": abs(count), "origin": origin})


_COUNTED = {
    ("working", True): phrase("{count} ngày làm việc kể từ {origin}"),
    ("working", False): phrase("{count} ngày làm việc trước {origin}"),
    ("calendar", True): phrase("{count} ngày kể từ {origin}"),
    ("calendar", False): phrase("{count} ngày trước {origin}"),
}
_OF = {
    ("start", 0): phrase("ngày {day} của tháng đầu kỳ"),
    ("start", -1): phrase("ngày {day}, {months} tháng trước tháng đầu kỳ"),
    ("start", 1): phrase("ngày {day}, {months} tháng sau tháng đầu kỳ"),
    ("end", 0): phrase("ngày {day} của tháng cuối kỳ"),
    ("end", -1): phrase("ngày {day}, {months} tháng trước tháng cuối kỳ"),
    ("end", 1): phrase("ngày {day}, {months} tháng sau tháng cuối kỳ"),
}
_YEARS = {
    0: phrase("ngày {day}/{month} của năm"), -1: phrase("ngày {day}/{month} năm trước"),
    1: phrase("ngày {day}/{month} năm sau"),
}
_OTHER_YEAR = phrase("ngày {day}/{month}, cách {years} năm")


def _of_month(year: int, month: int, day: int) -> date:
    """Return a day of a month; 31 is the last day of a month that has fewer."""
    return date(year, month, min(day, monthrange(year, month)[1]))


_SHAPES = (
    {"from", "days"}, {"from", "working_days"}, {"from"}, {"day", "month"},
    {"day", "month", "years"}, {"day", "of"}, {"day", "of", "months"}, {"date"},
)


def day_rule(name: str, data: Any) -> DayRule:
    """Read the rule of a day (`window_from`, `window_to`, `opens`, `due` or `closes`).

    Only a due day moves on from a day off by itself; `"moves"` says otherwise.
    """
    if not isinstance(data, Mapping) or set(data) - {"moves"} not in _SHAPES:
        raise Invalid(reason=phrase("quy tắc tính ngày chưa đủ hoặc thừa mục"))
    moves = bool(data.get("moves", name == "due"))
    if "from" in data:
        return _counted_rule(name, data, moves)
    if "date" in data:
        return DayRule(on=_date(data["date"]), moves=moves)
    day = whole(data, "day")
    if "of" in data:
        if data["of"] not in _SIDES or not 1 <= day <= 31:
            raise Invalid(reason=phrase("ngày trong tháng phải từ 1 đến 31"))
        return DayRule(day=day, of=data["of"], months=whole(data, "months", limit=24),
                       moves=moves)
    month = whole(data, "month")
    if not (1 <= month <= 12 and 1 <= day <= monthrange(2000, month)[1]):
        raise Invalid(reason=phrase("không có ngày {day}/{month}").format(day=day, month=month))
    return DayRule(day=day, month=month, years=whole(data, "years", limit=20), moves=moves)


def _counted_rule(name: str, data: Mapping[str, Any], moves: bool) -> DayRule:
    origin = str(data["from"]).strip()
    event = origin.removeprefix(EVENT).strip() if origin.startswith(EVENT) else None
    if event == "" or (event is None and origin not in _KNOWN_BEFORE[name]):
        raise Invalid(reason=phrase("không tính được ngày từ mốc “{origin}”").format(
            origin=EDGES.get(origin, origin)))
    working = whole(data, "working_days", limit=MOST_DAYS) if "working_days" in data else None
    days = None if working is not None else whole(data, "days", limit=MOST_DAYS)
    return DayRule(origin, days, working, moves=moves)


def whole(data: Mapping[str, Any], name: str, *, default: int = 0, limit: int = 9999) -> int:
    """Read a whole number, or refuse."""
    value = data.get(name, default)
    try:
        number = int(value)
    except (TypeError, ValueError) as odd:
        raise Invalid(reason=phrase("số ngày, tháng phải là số nguyên")) from odd
    if abs(number) > limit or isinstance(value, bool):
        raise Invalid(reason=phrase("số ngày, tháng quá lớn"))
    return number


def _date(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as odd:
        raise Invalid(reason=phrase("ngày phải viết như 2025-12-31")) from odd
