"""A unit's own workbook, by its pages: bring, point, answer, look, write; known next time."""

from __future__ import annotations

import json
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


def test_what_was_made_up_is_refused(world: factories.World) -> None:
    client = signed_in(world.officer)
    address = bring(world, client, workbook(LINES))["Location"]
    for text in ("[", "{}", '[{"sheet": "x"}]', '[[1]]', "7", '[{"sheet":"Tổng hợp","table":"ho",'
                 '"header":-1,"first":1e9,"names":"a","codes":null,"columns":[[0,"x"]],'
                 '"heads":[],"spelled":{},"turned":false}]'):
        page = client.post(address, {"cach_doc": text, "buoc": "ghi"})
        assert page.status_code == 422, text
        assert "đã mất giữa chừng. Hãy chỉ lại." in words(page)
    assert client.post(address, {**POINTED, "bang": "khac"}).status_code == 404
    assert client.post(address, {**POINTED, "cot-2": "q:khac"}).status_code == 404
    assert cells(world) == {}


@pytest.mark.parametrize("change", [
    {"codes": "B"}, {"codes": 1.5}, {"codes": True}, {"columns": [["2", "tong"]]},
    {"columns": [[2, ["tong"]]]}, {"columns": 7}, {"heads": [["x", "y"]]}, {"heads": [[2, 7]]},
    {"heads": [[None, None]]}, {"spelled": {"a": 7}}, {"spelled": []}, {"turned": "x"},
    {"table": ["ho"]}, {"sheet": ["x"]}, {"header": None},
    {"heads": [[2, "\ud800"]]}, {"spelled": {"a": "\x00"}}, None,
])
def test_what_cannot_be_read_is_refused_and_the_page_keeps_what_it_shows(
        world: factories.World, change: dict[str, Any] | None) -> None:
    client = signed_in(world.officer)
    address = bring(world, client, workbook(LINES))["Location"]
    part = {"sheet": "Tổng hợp", "table": "ho", "header": 4, "first": 6, "names": 1,
            "codes": None, "columns": [[2, "tong"]], "heads": [], "spelled": {},
            "turned": False}
    right = client.post(address, {"cach_doc": json.dumps([part]), "buoc": "them"})
    assert right.status_code == 200
    text = json.dumps([part | change]) if change is not None else "[" * 100_000
    for step in ("them", "ghi", "xem"):
        page = client.post(address, {"cach_doc": text, "buoc": step})
        assert page.status_code == 422, (step, text[:200])
    page = client.post(address, {**POINTED, "cach_doc": text})
    assert page.status_code == 422
    assert "đã mất giữa chừng. Hãy chỉ lại." in words(page)
    pointed: Any = page.context
    assert pointed["pointed"].meanings == {1: "ten", 2: "q:tong", 3: "q:dtts", 4: "q:ngheo"}
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
