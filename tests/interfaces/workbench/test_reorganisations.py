"""A reorganisation on screen: drafted, rehearsed, mended, decided, enacted on its day."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from nhasan.areas import operations, queries
from nhasan.areas.models import Reorganisation
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
TABLE = ("Mã cũ,Mã mới,Phần chuyển,Tên mới,Loại đơn vị,Thuộc,Tỷ lệ,Đơn vị phụ trách\n"
         "01900,01900,toàn bộ,Ba Bể,Xã,19,,XA-BABE\n01903,01900,toàn bộ,Ba Bể,Xã,19,,\n")


@pytest.fixture
def client() -> Client:
    factories.world()
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903")):
        operations.give_jurisdiction(actor=HOUSE, unit=unit, level="commune", code=code,
                                     valid_from=MAP_DAY, valid_to=None, at=AT)
    return signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))


def _drafted(client: Client, table: str = TABLE, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post("/viec/sap-xep/moi/", {
        "so": "1700/NQ-UBTVQH15", "ten": "Sắp xếp hai xã", "ngay": "27/11/2025", "bang": table,
        **more}, follow=True)
    return answer


def _address() -> str:
    return f"/viec/sap-xep/{Reorganisation.objects.get().pk}/"


def test_a_rehearsal_names_everybody_who_is_touched(client: Client) -> None:
    said = words(_drafted(client))
    assert "2 đơn vị cũ thôi, 1 đơn vị mới bắt đầu." in said
    assert "2 đơn vị đang phụ trách, với 3 tài khoản." in said
    assert "Xã Chợ Rã đóng, Xã Ba Bể kế thừa" in said
    assert "2 báo cáo, trong đó 2 chưa xong." in said
    assert "Ngày này nằm trong kỳ đang mở" in said
    assert "Báo cáo của kỳ vẫn theo bản đồ ngày 01/07/2025" in said
    assert "Chốt để thực hiện ngày 27/11/2025" in said
    assert "bản thảo" in words(client.get("/viec/sap-xep/"))


def test_what_is_decided_is_enacted_on_its_day_and_the_map_shows_it(client: Client) -> None:
    _drafted(client)
    said = words(client.post(f"{_address()}viec/chot/", follow=True))
    assert "Đã chốt." in said
    assert "đã chốt, chờ đến ngày" in said
    assert client.get(f"{_address()}sua/").status_code == 409
    operations.enact_due(actor=HOUSE, at=datetime(2025, 11, 27, 0, 1, tzinfo=AT.tzinfo))
    assert "đã thực hiện" in words(client.get(_address()))
    area = words(client.get("/viec/dia-gioi/commune/01900/", {"ngay": "27/11/2025"}))
    assert "Xã Ba Bể: lập từ 2 đơn vị cũ" in area
    assert queries.area("commune", "01903", on=date(2025, 11, 27)) is None


def test_what_is_wrong_is_told_by_line_and_cannot_be_decided(client: Client) -> None:
    said = words(_drafted(client, TABLE.replace("01903,01900", "09999,01900")))
    assert "1 chỗ phải sửa trước khi chốt Dòng 3: Ngày 27/11/2025 không có đơn vị mang mã 09999" \
        in said
    assert "Chốt để thực hiện" not in said
    answer = client.post(f"{_address()}viec/chot/", follow=True)
    assert "Còn 1 chỗ chưa đúng" in words(answer)
    page = client.get(f"{_address()}sua/").content.decode()
    assert "09999;01900;toàn bộ;Ba Bể;Xã;19;;;;" in page
    mended = client.post(f"{_address()}sua/", {
        "so": "1700/NQ-UBTVQH15", "ten": "Sắp xếp hai xã", "ngay": "27/11/2025", "bang": TABLE},
        follow=True)
    assert "Chốt để thực hiện" in words(mended)
    assert "Đã bỏ bản thảo." in words(client.post(f"{_address()}viec/bo/", follow=True))


@pytest.mark.parametrize(("given", "told"), [
    ({"table": ""}, "không thấy dòng đầu bảng có cột “Mã cũ” và “Mã mới”"),
    ({"table": TABLE.replace("toàn bộ,Ba Bể", "kiểu gì,Ba Bể", 1)}, "Dòng 2: “kiểu gì” chưa hiểu"),
    ({"ngay": "mai"}, "Ngày chưa đọc được"),
])
def test_a_table_that_cannot_be_read_is_asked_again(
    client: Client, given: dict[str, Any], told: str,
) -> None:
    page = _drafted(client, **given)
    assert page.status_code == 422
    assert told in words(page)
    assert "1700/NQ-UBTVQH15" in page.content.decode()
    assert not Reorganisation.objects.exists()


def test_the_same_decree_is_not_entered_twice(client: Client) -> None:
    _drafted(client)
    again = _drafted(client)
    assert again.status_code == 422
    assert "Văn bản 1700/NQ-UBTVQH15 cho ngày này đã có." in words(again)


def test_the_empty_table_to_fill_in_has_the_heads_that_are_read(client: Client) -> None:
    book = load_workbook(BytesIO(client.get("/viec/sap-xep/?mau=1").content))
    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row}
    assert {"Mã cũ", "Mã mới", "Phần chuyển", "Đơn vị phụ trách"} <= cells
    assert client.post(f"/viec/sap-xep/{10**6}/viec/chot/").status_code == 404
