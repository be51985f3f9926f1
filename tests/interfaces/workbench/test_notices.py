"""Notices on screen: a count on every page, the sentences, the way to the work, the marks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from nhasan.collection.operations.reminding import remind
from nhasan.domain.access import EVERYTHING, Permission
from nhasan.domain.notices import board_page, report_page
from nhasan.organisations import operations, queries
from nhasan.organisations.models import Notification, User
from tests import factories
from tests.factories import HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
ADDRESS = "/viec/thong-bao/"


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _tell(user: Any, key: str = "k", kind: str = "overdue", **more: Any) -> Any:
    operations.notify(**{
        "actor": HOUSE, "unit": user.unit_id, "audience": Permission.ENTER, "key": key,
        "kind": kind, "facts": {"report": "Biểu 01", "days": "2", "due": "28/11/2025"},
        "path": "/viec/cach-lam/", "at": timezone.now(), **more})
    return Notification.objects.within(EVERYTHING).get(key=key)


def test_a_page_of_every_kind_tells_how_many_are_new(house: factories.World) -> None:
    client = signed_in(house.officer)
    assert "chưa xem" not in words(client.get("/viec/cach-lam/"))
    _tell(house.officer)
    _tell(house.officer, "k2", "due_soon")
    assert "Thông báo 2 chưa xem" in words(client.get("/viec/cach-lam/"))
    assert "Thông báo 2 chưa xem" not in words(signed_in(house.neighbour).get("/viec/"))


def test_the_newest_stand_on_the_page_of_ones_work(house: factories.World) -> None:
    _tell(house.officer, path=f"/viec/bao-cao/{house.report.pk}/")
    said = words(signed_in(house.officer).get("/viec/"))
    assert "Thông báo mới “Biểu 01” đã quá hạn 2 ngày làm việc (hạn 28/11/2025)" in said


def test_going_to_the_work_marks_a_notice_as_seen(house: factories.World) -> None:
    told, client = _tell(house.officer), signed_in(house.officer)
    assert "Chưa xem · Cần làm sớm" in words(client.get(ADDRESS))
    answer = client.get(f"{ADDRESS}{told.pk}/")
    assert answer["Location"] == "/viec/cach-lam/"
    after = words(client.get(ADDRESS))
    assert "Bạn đã xem mọi thông báo." in after
    assert "Chưa xem" not in after
    assert "Có 1 thông báo bạn chưa xem." in words(signed_in(house.colleague).get(ADDRESS))


def test_everything_is_marked_at_once(house: factories.World) -> None:
    for n in range(40):
        _tell(house.officer, f"k{n}")
    client = signed_in(house.officer)
    page = client.get(ADDRESS)
    assert "Có 40 thông báo bạn chưa xem." in words(page)
    assert "Trang 1 trên 2" in words(page)
    assert "Đã đánh dấu mọi thông báo" in words(client.post(f"{ADDRESS}da-xem/", follow=True))
    assert not queries.unseen_notices(
        factories.actor(house.officer, timezone.localdate()), timezone.now()).exists()


def test_an_empty_list_teaches(house: factories.World) -> None:
    said = words(signed_in(house.officer).get(ADDRESS))
    assert "Chưa có thông báo nào" in said
    assert "Bạn không cần làm gì lúc này" in said


def test_where_letters_go_is_kept(house: factories.World) -> None:
    client = signed_in(house.officer)
    page = client.post(f"{ADDRESS}thu/", {"thu": "mai@example.vn", "nhan": "on"}, follow=True)
    assert "Thư nhắc việc gửi tới mai@example.vn." in words(page)
    account = User.scoped.within(EVERYTHING).get(pk=house.officer.pk)
    assert (account.email, account.wants_mail) == ("mai@example.vn", True)
    assert "Bạn không nhận thư nhắc việc." in words(
        client.post(f"{ADDRESS}thu/", {"thu": "mai@example.vn"}, follow=True))
    account.refresh_from_db()
    assert not account.wants_mail


def test_an_address_that_is_none_is_asked_again(house: factories.World) -> None:
    page = signed_in(house.officer).post(f"{ADDRESS}thu/", {"thu": "mai@", "nhan": "on"})
    assert page.status_code == 422
    assert "Chưa lưu được địa chỉ thư" in words(page)
    assert 'value="mai@"' in page.content.decode()


def test_notices_lead_to_pages_that_are_there(house: factories.World) -> None:
    assert report_page(7) == reverse("workbench:report", args=[7])
    assert board_page(7) == reverse("workbench:round_board", args=[7])
    remind(actor=HOUSE, at=factories.AT.replace(month=12, day=5))
    for user in (house.officer, house.reviewer):
        client, on = signed_in(user), date(2025, 12, 5)
        for told in queries.notices(factories.actor(user, on)):
            assert client.get(told.path).status_code == 200
