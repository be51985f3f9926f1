"""A report from its first cell to its receipt, and back again, without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from nhasan.collection import queries
from tests import factories


def reach(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until the link or button of that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.textContent.trim()")
        if said == name:
            return
    raise AssertionError(f"{name} is not reached with {most} presses of Tab")


def value(page: Page) -> str:
    return str(page.evaluate("document.activeElement.value"))


def cell(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.cell ?? ''"))


def test_a_report_is_filled_sent_and_withdrawn_by_keyboard(
    page: Page, live_server: Any, sign_in: Callable[[str], None],
) -> None:
    world = factories.world(password=factories.PASSWORD)
    answers = {key: text for key, text in factories.ANSWERS.items() if key != "thon/o1/nha"}
    factories.fill(world.report, world.officer, answers)
    sign_in("xa-babe")
    address = f"{live_server.url}/viec/bao-cao/{world.report.pk}/"
    page.goto(address)
    reach(page, "Bỏ qua bảng, tới nút gửi")
    page.keyboard.press("Enter")
    expect(page.locator("#gui-bao-cao")).to_be_focused()

    page.locator("#o-ho-tay-ngheo").click(position={"x": 6, "y": 8})
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("#o-ho-tay-ngheo")).to_have_value("12")
    assert (cell(page), value(page)) == ("ho/nung/ngheo", "9")
    page.keyboard.press("Control+End")
    assert cell(page) == "ho/mong/ngheo"
    page.keyboard.press("Control+Home")
    assert cell(page) == "ho/tay/tong"

    page.locator("#o-thon-o1-ho").focus()
    page.keyboard.press("ArrowRight")
    assert (cell(page), value(page)) == ("thon/o1/nha", "")
    page.keyboard.press("c")  # a list goes to the answer of that letter
    assert value(page) == "Có"
    page.keyboard.press("ArrowRight")
    assert cell(page) == "thon/o1/dat"
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    expect(page.get_by_role("button", name="Gửi báo cáo")).to_be_in_viewport()
    reach(page, "Gửi báo cáo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")).to_be_visible()
    reach(page, "Rút lại để sửa")
    page.keyboard.press("Enter")
    reach(page, "Rút lại báo cáo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã rút lại báo cáo.")).to_be_visible()
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.state == "in_progress"
    assert [each.state for each in queries.submissions_of(row)] == ["withdrawn"]
