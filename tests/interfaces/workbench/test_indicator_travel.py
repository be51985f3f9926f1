"""A set handed out and taken in: difference first, faults by place, all or nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nhasan.formats.structure import STRUCTURES
from nhasan.metadata import operations, queries
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
NEW = "/viec/chi-tieu/THU/2.0.0/"
LINES = ("Mã trong hệ thống,Tên chỉ tiêu,Đơn vị tính\r\n01,Số hộ dân cư,nghìn hộ\r\n"
         "02,Số hộ dân tộc thiểu số,hộ\r\n09,Số hộ thoát nghèo,hộ\r\n")


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    operations.amend_indicator_set(
        actor=HOUSE, identifier="THU", version="2.0.0", name_vi="Bộ sửa đổi", decision={}, at=AT)
    return made


@pytest.fixture
def client(house: factories.World) -> Any:
    return signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))


def _give(client: Any, content: bytes, name: str = "bo.csv") -> Any:
    return client.post(f"{NEW}nhap/", {"tep": SimpleUploadedFile(name, content)})


def _keys() -> list[str]:
    found = queries.indicator_set("THU", "2.0.0")
    assert found is not None
    return [row.key for row in queries.indicators(found)]


@pytest.mark.parametrize("kind", STRUCTURES, ids=lambda kind: kind.id)
def test_what_was_handed_out_comes_back_the_same(client: Any, kind: Any) -> None:
    before = queries.sheets(queries.indicator_set("THU", "2.0.0"))  # type: ignore[arg-type]
    file = client.get(f"{NEW}tep/{kind.id}/")
    assert f"thu-2.0.0.{kind.extension}" in file["Content-Disposition"]
    page = _give(client, file.content, f"bo.{kind.extension}")
    assert "Không có gì khác." in words(page)
    _confirm(client, page)
    assert queries.sheets(queries.indicator_set("THU", "2.0.0")) == before  # type: ignore[arg-type]


def _confirm(client: Any, page: Any) -> Any:
    found = re.search(r'name="so_lieu" value="([^"]+)"', page.content.decode())
    assert found
    return client.post(f"{NEW}nhap/", {"so_lieu": found[1]}, follow=True)


def test_a_file_shows_its_difference_before_anything_is_written(client: Any) -> None:
    page = _give(client, LINES.encode())
    said = words(page)
    assert "Thêm 1, bỏ 4, sửa 1 chỉ tiêu." in said
    assert "có thể là tệp của bộ khác" in said
    assert "Đơn vị tính hộ nghìn hộ" in said
    assert _keys() == ["01", "02", "03", "05", "06", "07"]
    assert "Đã nhập 3 chỉ tiêu vào bản thảo." in words(_confirm(client, page))
    assert _keys() == ["01", "02", "09"]
    row = queries.indicator_in(queries.indicator_set("THU", "2.0.0"), "01")  # type: ignore[arg-type]
    assert row is not None
    assert (row.unit, row.adds_over_area) == ("nghìn hộ", "sum")


def test_what_was_changed_meanwhile_is_shown_again_before_it_counts(client: Any) -> None:
    page = _give(client, LINES.encode())
    settle = f"{NEW}ap-dung/"
    shown = re.search(r'name="da_xem" value="([^"]+)"', client.get(settle).content.decode())
    assert shown
    operations.drop_indicator(actor=HOUSE, identifier="THU", version="2.0.0", key="07", at=AT)
    assert "vừa được người khác sửa" in words(_confirm(client, page))
    assert _keys() == ["01", "02", "03", "05", "06"]
    given = {"ngay": "01/01/2026", "da_xem": shown[1]}
    again = client.post(settle, given)
    assert "vừa được người khác sửa" in words(again)
    now = re.search(r'name="da_xem" value="([^"]+)"', again.content.decode())
    assert now
    assert client.post(settle, given | {"da_xem": now[1]}).status_code == 302


def test_faults_are_told_by_line_and_column_and_nothing_is_written(client: Any) -> None:
    page = _give(client, (LINES + "01,,hộ\r\n").encode())
    said = words(page)
    assert page.status_code == 422
    assert "2 chỗ trong tệp cần sửa, chưa ghi gì vào bản thảo" in said
    assert "Dòng 5, cột “Tên chỉ tiêu”: chưa có tên chỉ tiêu" in said
    assert "Dòng 5, cột “Mã trong hệ thống”: mã “01” đã có ở dòng 2" in said
    assert len(_keys()) == 6


def test_formulas_that_will_not_hold_are_told_already(client: Any) -> None:
    page = _give(client, "key,name_vi,formula\r\nTL,Tỷ lệ,[03] * 100\r\n".encode())
    assert "gọi đến “03”" in words(page)
    assert page.status_code == 200


@pytest.mark.parametrize(("name", "content", "said"), [
    ("bo.pdf", b"%PDF", "Chỉ nhận tệp Excel (.xlsx), CSV (.csv) hoặc SDMX (.xml)."),
    ("bo.xlsx", b"PK", "Chưa nhập"), ("bo.xml", b"<a/>", "theo SDMX-ML 2.1"),
])
def test_other_files_are_refused_in_words(
    client: Any, name: str, content: bytes, said: str,
) -> None:
    page = _give(client, content, name)
    assert page.status_code == 422
    assert said in words(page) or "cần sửa" in words(page)


def test_what_was_not_signed_here_is_not_written(client: Any) -> None:
    for given in ({"so_lieu": "rác"}, {}):
        assert client.post(f"{NEW}nhap/", given).status_code == 422
    operations.amend_indicator_set(
        actor=HOUSE, identifier="THU", version="3.0.0", name_vi="Bộ", decision={}, at=AT)
    page = _give(client, LINES.encode())
    signed = re.search(r'name="so_lieu" value="([^"]+)"', page.content.decode())
    assert signed
    other = client.post("/viec/chi-tieu/THU/3.0.0/nhap/", {"so_lieu": signed[1]})
    assert other.status_code == 404


def test_only_drafts_take_in_files_and_only_from_those_who_keep_them(
    house: factories.World, client: Any,
) -> None:
    assert client.get("/viec/chi-tieu/THU/1.0.0/nhap/").status_code == 409
    assert signed_in(house.manager).get(f"{NEW}nhap/").status_code == 403
    assert signed_in(house.officer).get(f"{NEW}tep/csv/").status_code == 200
    assert client.get(f"{NEW}tep/pdf/").status_code == 404
