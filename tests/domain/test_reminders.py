"""Steps of urging, in working days: the latest reached, none twice, none before the opening."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from nhasan.domain.calendar import Calendar, Decided
from nhasan.domain.reminders import Reminders, Step

PLAIN = Calendar()
OPENS, DUE = date(2025, 11, 3), date(2025, 11, 28)  # a Monday and a Friday
SEVEN = Reminders((7, 3, 1), (1, 3, 7), 5)


def _step(today: date, reminders: Reminders = SEVEN, opens: date = OPENS,
          calendar: Calendar = PLAIN) -> Step | None:
    return reminders.step(opens=opens, due=DUE, today=today, calendar=calendar)


@pytest.mark.parametrize(("day", "name", "kind", "days"), [
    (date(2025, 11, 19), "b7", "due_soon", 7),
    (date(2025, 11, 24), "b7", "due_soon", 4),
    (date(2025, 11, 25), "b3", "due_soon", 3),
    (date(2025, 11, 27), "b1", "due_soon", 1),
    (date(2025, 11, 28), "b1", "due_today", 0),
    (date(2025, 12, 1), "a1", "overdue", 1),
    (date(2025, 12, 2), "a1", "overdue", 2),
    (date(2025, 12, 3), "a3", "overdue", 3),
    (date(2026, 2, 3), "a7", "overdue", 47),
])
def test_the_latest_step_counts(day: date, name: str, kind: str, days: int) -> None:
    assert _step(day) == Step(name, kind, days)


def test_too_early_and_on_the_weekend_after_nothing_is_reached() -> None:
    assert _step(date(2025, 11, 18)) is None
    assert _step(date(2025, 11, 29)) is None
    assert _step(date(2025, 11, 30)) is None


def test_a_day_of_its_own_for_the_due_day() -> None:
    assert _step(DUE, Reminders((1, 0), ())) == Step("b0", "due_today", 0)


def test_a_step_before_the_opening_is_left_out() -> None:
    assert _step(date(2025, 11, 20), opens=date(2025, 11, 20)) is None
    assert _step(date(2025, 11, 25), opens=date(2025, 11, 20)) == Step("b3", "due_soon", 3)


def test_days_off_are_not_counted() -> None:
    rest = Calendar(decided=[Decided(date(2025, 11, 26), False, "nghỉ")])
    assert _step(date(2025, 11, 24), calendar=rest) == Step("b3", "due_soon", 3)


def test_every_step_is_reached_once_in_its_order() -> None:
    names = [
        step.name for offset in range(60)
        if (step := _step(OPENS + timedelta(days=offset))) is not None
    ]
    assert list(dict.fromkeys(names)) == ["b7", "b3", "b1", "a1", "a3", "a7"]
    assert names == sorted(names, key=["b7", "b3", "b1", "a1", "a3", "a7"].index)


def test_the_unit_above_is_told_after_its_days() -> None:
    def told(day: date, reminders: Reminders = SEVEN) -> bool:
        return reminders.escalates(due=DUE, today=day, calendar=PLAIN)

    assert [told(date(2025, 12, day)) for day in (4, 5)] == [False, True]
    assert not told(date(2026, 3, 1), Reminders(escalate_after=0))
    assert not told(DUE, Reminders(escalate_after=0))


def test_a_report_that_came_back_is_urged_from_that_day() -> None:
    def since(day: date) -> Step | None:
        return SEVEN.since_return(returned=date(2025, 12, 15), today=day, calendar=PLAIN)

    assert since(date(2025, 12, 15)) is None
    assert since(date(2025, 12, 16)) == Step("r1", "still_returned", 1)
    assert since(date(2025, 12, 19)) == Step("r3", "still_returned", 4)


@pytest.mark.parametrize(("given", "wanted"), [
    (None, Reminders()), ({}, Reminders()),
    ({"before": [1, 7, 7]}, Reminders(before=(7, 1))),
    ({"before": [], "after": [], "escalate_after": 0}, Reminders((), (), 0)),
    ({"before": ["x", -3, 9999, 2]}, Reminders(before=(2,))),
    ({"escalate_after": "mai"}, Reminders(escalate_after=0)),
    ({"before": None, "after": 3, "escalate_after": float("inf")}, Reminders((), (), 0)),
])
def test_what_an_obligation_says(given: dict[str, Any] | None, wanted: Reminders) -> None:
    assert Reminders.of(given) == wanted
