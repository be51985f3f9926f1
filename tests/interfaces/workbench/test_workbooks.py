"""The workbook of a report through the pages: out, in, refused, marked."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nhasan.collection import operations as collection
from nhasan.collection import queries
from nhasan.formats.forms.workbook import read_form
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.STORE = tmp_path / "store"


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    factories.fill(made.report, made.officer, {"ho/tay/tong": "62"})
    client.force_login(made.officer)
    return made


def address(world: factories.World, more: str) -> str:
    return f"/viec/bao-cao/{world.report.pk}/{more}"


def plain(content: bytes) -> str:
    main = content.decode().partition("<main")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def filled(client: Client, world: factories.World, cells: dict[str, Any]) -> bytes:
    content = client.get(address(world, "bieu-mau.xlsx")).content
    row = queries.assignment(factories.HOUSE, world.report.pk)
    places = read_form(content, queries.layout_of(row), queries.workbook_context(row)).places
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        sheet, where = places[cell]
        book[sheet][where] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bring(client: Client, world: factories.World, content: bytes,
          name: str = "Biểu xã Ba Bể.xlsx") -> Any:
    return client.post(
        address(world, "nop-tep/"), {"workbook": SimpleUploadedFile(name, content)})


def text_of(world: factories.World, cell: str) -> str:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    found = queries.draft(row).answers.cells.get(cell)
    return found.text if found else ""


def test_the_form_goes_out_as_a_workbook_with_a_telling_name(
    client: Client, world: factories.World,
) -> None:
    response = client.get(address(world, "bieu-mau.xlsx"))
    assert response["Content-Disposition"] == (
        'attachment; filename="bieu-01-thu-xa-ba-be-2025.xlsx"')
    assert zipfile.is_zipfile(io.BytesIO(response.content))


def test_what_was_read_and_what_is_wrong_are_told_by_place(
    client: Client, world: factories.World,
) -> None:
    response = bring(client, world, filled(client, world, {
        "ho/tay/dtts": 61, "ho/nung/tong": "bốn tám"}))
    assert response.status_code == 302
    page = client.get(response["Location"])
    said = plain(page.content)
    assert "Biểu xã Ba Bể.xlsx" in said
    assert "Đã đọc 3 ô vào báo cáo. Có 1 lỗi phải sửa." in said
    assert "“bốn tám” không phải là số." in said
    assert re.search(r"Nùng, Tổng số hộ, Số hộ ô [A-Z]+\d+ Lỗi", said)
    assert f'{address(world, "#o-ho-nung-tong")}"' in page.content.decode()
    assert text_of(world, "ho/tay/dtts") == "61"
    marked = client.get(f"{response['Location']}danh-dau.xlsx")
    assert marked.status_code == 200
    assert "%C4%91%C3%A3%20%C4%91%C3%A1nh%20d%E1%BA%A5u" in marked["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(marked.content))
    notes = [
        cell.comment.text for sheet in book for line in sheet.iter_rows() for cell in line
        if cell.comment
    ]
    assert any("bốn tám" in note for note in notes)


def test_a_reminder_says_where_its_reason_is_written_and_shows_the_one_given(
    client: Client, world: factories.World,
) -> None:
    answer = bring(client, world, filled(client, world, {"ho/tay/dtts": 61, "ho/tay/ngheo": 40}))
    said = plain(client.get(answer["Location"]).content)
    assert "Không có lỗi; có 1 điều nhắc." in said
    assert "1 điều nhắc chưa có lý do." in said
    assert "cột “Lý do” của tệp đã đánh dấu" in said
    collection.explain(
        actor=factories.actor(world.officer), assignment=world.report.pk, at=factories.AT,
        reasons={"nhieu-ho-ngheo|ho/tay/ngheo": "Rà soát theo chuẩn mới."})
    said = plain(client.get(answer["Location"]).content)
    assert "chưa có lý do" not in said
    assert "Lý do đã ghi: Rà soát theo chuẩn mới." in said


def test_cells_of_several_sheets_are_told_apart(client: Client, world: factories.World) -> None:
    answer = bring(client, world, filled(client, world, {
        "ho/tay/dtts": "sáu", "thon/o1/ho": "bốn"}))
    said = plain(client.get(answer["Location"]).content)
    assert re.search(r"Bó Lù, Số hộ ô [A-Z]+\d+, trang “Các thôn”", said)


def test_the_field_speaks_the_page_s_language_and_stays_a_file_field(
    client: Client, world: factories.World,
) -> None:
    page = client.get(address(world, "nop-tep/")).content.decode()
    field = re.search(r"<input type=\"file\"[^>]*>", page)
    assert field is not None
    assert 'id="workbook"' in field[0]
    assert " required" in field[0]  # an empty field is known to the stylesheet, without a script
    assert '<label for="workbook">Tệp Excel đã điền</label>' in page
    assert re.search(r"<form [^>]*novalidate", page)  # the browser's own words stay away
    assert all(words in page for words in ("Chọn tệp…", "chưa chọn tệp", "Đang đọc tệp…"))
    assert f'data-nhieu-nhat="{settings.WORKBOOK_LIMIT}"' in page


@pytest.mark.parametrize(("content", "said"), [
    (b"%PDF-1.7 not a workbook", "Tệp này không phải tệp Excel .xlsx"),
    (b"", "Tệp này không phải tệp Excel .xlsx"),
])
def test_what_is_no_workbook_is_refused_gently_and_nothing_changes(
    client: Client, world: factories.World, content: bytes, said: str,
) -> None:
    response = bring(client, world, content, "báo cáo.xlsx")
    words = plain(response.content)
    assert response.status_code == 422
    assert "Chưa nhận được tệp “báo cáo.xlsx”" in words
    assert said in words
    assert "Số đã nhập trước đó không thay đổi." in words
    assert text_of(world, "ho/tay/tong") == "62"


def test_a_workbook_of_another_layout_leads_to_the_assistant(
    client: Client, world: factories.World,
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Dân tộc", "Hộ"])
    book.active.append(["Tày", 62])
    content = io.BytesIO()
    book.save(content)
    answer = bring(client, world, content.getvalue(), "riêng.xlsx")
    said = plain(client.get(answer["Location"]).content)
    assert "Đây là bảng tính riêng: chỉ cách đọc" in said
    assert "Ô đúng đã được giữ" not in said


def test_another_unit_s_workbook_is_refused_by_name(
    client: Client, world: factories.World,
) -> None:
    theirs = queries.workbook(queries.assignment(factories.HOUSE, world.other_report.pk))
    words = plain(bring(client, world, theirs).content)
    assert "Tệp này là của “Xã Chợ Rã”, còn việc đang làm là của “Xã Ba Bể”." in words


def test_no_file_chosen_is_said(client: Client, world: factories.World) -> None:
    response = client.post(address(world, "nop-tep/"))
    assert response.status_code == 422
    assert "Bạn chưa chọn tệp." in plain(response.content)


def test_a_file_of_fifty_megabytes_is_let_go_and_the_page_still_answers(
    world: factories.World,
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.officer)
    client.get(address(world, "nop-tep/"))
    token = client.cookies["csrftoken"].value
    response = client.post(address(world, "nop-tep/"), {
        "workbook": SimpleUploadedFile("to.xlsx", b"\0" * (50 * 1024 * 1024)),
        "csrfmiddlewaretoken": token,
    })
    assert response.status_code == 413
    assert "Tệp nặng quá 20 MB" in plain(response.content)
    assert text_of(world, "ho/tay/tong") == "62"


def test_a_file_belongs_to_its_report(client: Client, world: factories.World) -> None:
    response = bring(client, world, filled(client, world, {"ho/tay/dtts": 61}))
    number = response["Location"].rstrip("/").rpartition("/")[2]
    other = f"/viec/bao-cao/{world.other_report.pk}/tep/{number}/"
    client.force_login(world.reviewer)
    assert client.get(response["Location"]).status_code == 200
    assert client.get(other).status_code == 404
    client.force_login(world.other_officer)
    for path in (response["Location"], other, f"{response['Location']}danh-dau.xlsx"):
        assert client.get(path).status_code == 404


def test_after_sending_no_more_files_are_taken(client: Client, world: factories.World) -> None:
    content = filled(client, world, {"ho/tay/dtts": 61})
    factories.fill(world.report, world.officer, {
        cell: text for cell, text in factories.ANSWERS.items() if cell != "ho/tay/tong"})
    factories.send(world.report, world.officer)
    assert "đang không nhận tệp" in plain(client.get(address(world, "nop-tep/")).content)
    assert bring(client, world, content).status_code == 409
