"""A commune carries last year's figures over, notes a cell, and goes on at a phone row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.collection import queries
from tests import factories

Look = Callable[..., None]
FIGURE = "ho/tay/ngheo"


@pytest.fixture
def now() -> Any:
    """The report of 2024 is approved; that of 2025 is to be filled."""
    made = factories.world(period="2024", password=factories.PASSWORD)
    factories.approved(made.report, made.officer, made.reviewer)
    return factories.give(factories.round_of(period="2025"), "XA-BABE", "01900")


def box(page: Page, cell: str) -> Any:
    return page.locator(f'[data-cell="{cell}"]')


def beside(now: Any) -> Any:
    return queries.notes_of(queries.assignment(factories.HOUSE, now.pk))


def test_a_commune_goes_on_from_last_year(
    page: Page, live_server: Any, now: Any, sign_in: Callable[[str], None], look: Look,
) -> None:
    sign_in("xa-babe")
    page.goto(f"{live_server.url}/viec/bao-cao/{now.pk}/")
    box(page, "ho/tay/tong").fill("65")
    page.get_by_role("button", name="Lấy số kỳ trước vào ô trống").click()
    expect(page.get_by_role("heading", name="Đã lấy số kỳ trước vào 11 ô trống")).to_be_visible()
    expect(box(page, "ho/tay/tong")).to_have_value("65")
    expect(box(page, FIGURE)).to_have_value("11")

    page.get_by_label("Số kỳ trước cạnh ô").select_option(label="Năm 2024")
    expect(page.locator("td", has=box(page, "ho/tay/tong"))).to_contain_text("62")
    expect(page.locator("td", has=box(page, "ho/tay/tong"))).to_contain_text("+3")

    box(page, FIGURE).press("Shift+F2")
    dialog = page.get_by_role("dialog", name="Tày, Hộ nghèo, Số hộ")
    expect(dialog).to_contain_text("Năm 2024: 11")
    look("ghi-chu-cua-o")
    dialog.get_by_label("Ghi chú").fill("Theo biên bản rà soát.")
    dialog.get_by_label("Thêm tài liệu").set_input_files(
        files=[{"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}])
    dialog.get_by_role("button", name="Lưu ghi chú").click()
    expect(dialog).to_be_hidden()
    expect(box(page, FIGURE)).to_be_focused()
    expect(page.get_by_role("link", name="1 tài liệu", exact=True)).to_be_visible()
    assert beside(now)[FIGURE].note.text == "Theo biên bản rà soát."
    look("bang-voi-ky-truoc")

    page.get_by_role("button", name="Hoàn tác, để trống lại").click()
    expect(box(page, FIGURE)).to_have_value("")
    expect(box(page, "ho/tay/tong")).to_have_value("65")
    page.get_by_role("link", name="Ghi chú, tài liệu (1)").click()
    expect(page.get_by_text("Theo biên bản rà soát.")).to_be_visible()
    look("ghi-chu-va-tai-lieu")


def test_on_a_phone_one_row_after_another(
    page: Page, live_server: Any, now: Any, sign_in: Callable[[str], None], look: Look,
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in("xa-babe")
    page.goto(f"{live_server.url}/viec/bao-cao/{now.pk}/")
    expect(box(page, "ho/tay/tong")).to_be_visible()
    expect(box(page, "ho/nung/tong")).to_be_hidden()
    for column, text in (("tong", "62"), ("dtts", "70"), ("ngheo", "11")):
        box(page, f"ho/tay/{column}").fill(text)
        box(page, f"ho/tay/{column}").press("Enter")
    expect(box(page, "ho/nung/tong")).to_be_focused()
    expect(box(page, "ho/tay/tong")).to_be_hidden()
    rows = page.get_by_label("Dân tộc")
    expect(rows.locator("option").first).to_have_text("Tày: có chỗ phải xem")
    look("dien-thoai-tung-dong", (360,))
    page.locator("#grid-summary").get_by_role("link").first.click()
    expect(box(page, "ho/tay/dtts")).to_be_focused()
    box(page, "ho/tay/dtts").fill("61")
    page.get_by_role("button", name="Tiếp theo").first.click()
    expect(box(page, "ho/nung/tong")).to_be_focused()
    expect(rows.locator("option").first).to_have_text("Tày: xong")
    page.get_by_role("button", name="Xem cả bảng").first.click()
    expect(box(page, "ho/tay/tong")).to_be_visible()


def test_a_department_enters_for_its_communes(
    page: Page, live_server: Any, now: Any, sign_in: Callable[[str], None], look: Look,
) -> None:
    other = factories.give(now.round, "XA-CHORA", "01903")
    factories.person(
        "nhap-tn", "Vi Văn Hùng", "SO-TN", "enterer", password=factories.PASSWORD)
    sign_in("nhap-tn")
    page.goto(f"{live_server.url}/viec/truc-thuoc/")
    look("truc-thuoc-nhap-chung")
    page.get_by_role("link", name="Hộ nghèo theo dân tộc, năm 2025").first.click()
    page.get_by_label("Phần của biểu").select_option(label="Nùng")
    page.get_by_role("button", name="Mở phần này").click()
    box(page, f"ho/{now.pk}/tong").evaluate(
        """(box, text) => {
            box.focus();
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent(
                "paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""", "48\t48\t9\n31\t40\t2")
    expect(page.locator('[data-computed="ho/tong/tong"]')).to_have_text("79")
    expect(page.locator("#grid-summary")).to_contain_text("Xã Chợ Rã")
    box(page, f"ho/{other.pk}/dtts").fill("30")
    box(page, f"ho/{other.pk}/dtts").press("Tab")
    expect(page.locator("#grid-summary")).to_be_hidden()
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu lúc 09:00")
    look("nhap-nhieu-don-vi")
    for report, text in ((now, "48"), (other, "30")):
        row = queries.assignment(factories.HOUSE, report.pk)
        assert queries.draft(row).answers.cells["ho/nung/dtts"].text == text
