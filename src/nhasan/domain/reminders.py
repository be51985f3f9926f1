"""When a unit is urged to send a report: steps in working days before and after its due day.

`before: [7, 3, 1], after: [1, 3, 7], escalate_after: 5` is data of the obligation. Only the
latest step that was reached counts: after a stop of some days nobody gets five at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nhasan.domain.calendar import Calendar

MOST_DAYS = 250
"""Nobody is urged a working year before the day."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was reached: its name in keys, the kind of notice, and how many days."""

    name: str
    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class Reminders:
    """The steps of one obligation, in working days."""

    before: tuple[int, ...] = (3, 1)
    after: tuple[int, ...] = (1, 3, 7)
    escalate_after: int = 5

    @classmethod
    def of(cls, given: Mapping[str, Any] | None) -> Reminders:
        """Return the steps that an obligation names; what it does not name is as usual."""
        given, usual = given or {}, cls()
        return cls(
            _days(given["before"]) if "before" in given else usual.before,
            _days(given["after"]) if "after" in given else usual.after,
            next(iter(_days([given.get("escalate_after", usual.escalate_after)])), 0),
        )

    def step(self, *, opens: date, due: date, today: date, calendar: Calendar) -> Step | None:
        """Return the latest step that was reached by today, if any.

        A step before the due day that lay before the opening is left out: the unit was told
        of the report when it opened.
        """
        if today > due:
            return self._after(due, today, calendar)
        left = calendar.working_between(today, due)
        reached = [days for days in self.before if days >= left]
        if today == due and 0 in self.before:
            return Step("b0", "due_today", 0)
        if not reached or calendar.plus_working(due, -min(reached)) <= opens:
            return None
        return Step(f"b{min(reached)}", "due_soon" if today < due else "due_today", left)

    def _after(self, due: date, today: date, calendar: Calendar) -> Step | None:
        gone = calendar.working_between(due, today)
        reached = [days for days in self.after if days <= gone]
        return Step(f"a{max(reached)}", "overdue", gone) if reached else None

    def since_return(self, *, returned: date, today: date, calendar: Calendar) -> Step | None:
        """Return the latest step since a late report came back to be mended, if any."""
        found = self._after(returned, today, calendar)
        return Step(f"r{found.name[1:]}", "still_returned", found.days) if found else None

    def escalates(self, *, due: date, today: date, calendar: Calendar) -> bool:
        """Tell whether the unit above is told by now which units are late."""
        if self.escalate_after <= 0 or today <= due:
            return False
        return calendar.working_between(due, today) >= self.escalate_after


def _days(given: Any) -> tuple[int, ...]:
    """Return the numbers of days among what was given, each once, from far to near.

    What is no list holds none: one obligation told oddly must not stop the urging of all.
    """
    days = {
        int(each) for each in (given if isinstance(given, list | tuple) else ())
        if isinstance(each, int | float) and 0 <= each <= MOST_DAYS}
    return tuple(sorted(days, reverse=True))
