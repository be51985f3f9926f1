"""What waits on a computer meets other people, a next person at the keyboard, a later version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, expect

from nhasan.collection import operations
from nhasan.collection.operations import Change
from tests import factories
from tests.journeys.computers import (
    LATE,
    Computer,
    address,
    computer,
    give_name,
    opened,
    queued,
    send,
    signed_in,
    submissions,
    text_of,
    told,
    world,
    write,
)
from tests.journeys.conftest import Look

__all__ = ["address", "computer", "world"]


def test_two_people_meet_at_the_cell_and_nobody_is_overwritten(
    computer: Computer, live_server: Any, world: factories.World, address: str,
) -> None:
    context = computer("xa")
    page = signed_in(context, live_server)
    opened(page, address)
    context.set_offline(True)
    page.goto(address)
    write(page, "ho/nung/tong", "49")
    queued(page)
    operations.save_cells(
        actor=factories.actor(world.colleague), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/nung/tong", "50", 1)], at=factories.AT)
    context.set_offline(False)
    expect(page.get_by_text("Có 1 ô người khác cũng vừa sửa.")).to_be_visible(timeout=LATE)
    assert submissions() == []
    assert text_of(world, "ho/tay/tong") == "62"
    assert text_of(world, "ho/nung/tong") == "50"
    page.get_by_role("link", name="Mở lại báo cáo để xem").click()
    expect(page.locator("#grid-summary")).to_contain_text(
        "Bạn ghi “49”, Nông Văn Bình ghi “50”.")
    with page.expect_response("**/cells"):
        page.get_by_role("button", name="Giữ số của tôi (49)").click()
    send(page)
    page.get_by_role("button", name="Gửi báo cáo", exact=True).click()
    expect(page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")).to_be_visible()
    [sent] = submissions()
    assert sent.answers["cells"]["ho/nung/tong"][0] == "49"


def test_the_next_person_at_the_computer_sees_and_sends_nothing_of_it(
    computer: Computer, live_server: Any, world: factories.World, address: str,
) -> None:
    factories.person(
        "xa-babe-3", "Ma Thị Nga", "XA-BABE", "enterer", password=factories.PASSWORD)
    context = computer("chung")
    page = signed_in(context, live_server)
    opened(page, address)
    context.set_offline(True)
    page.goto(address)
    queued(page)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Máy đang không có mạng")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Máy đang không có mạng")

    # Back on the network, the session that was signed out of does not open any more
    context.set_offline(False)
    page.goto(f"{live_server.url}/viec/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    page.goto(f"{live_server.url}/dang-nhap/")
    give_name(page, "xa-babe-3")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    page.goto(f"{live_server.url}/viec/may-nay/")
    expect(page.get_by_text("Không có báo cáo nào chờ gửi.")).to_be_visible()
    expect(page.locator("#may-nay-con")).to_be_hidden()
    assert submissions() == []
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")

    give_name(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    page.goto(f"{live_server.url}/viec/may-nay/")
    told(page, "Đã gửi")
    [sent] = submissions()
    assert sent.submitted_by == world.officer


def test_what_waits_outlives_a_new_version_of_the_house(
    computer: Computer, live_server: Any, world: factories.World, address: str,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    context = computer("xa")
    page = signed_in(context, live_server)
    opened(page, address)
    context.set_offline(True)
    page.goto(address)
    queued(page)
    context.close()

    # Another worker, and the scripts of the copy are gone from the server
    find = finders.find
    worker = tmp_path / "worker.js"
    worker.write_text(
        Path(str(find("build/offline-worker.js"))).read_text("utf-8") + "\n// a later one\n",
        encoding="utf-8")
    gone = "build/report-grid.js"

    def later(path: str, **more: Any) -> Any:
        if path == gone:
            return None
        return str(worker) if path.endswith("offline-worker.js") else find(path, **more)

    monkeypatch.setattr("django.contrib.staticfiles.finders.find", later)
    context = computer("xa")
    page = context.pages[0]
    page.goto(f"{live_server.url}/viec/may-nay/")
    told(page, "Đã gửi")
    assert len(submissions()) == 1


def test_the_page_about_this_computer_reads_well(
    page: Page, live_server: Any, world: factories.World, address: str,
    sign_in: Callable[[str], None], look: Look, show: Look,
) -> None:
    sign_in("xa-babe")
    opened(page, address)
    page.context.set_offline(True)
    page.goto(address)
    write(page, "ho/tay/tong", "62")
    expect(page.locator("[data-status]")).to_contain_text("đang giữ trên máy này")
    send(page)
    expect(page.get_by_role("button", name="Gửi khi có mạng")).to_be_visible()
    look("offline-offer")
    show("gui-khi-co-mang", page.get_by_role("button", name="Gửi khi có mạng"),
         until=page.get_by_role("button", name="Xem và sửa tiếp"), width=390)
    page.get_by_role("button", name="Gửi khi có mạng").click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy này, chưa gửi")).to_be_visible()
    look("offline-waiting")
    show("da-luu-tren-may", until=page.locator("#grid-away"), width=390)
    page.goto(f"{live_server.url}/viec/may-nay/")
    expect(page.locator("#cho-gui .viec")).to_have_count(1)
    look("offline-here")
    page.evaluate("""document.querySelectorAll('main [data-fill=at]').forEach(
        e => { e.textContent = '09:05 25/11/2025'; })""")  # the browser has another clock
    show("bao-cao-tren-may-nay", until=page.get_by_role("button", name="Lưu ra tệp"))
