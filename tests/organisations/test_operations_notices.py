"""Notices: told once, to the people of one unit who hold the permission, and marked by each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nhasan.domain.access import EVERYTHING, Permission
from nhasan.domain.notices import Notice
from nhasan.organisations import operations, queries
from nhasan.organisations.models import Notification, NotificationSeen
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _notice(house: factories.World, key: str = "k", **more: Any) -> Notice:
    return Notice(**{
        "unit": house.officer.unit_id, "audience": Permission.ENTER, "key": key,
        "kind": "due_soon", "facts": {"report": "Biểu 01", "days": "3", "due": "28/11/2025"},
        "path": "/viec/", **more,
    })


def _tell(*notices: Notice) -> int:
    return operations.notify_many(actor=HOUSE, notices=notices, at=AT)


def _read(user: Any) -> list[str]:
    return [each.key for each in queries.notices(factories.actor(user))]


def test_one_notice_is_told_once(house: factories.World) -> None:
    def tell() -> bool:
        return operations.notify(
            actor=HOUSE, unit=house.officer.unit_id, audience=Permission.ENTER, key="k",
            kind="overdue", facts={"report": "Biểu 01"}, path="/viec/", at=AT)

    assert tell()
    assert not tell()
    assert _read(house.officer) == ["k"]


def test_several_are_told_and_what_was_told_stays(house: factories.World) -> None:
    assert _tell(_notice(house, "a"), _notice(house, "b"), _notice(house, "a")) == 2
    assert _tell(_notice(house, "b", facts={"report": "khác"}), _notice(house, "c")) == 1
    kept = Notification.objects.within(EVERYTHING).get(key="b")
    assert kept.facts["report"] == "Biểu 01"


def test_the_same_key_is_told_to_each_unit_and_each_audience(house: factories.World) -> None:
    other = house.other_officer.unit_id
    assert _tell(_notice(house), _notice(house, unit=other),
                 _notice(house, audience=Permission.READ)) == 3


def test_a_notice_is_for_the_people_of_that_unit_with_that_permission(
    house: factories.World,
) -> None:
    _tell(_notice(house, "nhap"), _notice(house, "duyet", audience=Permission.REVIEW,
                                          unit=house.reviewer.unit_id))
    assert _read(house.officer) == ["nhap"]
    assert _read(house.colleague) == ["nhap"]
    assert _read(house.reviewer) == ["duyet"]
    for other in (house.other_officer, house.neighbour, house.administrator):
        assert _read(other) == []


def test_a_role_over_the_branch_above_is_not_flooded(house: factories.World) -> None:
    above = factories.person("nhap-tinh", "Hứa Văn Tư", "SO-TN", "enterer")
    _tell(_notice(house))
    assert _read(above) == []


def test_each_person_marks_what_they_saw(house: factories.World) -> None:
    _tell(_notice(house, "a"), _notice(house, "b"))
    who = factories.actor(house.officer)
    first, second = queries.notices(who)
    assert operations.see_notices(actor=who, notices=[first.pk], at=AT) == 1
    assert operations.see_notices(actor=who, notices=[first.pk], at=AT) == 0
    assert [each.pk for each in queries.unseen_notices(who, AT)] == [second.pk]
    assert queries.unseen_notices(factories.actor(house.colleague), AT).count() == 2


def test_what_is_not_addressed_to_one_is_not_marked(house: factories.World) -> None:
    _tell(_notice(house))
    [pk] = Notification.objects.within(EVERYTHING).values_list("pk", flat=True)
    stranger = factories.actor(house.neighbour)
    assert operations.see_notices(actor=stranger, notices=[pk], at=AT) == 0
    assert not NotificationSeen.objects.within(EVERYTHING).exists()


def test_what_was_told_long_ago_is_not_new(house: factories.World) -> None:
    _tell(_notice(house))
    who = factories.actor(house.officer)
    later = AT + timedelta(days=60)
    assert not queries.unseen_notices(who, later).exists()
    assert queries.notices(who).count() == 1


@pytest.mark.parametrize("more", [
    {"kind": "no-such-kind"}, {"key": "k" * 161}, {"path": "http://elsewhere/"},
])
def test_what_is_no_notice_is_a_fault(house: factories.World, more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a notice"):
        _tell(_notice(house, **more))
