"""Letters on screen: one's own, those one administers, and what did not arrive."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.organisations import operations
from nhasan.organisations.models import MailMessage
from tests import factories
from tests.factories import AT
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _letter(user: Any, **more: Any) -> MailMessage:
    return MailMessage.objects.create(**{
        "user": user, "day": AT.date(), "address": f"{user.username}@example.vn",
        "subject": f"Thư của {user.name}", "body": "1. “Biểu 01” đã quá hạn.\n   https://x/",
        "message_id": f"<{user.pk}@nha-san>", "made_at": AT, "try_after": AT, "state": "kept",
        **more})


def test_one_sees_ones_own_letters(house: factories.World) -> None:
    own, other = _letter(house.officer), _letter(house.colleague)
    client = signed_in(house.officer)
    said = words(client.get("/viec/thu/"))
    assert "Hộp thư minh hoạ" in said
    assert "không thư nào gửi ra ngoài" in said
    assert "Thư của Hoàng Thị Mai 25/11/2025 giữ lại, không gửi ra ngoài" in said
    assert "Nông Văn Bình" not in said
    page = words(client.get(f"/viec/thu/{own.pk}/"))
    assert "1. “Biểu 01” đã quá hạn." in page
    assert "Gửi lại thư này" not in page
    assert client.get(f"/viec/thu/{other.pk}/").status_code == 404


def test_an_administrator_sees_what_did_not_arrive_and_sends_it_again(
    house: factories.World, settings: Any,
) -> None:
    settings.MAIL_HOST = "thu.example"
    lost = _letter(house.officer, state="failed", error="550 no such mailbox", attempts=1)
    client = signed_in(house.administrator)
    said = words(client.get("/viec/thu/"))
    assert "Hộp thư minh hoạ" not in said
    assert "1 thư không gửi được Hoàng Thị Mai, xa-babe@example.vn : 550 no such mailbox" in said
    assert "Lần thử thứ 1: 550 no such mailbox" in words(client.get(f"/viec/thu/{lost.pk}/"))
    done = client.post(f"/viec/thu/{lost.pk}/gui-lai/", follow=True)
    assert "Thư sẽ được gửi lại" in words(done)
    assert "Tình trạng chờ gửi" in words(done)
    assert client.post(f"/viec/thu/{lost.pk}/gui-lai/").status_code == 409


def test_an_administrator_reads_no_letter_of_who_acts_elsewhere_too(
    house: factories.World, settings: Any,
) -> None:
    settings.MAIL_HOST = "thu.example"
    local = factories.person("qt-xa", "Ma Thị Quản", "XA-BABE", "administrator")
    inner, outer = (_letter(person, state="failed", error="550")
                    for person in (house.colleague, house.officer))
    operations.assign_role(
        actor=factories.HOUSE, user=house.officer.pk, role="reviewer", unit="SO-TN",
        valid_from=AT.date(), at=AT)
    client = signed_in(local)
    said = words(client.get("/viec/thu/"))
    assert house.colleague.name in said
    assert house.officer.name not in said
    assert client.get(f"/viec/thu/{inner.pk}/").status_code == 200
    assert client.get(f"/viec/thu/{outer.pk}/").status_code == 404
    assert client.post(f"/viec/thu/{outer.pk}/gui-lai/").status_code == 404
    assert "Gửi lại thư này" not in words(
        signed_in(house.officer).get(f"/viec/thu/{outer.pk}/"))
    assert client.post(f"/viec/thu/{inner.pk}/gui-lai/").status_code == 302


def test_an_empty_box_teaches(house: factories.World) -> None:
    assert "Chưa có thư nào" in words(signed_in(house.officer).get("/viec/thu/"))
