"""A department asks for a few figures; a commune asks for a later day, which is granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY

Look = Callable[..., None]
SignIn = Callable[[str], None]
ASKED = "Nhà văn hoá thôn bị hư hỏng do bão"


@pytest.fixture
def world() -> factories.World:
    """Two communes that answer for their areas, and people who can sign in."""
    made = factories.world(password=factories.PASSWORD)
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("commune", code, "Xã", name, "province", "19", MAP_DAY)
        for code, name in (("01906", "Ba Bể"), ("01912", "Chợ Rã"))])
    for unit, code in (("XA-BABE", "01906"), ("XA-CHORA", "01912")):
        areas.give_jurisdiction(
            actor=HOUSE, unit=unit, level="commune", code=code, valid_from=MAP_DAY,
            valid_to=None, at=AT,
        )
    factories.person(
        "truong-phong", "Lục Văn Tài", "SO-TN", "manager", "reviewer",
        password=factories.PASSWORD)
    return made


def test_a_request_is_made_extended_and_followed(
    world: factories.World, page: Page, sign_in: SignIn, look: Look, show: Look,
    live_server: Any,
) -> None:
    _ask(page, sign_in, look, show)
    _wish_for_a_later_day(page, sign_in, look)
    _grant(page, sign_in, look, show)
    _see_the_boards(page, look, live_server.url)
    _leave(page)
    sign_in("xa-babe")
    owed = page.get_by_role("row", name=ASKED)
    expect(owed).to_contain_text("còn 6 ngày làm việc (thứ Tư 03/12)")


def _leave(page: Page) -> None:
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_have_count(0)


def _ask(page: Page, sign_in: SignIn, look: Look, show: Look) -> None:
    sign_in("truong-phong")
    page.get_by_role("navigation", name="Mục chính").get_by_role(
        "link", name="Duyệt báo cáo").click()
    page.get_by_role("link", name="Yêu cầu số liệu đột xuất").click()
    page.get_by_label("Cần biết gì").fill(ASKED)
    page.get_by_label("Tên cột của cột 1").fill("Số nhà hư hỏng")
    page.get_by_label("Tên cột của cột 2").fill("Cần hỗ trợ gì")
    page.get_by_label("Điền của cột 2").select_option(label="chữ")
    expect(page.get_by_label("Hạn gửi")).to_have_value("28/11/2025")
    look("request")
    show("yeu-cau-dot-xuat")
    page.get_by_role("button", name="Gửi yêu cầu đến các đơn vị").click()
    expect(page.get_by_text("Đã gửi yêu cầu đến 2 đơn vị, hạn 28/11/2025.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(ASKED)


def _wish_for_a_later_day(page: Page, sign_in: SignIn, look: Look) -> None:
    _leave(page)
    sign_in("xa-babe")
    page.get_by_role("row", name=ASKED).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ASKED)
    page.get_by_role("link", name="Xin gia hạn").click()
    page.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    expect(page.get_by_role("region", name="Có chỗ cần sửa")).to_be_visible()
    page.get_by_label("Xin gửi đến hết ngày").fill("03/12/2025")
    page.get_by_label("Lý do").fill("Hai thôn chưa vào được vì sạt lở.")
    look("extension-asked")
    page.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    expect(page.get_by_text("Hạn cũ vẫn tính cho đến khi có trả lời.")).to_be_visible()


def _grant(page: Page, sign_in: SignIn, look: Look, show: Look) -> None:
    _leave(page)
    sign_in("truong-phong")
    page.get_by_role("navigation", name="Mục chính").get_by_role(
        "link", name="Duyệt báo cáo").click()
    page.get_by_role("link", name="1 đề nghị gia hạn chờ trả lời").click()
    page.get_by_role("link", name="Trả lời Xã Ba Bể").click()
    expect(page.get_by_text("Hai thôn chưa vào được vì sạt lở.")).to_be_visible()
    look("extension-decided")
    show("cho-gia-han", page.get_by_role("button", name="Cho gia hạn", exact=True))
    page.get_by_role("button", name="Cho gia hạn", exact=True).click()
    expect(page.get_by_text("Đã cho Xã Ba Bể gửi đến hết ngày 03/12/2025.")).to_be_visible()


def _see_the_boards(page: Page, look: Look, url: str) -> None:
    page.get_by_role("navigation", name="Mục chính").get_by_role(
        "link", name="Tiến độ").click()
    expect(page.get_by_text("Còn 4 báo cáo chưa đến hạn, 0 đã gửi.")).to_be_visible()
    look("board-table")
    page.get_by_role("link", name="Theo kỳ báo cáo").click()
    page.get_by_role("link", name="Biểu đồ", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text=ASKED)).to_contain_text(
        "2 chưa đến hạn")
    look("board-bars")
    page.goto(f"{url}/viec/tien-do/?xem=ban-do")
    expect(page.get_by_role(
        "heading", name="Tỷ lệ đã gửi trên các báo cáo đã đến hạn (%)")).to_be_visible()
    look("board-map")
    page.goto(f"{url}/viec/tien-do/?theo=don-vi")
    page.get_by_role("link", name="Xã Ba Bể").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Việc gửi báo cáo của Xã Ba Bể")
    look("unit-record")
