"""A set is amended at the ministry, and the new indicator reaches a commune as a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.areas import operations as areas
from nhasan.collection import operations as collection
from nhasan.metadata import queries
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY

Look = Callable[..., None]
FILE = "key,name_vi\r\n01,Số hộ dân cư\r\n02,\r\n"


@pytest.fixture
def world() -> factories.World:
    """The small world, with communes that answer for their areas and a manager at the top."""
    made = factories.world(password=factories.PASSWORD)
    factories.person(
        "quan-ly-bo", "Vũ Minh Đức", "BO", "manager", password=factories.PASSWORD)
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903")):
        areas.give_jurisdiction(
            actor=HOUSE, unit=unit, level="commune", code=code, valid_from=MAP_DAY,
            valid_to=None, at=AT)
    return made


@pytest.mark.both_databases
def test_an_amended_set_reaches_a_commune(
    page: Page, live_server: Any, world: factories.World, sign_in: Callable[[str], None],
    look: Look, show: Look,
) -> None:
    sign_in("quan-ly-bo")
    page.get_by_role("navigation", name="Mục chính").get_by_role("link", name="Chỉ tiêu").click()
    page.get_by_role("link", name="Bộ chỉ tiêu thử").click()
    page.get_by_role("link", name="Soạn bản sửa đổi").click()
    page.get_by_label("Số văn bản ban hành").fill("12/2025/QĐ-THU")
    page.get_by_label("Ngày văn bản").fill("20/11/2025")
    look("bo-chi-tieu-sua-doi")
    page.get_by_role("button", name="Lập bản thảo").click()
    expect(page.get_by_role("heading", name="Việc cần làm với bản thảo")).to_be_visible()
    look("bo-chi-tieu-ban-thao")
    show("bo-chi-tieu-ban-thao")

    page.get_by_role("link", name="Thêm chỉ tiêu").click()
    page.get_by_label("Mã trong hệ thống").fill("09")
    page.get_by_label("Tên chỉ tiêu").fill("Số hộ thoát nghèo")
    page.get_by_label("Đơn vị tính").fill("hộ")
    page.get_by_text("Phân tổ, cấp và kỳ", exact=True).click()
    page.get_by_label("Phân tổ và kỳ công bố riêng").fill("Dân tộc | 5 năm")
    look("bo-chi-tieu-them")
    page.get_by_role("button", name="Ghi chỉ tiêu").click()
    page.get_by_role("link", name="Sửa 03").click()
    page.get_by_label("Đơn vị tính").fill("nghìn hộ")
    page.get_by_text("Nối với phiên bản trước", exact=True).click()
    page.get_by_label("Lời về chỗ gãy").fill("Từ bản này tính theo nghìn hộ.")
    page.get_by_role("button", name="Ghi chỉ tiêu").click()

    page.get_by_role("link", name="Hoặc nhập cả bộ từ tệp").click()
    page.get_by_label("Tệp bộ chỉ tiêu").set_input_files(
        {"name": "bo.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.get_by_role("button", name="Xem tệp khác ở đâu").click()
    expect(page.get_by_text("Dòng 3, cột “Tên chỉ tiêu”:")).to_be_visible()
    look("bo-chi-tieu-tep-sai")
    page.get_by_label("Tệp bộ chỉ tiêu").set_input_files(
        {"name": "bo.csv", "mimeType": "text/csv", "buffer": FILE.replace(
            "02,", "02,Hộ").encode()})
    page.get_by_role("button", name="Xem tệp khác ở đâu").click()
    expect(page.get_by_text("Thêm 0, bỏ 5, sửa 1 chỉ tiêu.")).to_be_visible()
    look("bo-chi-tieu-tep-xem")
    page.get_by_role("link", name="Chưa làm, quay lại").click()

    page.get_by_role("link", name="Xem lại chỗ khác: thêm 1, bỏ 0, sửa 1").click()
    expect(page.get_by_text("Chuỗi số liệu gãy ở đây.")).to_be_visible()
    look("bo-chi-tieu-so-sanh")
    page.go_back()
    page.get_by_role("link", name="Xem việc này chạm đến đâu").click()
    expect(page.get_by_text("Hộ nghèo theo dân tộc, năm 2025: 2 đơn vị chưa xong")).to_be_visible()
    look("bo-chi-tieu-ap-dung")
    show("bo-chi-tieu-cham-den", page.get_by_role("button", name="Đưa vào áp dụng"))
    page.get_by_label("Kể từ ngày").fill("25/11/2025")
    page.get_by_role("button", name="Đưa vào áp dụng").click()
    expect(page.get_by_role("status")).to_contain_text("Bộ chỉ tiêu được áp dụng")
    assert queries.indicator_set("THU").version == "2.0.0"  # type: ignore[union-attr]

    page.get_by_role("link", name="Xem ai phải báo cáo chỉ tiêu mới").click()
    look("chi-tieu-moi-bieu")
    page.get_by_role("button", name="Lập biểu mẫu").click()
    page.get_by_role("button", name="Ban hành").click()
    page.get_by_label("Đơn vị nhận báo cáo").select_option("SO-TN")
    page.get_by_label("Bao lâu một lần", exact=True).select_option("once")
    page.get_by_label("Kỳ số liệu, nếu chỉ báo cáo một lần").select_option(
        "Quý III năm 2025")
    page.get_by_label("Hạn gửi, nếu chỉ báo cáo một lần").fill("12/12/2025")
    look("chi-tieu-moi-che-do")
    page.get_by_role("button", name="Lập chế độ báo cáo").click()
    page.get_by_role("button", name="Áp dụng từ hôm nay").click()
    expect(page.get_by_role("status")).to_contain_text("Chế độ báo cáo đã áp dụng")
    assert collection.open_due_rounds(actor=HOUSE, at=AT) == 1
    page.reload()
    expect(page.get_by_text("hạn 12/12/2025: 2 đơn vị chưa xong")).to_be_visible()
    page.get_by_role("button", name="Báo cho các đơn vị").click()
    expect(page.get_by_role("status")).to_contain_text("tin mới cho các đơn vị")
    look("chi-tieu-moi-xong")
    show("chi-tieu-moi-ai-bao-cao")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_have_count(0)

    sign_in("xa-babe")
    page.get_by_role("link", name="Chỉ tiêu mới của").first.click()
    expect(page.get_by_role("columnheader", name="Số hộ thoát nghèo")).to_be_visible()
    cell = page.locator('[data-cell="ct/so/c1"]')
    cell.fill("14")
    cell.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu")
    look("chi-tieu-moi-o-xa")
    page.goto(f"{live_server.url}/viec/thong-bao/")
    expect(page.get_by_text("Bộ chỉ tiêu thử thay đổi từ ngày 25/11/2025")).to_be_visible()
