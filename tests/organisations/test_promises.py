"""What the database itself promises of units, roles and the audit trail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from nhasan.domain.access import EVERYTHING
from nhasan.organisations.models import (
    AuditEvent,
    MailItem,
    MailMessage,
    Notification,
    NotificationSeen,
    OrganisationUnit,
    RoleAssignment,
    User,
)
from nhasan.organisations.operations import seal_audit
from tests import factories
from tests.breaking import refused, sql
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _units() -> Any:
    return OrganisationUnit.objects.within(EVERYTHING)


@pytest.mark.parametrize(("promise", "change"), [
    ("organisation_unit_kind_known", {"kind": "empire"}),
    ("organisation_unit_closed_after_opened",
     {"opened": date(2025, 1, 1), "closed": date(2025, 1, 1)}),
    ("organisation_unit_closed_after_opened",
     {"opened": date(2025, 1, 2), "closed": date(2025, 1, 1)}),
])
def test_a_unit_makes_sense(house: factories.World, promise: str, change: dict[str, Any]) -> None:
    refused(promise, lambda: _units().filter(code="XA-BABE").update(**change))


def test_only_a_closed_unit_has_a_successor(house: factories.World) -> None:
    heir = _units().get(code="XA-CHORA")
    refused("organisation_unit_successor_only_when_closed",
            lambda: _units().filter(code="XA-BABE").update(successor=heir))


def test_codes_and_paths_are_given_once(house: factories.World) -> None:
    refused("code", lambda: _units().filter(code="XA-BABE").update(code="XA-CHORA"))
    path = _units().get(code="XA-CHORA").path
    refused("path", lambda: _units().filter(code="XA-BABE").update(path=path))
    refused("username", lambda: User.scoped.within(EVERYTHING)
            .filter(pk=house.officer.pk).update(username="xa-chora"))


@pytest.mark.parametrize(("promise", "change"), [
    ("role_assignment_role_known", {"role": "emperor"}),
    ("role_assignment_ends_not_before_start", {"valid_to": date(2024, 12, 31)}),
])
def test_a_role_makes_sense(house: factories.World, promise: str, change: dict[str, Any]) -> None:
    roles = RoleAssignment.objects.within(EVERYTHING).filter(user=house.officer)
    refused(promise, lambda: roles.update(**change))


def _role(house: factories.World, start: date, end: date | None) -> RoleAssignment:
    return RoleAssignment.objects.create(
        user=house.officer, role="enterer", unit=house.officer.unit, valid_from=start,
        valid_to=end,
    )


@pytest.mark.parametrize(("start", "end"), [
    (date(2025, 1, 1), None), (date(2024, 1, 1), None), (date(2024, 1, 1), date(2025, 1, 2)),
    (date(2026, 1, 1), date(2026, 1, 2)),
])
def test_a_role_is_held_once_at_a_time(
    house: factories.World, start: date, end: date | None,
) -> None:
    refused("role_assignment_no_overlap_insert", lambda: _role(house, start, end))


def test_an_ended_role_is_not_stretched_over_another(house: factories.World) -> None:
    earlier = _role(house, date(2024, 1, 1), date(2025, 1, 1))
    mine = RoleAssignment.objects.within(EVERYTHING).filter(pk=earlier.pk)
    refused("role_assignment_no_overlap_update", lambda: mine.update(valid_to=None))


@pytest.mark.parametrize("column", [
    "actor", "actor_name", "unit_path", "action", "subject_type", "subject_id",
])
def test_a_line_of_the_trail_is_not_rewritten(house: factories.World, column: str) -> None:
    line = AuditEvent.objects.order_by("id").first()
    assert line is not None
    refused("audit_event_append_only_update",
            lambda: AuditEvent.objects.filter(pk=line.pk).update(**{column: "khác"}))


def test_the_moment_and_the_facts_of_a_line_are_not_rewritten(house: factories.World) -> None:
    lines = AuditEvent.objects.filter(action="account.open")
    refused("audit_event_append_only_update", lambda: lines.update(at=AT + timedelta(days=1)))
    refused("audit_event_facts_frozen_update", lambda: lines.update(facts={"username": "ai"}))


def test_a_line_of_the_trail_is_not_erased(house: factories.World) -> None:
    refused("audit_event_append_only_delete", lambda: AuditEvent.objects.all().delete())
    refused("audit_event_append_only_delete",
            lambda: sql("DELETE FROM organisations_auditevent"))


def test_a_sealed_line_is_not_sealed_again(house: factories.World) -> None:
    seal_audit(actor=HOUSE, at=AT)
    refused("audit_event_append_only_update",
            lambda: AuditEvent.objects.update(digest="0" * 64))
    refused("audit_event_append_only_update", lambda: AuditEvent.objects.update(place=None))


def _notice(house: factories.World, **more: Any) -> Notification:
    return Notification.objects.create(**{
        "unit": house.officer.unit, "audience": "enter", "key": "k", "kind": "overdue",
        "path": "/viec/", "at": AT, **more})


def _letter(house: factories.World, **more: Any) -> MailMessage:
    return MailMessage.objects.create(**{
        "user": house.officer, "day": AT.date(), "address": "mai@example.vn", "subject": "x",
        "body": "x", "message_id": "<1@nha-san>", "made_at": AT, "try_after": AT, **more})


def test_a_notice_is_kept_once_and_for_a_known_audience(house: factories.World) -> None:
    _notice(house)
    refused("notification_once", lambda: _notice(house, kind="due_soon"))
    refused("notification_audience_known", lambda: _notice(house, audience="everybody"))


def test_a_mark_is_made_once(house: factories.World) -> None:
    given = {"user": house.officer, "notification": _notice(house), "at": AT}
    NotificationSeen.objects.create(**given)
    refused("notification_seen_once", lambda: NotificationSeen.objects.create(**given))


def test_a_person_gets_one_letter_a_day(house: factories.World) -> None:
    letter = _letter(house)
    refused("mail_once_a_day", lambda: _letter(house, message_id="<2@nha-san>"))
    refused("message_id", lambda: _letter(house, user=house.colleague))
    refused("mail_state_known", lambda: _letter(
        house, user=house.colleague, message_id="<2@nha-san>", state="lost"))
    refused("mail_sent_has_moment", lambda: _letter(
        house, user=house.colleague, message_id="<2@nha-san>", state="sent"))
    notice = _notice(house)
    MailItem.objects.create(message=letter, notification=notice)
    refused("mail_item_once",
            lambda: MailItem.objects.create(message=letter, notification=notice))
