"""Hand-over: a unit that merged during a round hands what it owed to its successor."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhasan.collection import operations, queries
from nhasan.collection.models import Assignment, CollectionRound
from nhasan.collection.operations import hand_over
from nhasan.domain.access import EVERYTHING
from nhasan.organisations.models import AuditEvent, Notification, OrganisationUnit
from nhasan.organisations.operations import close_unit, open_unit
from tests import factories

pytestmark = pytest.mark.django_db
AT, HOUSE = factories.AT, factories.HOUSE
MERGED = date(2025, 11, 20)


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def merge(code: str = "XA-CHORA", successor: str = "XA-BABE", on: date = MERGED) -> None:
    close_unit(actor=HOUSE, code=code, successor=successor, closed=on, at=AT)


def fresh(report: Assignment) -> Assignment:
    return Assignment.objects.within(EVERYTHING).select_related(
        "unit", "handed_from", "receiver", "reader").get(pk=report.pk)


def test_what_a_closed_unit_owes_goes_to_its_successor_with_what_it_entered(
    world: factories.World,
) -> None:
    factories.fill(world.other_report, world.other_officer)
    merge()
    assert hand_over(actor=HOUSE, at=AT) == 1
    row = fresh(world.other_report)
    assert (row.unit.code, row.area_code, row.state) == ("XA-BABE", "01903", "in_progress")
    assert (row.handed_from.code, row.handed_at) == ("XA-CHORA", AT)
    mine = queries.owed(factories.actor(world.officer), own=True)
    assert {each.area_code for each in mine} == {"01900", "01903"}
    factories.send(row, world.officer)
    notice = Notification.objects.within(EVERYTHING).get(kind="handed_over")
    assert (notice.unit_id, notice.facts["unit"]) == (row.unit_id, "Xã Chợ Rã")


def test_nothing_is_handed_over_twice(world: factories.World) -> None:
    merge()
    assert [hand_over(actor=HOUSE, at=AT) for _ in range(3)] == [1, 0, 0]
    assert AuditEvent.objects.filter(action="assignment.hand_over").count() == 1
    assert Notification.objects.within(EVERYTHING).filter(kind="handed_over").count() == 1


def test_a_merger_ahead_waits_for_its_day(world: factories.World) -> None:
    merge(on=date(2025, 12, 1))
    assert hand_over(actor=HOUSE, at=AT) == 0
    assert fresh(world.other_report).unit.code == "XA-CHORA"
    later = datetime(2025, 12, 1, 0, 5, tzinfo=factories.HANOI)
    assert hand_over(actor=HOUSE, at=later) == 1


def test_what_was_sent_stays_with_who_sent_it_until_it_comes_back(
    world: factories.World,
) -> None:
    sent = factories.sent(world.other_report, world.other_officer)
    merge()
    assert hand_over(actor=HOUSE, at=AT) == 0
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=sent.pk,
        reasons={"ho/tay/tong": "Xem lại"}, note="", at=AT)
    assert hand_over(actor=HOUSE, at=AT) == 1
    assert fresh(world.other_report).unit.code == "XA-BABE"


def test_a_chain_of_mergers_ends_at_the_last(world: factories.World) -> None:
    open_unit(actor=HOUSE, code="XA-MOI", name="Xã Mới", short_name="Xã Mới", kind="commune",
              parent="SO-TN", opened=None, at=AT)
    merge()
    merge("XA-BABE", "XA-MOI")
    hand_over(actor=HOUSE, at=AT)
    assert {fresh(row).unit.code for row in (world.report, world.other_report)} == {"XA-MOI"}


def test_two_parts_for_one_area_both_stay(world: factories.World) -> None:
    """The successor owes the same area already: nothing is lost and nothing clashes."""
    factories.give(world.round, "XA-BABE", "01903")
    merge()
    assert hand_over(actor=HOUSE, at=AT) == 0
    assert fresh(world.other_report).unit.code == "XA-CHORA"
    officer = factories.actor(world.officer)
    assert len(queries.owed(officer)) == 3


def test_of_two_closed_units_with_one_area_the_first_part_goes(world: factories.World) -> None:
    open_unit(actor=HOUSE, code="XA-MOI", name="Xã Mới", short_name="Xã Mới", kind="commune",
              parent="SO-TN", opened=None, at=AT)
    factories.give(world.round, "XA-BABE", "01903")
    merge("XA-CHORA", "XA-MOI")
    merge("XA-BABE", "XA-MOI")
    hand_over(actor=HOUSE, at=AT)
    of_the_area = Assignment.objects.within(EVERYTHING).filter(area_code="01903")
    assert sorted(of_the_area.values_list("unit__code", flat=True)) == ["XA-BABE", "XA-MOI"]


def test_a_locked_round_is_left_alone(world: factories.World) -> None:
    operations.close_round(actor=HOUSE, round_id=world.round.pk, at=AT)
    merge()
    assert hand_over(actor=HOUSE, at=AT) == 0


def test_a_receiver_that_merged_hands_over_what_it_receives(world: factories.World) -> None:
    open_unit(actor=HOUSE, code="SO-MOI", name="Sở mới", short_name="Sở mới", kind="focal",
              parent="BO", opened=None, at=AT)
    sent = factories.sent(world.report, world.officer)
    merge("SO-TN", "SO-MOI")
    hand_over(actor=HOUSE, at=AT)
    row = fresh(world.report)
    assert row.receiver.code == "SO-MOI"
    assert (row.reader is None) or row.reader.code == "SO-MOI"
    assert CollectionRound.objects.within(EVERYTHING).get().receiver.code == "SO-MOI"
    heir = factories.person("duyet-moi", "Người mới", "SO-MOI", "reviewer")
    assert [each.pk for each in queries.to_review(factories.actor(heir))] == [sent.pk]


def test_a_unit_closed_without_a_successor_keeps_its_reports(world: factories.World) -> None:
    OrganisationUnit.objects.within(EVERYTHING).filter(code="XA-CHORA").update(closed=MERGED)
    assert hand_over(actor=HOUSE, at=AT) == 0


def test_a_quiet_minute_costs_three_questions(world: factories.World) -> None:
    with CaptureQueriesContext(connection) as asked:
        hand_over(actor=HOUSE, at=AT)
    assert len(asked) == 3


def test_what_a_closed_receiver_holds_of_a_locked_round_its_successor_decides_on(
    world: factories.World,
) -> None:
    waits = factories.sent(world.report, world.officer)
    done = factories.approved(world.other_report, world.other_officer, world.reviewer)
    operations.close_round(actor=HOUSE, round_id=world.round.pk, at=AT)
    merge("SO-TN", "SO-CB")
    hand_over(actor=HOUSE, at=AT)
    heir = factories.actor(world.neighbour)
    assert [each.pk for each in queries.to_review(heir)] == [waits.pk]
    assert operations.approve(actor=heir, submission=waits.pk, at=AT).state == "approved"
    operations.ask_correction(
        actor=factories.actor(world.other_officer), submission=done.pk, reason="Sai", at=AT)
    told = Notification.objects.within(EVERYTHING).get(kind="correction_asked")
    assert told.unit_id == world.neighbour.unit_id
    operations.reopen(actor=heir, submission=done.pk, note="Sửa", at=AT)
    assert fresh(world.other_report).receiver.code == "SO-TN"  # who received it stays written
