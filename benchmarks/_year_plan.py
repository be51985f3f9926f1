"""What ought to happen in the simulated year, reckoned without the product's own code.

Working days come from the table that the calendar is tested against; days of rounds, who is
late or sent back, and every reminder are laid out here by plain counting, and compared
afterwards with what the product did.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from scripts import places

DAY = timedelta(days=1)
FIRST, NEXT_YEAR, LAST = date(2026, 1, 1), date(2027, 1, 1), date(2027, 1, 31)
EVENT_ON = date(2026, 3, 16)
AMENDED, MERGED = date(2026, 6, 10), date(2026, 7, 8)
LATE, RETURNED = 0.30, 0.10
BEFORE, AFTER, ESCALATE = (3, 1), (1, 3, 7), 5
_SPEC = json.loads((places.ROOT / "tests/spec/calendar.json").read_text(encoding="utf-8"))
_OFF = {date.fromisoformat(f"{year}-{day}") for year, each in _SPEC["years"].items()
        for day in each["off"]} | {date(2027, 1, 1)}
_WORKED = {date.fromisoformat(f"{year}-{day}") for year, each in _SPEC["years"].items()
           for day in each["worked"]}


@cache
def works(day: date) -> bool:
    """Tell whether offices work on the day."""
    return day in _WORKED or (day.weekday() < 5 and day not in _OFF)


@cache
def plus(day: date, count: int) -> date:
    """Return the day that lies so many working days after (or before) a day."""
    step = DAY if count > 0 else -DAY
    while count:
        day += step
        count -= (1 if step == DAY else -1) * works(day)
    return day


@cache
def between(first: date, last: date) -> int:
    """Return how many working days lie after the first day up to the last."""
    return sum(works(first + n * DAY) for n in range(1, (last - first).days + 1))


def moved(day: date) -> date:
    """Return the day, or the next one on which offices work."""
    while not works(day):
        day += DAY
    return day


@dataclass(frozen=True)
class Round:
    """One round that ought to open."""

    obligation: str
    period: str
    map_day: date
    opens: date
    due: date
    level: str


_ENDS = {1: 31, 3: 31, 6: 30, 9: 30, 12: 31}


def rounds() -> list[Round]:
    """Return every round that ought to open in the year."""
    found = [*_of_communes(), *_of_provinces()]
    return sorted(found, key=lambda each: (each.opens, each.obligation))


def _closed(name: str, period: str, last: date, due: date, level: str) -> Round:
    return Round(name, period, last, last + DAY, due, level)


def _of_communes() -> Iterator[Round]:
    december = date(2025, 12, 31)
    quarters = [("2025-Q4", december)] + [
        (f"2026-Q{n}", date(2026, 3 * n, _ENDS[3 * n])) for n in (1, 2, 3)]
    for period, last in quarters:
        yield _closed("C1", period, last, plus(last, 15), "commune")
    for period, last in (("2025-S2", december), ("2026-S1", date(2026, 6, 30))):
        yield _closed("C2", period, last, plus(last, 20), "commune")
    yield _closed("C3", "2026", date(2026, 12, 14), moved(date(2026, 12, 25)), "commune")
    cut = date(2026, 9, 30)
    yield _closed("C4", "2026-2027", cut, plus(cut, 15), "commune")
    yield Round("C5", "2026", EVENT_ON, EVENT_ON, plus(EVENT_ON, 15), "commune")
    yield _closed("C6", "2025", december, moved(date(2026, 1, 20)), "commune")


def _of_provinces() -> Iterator[Round]:
    for month in range(1, 13):
        last = date(2026, month, 14)
        yield _closed("P1", f"2026-M{month:02}", last, moved(date(2026, month, 19)), "province")
        if month % 3 == 0:
            yield _closed("P3", f"2026-Q{month // 3}", last, moved(date(2026, month, 19)),
                          "province")
        if month % 6 == 0:
            yield _closed("P4", f"2026-S{month // 6}", last, moved(date(2026, month, 19)),
                          "province")
        whole = date(2026, month, 1) - DAY
        yield _closed("P2", f"{whole.year}-M{whole.month:02}", whole, plus(whole, 5), "province")
    december = date(2025, 12, 31)
    yield _closed("P5", "2025", december, plus(december, 20), "province")
    term = date(2026, 6, 30)
    yield _closed("P6", "2026", term, plus(term, 30), "province")


@dataclass(frozen=True)
class Course:
    """What one unit does with its part: when it sends, whether it comes back, when again."""

    sends: date
    back: date | None
    again: date | None

    @property
    def approved(self) -> date:
        """Return the day on which it is approved."""
        return (self.again or self.sends) + DAY


def course(held: Round, code: str, merged: str) -> Course:
    """Return what the unit of an area does in a round: always the same for the same names."""
    rng = random.Random(f"{held.obligation}|{held.period}|{code}")
    late, returned = rng.random() < LATE, rng.random() < RETURNED
    if code == merged and held.opens < MERGED <= held.due:
        sends = MERGED + 7 * DAY  # by the successor, from the hand-over on
    elif late:
        sends = held.due + rng.randint(1, 12) * DAY
    else:
        sends = held.opens + rng.randint(0, (held.due - held.opens).days) * DAY
    back = sends + DAY if returned else None
    return Course(sends, back, back + 2 * DAY if back else None)


@dataclass
class Expected:
    """The reminders that ought to be there: (area code of the unit told, key without the pk)."""

    urged: set[tuple[str, int, str]] = field(default_factory=set)
    above: set[tuple[str, str]] = field(default_factory=set)


def urgings(held: Round, code: str, does: Course) -> Iterator[tuple[date, str]]:
    """Yield (day, end of the key) of each reminder of a part, as a pulse a day would tell."""
    told = set()
    for day in _days(held.opens, does.sends):
        step = _step(held.opens, held.due, day)
        if step:
            told.add((day, f"{held.due}:{step}"))
    if does.back and does.again:
        for day in _days(does.back + DAY, does.again):
            ending = _mending(held, does.back, day)
            if ending:
                told.add((day, ending))
    yield from sorted(told)


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + n * DAY


@cache
def _step(opens: date, due: date, day: date) -> str:
    if day <= due:
        reached = [n for n in BEFORE if n >= between(day, due)]
        if not reached or plus(due, -min(reached)) <= opens:
            return ""
        return f"b{min(reached)}"
    passed = [n for n in AFTER if n <= between(due, day)]
    return f"a{max(passed)}" if passed else ""


def _mending(held: Round, back: date, day: date) -> str:
    if day <= held.due:
        step = _step(held.opens, held.due, day)
        return f"{held.due}:{step}" if step else ""
    start = max(back, held.due)
    passed = [n for n in AFTER if n <= between(start, day)]
    if not passed:
        return ""
    return f"{start}:{'a' if back <= held.due else 'r'}{max(passed)}"


def escalated_on(held: Round) -> date:
    """Return the day on which the units above are told who is late."""
    return plus(held.due, ESCALATE)
