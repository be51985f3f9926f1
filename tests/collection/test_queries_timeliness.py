"""Boards: every report in exactly one part, within authority, in a few queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from nhasan.collection import operations
from nhasan.collection.models import Assignment
from nhasan.collection.queries import timeliness
from nhasan.collection.queries.timeliness import AXES, Tally, Wanted
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import NotFound
from nhasan.metadata import operations as metadata
from nhasan.organisations import operations as organisations
from tests import factories
from tests.factories import AT, HANOI, HOUSE, TODAY

pytestmark = pytest.mark.django_db
AFTER = date(2025, 12, 1)
LATE = datetime(2025, 11, 29, 0, 30, tzinfo=HANOI)
LAST_MINUTE = datetime(2025, 11, 28, 23, 59, tzinfo=HANOI)
ALL = Wanted()


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _tally(world: factories.World, on: date = AFTER, wanted: Wanted = ALL) -> Tally:
    return timeliness.total(factories.actor(world.manager), wanted, on=on)


def test_a_report_is_in_exactly_one_part(house: factories.World) -> None:
    assert _tally(house, TODAY) == Tally(asked=2, waiting=2)
    assert _tally(house) == Tally(asked=2, overdue=2, past=2)
    submission = factories.sent(house.report, house.officer)
    assert _tally(house) == Tally(asked=2, in_time=1, overdue=1, past=2)
    operations.approve(
        actor=factories.actor(house.reviewer), submission=submission.pk, at=AT)
    assert _tally(house) == Tally(asked=2, in_time=1, overdue=1, approved=1, past=2)


@pytest.mark.parametrize(("at", "part"), [(LAST_MINUTE, "in_time"), (LATE, "late")])
def test_the_day_in_viet_nam_decides(
    house: factories.World, at: datetime, part: str,
) -> None:
    factories.sent(house.report, house.officer, at=at)
    assert getattr(_tally(house), part) == 1


def test_what_came_in_time_stays_in_time_when_it_was_mended_later(
    house: factories.World,
) -> None:
    submission = factories.sent(house.report, house.officer)
    operations.send_back(
        actor=factories.actor(house.reviewer), submission=submission.pk,
        reasons={"ho/tay/tong": "Xem lại"}, note="", at=AT)
    assert _tally(house) == Tally(asked=2, returned=1, overdue=1, past=2)
    factories.send(house.report, house.officer, at=LATE)
    assert _tally(house).in_time == 1


def test_a_later_due_day_is_the_one_that_counts(house: factories.World) -> None:
    factories.sent(house.report, house.officer, at=LATE)
    Assignment.objects.within(EVERYTHING).filter(pk=house.report.pk).update(
        due=date(2025, 12, 5))
    assert _tally(house) == Tally(asked=2, in_time=1, overdue=1, past=1, early=1)


def test_shares_are_of_what_is_due(house: factories.World) -> None:
    before = _tally(house, TODAY)
    factories.sent(house.report, house.officer)
    early, after = _tally(house, TODAY), _tally(house)
    assert before.complete is early.complete is early.timely is None
    assert (early.ahead, early.early, early.waiting) == (2, 1, 1)
    assert (after.complete, after.timely, after.ahead) == (50, 50, 0)
    factories.sent(house.other_report, house.other_officer)
    assert _tally(house, TODAY).complete == 100


def test_what_was_taken_back_is_not_counted(house: factories.World) -> None:
    Assignment.objects.within(EVERYTHING).filter(pk=house.report.pk).update(
        state="taken_back")
    assert _tally(house).asked == 1


@pytest.mark.parametrize("axis", AXES)
def test_every_axis_adds_up(house: factories.World, axis: str) -> None:
    factories.sent(house.report, house.officer)
    lines = timeliness.board(factories.actor(house.manager), axis, ALL, on=AFTER)
    whole = Tally()
    for line in lines:
        whole += line.tally
    assert whole == _tally(house)


def _set_with_groups(groups: dict[str, str]) -> None:
    """Put a version of the set in force whose indicators stand in groups."""
    metadata.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="THU", version="2.0.0", name_vi="Bộ chỉ tiêu thử",
        source="thử", decision={}, completeness="", illustrative=True, at=AT,
        indicators=[
            {"key": key, "name_vi": key, "unit": "hộ", "decimals": 0, "adds_over_area": "sum",
             "group_code": code, "group_name": f"Nhóm {code}"}
            for key, code in groups.items()
        ],
    )
    metadata.put_in_force(
        actor=HOUSE, kind="indicator_set", identifier="THU", version="2.0.0",
        on=date(2025, 11, 1), at=AT)


def test_a_form_counts_in_every_group_that_it_asks_for(
    house: factories.World,
) -> None:
    _set_with_groups({"01": "A", "02": "A", "03": "B"})
    actor = factories.actor(house.manager)
    lines = timeliness.board(actor, "group", ALL, on=AFTER)
    assert [(line.label, line.tally.asked) for line in lines] == [("Nhóm A", 2), ("Nhóm B", 2)]
    assert timeliness.total(actor, Wanted(group=lines[0].key), on=AFTER).asked == 2
    assert timeliness.total(actor, Wanted(group="THU|C"), on=AFTER).asked == 0


@pytest.mark.parametrize(("wanted", "asked"), [
    (Wanted(form="THU-HO-NGHEO"), 2), (Wanted(form="KHAC"), 0), (Wanted(year="2025"), 2),
    (Wanted(year="2024"), 0), (Wanted(state="open"), 2), (Wanted(state="closed"), 0),
    (Wanted(receiver=0), 2), (Wanted(receiver=999_999), 0), (Wanted(round=999_999), 0),
])
def test_a_board_is_narrowed(house: factories.World, wanted: Wanted, asked: int) -> None:
    assert _tally(house, wanted=wanted).asked == asked


def test_boards_are_of_what_one_receives(house: factories.World) -> None:
    for person in (house.neighbour, house.officer):
        actor = factories.actor(person)
        assert timeliness.total(actor, ALL, on=AFTER) == Tally()
        assert not timeliness.offer(actor).receivers
        assert not timeliness.outstanding(actor, ALL, on=AFTER)
    offer = timeliness.offer(factories.actor(house.manager))
    assert [name for name, _title in offer.forms] == ["THU-HO-NGHEO"]
    assert offer.years == ("2025",)


def test_who_is_late_is_listed_until_the_report_is_sent(house: factories.World) -> None:
    actor = factories.actor(house.manager)
    assert not timeliness.outstanding(actor, ALL, on=date(2025, 11, 28))
    assert len(timeliness.outstanding(actor, ALL, on=date(2025, 11, 29))) == 2
    factories.sent(house.report, house.officer)
    assert [row.pk for row in timeliness.outstanding(actor, ALL, on=AFTER)] == [
        house.other_report.pk]


def _days(moment: datetime) -> date:
    return moment.astimezone(HANOI).date()


def test_the_record_is_the_units_own_and_its_receivers(house: factories.World) -> None:
    factories.sent(house.report, house.officer, at=LATE)
    unit = house.report.unit_id
    for person in (house.officer, house.manager):
        [kept] = timeliness.record(factories.actor(person), unit, on=AFTER, local=_days)
        assert (kept.sent_on, kept.late, kept.returned) == (date(2025, 11, 29), True, 0)
        assert kept.days_late == 0  # a Saturday
        assert timeliness.tally_of([kept], on=AFTER) == Tally(asked=1, late=1, past=1)
    for person in (house.neighbour, house.other_officer):
        with pytest.raises(NotFound):
            timeliness.record(factories.actor(person), unit, on=AFTER, local=_days)


def test_the_record_counts_what_is_owed_and_what_came_back(house: factories.World) -> None:
    actor, unit = factories.actor(house.officer), house.report.unit_id
    [owed] = timeliness.record(actor, unit, on=AFTER, local=_days)
    assert (owed.sent_on, owed.days_late) == (None, 1)
    assert timeliness.tally_of([owed], on=TODAY) == Tally(asked=1, waiting=1)
    submission = factories.sent(house.report, house.officer)
    operations.send_back(
        actor=factories.actor(house.reviewer), submission=submission.pk,
        reasons={"ho/tay/tong": "Xem lại"}, note="", at=AT)
    [back] = timeliness.record(actor, unit, on=AFTER, local=_days)
    assert (back.returned, back.late, back.days_late) == (1, False, 0)
    assert timeliness.tally_of([back], on=AFTER) == Tally(asked=1, returned=1, past=1)


@pytest.mark.parametrize(("axis", "most"), [("unit", 1), ("form", 1), ("round", 1), ("group", 4)])
def test_a_board_costs_as_many_queries_for_ten_units_as_for_one(
    house: factories.World, django_assert_max_num_queries: Callable[..., Any],
    axis: str, most: int,
) -> None:
    for number in range(8):
        organisations.open_unit(
            actor=HOUSE, code=f"XA-{number}", name=f"Xã {number}", short_name="",
            kind="commune", parent="SO-TN", opened=None, at=AT)
        factories.give(house.round, f"XA-{number}", "01900")
    actor = factories.actor(house.manager)
    with django_assert_max_num_queries(most):
        lines = timeliness.board(actor, axis, ALL, on=AFTER)
    assert sum(line.tally.asked for line in lines) == 10
