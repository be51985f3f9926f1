"""Classes of areas: shown by day with their documents, taken in after a look."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from nhasan.areas import operations, queries
from nhasan.areas.operations import NewArea
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
ADDRESS = "/viec/phan-loai-dia-ban/KHU-VUC/"


@pytest.fixture
def client() -> Client:
    factories.units()
    factories.country()
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("province", "06", "Tỉnh", "Bắc Kạn", "country", "VN", None, MAP_DAY),
        NewArea("commune", "01900", "Xã", "Cao Thượng", "province", "06", None, MAP_DAY),
    ])
    operations.define_scheme(
        actor=HOUSE, code="KHU-VUC", name_vi="Xã khu vực", note="", at=AT,
        kinds=[("I", "Khu vực I"), ("III", "Khu vực III")])
    return signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))


def _sent(client: Client, table: str, **more: Any) -> HttpResponse:
    answer: HttpResponse = client.post(f"{ADDRESS}ghi/", {
        "so": "861/QĐ-TTg", "ky": "04/06/2021", "tu": "04/06/2021", "den": "31/12/2025",
        "cap": "commune", "du": "province:06", "bang": table, **more})
    return answer


def _confirmed(client: Client, look: HttpResponse) -> HttpResponse:
    kept = re.search(r'name="giu" value="([^"]+)"', look.content.decode())
    assert kept
    answer: HttpResponse = client.post(f"{ADDRESS}ghi/", {"giu": kept[1]}, follow=True)
    return answer


def test_a_list_is_looked_at_and_then_written(client: Client) -> None:
    look = _sent(client, "Mã;Tên;Loại\n01900;Cao Thượng;khu vực III\n")
    said = words(look)
    assert "861/QĐ-TTg: 1 ghi mới" in said
    assert "2 Xã Cao Thượng 01900 – Khu vực III ghi mới" in said
    assert "Thôi từ ngày 01/07/2025, khi đơn vị này thôi tồn tại." in said
    found = queries.scheme("KHU-VUC")
    assert found is not None
    assert not queries.members(found, on=date(2022, 1, 1))
    assert "Đã ghi bảng phân loại theo 861/QĐ-TTg." in words(_confirmed(client, look))
    page = words(client.get(ADDRESS, {"ngay": "01/01/2022"}))
    assert "Xã Cao Thượng 01900 Tỉnh Bắc Kạn Khu vực III 04/06/2021 01/07/2025" in page
    assert "Ngày này chưa ghi loại của địa bàn nào" in words(client.get(ADDRESS))
    area = words(client.get("/viec/dia-gioi/commune/01900/", {"ngay": "01/01/2022"}))
    assert "Khu vực III từ ngày 04/06/2021 đến trước ngày 01/07/2025, 861/QĐ-TTg" in area
    assert "Khu vực III" not in words(client.get("/viec/dia-gioi/commune/01900/"))


def test_a_list_with_a_fault_is_not_written_and_says_which_line(client: Client) -> None:
    look = _sent(client, "Mã,Loại\n01900,III\n09999,III\n01900,IX\n")
    assert look.status_code == 422
    said = words(look)
    assert "Dòng 3 09999 : Ngày 04/06/2021 không có đơn vị nào mang mã 09999" in said
    assert "Dòng 4 01900 : Không có loại “IX”. Ghi một trong: I, III." in said
    assert 'name="giu"' not in look.content.decode()


@pytest.mark.parametrize(("given", "told"), [
    ({"bang": ""}, "Bạn chưa chọn tệp hoặc dán bảng."),
    ({"bang": "a,b\n1,2"}, "không thấy dòng đầu bảng có cột “Mã” và “Loại”"),
    ({"den": "01/01/2020"}, "Ngày kết thúc phải sau ngày bắt đầu."),
    ({"ky": "hôm qua"}, "Ngày chưa đọc được."),
    ({"tep": SimpleUploadedFile("b.xlsx", b"PK\x03\x04rubbish")}, "không đọc được tệp"),
])
def test_what_is_missing_is_asked_and_nothing_typed_is_lost(
    client: Client, given: dict[str, Any], told: str,
) -> None:
    page = _sent(client, **{"table": "Mã,Loại\n01900,III", **given})
    assert page.status_code == 422
    assert told in words(page)
    assert 'value="861/QĐ-TTg"' in page.content.decode()


def test_a_kept_list_that_was_touched_is_not_believed(client: Client) -> None:
    page = client.post(f"{ADDRESS}ghi/", {"giu": "x:y:z"})
    assert "Trang đã cũ. Hãy chọn lại tệp." in words(page)


def test_who_keeps_the_map_adds_a_way_of_sorting_and_nobody_else(client: Client) -> None:
    typed = {"ma": "XA-BIEN-GIOI", "ten": "Xã biên giới", "loai": "BG | Xã biên giới"}
    assert "Đã lập cách phân loại." in words(
        client.post("/viec/phan-loai-dia-ban/", typed, follow=True))
    again = client.post("/viec/phan-loai-dia-ban/", typed)
    assert (again.status_code, "Đã có cách phân loại" in words(again)) == (422, True)
    officer = signed_in(factories.person("xa", "Hoàng Mai", "XA-BABE", "enterer"))
    page = officer.get("/viec/phan-loai-dia-ban/")
    assert "Xã biên giới" in words(page)
    assert "Lập cách phân loại mới" not in words(page)
    assert officer.post("/viec/phan-loai-dia-ban/", typed).status_code == 403
    assert officer.get(f"{ADDRESS}ghi/").status_code == 403
    assert officer.get("/viec/phan-loai-dia-ban/LA/").status_code == 404
