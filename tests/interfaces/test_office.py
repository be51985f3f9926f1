"""Due days are told by the office calendar: holidays are no working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from nhasan.interfaces.notation import due_text
from nhasan.interfaces.office import OfficeDay
from nhasan.organisations.models import DayOff

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY = date(2025, 11, 25), date(2025, 11, 28)


def test_a_day_off_is_not_counted() -> None:
    assert due_text(FRIDAY, TUESDAY) == "còn 3 ngày làm việc (thứ Sáu 28/11)"
    DayOff.objects.create(day=date(2025, 11, 26), works=False, name="Nghỉ thử")
    assert due_text(FRIDAY, OfficeDay.of(TUESDAY)) == "còn 2 ngày làm việc (thứ Sáu 28/11)"
    DayOff.objects.create(day=date(2025, 11, 22), works=True, name="Làm bù thử")
    assert due_text(date(2025, 11, 21), OfficeDay.of(TUESDAY)) == "quá hạn 3 ngày làm việc"


def test_the_calendar_is_read_once_a_page(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    today = OfficeDay.of(TUESDAY)
    with django_assert_max_num_queries(2):
        for _time in range(5):
            due_text(FRIDAY, today)


def test_it_is_a_day_like_others() -> None:
    assert OfficeDay.of(TUESDAY) == TUESDAY < FRIDAY
