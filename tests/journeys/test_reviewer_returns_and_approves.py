"""A reviewer looks through ten reports: one cell goes back with a reason, nine are approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from nhasan.collection import operations as collection
from nhasan.collection import queries
from nhasan.organisations import operations as organisations
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY

Look = Callable[..., None]
OTHERS = ("Nghiên Loan", "Bằng Thành", "Cao Minh", "Thượng Minh", "Đồng Phúc", "Nà Phặc",
          "Ngân Sơn", "Phủ Thông")
STRANGE = {**factories.ANSWERS, "ho/tay/ngheo": "40"}


@pytest.fixture
def world() -> factories.World:
    """Ten communes that reported last year and this year; one of them strangely."""
    made = factories.world(due=date(2025, 11, 28), password=factories.PASSWORD)
    reports = [(made.report, made.officer), (made.other_report, made.other_officer)]
    reports += [_commune(made, number, name) for number, name in enumerate(OTHERS, 1)]
    before = factories.round_of(period="2024")
    for report, officer in reports:
        last = factories.give(before, report.unit.code, report.area_code)
        factories.approved(last, officer, made.second_reviewer)
    factories.fill(made.report, made.officer, STRANGE)
    collection.explain(
        actor=factories.actor(made.officer), assignment=made.report.pk, at=AT,
        reasons={"nhieu-ho-ngheo|ho/tay/ngheo": "Lũ quét tháng chín.",
                 "unusual-change|ho/tay/ngheo": "Lũ quét tháng chín."},
    )
    factories.send(made.report, made.officer)
    for report, officer in reports[1:]:
        factories.sent(report, officer)
    return made


def _commune(made: factories.World, number: int, name: str) -> tuple[Any, Any]:
    unit, code = f"XA-{number}", f"02{number:03}"
    organisations.open_unit(
        actor=HOUSE, code=unit, name=f"Xã {name}", short_name=f"Xã {name}", kind="commune",
        parent="SO-TN", opened=None, at=AT,
    )
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("commune", code, "Xã", name, "province", "19", MAP_DAY)])
    officer = factories.person(f"xa-{number}", f"Cán bộ xã {name}", unit, "enterer")
    return factories.give(made.round, unit, code), officer


def _states(world: factories.World) -> list[str]:
    board = queries.progress(factories.actor(world.reviewer), world.round.pk, on=AT.date())
    return sorted(row.state for row in board.assignments)


def test_a_reviewer_returns_one_and_approves_nine(
    page: Page, live_server: Any, world: factories.World, sign_in: Callable[[str], None],
    look: Look,
) -> None:
    sign_in("duyet-tn")
    page.get_by_role("navigation", name="Mục chính").get_by_role(
        "link", name="Duyệt báo cáo").click()
    expect(page.get_by_text("10 báo cáo chờ bạn xem")).to_be_visible()
    look("duyet-cac-ky")
    page.get_by_role("link", name=world.round.title_vi).click()
    expect(page.get_by_text("10 trên 10 đơn vị đã gửi")).to_be_visible()
    waiting = page.get_by_role("region", name="10 báo cáo chờ duyệt")
    first = waiting.get_by_role("row").nth(1)
    expect(first).to_contain_text("Xã Ba Bể")
    expect(first).to_contain_text("đã giải thích")
    look("duyet-bang-tien-do")

    first.get_by_role("link", name="Xã Ba Bể").click()
    expect(page.get_by_text("Lũ quét tháng chín.").first).to_be_visible()
    page.get_by_role("row", name="Tày").get_by_role("link", name="40").click()
    slip = page.get_by_role("region", name="Lời nhắn cho một ô")
    expect(slip.get_by_role("definition")).to_have_text(["40", "11", "+29"])
    slip.get_by_label("Tăng hoặc giảm khác thường").check()
    slip.get_by_label("Lời nhắn cho ô này").fill("Có thể gõ nhầm 14 thành 40, mời xã xem lại.")
    look("duyet-mot-bao-cao")
    slip.get_by_role("button", name="Ghi lời nhắn cho ô này").click()
    expect(page.get_by_text("1 ô sẽ trả lại")).to_be_visible()
    look("duyet-tra-lai")
    page.get_by_role("button", name="Trả lại báo cáo").click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lại báo cáo của Xã Ba Bể")

    page.get_by_role("link", name="những báo cáo không có gì lạ").click()
    page.get_by_role("button", name="Xem lại trước khi duyệt").click()
    expect(page.get_by_role("heading", name="9 báo cáo sẽ được duyệt")).to_be_visible()
    look("duyet-xem-lai")
    page.get_by_role("button", name="Duyệt các báo cáo này").click()
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt 9 báo cáo.")
    assert _states(world) == ["approved"] * 9 + ["returned"]

    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()  # this computer is locked first
    sign_in("xa-babe")
    expect(page.get_by_text("Có thể gõ nhầm 14 thành 40").first).to_be_visible()
    page.get_by_role("link", name="Sửa theo 1 lý do").first.click()
    cell = page.locator('[data-cell="ho/tay/ngheo"]')
    cell.fill("14")
    cell.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu")
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    page.get_by_role("button", name="Gửi báo cáo", exact=True).click()
    expect(page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")).to_be_visible()

    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()  # this computer is locked first
    sign_in("duyet-tn")
    page.goto(f"{live_server.url}/viec/ky/{world.round.pk}/")
    page.get_by_role("region", name="1 báo cáo chờ duyệt").get_by_role(
        "link", name="Xã Ba Bể").click()
    expect(page.get_by_text("Gửi lần 2 (bản này)")).to_be_visible()
    page.get_by_role("button", name="Duyệt báo cáo").click()
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt báo cáo của Xã Ba Bể.")
    assert _states(world) == ["approved"] * 10


def test_a_reviewer_needs_no_script(
    browser: Browser, live_server: Any, world: factories.World,
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("duyet-tn")
    page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"/viec/ky/{world.round.pk}/")
    page.get_by_role("region", name="10 báo cáo chờ duyệt").get_by_role(
        "link", name="Xã Ba Bể").click()
    page.get_by_label("Ô cần sửa").select_option("ho/tay/ngheo")
    page.get_by_label("Lời nhắn cho ô này").fill("Xem lại số hộ nghèo.")
    page.get_by_role("button", name="Trả lại báo cáo").click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lại báo cáo của Xã Ba Bể")
    page.get_by_role("link", name="tất cả", exact=True).click()
    page.get_by_role("button", name="Duyệt các báo cáo đã chọn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt 9 báo cáo.")
    assert _states(world) == ["approved"] * 9 + ["returned"]
    context.close()
