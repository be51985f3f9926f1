"""Units, accounts, roles and the trail of acts on screen."""

from __future__ import annotations

import importlib
import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from nhasan.domain.access import Permission
from nhasan.interfaces.workbench.acts import ACTS
from nhasan.organisations import operations, queries
from nhasan.organisations.authority import OPERATIONS
from tests import factories
from tests.factories import AT, HOUSE
from tests.house import code
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def province(house: factories.World) -> Any:
    """The administrator of one province."""
    return factories.person("quan-tri-tn", "Lường Văn Sơn", "SO-TN", "administrator")


def test_the_list_shows_only_whom_one_administers(
    house: factories.World, province: Any,
) -> None:
    said = words(signed_in(province).get("/viec/nguoi-dung/"))
    assert "Hoàng Thị Mai xa-babe Xã Ba Bể Người nhập" in said
    assert "Bế Thị Lan" not in said
    assert "Phạm Anh Tú" not in said
    everybody = words(signed_in(house.administrator).get("/viec/nguoi-dung/"))
    assert "Bế Thị Lan" in everybody
    found = words(signed_in(house.administrator).get("/viec/nguoi-dung/", {"q": "bao lac"}))
    assert "Hoàng Thị Mai" not in found


def test_every_role_is_explained(house: factories.World) -> None:
    said = words(signed_in(house.administrator).get("/viec/nguoi-dung/"))
    assert "Người duyệt Duyệt hoặc trả lại báo cáo gửi đến đơn vị mình." in said


def test_the_tree_of_units(house: factories.World, province: Any) -> None:
    said = words(signed_in(province).get("/viec/don-vi/"))
    assert "3 đơn vị trong phạm vi bạn quản trị" in said
    assert "Xã Chợ Rã" in said
    assert "Cao Bằng" not in said
    assert "Xã Ba Bể" not in words(signed_in(province).get("/viec/don-vi/", {"q": "cho ra"}))


def test_an_account_is_opened_and_its_password_shown_once(
    house: factories.World, province: Any,
) -> None:
    client = signed_in(province)
    assert "Lập tài khoản" in words(client.get("/viec/nguoi-dung/moi/"))
    answer = client.post("/viec/nguoi-dung/moi/", {
        "ho_ten": "Triệu Thị Hồng", "ten": "trieu.hong", "don_vi": "xa cho ra", "vai": "enterer",
    })
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page["Cache-Control"] == "no-store"
    password = re.search(r"\b[a-z0-9]{4}(-[a-z0-9]{4}){3}\b", words(page))
    assert password is not None
    [made] = queries.people(HOUSE, on=AT.date(), search="trieu.hong")
    account = queries.person(HOUSE, made.id)
    assert check_password(password[0], account.password)
    assert account.must_change_password
    assert made.roles[0][1:] == ("Người nhập", "Xã Chợ Rã")
    again = words(client.get(answer["Location"]))
    assert password[0] not in again
    assert "chỉ hiện một lần" in again
    assert password[0] not in words(client.get(f"/viec/nguoi-dung/{made.id}/"))
    trail = queries.audit(HOUSE, action="account.open_with_role")
    assert password[0] not in str(list(trail.values("facts")))


@pytest.mark.parametrize(("change", "said"), [
    ({"ten": "Hồng Triệu"}, "chữ thường không dấu"),
    ({"ten": "xa-babe"}, "Đã có tài khoản tên “xa-babe”"),
    ({"ho_ten": ""}, "Chưa nhập họ và tên."),
    ({"don_vi": "XA-CB"}, "Không có đơn vị “XA-CB” trong phạm vi bạn quản trị"),
    ({"don_vi": ""}, "Chưa chọn đơn vị của người này."),
    ({"vai": "emperor"}, "emperor"),
])
def test_what_does_not_fit_an_account_is_asked_again(
    house: factories.World, province: Any, change: dict[str, str], said: str,
) -> None:
    page = signed_in(province).post("/viec/nguoi-dung/moi/", {
        "ho_ten": "Triệu Thị Hồng", "ten": "trieu.hong", "don_vi": "XA-CHORA", "vai": "",
        **change,
    })
    assert page.status_code == 422
    assert said in words(page)
    assert not queries.people(HOUSE, on=AT.date(), search="trieu.hong")


def test_a_role_is_given_once_and_ended(house: factories.World, province: Any) -> None:
    client, address = signed_in(province), f"/viec/nguoi-dung/{house.officer.pk}/"
    given = {"vai": "reader", "don_vi": "SO-TN", "tu": "25/11/2025"}
    assert "Đã giao vai trò “Người xem” cho Hoàng Thị Mai" in words(
        client.post(f"{address}vai-tro/", given, follow=True))
    again = client.post(f"{address}vai-tro/", given)
    assert again.status_code == 409
    assert "Người này đã giữ vai trò đó" in words(again)
    [role] = [each for each in queries.role_history(house.officer) if each.role == "reader"]
    ended = client.post(f"{address}vai-tro/{role.pk}/thoi/", follow=True)
    assert "Vai trò đã thôi từ hôm nay" in words(ended)
    assert "không còn giữ" in words(ended)
    held = factories.actor(house.officer).may(Permission.READ)
    assert not held.covers(house.reviewer.unit.path)
    assert client.post(f"{address}vai-tro/{role.pk}/thoi/").status_code == 409


@pytest.mark.parametrize(("given", "said"), [
    ({"vai": "", "don_vi": "SO-TN", "tu": "25/11/2025"}, "Hãy chọn một vai trò."),
    ({"vai": "reader", "don_vi": "BO", "tu": "25/11/2025"}, "BO"),
    ({"vai": "reader", "don_vi": "SO-TN", "tu": "mai"}, "Ngày chưa đọc được"),
])
def test_a_role_that_does_not_fit_is_asked_again(
    house: factories.World, province: Any, given: dict[str, str], said: str,
) -> None:
    page = signed_in(province).post(f"/viec/nguoi-dung/{house.officer.pk}/vai-tro/", given)
    assert page.status_code == 422
    assert said in words(page)
    assert len(queries.role_history(house.officer)) == 1


def test_an_account_is_locked_and_opened_again(house: factories.World, province: Any) -> None:
    client, address = signed_in(province), f"/viec/nguoi-dung/{house.officer.pk}/"
    officer = signed_in(house.officer)
    assert "Đã khoá tài khoản" in words(client.post(f"{address}khoa/", follow=True))
    assert officer.get("/viec/").status_code == 302
    assert "Đã mở lại tài khoản" in words(client.post(f"{address}mo-khoa/", follow=True))
    assert officer.get("/viec/").status_code == 302  # an old session does not come back
    assert queries.person(HOUSE, house.officer.pk).is_active


def test_a_new_password_ends_the_old_one(house: factories.World, province: Any) -> None:
    client = signed_in(province)
    answer = client.post(f"/viec/nguoi-dung/{house.officer.pk}/mat-khau/")
    other = client.get(f"/viec/nguoi-dung/{house.reviewer.pk}/mat-khau-moi/")
    assert "chỉ hiện một lần" in words(other)
    page = client.get(answer["Location"])
    password = re.search(r"\b[a-z0-9]{4}(-[a-z0-9]{4}){3}\b", words(page))
    assert password is not None
    account = queries.person(HOUSE, house.officer.pk)
    assert check_password(password[0], account.password)
    assert account.must_change_password


def test_nobody_takes_a_new_password_without_showing_the_present_one(
    house: factories.World, province: Any,
) -> None:
    for who, status in ((house.officer, 403), (province, 422)):
        before = queries.person(HOUSE, who.pk).password
        response = signed_in(who).post(f"/viec/nguoi-dung/{who.pk}/mat-khau/")
        assert response.status_code == status
        assert queries.person(HOUSE, who.pk).password == before


def test_nobody_locks_themselves_out(house: factories.World, province: Any) -> None:
    client, address = signed_in(province), f"/viec/nguoi-dung/{province.pk}/"
    assert "Khoá tài khoản" not in words(client.get(address))
    assert client.post(f"{address}khoa/").status_code == 422
    [role] = queries.role_history(province)
    assert client.post(f"{address}vai-tro/{role.pk}/thoi/").status_code == 422
    assert queries.role_history(province)[0].valid_to is None


def test_nobody_takes_over_an_account_with_roles_above(
    house: factories.World, province: Any,
) -> None:
    operations.assign_role(
        actor=HOUSE, user=house.officer.pk, role="publisher", unit="BO",
        valid_from=date(2025, 1, 1), at=AT,
    )
    client, address = signed_in(province), f"/viec/nguoi-dung/{house.officer.pk}/"
    before = queries.person(HOUSE, house.officer.pk).password
    for act in ("mat-khau", "khoa"):
        answer = client.post(f"{address}{act}/")
        assert answer.status_code == 403
        assert "vai trò ở đơn vị ngoài phạm vi của bạn" in words(answer)
    assert queries.person(HOUSE, house.officer.pk).password == before


def test_people_elsewhere_are_not_found(house: factories.World, province: Any) -> None:
    client = signed_in(province)
    for pk in (house.neighbour.pk, house.administrator.pk, 999_999):
        assert client.get(f"/viec/nguoi-dung/{pk}/").status_code == 404
        for act in ("khoa", "mo-khoa", "mat-khau", "vai-tro", "vai-tro/1/thoi"):
            assert client.post(f"/viec/nguoi-dung/{pk}/{act}/").status_code == 404


@pytest.mark.parametrize("who", ["officer", "reviewer", "manager", "publisher", "neighbour"])
def test_only_administrators_see_people_and_the_trail(house: factories.World, who: str) -> None:
    client = signed_in(getattr(house, who))
    for address in ("nguoi-dung/", "nguoi-dung/moi/", "don-vi/", "nhat-ky/",
                    f"nguoi-dung/{house.officer.pk}/"):
        assert client.get(f"/viec/{address}").status_code == 403, address


def test_the_trail_says_who_did_what_and_when(house: factories.World, province: Any) -> None:
    factories.sent(house.report, house.officer)
    operations.seal_audit(actor=HOUSE, at=AT)
    client = signed_in(province)
    said = words(client.get("/viec/nhat-ky/"))
    assert re.search(r"25/11/2025, 09:00:00 Hoàng Thị Mai gửi báo cáo .* đã niêm phong", said)
    assert "Bế Thị Lan" not in said
    only = words(client.get("/viec/nhat-ky/", {"viec": "draft.save"}))
    assert "1 việc đã làm" in only
    assert "Không có việc nào khớp." in words(client.get("/viec/nhat-ky/", {"q": "không ai"}))


def test_a_unit_is_found_by_typing(house: factories.World, province: Any) -> None:
    page = signed_in(province).get("/viec/nguoi-dung/moi/").content.decode()
    assert '<option value="Xã Chợ Rã">XA-CHORA</option>' in page
    assert 'list="cac-don-vi"' in page
    given = {"ho_ten": "Triệu Thị Hồng", "ten": "trieu.hong", "vai": ""}
    several = signed_in(province).post("/viec/nguoi-dung/moi/", {**given, "don_vi": "xa"})
    assert "“xa” có thể là 2 đơn vị" in words(several)
    one = signed_in(province).post("/viec/nguoi-dung/moi/", {**given, "don_vi": "cho ra"})
    assert one.status_code == 302
    chosen = signed_in(province).get("/viec/nguoi-dung/moi/", {"don_vi": "XA-CHORA"})
    assert 'value="Xã Chợ Rã" list' in chosen.content.decode()


def test_what_touches_a_person_is_told_before_it_is_done(
    house: factories.World, province: Any,
) -> None:
    said = words(signed_in(province).get(f"/viec/nguoi-dung/{house.officer.pk}/"))
    assert "Hoàng Thị Mai không đăng nhập được nữa" in said
    assert "Mật khẩu Hoàng Thị Mai đang dùng thôi có hiệu lực ngay" in said
    assert "Từ hôm nay Hoàng Thị Mai không còn là “Người nhập” ở đơn vị này" in said


def test_the_trail_says_to_whom_it_was_done(house: factories.World, province: Any) -> None:
    client, address = signed_in(province), f"/viec/nguoi-dung/{house.officer.pk}/"
    [role] = queries.role_history(house.officer)
    client.post(f"{address}vai-tro/{role.pk}/thoi/")
    client.post(f"{address}khoa/")
    client.post("/viec/nguoi-dung/moi/", {
        "ho_ten": "Triệu Thị Hồng", "ten": "trieu.hong", "don_vi": "XA-CHORA", "vai": "",
    })
    said = words(client.get("/viec/nhat-ky/"))
    for act in ("thôi vai trò Hoàng Thị Mai", "khoá tài khoản Hoàng Thị Mai",
                "cấp tài khoản cho người dùng Triệu Thị Hồng"):
        assert act in said
    assert "giao vai trò Triệu" not in said


def test_every_act_has_words() -> None:
    for app in code.APPS:
        if (code.SOURCE / app).is_dir():
            importlib.import_module(f"nhasan.{app}.operations")
    assert set(ACTS) == set(OPERATIONS)
