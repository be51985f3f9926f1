"""Asking units for a report, closing a round and opening it again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.areas import operations as areas
from nhasan.collection import operations as collection
from nhasan.collection import queries
from nhasan.organisations import operations as organisations
from nhasan.organisations.models import AuditEvent
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
ASKED = {
    "bieu": "THU-HO-NGHEO", "ky": "2026", "nhan": "SO-TN", "loai": "commune",
    "mo": "25/11/2025", "han": "15/12/2026", "khoa": "20/12/2026", "ban_do": "", "ten": "",
}


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903"), ("XA-CB", "01500")):
        areas.give_jurisdiction(
            actor=HOUSE, unit=unit, level="commune", code=code, valid_from=MAP_DAY,
            valid_to=None, at=AT,
        )
    return made


def _opened(actor: Any) -> Any:
    return next(
        (held for held in queries.rounds(actor) if held.period == "2026"), None,
    )


def test_a_round_is_opened_in_two_steps(house: factories.World) -> None:
    client = signed_in(house.manager)
    first = client.get("/viec/ky/mo/")
    assert "Bước 1 trên 2" in words(first)
    assert 'value="25/11/2025"' in first.content.decode()
    second = client.get("/viec/ky/mo/", {**ASKED, "buoc": "chon"})
    said = words(second)
    assert "Bước 2 trên 2. 2 đơn vị có địa bàn phụ trách vào ngày 31/12/2026" in said
    assert "Hộ nghèo theo dân tộc, năm 2026" in said
    assert "Xã Ba Bể" in said
    assert "Xã Bảo Lạc" not in said
    assert _opened(HOUSE) is None
    done = client.post("/viec/ky/mo/", {
        **ASKED, "don_vi": ["XA-BABE|commune|01900"],
    }, follow=True)
    assert "Đã mở kỳ báo cáo và giao cho 1 đơn vị" in words(done)
    held = _opened(HOUSE)
    assert (held.due, held.closes, held.map_day) == (
        date(2026, 12, 15), date(2026, 12, 20), date(2026, 12, 31))
    board = queries.progress(factories.actor(house.manager), held.pk, on=AT.date())
    assert [row.unit.code for row in board.assignments] == ["XA-BABE"]
    assert AuditEvent.objects.filter(action="round.ask", actor=str(house.manager.pk)).count() == 1


@pytest.mark.parametrize(("change", "said"), [
    ({"ky": "năm nay"}, "Hãy chọn kỳ số liệu trong danh sách."),
    ({"ky": "2026-Q3"}, "Hãy chọn kỳ số liệu trong danh sách."),
    ({"han": "2026/99/99"}, "Ngày chưa đọc được. Hãy viết ngày/tháng/năm"),
    ({"han": "01/11/2025"}, "Hạn gửi phải từ ngày mở kỳ trở đi."),
    ({"khoa": "01/12/2026"}, "Ngày cuối còn nhận phải từ hạn gửi trở đi."),
    ({"han": ""}, "Hãy ghi ngày, ví dụ 30/06/2025."),
    ({"ban_do": "01/01/2020"}, "không có đơn vị nào thuộc loại này có địa bàn phụ trách"),
    ({"loai": "board"}, "không có đơn vị nào thuộc loại này có địa bàn phụ trách"),
    ({"nhan": "SO-CB"}, "SO-CB"),
])
def test_what_does_not_fit_is_asked_again_gently(
    house: factories.World, change: dict[str, str], said: str,
) -> None:
    page = signed_in(house.manager).get("/viec/ky/mo/", {**ASKED, **change, "buoc": "chon"})
    assert page.status_code == 422
    assert said in words(page)
    assert ASKED["khoa"] in page.content.decode() or "khoa" in change


def test_periods_are_offered_that_fit_the_forms(house: factories.World) -> None:
    page = signed_in(house.manager).get("/viec/ky/mo/").content.decode()
    assert '<optgroup label="Năm">' in page
    assert '<option value="2025" selected>Năm 2025</option>' in page
    assert '<option value="2009">' in page
    assert "2025-Q3" not in page
    factories.publish({**factories.FORM, "id": "THU-QUY", "frequency": "Q"})
    client = signed_in(house.manager)
    assert '<option value="2025-Q3">' in client.get("/viec/ky/mo/").content.decode()
    wrong = client.get("/viec/ky/mo/", {**ASKED, "bieu": "THU-QUY", "buoc": "chon"})
    assert wrong.status_code == 422
    assert "Biểu này lập hằng quý. Hãy chọn kỳ cùng loại." in words(wrong)


@pytest.mark.parametrize(("change", "said"), [
    ({"ky": "2025"}, "Đã có kỳ của biểu này cho cùng kỳ số liệu"),
    ({"han": "12/12/2026", "khoa": ""}, "Hạn gửi 12/12/2026 là ngày nghỉ hằng tuần"),
    ({"han": "15/12/2026"}, "trước ngày cuối của kỳ số liệu, 31/12/2026"),
    ({}, "Biểu này có chế độ báo cáo đang áp dụng, kỳ tự mở: Hộ nghèo hằng tháng"),
])
def test_what_to_think_of_is_told_before_the_round_is_opened(
    house: factories.World, change: dict[str, str], said: str,
) -> None:
    factories.obligation()
    collection.put_obligation_in_force(
        actor=HOUSE, identifier="HN-THANG", on=date(2025, 12, 1), at=AT)
    page = signed_in(house.manager).get("/viec/ky/mo/", {**ASKED, **change, "buoc": "chon"})
    assert page.status_code == 200
    assert said in words(page)


def test_a_round_without_doubts_has_no_cautions(house: factories.World) -> None:
    page = signed_in(house.manager).get("/viec/ky/mo/", {
        **ASKED, "han": "15/01/2027", "khoa": "", "buoc": "chon"})
    assert "Lưu ý trước khi mở kỳ" not in words(page)


def test_a_round_asks_somebody(house: factories.World) -> None:
    page = signed_in(house.manager).post("/viec/ky/mo/", ASKED)
    assert page.status_code == 422
    assert "chưa chọn đơn vị nào phải báo cáo" in words(page)
    assert _opened(HOUSE) is None


def test_units_of_others_are_not_asked(house: factories.World) -> None:
    page = signed_in(house.manager).post(
        "/viec/ky/mo/", {**ASKED, "don_vi": ["XA-CB|commune|01500"]})
    assert page.status_code == 422
    assert _opened(HOUSE) is None


def test_the_same_round_is_not_opened_twice(house: factories.World) -> None:
    client = signed_in(house.manager)
    given = {**ASKED, "don_vi": ["XA-BABE|commune|01900"]}
    client.post("/viec/ky/mo/", given)
    again = client.post("/viec/ky/mo/", given)
    assert again.status_code == 409
    assert "Đã có kỳ báo cáo mang mã" in words(again)
    assert 'value="XA-BABE|commune|01900" checked' in again.content.decode()


def test_going_back_keeps_what_was_chosen(house: factories.World) -> None:
    page = signed_in(house.manager).post("/viec/ky/mo/", {**ASKED, "buoc": "sua"})
    assert "Bước 1 trên 2" in words(page)
    assert 'value="15/12/2026"' in page.content.decode()


def test_only_managers_open_close_and_open_again(house: factories.World) -> None:
    client = signed_in(house.officer)
    assert client.get("/viec/ky/mo/").status_code == 403
    for act in ("khoa", "mo-lai"):
        assert client.post(f"/viec/ky/{house.round.pk}/{act}/").status_code == 404
    board = words(signed_in(house.second_reviewer).get(f"/viec/ky/{house.round.pk}/"))
    assert "Khoá kỳ báo cáo" not in board


def test_a_closed_round_receives_nothing_until_it_is_open_again(house: factories.World) -> None:
    client, address = signed_in(house.manager), f"/viec/ky/{house.round.pk}/"
    assert "Đã khoá kỳ báo cáo" in words(client.post(f"{address}khoa/", follow=True))
    assert queries.round_of(HOUSE, house.round.pk).state == "closed"
    assert client.post(f"{address}khoa/").status_code == 409
    for wrong, said in (("hôm nào", "Ngày chưa đọc được"),
                        ("01/01/2024", "Ngày cuối còn nhận phải từ hôm nay")):
        assert said in words(client.post(f"{address}mo-lai/", {"khoa": wrong}, follow=True))
        assert queries.round_of(HOUSE, house.round.pk).state == "closed"
    assert "Đã mở lại kỳ báo cáo" in words(
        client.post(f"{address}mo-lai/", {"khoa": "31/12/2025"}, follow=True))
    assert queries.round_of(HOUSE, house.round.pk).closes == date(2025, 12, 31)


def test_one_more_unit_is_given_its_part(house: factories.World) -> None:
    organisations.open_unit(
        actor=HOUSE, code="XA-MOI", name="Xã Mới", short_name="Mới", kind="commune",
        parent="SO-TN", opened=None, at=AT,
    )
    areas.give_jurisdiction(
        actor=HOUSE, unit="XA-MOI", level="commune", code="01500", valid_from=MAP_DAY,
        valid_to=None, at=AT,
    )
    client, address = signed_in(house.manager), f"/viec/ky/{house.round.pk}/"
    page = client.get(address).content.decode()
    assert '<option value="XA-MOI|commune|01500">Xã Mới</option>' in page
    assert "XA-BABE|commune" not in page
    for wrong in ("", "XA-BABE|commune|01900", "XA-CB|commune|01500", "rác"):
        refused = client.post(f"{address}giao/", {"don_vi": wrong}, follow=True)
        assert "đã được giao, hoặc không nhận được kỳ này" in words(refused)
    done = client.post(f"{address}giao/", {"don_vi": "XA-MOI|commune|01500"}, follow=True)
    assert "Đã giao báo cáo cho Xã Mới." in words(done)
    assert "0 trên 3 đơn vị đã gửi" in words(done)


def test_late_units_are_reminded_from_the_board(
    house: factories.World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = AT.replace(month=12, day=1)
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: later)
    client, address = signed_in(house.manager), f"/viec/ky/{house.round.pk}/"
    assert "Nhắc các đơn vị quá hạn" in words(client.get(address))
    assert "Đã nhắc 2 đơn vị." in words(client.post(f"{address}nhac/", follow=True))
    assert "đều đã được nhắc hôm nay" in words(client.post(f"{address}nhac/", follow=True))
    assert "đã quá hạn" in words(signed_in(house.officer).get("/viec/"))
