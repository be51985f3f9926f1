"""A report comes back with two reasons; the officer follows them, mends, and sends it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.collection import operations, queries
from tests import factories

Look = Callable[..., None]


@pytest.fixture
def world() -> factories.World:
    made = factories.world(password=factories.PASSWORD)
    sent = factories.sent(made.report, made.officer)
    operations.send_back(
        actor=factories.actor(made.reviewer), submission=sent.pk, note="Mời xã xem lại hai ô.",
        reasons={"ho/tay/tong": "Năm trước 82 hộ, năm nay còn 62.",
                 "ho/mong/ngheo": "Thấp hơn hẳn các xã bên cạnh."}, at=factories.AT)
    return made


def test_a_commune_mends_what_came_back(
    page: Page, live_server: Any, world: factories.World, sign_in: Callable[[str], None],
    look: Look,
) -> None:
    page.goto(f"{live_server.url}/dang-nhap/")
    page.get_by_label("Mật khẩu").fill("không phải mật khẩu")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Chưa đăng nhập được")).to_be_visible()
    look("dang-nhap")

    sign_in("xa-babe")
    look("viec-tra-lai")
    page.get_by_role("link", name="Tày, Tổng số hộ, Số hộ").click()
    asked = page.locator('[data-cell="ho/tay/tong"]')
    expect(asked).to_be_in_viewport()
    expect(page.get_by_text("Mời xã xem lại hai ô.")).to_be_visible()
    look("bao-cao-tra-lai")
    asked.fill("82")
    page.locator('[data-cell="ho/tay/dtts"]').fill("80")
    page.locator('[data-cell="ho/mong/ngheo"]').fill("...")
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()
    page.get_by_role("button", name="Gửi báo cáo", exact=True).click()
    expect(page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")).to_be_visible()

    page.get_by_role("link", name="Báo cáo đã gửi").first.click()
    look("da-gui")
    page.get_by_role("link", name="Cách làm").first.click()
    look("cach-lam")
    page.get_by_role("link", name="Hoàng Thị Mai").click()
    look("doi-mat-khau")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Bạn đã đăng xuất.")).to_be_visible()

    row = queries.assignment(factories.HOUSE, world.report.pk)
    newest, first = queries.submissions_of(row)
    assert newest.answers["cells"]["ho/tay/tong"][0] == "82"
    assert newest.answers["cells"]["ho/mong/ngheo"] == ["...", None, "L"]
    assert (first.state, first.answers["cells"]["ho/tay/tong"][0]) == ("returned", "62")
