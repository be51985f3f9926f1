"""Urging: who is told what and when, once; who sent, was given longer or let off is left alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from nhasan.collection import operations
from nhasan.collection.models import Assignment, CollectionRound, ReportingObligation
from nhasan.collection.operations.reminding import remind
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Forbidden, NotFound
from nhasan.organisations.models import Notification, OrganisationUnit
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
DUE = date(2025, 11, 28)  # a Friday


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def _on(day: date, hour: int = 9) -> datetime:
    return AT.replace(year=day.year, month=day.month, day=day.day, hour=hour)


def _remind(day: date) -> int:
    return remind(actor=HOUSE, at=_on(day))


def _told(unit: str = "") -> list[tuple[str, str]]:
    """Return who was urged; what reviewing told is another matter."""
    rows = Notification.objects.within(EVERYTHING).order_by("pk").filter(
        Q(key__startswith="due:") | Q(key__startswith="late:"))
    if unit:
        rows = rows.filter(unit__code=unit)
    return [(row.unit.code, row.kind) for row in rows.select_related("unit")]


def _rows(model: Any, **wanted: Any) -> Any:
    return model.objects.within(EVERYTHING).filter(**wanted)


def test_units_are_urged_before_and_after_their_day(world: factories.World) -> None:
    assert _remind(date(2025, 11, 20)) == 0
    assert _remind(date(2025, 11, 25)) == 2
    assert _remind(date(2025, 11, 26)) == 0
    assert _remind(date(2025, 11, 27)) == 2
    assert _remind(date(2025, 12, 1)) == 2
    assert _told("XA-BABE") == [
        ("XA-BABE", "due_soon"), ("XA-BABE", "due_soon"), ("XA-BABE", "overdue")]
    last = _rows(Notification, unit__code="XA-BABE").order_by("pk").last()
    assert last.facts == {
        "report": world.round.title_vi, "days": "1", "due": "28/11/2025"}
    assert last.path == f"/viec/bao-cao/{world.report.pk}/"


def test_after_a_stop_only_the_latest_step_is_told(world: factories.World) -> None:
    assert _remind(date(2025, 12, 3)) == 2
    assert _told("XA-BABE") == [("XA-BABE", "overdue")]


def test_a_clock_that_was_set_back_tells_nothing_twice(world: factories.World) -> None:
    for day in (25, 27):
        _remind(date(2025, 11, day))
    before = _told()
    for day in (27, 26, 25, 27):
        assert _remind(date(2025, 11, day)) == 0
    assert _told() == before


def test_who_sent_is_left_alone_and_who_withdrew_is_urged(world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    _remind(date(2025, 11, 25))
    assert _told() == [("XA-CHORA", "due_soon")]


def test_who_was_let_off_is_left_alone(world: factories.World) -> None:
    _rows(Assignment, pk=world.report.pk).update(state="taken_back")
    _remind(date(2025, 12, 5))
    assert "XA-BABE" not in {unit for unit, _ in _told()}
    _rows(CollectionRound).update(state="closed")
    assert _remind(date(2025, 12, 12)) == 0


def test_who_was_given_longer_is_urged_by_the_new_day(world: factories.World) -> None:
    _remind(date(2025, 11, 27))
    _rows(Assignment, pk=world.report.pk).update(due=date(2025, 12, 5))
    assert _remind(date(2025, 12, 1)) == 1
    assert _told("XA-CHORA")[-1] == ("XA-CHORA", "overdue")
    assert _remind(date(2025, 12, 2)) == 1
    assert _told("XA-BABE")[-1] == ("XA-BABE", "due_soon")


def test_who_was_named_as_an_exception_still_owes_a_locked_round(
    world: factories.World,
) -> None:
    _rows(CollectionRound).update(state="closed")
    _rows(Assignment, pk=world.report.pk).update(exception_until=date(2025, 12, 10))
    assert _remind(date(2025, 12, 9)) == 1
    assert _told() == [("XA-BABE", "due_soon")]


def test_a_report_that_came_back_late_is_urged_from_that_day(world: factories.World) -> None:
    submission = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=submission.pk, reasons={},
        note="Xem lại số hộ.", at=_on(date(2025, 12, 15)),
    )
    _rows(Assignment, pk=world.other_report.pk).update(state="taken_back")
    assert _remind(date(2025, 12, 15)) == 0
    assert _remind(date(2025, 12, 16)) == 1
    assert _remind(date(2025, 12, 17)) == 0
    assert _told() == [("XA-BABE", "still_returned")]


def test_a_report_that_came_back_in_time_is_urged_by_its_own_day(
    world: factories.World,
) -> None:
    submission = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=submission.pk, reasons={},
        note="Xem lại số hộ.", at=AT,
    )
    _remind(date(2025, 11, 27))
    assert _told("XA-BABE") == [("XA-BABE", "due_soon")]
    _remind(date(2025, 12, 1))
    assert _told("XA-BABE")[-1] == ("XA-BABE", "overdue")


def test_the_receiver_is_told_once_who_stays_late(world: factories.World) -> None:
    _remind(date(2025, 12, 4))
    assert "late_units" not in {kind for _, kind in _told()}
    _remind(date(2025, 12, 5))
    _remind(date(2025, 12, 8))
    [told] = _rows(Notification, kind="late_units").select_related("unit")
    assert (told.unit.code, told.audience) == ("SO-TN", "review")
    assert told.facts == {
        "report": world.round.title_vi, "count": "2", "days": "5", "due": "28/11/2025",
        "units": "Xã Ba Bể, Xã Chợ Rã", "more": "0"}
    assert told.path == f"/viec/ky/{world.round.pk}/"


def test_the_unit_above_is_told_when_somebody_else_receives(world: factories.World) -> None:
    ministry = OrganisationUnit.objects.within(EVERYTHING).get(code="BO")
    _rows(Assignment, pk=world.report.pk).update(receiver=ministry)
    _remind(date(2025, 12, 5))
    told = {
        (row.unit.code, row.audience): row.facts["units"]
        for row in _rows(Notification, kind="late_units").select_related("unit")
    }
    assert told == {
        ("BO", "review"): "Xã Ba Bể", ("SO-TN", "review"): "Xã Chợ Rã",
        ("SO-TN", "manage"): "Xã Ba Bể"}


def test_an_obligation_says_when(world: factories.World) -> None:
    duty = ReportingObligation.objects.create(
        identifier="NV-1", form=world.round.form_version.form, receiver=world.round.receiver,
        title_vi="Nghĩa vụ thử", reminders={"before": [10], "after": [], "escalate_after": 0},
    )
    _rows(CollectionRound).update(obligation=duty)
    assert _remind(date(2025, 11, 14)) == 2
    for day in range(1, 29):
        assert _remind(date(2025, 12, day)) == 0


def test_the_work_grows_with_rounds_not_with_units(world: factories.World) -> None:
    def queries(day: date) -> int:
        with CaptureQueriesContext(connection) as seen:
            _remind(day)
        return len(seen)

    few = queries(date(2025, 11, 25))
    units = OrganisationUnit.objects.bulk_create([
        OrganisationUnit(code=f"XA-{n}", name=f"Xã {n}", short_name="", kind="commune",
                         path=f"/9/{n}/")
        for n in range(300)
    ])
    Assignment.objects.bulk_create([
        Assignment(round=world.round, unit=unit, receiver=world.round.receiver,
                   area_level="commune", area_code=str(n), due=DUE)
        for n, unit in enumerate(units)
    ])
    assert queries(date(2025, 11, 27)) <= few + 3  # rows are written a hundred at a time
    assert Notification.objects.within(EVERYTHING).count() == 2 + 302
    assert queries(date(2025, 11, 27) + timedelta(days=1)) < few + 2


def test_many_late_units_are_counted_not_all_named(world: factories.World) -> None:
    units = OrganisationUnit.objects.bulk_create([
        OrganisationUnit(code=f"XA-{n}", name=f"Xã {n:02}", short_name="", kind="commune",
                         path=f"/9/{n}/")
        for n in range(20)
    ])
    Assignment.objects.bulk_create([
        Assignment(round=world.round, unit=unit, receiver=world.round.receiver,
                   area_level="commune", area_code=str(n), due=DUE)
        for n, unit in enumerate(units)
    ])
    _remind(date(2025, 12, 5))
    [told] = _rows(Notification, kind="many_late_units")
    assert (told.facts["count"], told.facts["more"]) == ("22", "12")
    assert told.facts["units"].count(",") == 9


def test_a_word_from_the_receiver_urges_who_is_late_once_a_day(world: factories.World) -> None:
    factories.sent(world.other_report, world.other_officer)
    monday = _on(date(2025, 12, 1))
    for who in (world.manager, world.reviewer):
        urged = operations.remind_now(
            actor=factories.actor(who), round_id=world.round.pk, at=monday)
        assert (urged.told, urged.already) == ((1, 0) if who == world.manager else (0, 1))
    told = _rows(Notification, key__startswith="urged:").get()
    assert (told.unit.code, told.kind) == ("XA-BABE", "overdue")
    again = operations.remind_now(
        actor=factories.actor(world.manager), round_id=world.round.pk,
        at=_on(date(2025, 12, 2)))
    assert again.told == 1


def test_nobody_urges_before_the_day_nor_another_branch(world: factories.World) -> None:
    early = operations.remind_now(
        actor=factories.actor(world.manager), round_id=world.round.pk, at=AT)
    assert (early.told, early.already) == (0, 0)
    for who, refusal in ((world.neighbour, NotFound), (world.officer, Forbidden)):
        with pytest.raises(refusal):
            operations.remind_now(
                actor=factories.actor(who), round_id=world.round.pk, at=_on(date(2025, 12, 1)))
