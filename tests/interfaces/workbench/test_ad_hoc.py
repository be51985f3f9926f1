"""A request in a minute: a small table, chosen units, a day; sent in one act."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.areas import operations as areas
from nhasan.collection import queries
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/viec/yeu-cau-dot-xuat/"
TYPED = {
    "ten": "Nhà văn hoá bị hư hỏng", "nhan": "SO-TN", "ai": "commune", "don_vi": "",
    "han": "28/11/2025", "dong": "", "van_ban": "Công văn 15",
    "cot0-ten": "Số nhà", "cot0-loai": "integer", "cot0-dvt": "nhà",
    "cot1-ten": "Ghi chú", "cot1-loai": "text", "cot1-dvt": "",
    "cot2-ten": "", "cot2-loai": "integer", "cot2-dvt": "",
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


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: AT)


def _held() -> Any:
    return next((held for held in queries.rounds(HOUSE) if held.ad_hoc), None)


def test_a_table_is_asked_of_all_communes_at_once(house: factories.World) -> None:
    client = signed_in(house.manager)
    assert 'value="28/11/2025"' in client.get(PAGE).content.decode()
    said = words(client.post(PAGE, TYPED, follow=True))
    assert "Đã gửi yêu cầu đến 2 đơn vị, hạn 28/11/2025" in said
    held = _held()
    assert (held.due, held.receiver.code) == (date(2025, 11, 28), "SO-TN")
    unit = signed_in(house.officer)
    home = unit.get("/viec/")
    assert "Nhà văn hoá bị hư hỏng" in words(home)
    row = next(each for each in queries.owed(factories.actor(house.officer))
               if each.round_id == held.pk)
    report = words(unit.get(f"/viec/bao-cao/{row.pk}/"))
    assert "Số nhà" in report
    assert "Ghi chú" in report


def test_units_and_lines_may_be_named(house: factories.World) -> None:
    signed_in(house.manager).post(PAGE, {
        **TYPED, "ai": "ten", "don_vi": "Xã Chợ Rã", "dong": "Thôn trên\nThôn dưới\n"})
    board = queries.progress(HOUSE, _held().pk, on=AT.date())
    assert [row.unit.code for row in board.assignments] == ["XA-CHORA"]
    layout = queries.layout_of(board.assignments[0])
    assert [row.label for row in layout.tables[0].rows] == ["Thôn trên", "Thôn dưới"]


def test_more_columns_are_offered_and_nothing_typed_is_lost(house: factories.World) -> None:
    page = signed_in(house.manager).post(PAGE, {**TYPED, "ten": "", "buoc": "them"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'name="cot5-ten"' in text
    assert 'value="Số nhà"' in text
    assert 'value="Công văn 15"' in text
    assert "Có chỗ cần sửa" not in words(page)
    assert _held() is None


@pytest.mark.parametrize(("change", "said"), [
    ({"ten": ""}, "Trường này là bắt buộc"),
    ({"cot0-ten": "", "cot1-ten": ""}, "Hãy ghi ít nhất một cột."),
    ({"cot1-ten": "Số nhà"}, "có hai cột hoặc hai dòng trùng tên"),
    ({"han": "24/11/2025"}, "hạn gửi phải từ hôm nay trở đi"),
    ({"han": ""}, "Hãy ghi ngày"),
    ({"ai": "ten", "don_vi": "Xã Bảo Lạc"}, "Không tìm thấy đơn vị"),
    ({"ai": "board"}, "có đơn vị được chọn chưa phụ trách địa bàn nào"),
])
def test_what_does_not_fit_is_asked_again(
    house: factories.World, change: dict[str, str], said: str,
) -> None:
    page = signed_in(house.manager).post(PAGE, {**TYPED, **change})
    assert page.status_code in (400, 422)
    assert said in words(page)
    assert "Công văn 15" in page.content.decode()
    assert _held() is None


def test_a_due_day_on_a_day_off_is_told(house: factories.World) -> None:
    said = words(signed_in(house.manager).post(
        PAGE, {**TYPED, "han": "29/11/2025"}, follow=True))
    assert "ngày 29/11/2025 là ngày nghỉ hằng tuần" in said


def test_only_managers_ask(house: factories.World) -> None:
    for person in (house.officer, house.reviewer):
        assert signed_in(person).post(PAGE, TYPED).status_code == 403
    assert _held() is None
