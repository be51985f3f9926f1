"""Obligations: drafted with sense, frozen in force; rounds that open by themselves, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhasan.areas.operations import NewArea, give_jurisdiction, register
from nhasan.collection import operations, queries
from nhasan.collection.models import (
    Assignment,
    CollectionRound,
    ObligationEvent,
    ReportingObligation,
)
from nhasan.collection.operations import Terms, open_due_rounds
from nhasan.domain.access import EVERYTHING, Permission
from nhasan.domain.problems import Conflict, Forbidden, Invalid, NotFound, WrongState
from nhasan.organisations.models import AuditEvent, Notification, OrganisationUnit
from nhasan.organisations.operations import close_unit, open_unit
from tests import factories
from tests.breaking import refused, sql

pytestmark = pytest.mark.django_db
AT, HOUSE = factories.AT, factories.HOUSE
MONTHLY = {"frequency": "M", "due": {"from": "window_end", "working_days": 5}}
CHAIN = {"frequency": "event", "due": {"from": "event:chi-dao", "working_days": 15}}
TERMS = Terms(
    form="THU-HO-NGHEO", receiver="SO-TN", title_vi="Hộ nghèo hằng tháng",
    reporters={"kind": "commune", "level": "commune"}, schedule=MONTHLY,
)


@pytest.fixture
def world() -> factories.World:
    made = factories.world()
    jurisdictions()
    return made


def jurisdictions() -> None:
    for unit, level, code in (
        ("SO-TN", "province", "19"), ("SO-CB", "province", "04"), ("XA-BABE", "commune", "01900"),
        ("XA-CHORA", "commune", "01903"), ("XA-CB", "commune", "01500"),
    ):
        give_jurisdiction(
            actor=HOUSE, unit=unit, level=level, code=code, valid_from=factories.MAP_DAY,
            valid_to=None, at=AT,
        )


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 0, tzinfo=factories.HANOI)


def begun(identifier: str = "HN-THANG", on: date = date(2025, 11, 1), **more: Any) -> Any:
    """Draft an obligation and put it in force."""
    operations.draft_obligation(
        actor=HOUSE, identifier=identifier, terms=replace(TERMS, **more), at=AT)
    return operations.put_obligation_in_force(actor=HOUSE, identifier=identifier, on=on, at=AT)


def rounds() -> list[CollectionRound]:
    return list(
        CollectionRound.objects.within(EVERYTHING).filter(obligation__isnull=False)
        .order_by("opens"))


def parts(held: CollectionRound) -> list[Assignment]:
    return list(
        Assignment.objects.within(EVERYTHING).filter(round=held).select_related("unit")
        .order_by("area_code"))


def pulse(day: date) -> int:
    return open_due_rounds(actor=HOUSE, at=moment(day))


def test_a_round_opens_on_its_day_with_a_part_for_every_unit(world: factories.World) -> None:
    begun()
    assert pulse(date(2025, 11, 30)) == 1  # the one for October opened on the first
    assert pulse(date(2025, 12, 1)) == 1
    held = rounds()[-1]
    assert (held.period, held.opens, held.due) == (
        "2025-M11", date(2025, 12, 1), date(2025, 12, 5))
    assert (held.window_from, held.window_to) == (date(2025, 11, 1), date(2025, 11, 30))
    assert held.title_vi == "Hộ nghèo hằng tháng, tháng 11 năm 2025"
    given = parts(held)
    assert [row.unit.code for row in given] == ["XA-BABE", "XA-CHORA"]
    assert {row.due for row in given} == {held.due}
    assert {row.receiver_id for row in given} == {held.receiver_id}


def test_what_is_opened_is_told_once_and_leaves_one_line(world: factories.World) -> None:
    begun()
    for _ in range(2):
        pulse(date(2025, 12, 1))
    told = Notification.objects.within(EVERYTHING).filter(kind="round_opened")
    assert told.count() == 4  # two rounds, two units
    assert {each.audience for each in told} == {Permission.ENTER}
    assert AuditEvent.objects.filter(action="round.open_due").count() == 2


def test_a_clock_set_back_opens_nothing_twice(world: factories.World) -> None:
    begun()
    assert pulse(date(2026, 2, 10)) == 4  # October to January, all that was missed
    assert pulse(date(2025, 11, 3)) == 0
    assert pulse(date(2026, 2, 10)) == 0
    assert [held.period for held in rounds()] == ["2025-M10", "2025-M11", "2025-M12", "2026-M01"]


def test_a_clock_set_back_closes_nothing_anew(world: factories.World) -> None:
    begun(schedule={**MONTHLY, "closes": {"from": "due", "days": 3}})
    pulse(date(2025, 12, 1))
    assert operations.close_due_rounds(actor=HOUSE, at=moment(date(2025, 12, 20))) == 2
    operations.open_round_again(
        actor=HOUSE, round_id=rounds()[0].pk, closes=date(2026, 1, 31), at=AT)
    for day in (date(2025, 11, 2), date(2025, 12, 20)):
        assert operations.close_due_rounds(actor=HOUSE, at=moment(day)) == 0
    assert [held.state for held in rounds()] == ["open", "closed"]


def test_only_what_opens_while_it_is_in_force_opens(world: factories.World) -> None:
    begun(on=date(2025, 11, 15))
    operations.retire_obligation(
        actor=HOUSE, identifier="HN-THANG", on=date(2026, 1, 1), at=AT)
    assert pulse(date(2026, 6, 1)) == 1  # the clock stood still, and opens what it missed
    assert [held.period for held in rounds()] == ["2025-M11"]


def test_one_that_will_be_retired_goes_on_until_then(world: factories.World) -> None:
    begun()
    operations.retire_obligation(
        actor=HOUSE, identifier="HN-THANG", on=date(2026, 1, 1), at=AT)
    assert pulse(date(2025, 12, 1)) == 2
    assert pulse(date(2026, 1, 1)) == 0
    assert pulse(date(2028, 1, 1)) == 0


def test_a_schedule_that_cannot_be_read_is_told_and_does_not_stop_the_others(
    world: factories.World,
) -> None:
    operations.draft_obligation(actor=HOUSE, identifier="HONG", terms=TERMS, at=AT)
    ReportingObligation.objects.within(EVERYTHING).update(schedule={"frequency": "hourly"})
    operations.put_obligation_in_force(
        actor=HOUSE, identifier="HONG", on=date(2025, 11, 1), at=AT)
    begun()
    assert pulse(date(2025, 11, 25)) == 1
    told = Notification.objects.within(EVERYTHING).get(kind="obligation_stuck")
    assert "bao lâu một lần" in told.facts["reason"]


def test_many_units_take_few_queries(world: factories.World) -> None:
    begun()
    register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("commune", f"2{n:04}", "Xã", f"Xã {n}", "province", "19", factories.MAP_DAY)
        for n in range(60)
    ])
    for n in range(60):
        open_unit(actor=HOUSE, code=f"XA-{n}", name=f"Xã {n}", short_name=f"Xã {n}",
                  kind="commune", parent="SO-TN", opened=None, at=AT)
        give_jurisdiction(actor=HOUSE, unit=f"XA-{n}", level="commune", code=f"2{n:04}",
                          valid_from=factories.MAP_DAY, valid_to=None, at=AT)
    with CaptureQueriesContext(connection, ) as asked:
        pulse(date(2025, 12, 1))
    assert len(parts(rounds()[0])) == 62
    assert len(asked) <= 7 + 2 * 13  # what is due; and each of two rounds


def test_an_obligation_that_no_unit_owes_opens_nothing_and_its_manager_is_told(
    world: factories.World,
) -> None:
    begun(reporters={"kind": "department", "level": "province"})
    begun("HN-KHAC")
    for _ in range(2):
        assert pulse(date(2025, 11, 25)) in (1, 0)
    assert [held.identifier for held in rounds()] == ["HN-KHAC-2025-M10"]
    told = Notification.objects.within(EVERYTHING).get(kind="obligation_nobody")
    assert (told.audience, told.unit_id) == (Permission.MANAGE, rounds()[0].receiver_id)
    assert told.facts["period"] == "2025-M10"


def test_a_form_taken_out_of_force_is_told_and_does_not_stop_the_others(
    world: factories.World,
) -> None:
    begun()
    sql("UPDATE collection_formversion SET state = 'retired'")
    assert pulse(date(2025, 11, 25)) == 0
    told = Notification.objects.within(EVERYTHING).get(kind="obligation_stuck")
    assert "chưa được ban hành" in told.facts["reason"]


def test_an_event_opens_its_round_and_counts_its_days(world: factories.World) -> None:
    found = begun(schedule=CHAIN)
    assert pulse(AT.date()) == 0
    [waiting] = queries.outlook(found, AT.date(), 3)
    assert waiting.waits_for == "chi-dao"
    operations.record_event(
        actor=factories.actor(world.manager), identifier="HN-THANG", name="chi-dao",
        on=date(2025, 11, 10), period="2025", document="Công văn 12/UBND", at=AT)
    [held] = rounds()
    assert (held.event_on, held.opens, held.due) == (
        date(2025, 11, 10), date(2025, 11, 10), date(2025, 12, 1))
    assert (held.window_from, held.window_to) == (None, None)
    assert pulse(AT.date()) == 0
    assert [each.name for each in queries.event_log(found)] == ["chi-dao"]


def test_an_event_ahead_opens_its_round_when_the_day_comes(world: factories.World) -> None:
    begun(schedule=CHAIN)
    operations.record_event(
        actor=HOUSE, identifier="HN-THANG", name="chi-dao", on=date(2025, 12, 15),
        period="2025", document="", at=AT)
    assert rounds() == []
    assert pulse(date(2025, 12, 15)) == 1


@pytest.mark.parametrize(("name", "period", "refusal"), [
    ("khác", "2025", Invalid), ("chi-dao", "năm nay", Invalid),
])
def test_an_event_that_means_nothing_is_refused(
    world: factories.World, name: str, period: str, refusal: type[Exception],
) -> None:
    begun(schedule=CHAIN)
    with pytest.raises(refusal):
        operations.record_event(
            actor=HOUSE, identifier="HN-THANG", name=name, on=AT.date(), period=period,
            document="", at=AT)


def test_an_event_is_recorded_once_and_stays(world: factories.World) -> None:
    begun(schedule=CHAIN)
    given = {"actor": HOUSE, "identifier": "HN-THANG", "name": "chi-dao", "on": AT.date(),
             "period": "2025", "document": "", "at": AT}
    operations.record_event(**given)
    with pytest.raises(Conflict, match="đã ghi rồi"):
        operations.record_event(**given)
    event = ObligationEvent.objects.within(EVERYTHING)
    refused("obligation_event_frozen_update", lambda: event.update(on=date(2025, 1, 1)))
    refused("obligation_event_frozen_delete", lambda: event.delete())
    row = event.get()
    refused("obligation_event_once", lambda: ObligationEvent.objects.create(
        obligation=row.obligation, name=row.name, on=row.on, period=row.period,
        recorded_at=AT, recorded_by="x"))


def test_an_event_of_a_periodic_report_names_one_of_its_periods(world: factories.World) -> None:
    begun(schedule={"frequency": "A", "due": {"from": "event:ket-luan", "days": 10}})
    with pytest.raises(Invalid, match="không thuộc"):
        operations.record_event(
            actor=HOUSE, identifier="HN-THANG", name="ket-luan", on=AT.date(),
            period="2025-M03", document="", at=AT)
    with pytest.raises(Invalid, match="trước ngày chốt"):
        operations.record_event(
            actor=HOUSE, identifier="HN-THANG", name="ket-luan", on=AT.date(),
            period="2025", document="", at=AT)


def test_an_obligation_that_is_not_in_force_records_no_event(world: factories.World) -> None:
    operations.draft_obligation(
        actor=HOUSE, identifier="X", terms=replace(TERMS, schedule=CHAIN), at=AT)
    with pytest.raises(Invalid, match="chưa có hiệu lực"):
        operations.record_event(
            actor=HOUSE, identifier="X", name="chi-dao", on=AT.date(), period="2025",
            document="", at=AT)


@pytest.mark.parametrize("wrong", [
    {"schedule": {"frequency": "A", "due": {"day": 1, "month": 12}}},
    {"reporters": {}}, {"title_vi": " "}, {"stages": [{"id": "x"}]},
    {"schedule": {"frequency": "hourly"}},
])
def test_a_draft_without_sense_is_refused(world: factories.World, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        operations.draft_obligation(
            actor=HOUSE, identifier="X", terms=replace(TERMS, **wrong), at=AT)
    assert not ReportingObligation.objects.within(EVERYTHING).exists()


@pytest.mark.parametrize("name", ["", "x" * 41, "a/b"])
def test_a_name_that_no_address_can_hold_is_refused(world: factories.World, name: str) -> None:
    with pytest.raises(Invalid, match="mã chế độ"):
        operations.draft_obligation(actor=HOUSE, identifier=name, terms=TERMS, at=AT)


def test_a_draft_is_changed_until_it_is_in_force(world: factories.World) -> None:
    operations.draft_obligation(actor=HOUSE, identifier="X", terms=TERMS, at=AT)
    with pytest.raises(Conflict, match="Đã có"):
        operations.draft_obligation(actor=HOUSE, identifier="X", terms=TERMS, at=AT)
    operations.edit_obligation(
        actor=HOUSE, identifier="X", terms=replace(TERMS, title_vi="Tên mới"), at=AT)
    operations.put_obligation_in_force(actor=HOUSE, identifier="X", on=AT.date(), at=AT)
    with pytest.raises(WrongState):
        operations.edit_obligation(actor=HOUSE, identifier="X", terms=TERMS, at=AT)
    rows = ReportingObligation.objects.within(EVERYTHING)
    assert rows.get().title_vi == "Tên mới"
    refused("obligation_in_force_frozen_update", lambda: rows.update(schedule={}))
    refused("obligation_in_force_frozen_delete", lambda: sql(
        "DELETE FROM collection_reportingobligation"))
    refused("obligation_forward_only_update", lambda: rows.update(state="draft"))
    refused("obligation_state_known", lambda: ReportingObligation.objects.create(
        identifier="Y", form=rows.get().form, receiver=rows.get().receiver, state="odd"))
    refused("obligation_ends_after_start", lambda: rows.update(valid_to=AT.date()))


def test_it_ends_after_it_began(world: factories.World) -> None:
    begun()
    with pytest.raises(Invalid):
        operations.retire_obligation(
            actor=HOUSE, identifier="HN-THANG", on=date(2025, 11, 1), at=AT)


def test_only_a_form_in_force_can_be_owed(world: factories.World) -> None:
    operations.draft_obligation(actor=HOUSE, identifier="X", terms=TERMS, at=AT)
    sql("UPDATE collection_formversion SET state = 'retired'")
    with pytest.raises(Invalid, match="chưa được ban hành"):
        operations.put_obligation_in_force(actor=HOUSE, identifier="X", on=AT.date(), at=AT)


def test_another_province_neither_sees_nor_changes_it(world: factories.World) -> None:
    begun()
    stranger = factories.actor(world.neighbour)
    assert queries.obligations(stranger) == []
    assert [each.identifier for each in queries.obligations(
        factories.actor(world.manager))] == ["HN-THANG"]
    for act in (
        lambda: queries.obligation(stranger, "HN-THANG"),
        lambda: operations.retire_obligation(
            actor=stranger, identifier="HN-THANG", on=AT.date(), at=AT),
        lambda: operations.draft_obligation(
            actor=stranger, identifier="Y", terms=TERMS, at=AT),
        lambda: operations.record_event(
            actor=stranger, identifier="HN-THANG", name="x", on=AT.date(), period="2025",
            document="", at=AT),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        operations.draft_obligation(
            actor=factories.actor(world.officer), identifier="Y", terms=TERMS, at=AT)


def test_a_form_that_is_not_there_is_not_found(world: factories.World) -> None:
    with pytest.raises(NotFound):
        operations.draft_obligation(
            actor=HOUSE, identifier="X", terms=replace(TERMS, form="khác"), at=AT)


def test_units_may_send_to_the_unit_above_them(world: factories.World) -> None:
    begun(receiver="BO", reporters={"kind": "commune", "level": "commune", "to": "superior"})
    pulse(date(2025, 11, 25))
    sent_to = {row.unit.code: row.receiver.code for row in parts(rounds()[0])}
    assert sent_to == {"XA-BABE": "SO-TN", "XA-CHORA": "SO-TN", "XA-CB": "SO-CB"}


def test_units_are_named_and_work_on_the_area_of_the_unit_above(world: factories.World) -> None:
    open_unit(actor=HOUSE, code="SO-GD", name="Sở Giáo dục", short_name="Sở Giáo dục",
              kind="department", parent="SO-TN", opened=None, at=AT)
    begun(reporters={"units": ["SO-GD", "XA-BABE"]})
    pulse(date(2025, 11, 25))
    assert {row.unit.code: row.area for row in parts(rounds()[0])} == {
        "SO-GD": "province:19", "XA-BABE": "commune:01900"}


def test_parts_follow_who_answers_for_an_area_on_the_day_of_the_map(
    world: factories.World,
) -> None:
    """A commune merged after the period ended: its successor owes the old commune's figures."""
    close_unit(actor=HOUSE, code="XA-CHORA", successor="XA-BABE", closed=date(2025, 11, 15),
               at=AT)
    begun()
    pulse(date(2025, 12, 1))
    october = parts(rounds()[0])
    assert [(row.unit.code, row.area_code) for row in october] == [
        ("XA-BABE", "01900"), ("XA-BABE", "01903")]
    merged = OrganisationUnit.objects.within(EVERYTHING).get(code="XA-CHORA")
    assert [row.handed_from_id for row in october] == [None, merged.pk]


def test_the_database_keeps_one_round_a_period_and_a_window_in_order(
    world: factories.World,
) -> None:
    begun()
    pulse(date(2025, 12, 1))
    held = CollectionRound.objects.within(EVERYTHING).filter(pk=rounds()[0].pk)
    refused("round_once_for_period", lambda: held.update(period="2025-M11"))
    refused("round_window_in_order", lambda: held.update(
        window_to=held.get().window_from - timedelta(days=1)))


FAR = (date.min, date(1999, 12, 31), date(2101, 1, 1), date.max)
