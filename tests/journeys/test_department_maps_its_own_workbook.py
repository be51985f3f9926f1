"""A department brings its own odd workbook; the second time, one click writes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.collection import queries
from tests import factories
from tests.formats.forms.odd import workbook
from tests.journeys.test_province_uploads_its_workbook import FORM

Look = Callable[..., None]
LINES: list[list[Any]] = [
    ["SỞ DÂN TỘC VÀ TÔN GIÁO"], ["BIỂU TỔNG HỢP HỘ NGHÈO NĂM 2025"], [],
    ["TT", "Tên xã", "Hộ dân cư", None, "Ghi chú"],
    [None, None, "Tổng số hộ", "Trong đó hộ nghèo"],
    ["A", "B", "1", "2", "3"],
    [None, "Cộng", 2312, 237],
    ["I", "Vùng cao"],
    [1, "UBND xã Ba Bể", "1.412", 150, "đã rà soát"],
    [2, "TT Chợ Rã cũ", 900, "87"],
    [], ["Người lập biểu"],
]
MERGED = ("A2:E2", "A4:A5", "B4:B5", "C4:D4", "E4:E5")


@pytest.fixture
def report() -> Any:
    factories.units()
    factories.country()
    factories.indicators()
    factories.publish(FORM)
    factories.person("so-tn", "Vi Thị Nga", "SO-TN", "enterer", password=factories.PASSWORD)
    return factories.give(factories.round_of(FORM, receiver="BO"), "SO-TN", "19", "province")


def bring(page: Page, live_server: Any, report: Any, path: Path) -> None:
    page.goto(f"{live_server.url}/viec/bao-cao/{report.pk}/nop-tep/")
    page.get_by_role("link", name="Tải bảng tính riêng lên và chỉ cách đọc").click()
    page.get_by_label("Bảng tính của đơn vị").set_input_files(path)
    page.get_by_role("button", name="Tải lên").click()


def cells(report: Any) -> dict[str, str]:
    row = queries.assignment(factories.HOUSE, report.pk)
    return {cell: entry.text for cell, entry in queries.draft(row).answers.cells.items()}


def test_a_department_maps_its_own_workbook(
    page: Page, live_server: Any, report: Any, sign_in: Callable[[str], None], look: Look,
    show: Look, tmp_path: Path,
) -> None:
    own = tmp_path / "Tổng hợp 2025.xlsx"
    own.write_bytes(workbook(LINES, MERGED, "Xã"))
    sign_in("so-tn")
    bring(page, live_server, report, own)
    expect(page.get_by_role("heading", name="Chỉ cách đọc bảng tính")).to_be_visible()
    expect(page.get_by_label("Cột B")).to_have_value("ten")
    expect(page.get_by_label("Cột C")).to_have_value("q:ho")
    look("chi-cach-doc")
    show("chi-cach-doc", page.get_by_role("button", name="Xem sẽ ghi những gì"))

    page.get_by_label("Cột D").select_option("q:ho")
    page.get_by_role("button", name="Xem sẽ ghi những gì").click()
    expect(page.get_by_text("Hai cột cùng được chọn là “Tổng số hộ”.")).to_be_visible()
    expect(page.get_by_label("Cột B")).to_have_value("ten")
    page.get_by_label("Cột D").select_option("q:ngheo")
    page.get_by_role("button", name="Xem sẽ ghi những gì").click()

    expect(page.get_by_role("heading", name="Còn 1 tên máy chưa rõ là dòng nào")).to_be_visible()
    look("hoi-ten-dong")
    asked = page.get_by_label("“TT Chợ Rã cũ” (dòng 10) là")
    show("hoi-ten-dong", page.get_by_role("button", name="Xem lại với các tên đã chọn"))
    asked.select_option(label="Chợ Rã")
    page.get_by_role("button", name="Xem lại với các tên đã chọn").click()
    expect(page.get_by_role("heading", name="Sẽ ghi 4 ô.")).to_be_visible()
    look("se-ghi-gi")
    show("se-ghi-gi", page.get_by_role("button", name="Ghi 4 ô vào báo cáo"))
    assert cells(report) == {}

    page.get_by_role("button", name="Ghi 4 ô vào báo cáo").click()
    expect(page.get_by_role("heading", name="Đã đọc 4 ô vào báo cáo.")).to_be_visible()
    assert cells(report) == {
        "xa/01900/ho": "1.412", "xa/01900/ngheo": "150", "xa/01903/ho": "900",
        "xa/01903/ngheo": "87"}
    page.get_by_role("button", name="Hoàn tác lần ghi này").click()
    expect(page.get_by_text("Đã trả 4 ô về như trước lần lưu đó.")).to_be_visible()
    assert cells(report) == {}

    later = [["Bản gửi lại"], *[list(line) for line in LINES]]
    later[2] = ["BIỂU TỔNG HỢP HỘ NGHÈO NĂM 2026"]
    later[9][2] = "1.500"
    again = tmp_path / "gui lai.xlsx"
    again.write_bytes(workbook(
        later, ("A3:E3", "A5:A6", "B5:B6", "C5:D5", "E5:E6"), "Sheet1"))
    bring(page, live_server, report, again)
    told = "Máy nhận ra bố cục của tệp, đọc theo cách Vi Thị Nga"
    expect(page.get_by_text(told)).to_be_visible()
    page.get_by_role("button", name="Ghi 4 ô vào báo cáo").click()
    expect(page.get_by_role("heading", name="Đã đọc 4 ô vào báo cáo.")).to_be_visible()
    assert cells(report)["xa/01900/ho"] == "1.500"
    assert cells(report)["xa/01903/ngheo"] == "87"
