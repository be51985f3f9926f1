"""How one day is found: counted, or named, and moved on from a day off."""

from datetime import date

import pytest

from nhasan.domain.day_rules import day_rule
from nhasan.domain.periods import Frequency, Period
from nhasan.domain.problems import Invalid
from tests.domain.test_calendar import OFFICE

JUNE = Period(Frequency.MONTH, 2026, 6)


@pytest.mark.parametrize(("rule", "day"), [
    ({"from": "period_start"}, date(2026, 6, 1)),
    ({"from": "period_end", "days": 3}, date(2026, 7, 3)),
    ({"day": 31, "of": "end"}, date(2026, 6, 30)),
    ({"day": 31, "of": "end", "months": 8}, date(2027, 2, 28)),
    ({"day": 15, "of": "start", "months": -6}, date(2025, 12, 15)),
    ({"day": 29, "month": 2, "years": 1}, date(2027, 2, 28)),
    ({"date": "2026-08-08"}, date(2026, 8, 8)),
])
def test_a_day_is_found(rule: dict, day: date) -> None:
    known = {"period_start": JUNE.start, "period_end": JUNE.reference_date}
    assert day_rule("window_to", rule).found(JUNE, known, OFFICE) == day


def test_a_due_day_moves_on_unless_told_not_to() -> None:
    saturday = {"date": "2026-08-08"}
    assert day_rule("due", saturday).found(JUNE, {}, OFFICE) == date(2026, 8, 10)
    stays = day_rule("due", {**saturday, "moves": False})
    assert stays.found(JUNE, {}, OFFICE) == date(2026, 8, 8)
    moves = day_rule("closes", {**saturday, "moves": True})
    assert moves.found(JUNE, {}, OFFICE) == date(2026, 8, 10)


@pytest.mark.parametrize("odd", [
    None, 5, {}, {"day": 5}, {"day": 0, "of": "end"}, {"day": 3, "of": "middle"},
    {"from": "due"}, {"from": "window_end", "days": True}, {"day": 3, "month": 13},
])
def test_a_rule_that_says_nothing_is_refused(odd: object) -> None:
    with pytest.raises(Invalid):
        day_rule("due", odd)
