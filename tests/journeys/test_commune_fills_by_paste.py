"""A commune officer finds the late report, pastes from Excel, mends two mistakes, and sends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.collection import queries
from tests import factories

Look = Callable[..., None]
# Copied from Excel: one number is no number, and one part is greater than its whole.
BLOCK = "62\t61\t11\n48\t84\t9\nbảy mốt\t70\t8"


@pytest.fixture
def world() -> factories.World:
    return factories.world(due=date(2025, 11, 21), password=factories.PASSWORD)


def paste(page: Page, cell: str, text: str) -> None:
    """Paste as the browser does after Ctrl+C in Excel: an event that carries the text."""
    page.locator(f'[data-cell="{cell}"]').evaluate(
        """(box, text) => {
            box.focus();
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent(
                "paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""", text)


def box(page: Page, cell: str) -> Any:
    return page.locator(f'[data-cell="{cell}"]')


@pytest.mark.both_databases
def test_a_commune_fills_by_paste(
    page: Page, live_server: Any, world: factories.World, sign_in: Callable[[str], None],
    look: Look,
) -> None:
    sign_in("xa-babe")
    expect(page.get_by_text("1 quá hạn")).to_be_visible()
    look("viec-cua-toi")
    page.get_by_role("link", name="Bắt đầu nhập báo cáo").click()

    page.get_by_role("link", name="Ghi tên thôn").click()
    page.get_by_label("Thêm dòng").fill("Bó Lù\nCốc Tộc\n")
    look("ten-thon")
    page.get_by_role("button", name="Lưu tên và về bảng").click()

    paste(page, "ho/tay/tong", BLOCK)
    expect(page.locator("[data-status]")).to_contain_text("Đã dán 9 ô")
    undo = page.get_by_role("button", name="Hoàn tác lần dán 9 ô")
    undo.click()
    expect(box(page, "ho/tay/tong")).to_have_value("")
    paste(page, "ho/tay/tong", BLOCK)
    expect(page.locator('[data-computed="ho/tong/ngheo"]')).to_have_text("28")
    summary = page.locator("#grid-summary")
    expect(summary).to_contain_text("Còn 2 lỗi phải sửa")
    look("nhap-bao-cao-loi")

    summary.get_by_role("link").first.click()
    box(page, "ho/nung/dtts").fill("48")
    box(page, "ho/mong/tong").fill("71")
    box(page, "ho/mong/tong").press("Tab")
    expect(summary).to_be_hidden()
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu lúc 09:00")

    page.reload()
    expect(box(page, "ho/mong/tong")).to_have_value("71")
    paste(page, page.locator("[data-table=thon] [data-cell]").first.get_attribute("data-cell")
          or "", "44\tCó\t12,5\n31\tKhông\t8,25")
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    look("kiem-tra")
    page.get_by_role("button", name="Gửi báo cáo", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")).to_be_visible()
    expect(page.get_by_text("Người xem tiếp: Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên"
                            )).to_be_visible()
    look("bien-nhan")

    row = queries.assignment(factories.HOUSE, world.report.pk)
    sent = queries.submissions_of(row)
    assert len(sent) == 1
    assert sent[0].answers["cells"]["ho/nung/dtts"] == ["48", "48", "A"]
    assert sent[0].receipt in page.content()
