"""Entry survives a lost network, a closed browser, two people at once, and no scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change
from tests import factories


@pytest.fixture
def world() -> factories.World:
    made = factories.world(password=factories.PASSWORD)
    factories.fill(made.report, made.officer, {"ho/nung/tong": "48"})
    return made


def text_of(world: factories.World, cell: str) -> str:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    found = queries.draft(row).answers.cells.get(cell)
    return found.text if found else ""


def box(page: Page, cell: str) -> Any:
    return page.locator(f'[data-cell="{cell}"]')


def test_what_was_typed_without_a_network_is_saved_when_it_returns(
    page: Page, live_server: Any, world: factories.World, sign_in: Callable[[str], None],
) -> None:
    sign_in("xa-babe")
    address = f"{live_server.url}/viec/bao-cao/{world.report.pk}/"
    page.goto(address)
    expect(page.get_by_text("Báo cáo này đã mở được cả khi không có mạng.")).to_be_visible()
    page.context.set_offline(True)
    box(page, "ho/tay/tong").fill("62")
    box(page, "ho/tay/tong").press("Tab")
    expect(page.get_by_role("heading", name="Máy đang không có mạng.")).to_be_visible()
    expect(page.locator("[data-status]")).to_contain_text("1 ô đang giữ trên máy này")
    assert text_of(world, "ho/tay/tong") == ""
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()
    expect(page.locator("#grid-summary")).to_be_focused()
    expect(page.locator("#grid-summary")).to_contain_text("Ô còn trống.")

    # A closing page tries once more, past what this browser plays of a lost network: it may get
    # through. That a draft is found again after a restart: test_commune_reports_offline.py
    page.close()
    later = page.context.new_page()
    page.context.set_offline(False)
    later.goto(address)
    expect(box(later, "ho/tay/tong")).to_have_value("62")
    expect(later.locator("[data-status]")).to_contain_text("Đã lưu lúc")
    assert text_of(world, "ho/tay/tong") == "62"


@pytest.mark.both_databases
def test_two_people_in_one_report_choose_which_number_stands(
    page: Page, live_server: Any, world: factories.World, sign_in: Callable[[str], None],
) -> None:
    sign_in("xa-babe")
    page.goto(f"{live_server.url}/viec/bao-cao/{world.report.pk}/")
    operations.save_cells(
        actor=factories.actor(world.colleague), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/nung/tong", "49", 1)], at=factories.AT)
    box(page, "ho/nung/tong").fill("50")
    box(page, "ho/tay/tong").fill("62")
    box(page, "ho/tay/tong").press("Tab")
    expect(page.locator("#grid-summary")).to_contain_text(
        "Bạn ghi “50”, Nông Văn Bình ghi “49”.")
    assert text_of(world, "ho/tay/tong") == "62"
    assert text_of(world, "ho/nung/tong") == "49"
    expect(page.locator("[data-status]")).to_contain_text("Còn 1 ô hai người cùng sửa, chưa lưu")
    with page.expect_response("**/cells"):
        page.get_by_role("button", name="Giữ số của tôi (50)").click()
    expect(page.locator("#grid-summary")).to_be_hidden()
    assert text_of(world, "ho/nung/tong") == "50"


def test_a_browser_without_scripts_fills_and_sends(
    browser: Browser, live_server: Any, world: factories.World,
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/dang-nhap/?next=/viec/bao-cao/{world.report.pk}/")
    page.get_by_label("Tên đăng nhập").fill("xa-babe")
    page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    box(page, "thon/o1/nha").select_option(label="Có")
    for cell, text in factories.ANSWERS.items():
        if cell != "thon/o1/nha":
            box(page, cell).fill(text)
    box(page, "ho/tay/dtts").fill("70")
    page.get_by_role("button", name="Lưu lại").click()
    expect(page.locator('[data-computed="ho/tong/ngheo"]')).to_have_text("28")
    page.get_by_role("link", name="Tày, Tổng số hộ, Hộ DTTS").click()
    box(page, "ho/tay/dtts").fill("61")
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    page.get_by_role("button", name="Gửi báo cáo", exact=True).click()
    expect(page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")).to_be_visible()
