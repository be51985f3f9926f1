"""People who move, units that merge, how an office is reached, what a person may do: on screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nhasan.domain.access import EVERYTHING
from nhasan.interfaces.workbench.powers import powers_of
from nhasan.organisations import operations
from nhasan.organisations.models import OrganisationUnit, User
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def client(house: factories.World) -> Client:
    return signed_in(factories.person("quan-tri-tn", "Lường Sơn", "SO-TN", "administrator"))


def _unit(code: str) -> OrganisationUnit:
    return OrganisationUnit.objects.within(EVERYTHING).get(code=code)


def _person(user: Any) -> User:
    return User.scoped.within(EVERYTHING).select_related("unit").get(pk=user.pk)


def test_what_a_person_may_do_is_said_in_words(house: factories.World, client: Client) -> None:
    said = words(client.get(f"/viec/nguoi-dung/{house.officer.pk}/"))
    assert ("Nhập, tải lên và gửi báo cáo của Xã Ba Bể và các đơn vị trực thuộc "
            "(vì là Người nhập).") in said
    assert "Không làm được: Duyệt hoặc trả lại báo cáo; Soạn biểu mẫu" in said
    operations.deactivate_account(actor=HOUSE, user=house.officer.pk, at=AT)
    assert "Tài khoản đã khoá: người này không đăng nhập được" in words(
        client.get(f"/viec/nguoi-dung/{house.officer.pk}/"))


def test_powers_are_gathered_by_kind_of_work() -> None:
    may, may_not = powers_of([("enterer", "Xã A"), ("enterer", "Xã B"), ("reader", "Sở")])
    assert [(each.units, each.roles) for each in may] == [
        (("Xã A", "Xã B", "Sở"), ("Người nhập", "Người xem")),
        (("Xã A", "Xã B"), ("Người nhập",))]
    assert len(may_not) == 4
    assert powers_of([])[0] == []


def test_a_person_is_moved(house: factories.World, client: Client) -> None:
    address = f"/viec/nguoi-dung/{house.officer.pk}/chuyen/"
    assert "Vai trò sẽ thôi: Người nhập." in words(client.get(address))
    done = client.post(address, {"don_vi": "cho ra", "vai": ["reader"]}, follow=True)
    assert "Hoàng Thị Mai thuộc Xã Chợ Rã từ hôm nay." in words(done)
    assert _person(house.officer).unit.code == "XA-CHORA"
    assert "<details open><summary>Đổi tên hiển thị" in done.content.decode()
    renaming = f"/viec/nguoi-dung/{house.officer.pk}/ten/"
    assert "tên người dùng cần từ 1" in words(client.post(renaming, {"ten": " "}, follow=True))
    said = words(client.post(renaming, {"ten": "Hoàng Thị  Mai, xã Chợ Rã"}, follow=True))
    assert "Từ giờ người này hiện là Hoàng Thị Mai, xã Chợ Rã." in said
    today = timezone.localdate()
    assert [grant.role for grant in factories.actor(house.officer, today).grants] == ["reader"]


@pytest.mark.parametrize(("unit", "said"), [
    ("", "Chưa chọn đơn vị chuyển đến."), ("XA-CB", "Không có đơn vị “XA-CB”"),
    ("XA-BABE", "không còn làm được nữa"),
])
def test_where_nobody_can_be_moved_is_asked_again(
    house: factories.World, client: Client, unit: str, said: str,
) -> None:
    page = client.post(f"/viec/nguoi-dung/{house.officer.pk}/chuyen/", {"don_vi": unit})
    assert page.status_code == 422
    assert said in words(page)
    assert _person(house.officer).unit.code == "XA-BABE"


def test_how_an_office_is_reached_is_kept(house: factories.World, client: Client) -> None:
    address = f"/viec/don-vi/{_unit('XA-BABE').pk}/"
    assert "Hoàng Thị Mai" in words(client.get(address))
    done = client.post(f"{address}lien-he/", {
        "dien_thoai": "0208 3 876 123", "thu": "xababe@example.vn"}, follow=True)
    assert "Đã lưu liên hệ của Xã Ba Bể." in words(done)
    assert _unit("XA-BABE").phone == "0208 3 876 123"
    wrong = client.post(f"{address}lien-he/", {"dien_thoai": "gọi tôi", "thu": "a@"})
    assert wrong.status_code == 422
    assert "Số điện thoại chưa đúng." in words(wrong)
    assert 'value="gọi tôi"' in wrong.content.decode()


def test_people_of_a_merged_unit_are_moved_together(
    house: factories.World, client: Client,
) -> None:
    operations.close_unit(
        actor=HOUSE, code="XA-BABE", successor="XA-CHORA", closed=AT.date(), at=AT)
    address = f"/viec/don-vi/{_unit('XA-BABE').pk}/"
    said = words(client.get(address))
    assert "Đơn vị kế thừa: Xã Chợ Rã." in said
    assert "Chuyển mọi người sang Xã Chợ Rã" in said
    done = client.post(f"{address}chuyen-nguoi/", follow=True)
    assert "Đã chuyển 2 người sang Xã Chợ Rã." in words(done)
    assert _person(house.officer).unit.code == "XA-CHORA"


def test_a_unit_without_people_says_what_that_means(
    house: factories.World, client: Client,
) -> None:
    made = operations.open_unit(
        actor=HOUSE, code="XA-MOI", name="Xã Mới", short_name="", kind="commune",
        parent="SO-TN", opened=None, at=AT)
    assert "Chưa ai có tài khoản ở đơn vị này" in words(client.get(f"/viec/don-vi/{made.pk}/"))
    assert client.get(f"/viec/don-vi/{_unit('XA-CB').pk}/").status_code == 404
