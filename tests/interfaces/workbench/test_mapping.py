"""A unit's own workbook, by its pages: bring, point, answer, look, write; known next time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nhasan.collection import queries
from tests import factories
from tests.formats.forms.odd import LINES, workbook
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
POINTED = {
    "trang": "Tổng hợp", "bang": "ho", "xoay": "", "cach_doc": "[]", "tieu_de": "4",
    "so_lieu": "6", "cot-1": "ten", "cot-2": "q:tong", "cot-3": "q:dtts", "cot-4": "q:ngheo",
    "buoc": "xem",
}


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> factories.World:
    settings.STORE = tmp_path / "store"
    return factories.world()


def bring(world: factories.World, client: Any, content: bytes, name: str = "tổng hợp.xlsx") -> Any:
    return client.post(
        reverse("workbench:own_workbook", args=[world.report.pk]),
        {"workbook": SimpleUploadedFile(name, content)})


def cells(world: factories.World) -> dict[str, str]:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    return {cell: entry.text for cell, entry in queries.draft(row).answers.cells.items()}


def held(page: Any) -> str:
    """Return what was pointed at so far, as the page hands it on."""
    context: Any = page.context
    return str(context["cach_doc"])


def test_pointing_asking_looking_and_writing(world: factories.World) -> None:
    client = signed_in(world.officer)
    address = bring(world, client, workbook(LINES))["Location"]
    assert "Chỉ cách đọc bảng tính" in words(client.get(address))
    asked = client.post(address, POINTED)
    assert "(dòng 11) là" in words(asked)
    assert cells(world) == {}
    refused = client.post(address, {"cach_doc": held(asked), "buoc": "ghi"})
    assert refused.status_code == 422
    assert "Còn 1 dòng chưa rõ" in words(refused)
    looked = client.post(
        address, {"cach_doc": held(asked), "ten:ho:hmong": "mong", "buoc": "xem"})
    assert "Sẽ ghi 9 ô." in words(looked)
    written = client.post(address, {"cach_doc": held(looked), "buoc": "ghi"})
    assert written.status_code == 302
    assert cells(world)["ho/mong/tong"] == "71"
    assert "Đã đọc 9 ô vào báo cáo." in words(client.get(written["Location"]))
    again = client.get(bring(world, client, workbook(LINES))["Location"])
    assert "Máy nhận ra bố cục của tệp" in words(again)
    assert "9 ô đã có đúng số này." in words(again)


def test_what_is_missing_is_said_and_what_was_chosen_stays(world: factories.World) -> None:
    client = signed_in(world.officer)
    address = bring(world, client, workbook(LINES))["Location"]
    page = client.post(address, {**POINTED, "cot-1": "", "cot-4": "q:dtts", "so_lieu": "4"})
    said = words(page)
    assert page.status_code == 422
    assert "Chưa có cột nào là “Tên dòng”." in said
    assert "Hai cột cùng được chọn là “Tổng số hộ, Hộ DTTS”." in said
    assert "phải ở dưới dòng tiêu đề" in said
    assert page.context["pointed"].meaning(2) == "q:tong"


def test_what_was_made_up_is_let_go(world: factories.World) -> None:
    client = signed_in(world.officer)
    address = bring(world, client, workbook(LINES))["Location"]
    for text in ("[", "{}", '[{"sheet": "x"}]', '[[1]]', "7", '[{"sheet":"Tổng hợp","table":"ho",'
                 '"header":-1,"first":1e9,"names":"a","codes":null,"columns":[[0,"x"]],'
                 '"heads":[],"spelled":{},"turned":false}]'):
        page = client.post(address, {"cach_doc": text, "buoc": "ghi"})
        assert page.status_code == 200, text
        assert "Không có ô nào phải ghi." in words(page)
    assert client.post(address, {**POINTED, "bang": "khac"}).status_code == 404
    assert client.post(address, {**POINTED, "cot-2": "q:khac"}).status_code == 404
    assert cells(world) == {}


def test_what_is_no_workbook_is_refused_with_its_name(world: factories.World) -> None:
    client = signed_in(world.officer)
    page = bring(world, client, b"%PDF-1.7", "bao cao.pdf")
    assert page.status_code == 422
    assert "Chưa nhận được tệp “bao cao.pdf”" in words(page)


def test_an_unread_workbook_leads_back_to_pointing(world: factories.World) -> None:
    client = signed_in(world.officer)
    address = bring(world, client, workbook(LINES))["Location"]
    file = int(address.rstrip("/").rpartition("/")[2])
    uploaded = client.get(reverse("workbench:uploaded", args=[world.report.pk, file]))
    assert uploaded["Location"] == address
    assert client.get(
        reverse("workbench:marked", args=[world.report.pk, file])).status_code == 404
