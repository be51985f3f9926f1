"""Later days: asked for, decided, kept; exceptions after the lock; parts taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import Assignment, CollectionRound, ExtensionRequest
from nhasan.collection.operations.entry import RoundClosed
from nhasan.collection.operations.extensions import OwnRequest
from nhasan.collection.queries import timeliness
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Conflict, Forbidden, Invalid, NotFound, WrongState
from nhasan.organisations.models import Notification
from tests import factories
from tests.breaking import refused

pytestmark = pytest.mark.django_db
AT = factories.AT
LATER = date(2025, 12, 10)
LATE_ENOUGH = date(2025, 12, 3)


@pytest.fixture
def world() -> factories.World:
    return factories.world(closes=date(2025, 12, 5))


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 0, tzinfo=factories.HANOI)


def asked(world: factories.World, until: date = LATER, **more: Any) -> ExtensionRequest:
    return operations.ask_extension(**{
        "actor": factories.actor(world.officer), "assignment": world.report.pk, "until": until,
        "reason": "Mưa lũ, thôn Bó Lù chưa vào được", "at": AT, **more})


def decided(world: factories.World, request: ExtensionRequest, until: date | None,
            note: str = "", at: datetime = AT) -> ExtensionRequest:
    return operations.decide_extension(
        actor=factories.actor(world.reviewer), extension=request.pk, until=until, note=note,
        at=at)


def fresh(report: Any) -> Assignment:
    return Assignment.objects.within(EVERYTHING).select_related("round").get(pk=report.pk)


def told(kind: str) -> Notification:
    return Notification.objects.within(EVERYTHING).get(kind=kind)


def test_a_later_day_is_asked_for_granted_and_counts(world: factories.World) -> None:
    request = asked(world)
    notice = told("extension_asked")
    assert (notice.unit_id, notice.facts["until"]) == (world.report.receiver_id, "10/12/2025")
    assert [row.pk for row in queries.extensions(
        factories.actor(world.reviewer), waiting=True)] == [request.pk]
    decided(world, request, LATER)
    row = fresh(world.report)
    assert row.due == LATER
    assert not queries.is_overdue(row, date(2025, 12, 9))
    assert told("extension_granted").unit_id == row.unit_id
    found = queries.extension_of(row)
    assert found is not None
    assert (found.state, found.decided_until) == ("granted", LATER)


def test_an_extension_reaches_beyond_the_lock_for_that_unit_alone(
    world: factories.World,
) -> None:
    decided(world, asked(world), LATER)
    operations.close_due_rounds(actor=factories.HOUSE, at=moment(date(2025, 12, 6)))
    sent = factories.sent(world.report, world.officer, at=moment(date(2025, 12, 9)))
    assert not sent.late
    with pytest.raises(RoundClosed):
        factories.fill(world.other_report, world.other_officer, at=moment(date(2025, 12, 9)))


def test_a_lock_by_hand_leaves_a_granted_day_standing(world: factories.World) -> None:
    decided(world, asked(world), date(2025, 12, 3))
    operations.close_round(actor=factories.actor(world.manager), round_id=world.round.pk, at=AT)
    assert queries.excepted(factories.actor(world.manager), world.round.pk,
                            on=AT.date()) == ["Xã Ba Bể"]
    assert queries.excepted(factories.actor(world.neighbour), world.round.pk, on=AT.date()) == []
    with pytest.raises(RoundClosed):
        factories.fill(world.other_report, world.other_officer, at=AT)
    assert not factories.sent(world.report, world.officer, at=moment(date(2025, 12, 3))).late
    assert fresh(world.other_report).exception_until is None


def test_a_day_granted_after_a_lock_by_hand_opens_the_report(world: factories.World) -> None:
    request = asked(world)
    operations.close_round(actor=factories.actor(world.manager), round_id=world.round.pk, at=AT)
    decided(world, request, date(2025, 12, 3))  # before the day that the round was to close on
    assert not factories.sent(world.report, world.officer, at=moment(date(2025, 12, 3))).late


def test_a_lock_before_the_due_day_holds_for_everybody(world: factories.World) -> None:
    operations.close_round(actor=factories.actor(world.manager), round_id=world.round.pk, at=AT)
    with pytest.raises(RoundClosed):
        factories.fill(world.report, world.officer, at=AT)


def test_what_is_sent_after_the_extended_day_is_late(world: factories.World) -> None:
    decided(world, asked(world, until=date(2025, 12, 2)), date(2025, 12, 2))
    on_time = factories.sent(world.other_report, world.other_officer, at=AT)
    late = factories.sent(world.report, world.officer, at=moment(date(2025, 12, 3)))
    assert (on_time.late, late.late) == (False, True)


def test_another_day_may_be_granted(world: factories.World) -> None:
    decided(world, asked(world), date(2025, 12, 3), "Tổng hợp ngày 4/12")
    row = fresh(world.report)
    assert (row.due, row.exception_until) == (date(2025, 12, 3), None)


def test_a_refusal_needs_a_word_and_changes_nothing(world: factories.World) -> None:
    request = asked(world)
    with pytest.raises(Invalid, match="lý do"):
        decided(world, request, None)
    decided(world, request, None, "Tỉnh phải tổng hợp ngay")
    assert fresh(world.report).due == world.report.due
    assert told("extension_refused").facts["reason"] == "Tỉnh phải tổng hợp ngay"


def test_a_decision_stays(world: factories.World) -> None:
    request = asked(world)
    decided(world, request, LATER)
    with pytest.raises(WrongState):
        decided(world, request, None, "Đổi ý")
    with pytest.raises(WrongState):
        operations.withdraw_extension(
            actor=factories.actor(world.officer), extension=request.pk, at=AT)
    rows = ExtensionRequest.objects.within(EVERYTHING)
    refused("extension_decided_frozen_update", lambda: rows.update(note="khác"))
    refused("extension_decided_frozen_delete", lambda: rows.delete())


def test_one_request_waits_at_a_time_and_may_be_withdrawn(world: factories.World) -> None:
    request = asked(world)
    with pytest.raises(Conflict, match="đang chờ"):
        asked(world)
    operations.withdraw_extension(
        actor=factories.actor(world.officer), extension=request.pk, at=AT)
    again = asked(world)
    refused("extension_one_waiting", lambda: ExtensionRequest.objects.create(
        assignment=world.report, until=LATER, reason="x", asked_at=AT, asked_by_name="x"))
    refused("extension_state_known", lambda: ExtensionRequest.objects.within(EVERYTHING).filter(
        pk=again.pk).update(state="odd"))


@pytest.mark.parametrize("wrong", [
    {"until": date(2025, 11, 28)}, {"until": date(2025, 1, 1)}, {"reason": "  "},
    {"at": datetime(2026, 1, 5, 8, 0, tzinfo=factories.HANOI)},
])
def test_a_request_without_sense_is_refused(world: factories.World, wrong: dict) -> None:
    with pytest.raises(Invalid):
        asked(world, **wrong)


def test_a_day_before_the_due_day_is_not_granted(world: factories.World) -> None:
    with pytest.raises(Invalid, match="sau hạn gửi"):
        decided(world, asked(world), date(2025, 11, 20))
    assert queries.extension_of(fresh(world.report)).state == "asked"


def test_what_was_sent_needs_no_later_day(world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    with pytest.raises(Invalid, match="đã gửi"):
        asked(world)


def test_only_the_receiver_decides_and_only_the_unit_asks(world: factories.World) -> None:
    request = asked(world)
    for stranger in (world.neighbour, world.other_officer):
        who = factories.actor(stranger)
        refusals = (NotFound, Forbidden)
        with pytest.raises(refusals):
            operations.decide_extension(
                actor=who, extension=request.pk, until=LATER, note="", at=AT)
        with pytest.raises(refusals):
            operations.withdraw_extension(actor=who, extension=request.pk, at=AT)
        with pytest.raises(refusals):
            asked(world, actor=who)
        assert queries.extensions(who) == []
        with pytest.raises(NotFound):
            queries.extension(who, request.pk)
    assert queries.extension(factories.actor(world.reviewer), request.pk) == request


def test_an_exception_lets_one_unit_send_after_the_lock(world: factories.World) -> None:
    operations.close_due_rounds(actor=factories.HOUSE, at=moment(date(2025, 12, 6)))
    manager, day = factories.actor(world.manager), date(2025, 12, 8)
    officer = factories.actor(world.officer)
    assert [row.pk for row in queries.missed(officer, own=True, on=day)] == [world.report.pk]
    operations.grant_exception(
        actor=manager, assignment=world.report.pk, until=day, reason="Mất điện", at=AT)
    assert told("exception_granted").facts["until"] == "08/12/2025"
    assert [row.pk for row in queries.owed(officer, own=True, on=day)] == [world.report.pk]
    assert queries.missed(officer, own=True, on=day) == []
    assert queries.owed(officer, own=True, on=date(2025, 12, 9)) == []
    assert [row.pk for row in queries.to_fill_together(officer, on=day)] == [world.report.pk]
    assert queries.to_fill_together(officer, on=date(2025, 12, 9)) == []
    with pytest.raises(RoundClosed):
        factories.fill(world.report, world.officer, at=moment(date(2025, 12, 9)))
    assert factories.sent(world.report, world.officer, at=moment(day)).late


def test_more_days_unasked_move_the_due_day_while_the_round_is_open(
    world: factories.World,
) -> None:
    row = operations.grant_exception(
        actor=factories.actor(world.manager), assignment=world.report.pk, until=LATE_ENOUGH,
        reason="Lũ quét", at=AT)
    assert (row.due, row.exception_until) == (LATE_ENOUGH, None)
    assert told("extension_granted").facts["until"] == "03/12/2025"
    assert not factories.sent(world.report, world.officer, at=moment(LATE_ENOUGH)).late


def test_what_came_in_time_and_was_mended_later_is_not_late(world: factories.World) -> None:
    first = factories.sent(world.report, world.officer, at=AT)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=first.pk,
        reasons={"ho/tay/tong": "Xem lại"}, note="", at=AT)
    again = factories.sent(world.report, world.officer,
                           {**factories.ANSWERS, "ho/tay/tong": "63"}, at=moment(LATE_ENOUGH))
    assert not again.late


def test_an_exception_is_for_today_or_later_and_has_a_reason(world: factories.World) -> None:
    for wrong in ({"until": date(2025, 11, 1)}, {"reason": ""}):
        with pytest.raises(Invalid):
            operations.grant_exception(**{
                "actor": factories.actor(world.manager), "assignment": world.report.pk,
                "until": LATER, "reason": "x", "at": AT, **wrong})


def test_a_report_taken_back_is_owed_no_more_and_keeps_what_was_entered(
    world: factories.World,
) -> None:
    factories.fill(world.report, world.officer)
    request = asked(world)
    manager, officer = factories.actor(world.manager), factories.actor(world.officer)
    operations.take_back(
        actor=manager, assignment=world.report.pk, reason="Xã không thuộc diện", at=AT)
    assert queries.owed(officer, own=True) == []
    assert not queries.is_overdue(fresh(world.report), date(2026, 1, 1))
    assert queries.boards(factories.actor(world.reviewer), on=date(2026, 1, 1))[
        world.round.pk]["overdue"] == 1
    assert queries.extension_of(world.report).state == "refused"
    assert request.pk == queries.extension_of(world.report).pk
    assert told("taken_back").facts["reason"] == "Xã không thuộc diện"
    with pytest.raises(WrongState):
        factories.fill(world.report, world.officer)
    filled = fresh(world.report).filled
    operations.give_again(actor=manager, assignment=world.report.pk, at=AT)
    assert fresh(world.report).filled == filled > 0
    factories.send(world.report, world.officer)


def test_what_was_sent_is_not_taken_back(world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    with pytest.raises(WrongState):
        operations.take_back(
            actor=factories.actor(world.manager), assignment=world.report.pk, reason="x", at=AT)


def moved(world: factories.World, due: date, **more: Any) -> CollectionRound:
    return operations.move_due(**{
        "actor": factories.actor(world.manager), "round_id": world.round.pk, "due": due,
        "reason": "Bão số 12", "at": AT, **more})


def test_a_due_day_moves_and_reports_follow_but_not_one_extended_beyond_it(
    world: factories.World,
) -> None:
    decided(world, asked(world), LATER)
    moved(world, date(2025, 12, 2))
    assert (fresh(world.report).due, fresh(world.other_report).due) == (
        LATER, date(2025, 12, 2))
    notice = told("due_moved")
    assert (notice.facts["due"], notice.facts["until"]) == ("28/11/2025", "02/12/2025")


def test_a_due_day_moved_beyond_an_extension_takes_it_along(world: factories.World) -> None:
    decided(world, asked(world, until=date(2025, 12, 1)), date(2025, 12, 1))
    moved(world, date(2025, 12, 4))
    assert fresh(world.report).due == date(2025, 12, 4)


@pytest.mark.parametrize("due", [
    date(2025, 11, 28), date(2024, 12, 31), date(2025, 12, 6),
])
def test_a_due_day_out_of_order_is_refused(world: factories.World, due: date) -> None:
    with pytest.raises(Invalid):
        moved(world, due)


def test_a_due_day_stays_after_what_the_figures_speak_of(world: factories.World) -> None:
    CollectionRound.objects.within(EVERYTHING).update(window_to=date(2025, 12, 20), closes=None)
    with pytest.raises(Invalid, match="chốt số liệu"):
        moved(world, date(2025, 12, 19))


def test_a_locked_round_is_not_moved_and_a_move_has_a_reason(world: factories.World) -> None:
    with pytest.raises(Invalid, match="lý do"):
        moved(world, LATER, reason="")
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=AT)
    with pytest.raises(Invalid, match="đã khoá"):
        moved(world, LATER)


def test_nobody_else_s_reports_are_touched(world: factories.World) -> None:
    for who in (factories.actor(world.neighbour), factories.actor(world.officer)):
        acts: list[Callable[[], Any]] = [
            lambda who=who: moved(world, date(2025, 12, 2), actor=who),
            lambda who=who: operations.take_back(
                actor=who, assignment=world.report.pk, reason="x", at=AT),
            lambda who=who: operations.give_again(actor=who, assignment=world.report.pk, at=AT),
            lambda who=who: operations.grant_exception(
                actor=who, assignment=world.report.pk, until=LATER, reason="x", at=AT),
        ]
        for act in acts:
            with pytest.raises((NotFound, Forbidden)):
                act()


def test_who_asked_does_not_answer(world: factories.World) -> None:
    both = factories.person("kiem", "Hà Kiêm Nhiệm", "SO-TN", "enterer", "reviewer")
    asked = operations.ask_extension(
        actor=factories.actor(both), assignment=world.report.pk, until=date(2025, 12, 10),
        reason="mất điện", at=factories.AT)
    with pytest.raises(OwnRequest):
        operations.decide_extension(
            actor=factories.actor(both), extension=asked.pk, until=date(2025, 12, 10), note="",
            at=factories.AT)


def test_a_day_already_past_is_neither_granted_nor_moved_to(world: factories.World) -> None:
    request = asked(world)
    after = moment(date(2025, 12, 3))
    with pytest.raises(Invalid, match="từ hôm nay trở đi"):
        decided(world, request, date(2025, 12, 2), at=after)
    with pytest.raises(Invalid, match="từ hôm nay trở đi"):
        moved(world, date(2025, 12, 2), at=after)
    assert fresh(world.report).due == date(2025, 11, 28)


def test_a_day_beyond_all_reason_is_refused(world: factories.World) -> None:
    CollectionRound.objects.within(EVERYTHING).update(closes=None)
    request = asked(world)
    acts: list[Callable[[], Any]] = [
        lambda: asked(world, until=date.max),
        lambda: decided(world, request, date.max),
        lambda: moved(world, date.max),
        lambda: operations.grant_exception(
            actor=factories.actor(world.manager), assignment=world.report.pk, until=date.max,
            reason="x", at=AT),
    ]
    for act in acts:
        with pytest.raises(Invalid, match="ngày phải từ"):
            act()


def test_a_later_day_is_not_granted_to_what_was_sent_meanwhile(world: factories.World) -> None:
    request = asked(world)
    factories.sent(world.report, world.officer, at=moment(date(2025, 12, 1)))
    with pytest.raises(Invalid, match="đã gửi"):
        decided(world, request, LATER, at=moment(date(2025, 12, 2)))
    decided(world, request, None, "Đã gửi rồi", at=moment(date(2025, 12, 2)))


def test_what_came_late_stays_late_whatever_is_granted_or_moved_after(
    world: factories.World,
) -> None:
    late = factories.sent(world.report, world.officer, at=moment(date(2025, 12, 1)))
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=late.pk, note="Sửa số hộ",
        at=moment(date(2025, 12, 2)), reasons={})
    request = asked(world, at=moment(date(2025, 12, 2)))
    decided(world, request, LATER, at=moment(date(2025, 12, 2)))
    moved(world, date(2025, 12, 4), at=moment(date(2025, 12, 2)))
    row = fresh(world.report)
    assert (row.due, row.exception_until) == (date(2025, 11, 28), LATER)
    assert fresh(world.other_report).due == date(2025, 12, 4)
    factories.send(world.report, world.officer, at=moment(date(2025, 12, 9)))
    told = timeliness.total(
        factories.actor(world.manager), timeliness.Wanted(), on=date(2025, 12, 3))
    assert (told.in_time, told.late, told.waiting) == (0, 1, 1)
