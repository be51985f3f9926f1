"""A department takes its form as a workbook, brings it back with mistakes, and mends them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from nhasan.collection import queries
from nhasan.formats.forms.workbook import read_form
from tests import factories

Look = Callable[..., None]
FORM: dict[str, Any] = {
    "id": "THU-XA", "version": "1.0.0", "code": "Biểu 02/THU",
    "title": "Hộ nghèo theo xã", "legal_basis": "Thông tư thử", "frequency": "A",
    "tables": [{
        "id": "xa", "title": "Hộ nghèo theo xã, phường", "unit": "hộ", "row_header": "Xã, phường",
        "rows": [{"areas": "commune"}, {"id": "tong", "label": "Toàn tỉnh", "sum": ["*"]}],
        "columns": [
            {"id": "ho", "label": "Tổng số hộ", "bind": {"INDICATOR": "THU:01"}},
            {"id": "ngheo", "label": "Số hộ nghèo", "bind": {"INDICATOR": "THU:03"}},
        ],
        "checks": [{"id": "ngheo-trong-ho", "test": "[ngheo] <= [ho]", "column": "ngheo",
                    "message": "Hộ nghèo {ngheo} nhiều hơn tổng số hộ {ho}."}],
    }],
}


@pytest.fixture
def report() -> Any:
    factories.units()
    factories.country()
    factories.indicators()
    factories.publish(FORM)
    factories.person("so-tn", "Vi Thị Nga", "SO-TN", "enterer", password=factories.PASSWORD)
    return factories.give(factories.round_of(FORM, receiver="BO"), "SO-TN", "19", "province")


def fill(path: Path, report: Any, cells: dict[str, Any]) -> None:
    """Write into the workbook where a person would, and save it as Excel does."""
    row = queries.assignment(factories.HOUSE, report.pk)
    places = read_form(
        path.read_bytes(), queries.layout_of(row), queries.workbook_context(row)).places
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        sheet, address = places[cell]
        book[sheet][address] = value
    book.save(path)


def taken(page: Page, link: str, path: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).first.click()
    coming.value.save_as(path)
    return path


def bring(page: Page, path: Path) -> None:
    page.get_by_label("Tệp Excel đã điền").set_input_files(path)
    page.get_by_role("button", name="Nộp tệp").click()


def test_a_province_uploads_its_workbook(
    page: Page, live_server: Any, report: Any, sign_in: Callable[[str], None], look: Look,
    tmp_path: Path,
) -> None:
    sign_in("so-tn")
    page.get_by_role("link", name="Bắt đầu nhập báo cáo").click()
    form = taken(page, "Tải biểu mẫu Excel", tmp_path / "bieu.xlsx")
    fill(form, report, {
        "xa/01900/ho": 1412, "xa/01900/ngheo": 1500, "xa/01903/ho": "chín trăm",
        "xa/01903/ngheo": 87,
    })
    page.get_by_role("link", name="Nộp tệp Excel").click()
    look("nop-tep")

    picture = tmp_path / "ảnh chụp.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    bring(page, picture)
    expect(page.get_by_role("heading", name="Chưa nhận được tệp “ảnh chụp.png”")).to_be_visible()
    look("tep-khong-nhan")

    bring(page, form)
    expect(page.get_by_role("heading", name="Có 2 lỗi phải sửa.")).to_be_visible()
    expect(page.get_by_text("Hộ nghèo 1.500 nhiều hơn tổng số hộ 1.412.")).to_be_visible()
    look("ket-qua-nop-tep")
    marked = taken(page, "Tải tệp đã đánh dấu lỗi", tmp_path / "danh-dau.xlsx")
    notes = [
        cell.comment.text for sheet in openpyxl.load_workbook(marked)
        for line in sheet.iter_rows() for cell in line if cell.comment
    ]
    assert any("1.500" in note for note in notes)
    assert any("chín trăm" in note for note in notes)

    fill(marked, report, {"xa/01900/ngheo": 150, "xa/01903/ho": 900})
    page.get_by_role("link", name="Nộp lại tệp").click()
    bring(page, marked)
    expect(page.get_by_role("heading", name="Không thấy lỗi nào.")).to_be_visible()
    page.get_by_role("link", name="Xem báo cáo và gửi").click()
    expect(page.locator('[data-computed="xa/tong/ho"]')).to_have_text("2.312")
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()
    page.get_by_role("button", name="Gửi báo cáo", exact=True).click()
    expect(page.get_by_text("Người xem tiếp: Bộ Dân tộc và Tôn giáo")).to_be_visible()
    page.get_by_role("link", name="Lịch sử báo cáo này").click()
    look("lich-su")

    sent = queries.submissions_of(queries.assignment(factories.HOUSE, report.pk))[0]
    assert sent.computed["xa/tong/ngheo"] == "237"
