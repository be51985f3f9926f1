"""A commune without a network fills, is told what is wrong, queues and sends: once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from nhasan.collection.models import Revision
from nhasan.domain.access import EVERYTHING
from tests import factories
from tests.journeys.computers import (
    LATE,
    Computer,
    address,
    box,
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

__all__ = ["address", "computer", "world"]
PASSPHRASE = "sông Năng mùa nước 2025"


@pytest.mark.both_databases
def test_errors_are_found_and_mended_without_a_network_and_the_report_arrives_once(
    computer: Computer, live_server: Any, world: factories.World, address: str,
) -> None:
    context = computer("xa")
    page = signed_in(context, live_server)
    opened(page, address)

    context.set_offline(True)
    page.goto(address)
    write(page, "ho/tay/tong", "60")
    expect(page.locator("[data-status]")).to_contain_text("1 ô đang giữ trên máy này")
    write(page, "ho/nung/ngheo", "")
    send(page)
    summary = page.locator("#grid-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Hộ DTTS là 61, nhiều hơn tổng số hộ 60.")
    expect(summary).to_contain_text("Ô còn trống.")
    expect(page.locator("#grid-away")).to_be_hidden()
    context.close()

    context = computer("xa", cable=False)
    page = context.pages[0]
    page.goto(f"{live_server.url}/viec/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Báo cáo trên máy này")
    page.locator("#san-sang a").click()
    expect(box(page, "ho/tay/tong")).to_have_value("60")
    expect(box(page, "ho/nung/ngheo")).to_have_value("")
    write(page, "ho/nung/ngheo", "9")
    queued(page)
    expect(box(page, "ho/tay/tong")).not_to_be_editable()
    # Meanwhile the session ends: a browser that is called by itself finds nobody signed in
    Session.objects.all().delete()
    context.close()
    assert submissions() == []

    context = computer("xa")
    page = context.pages[0]
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    expect(page.get_by_text("Trên máy này còn số liệu chưa gửi, đã khoá.")).to_be_visible()
    assert submissions() == []
    give_name(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{live_server.url}/viec/may-nay/")
    told(page, "Đã gửi")
    card = page.locator("#cho-gui .viec")
    [sent] = submissions()
    expect(card).to_contain_text(sent.receipt)
    assert sent.answers["cells"]["ho/tay/tong"] == ["62", "62", "A"]
    assert sent.submitted_by == world.officer
    last = Revision.objects.within(EVERYTHING).filter(assignment=world.report).latest("number")
    assert last.channel == "offline"
    card.get_by_role("link", name="Xem bản đã gửi").click()
    expect(page.get_by_text(sent.receipt).first).to_be_visible()


def test_an_open_page_delivers_by_itself_when_the_network_returns(
    computer: Computer, live_server: Any, world: factories.World, address: str,
) -> None:
    context = computer("xa")
    page = signed_in(context, live_server)
    opened(page, address)
    page.goto(address)
    context.set_offline(True)
    queued(page)
    page.get_by_role("button", name="Rút ra để sửa").click()
    expect(page.locator("#grid-away")).to_be_hidden()
    write(page, "ho/tay/tong", "63")
    send(page)
    page.get_by_role("button", name="Gửi khi có mạng").click()
    context.set_offline(False)
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=LATE)
    [sent] = submissions()
    expect(page.locator("#grid-away")).to_contain_text(sent.receipt)
    assert sent.answers["cells"]["ho/tay/tong"][0] == "63"


def test_a_session_that_ended_holds_nothing_up_for_good(
    computer: Computer, live_server: Any, world: factories.World, address: str,
) -> None:
    context = computer("xa")
    page = signed_in(context, live_server)
    opened(page, address)
    page.goto(address)
    Session.objects.all().delete()
    queued_signed_out(page)
    assert submissions() == []
    other = context.new_page()
    other.goto(f"{live_server.url}/dang-nhap/")
    give_name(other)
    expect(other.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    page.bring_to_front()
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible(timeout=LATE)
    assert len(submissions()) == 1


def queued_signed_out(page: Page) -> None:
    write(page, "ho/tay/tong", "62")
    expect(page.locator("[data-status]")).to_contain_text("Hết phiên làm việc.")
    send(page)
    page.get_by_role("button", name="Gửi khi có mạng").click()
    expect(page.get_by_text("Có mạng rồi nhưng đã hết phiên làm việc.")).to_be_visible()


def test_a_file_carries_what_waits_to_another_computer_and_both_send_it_once(
    computer: Computer, live_server: Any, world: factories.World, address: str, tmp_path: Path,
) -> None:
    first = computer("xa")
    page = signed_in(first, live_server)
    opened(page, address)
    first.set_offline(True)
    page.goto(address)
    queued(page)
    page.goto(f"{live_server.url}/viec/may-nay/")
    page.get_by_label("Đặt mật khẩu cho tệp").fill("ngắn")
    page.get_by_role("button", name="Lưu ra tệp").click()
    expect(page.get_by_text("Mật khẩu cần từ 12 ký tự trở lên.")).to_be_visible()
    page.get_by_label("Đặt mật khẩu cho tệp").fill(PASSPHRASE)
    page.get_by_label("Nhập lại mật khẩu").fill(PASSPHRASE)
    with page.expect_download() as started:
        page.get_by_role("button", name="Lưu ra tệp").click()
    file = tmp_path / "mang-di.nhasan"
    started.value.save_as(file)
    content = file.read_text(encoding="utf-8")
    assert "ho/tay/tong" not in content
    assert "Hoàng Thị Mai" not in content

    second = computer("may-khac")
    other = signed_in(second, live_server)
    other.goto(f"{live_server.url}/viec/may-nay/")
    other.get_by_label("Tệp .nhasan").set_input_files(file)
    other.get_by_label("Mật khẩu của tệp").fill("không phải mật khẩu")
    other.get_by_role("button", name="Mở tệp").click()
    expect(other.get_by_text("Mật khẩu chưa đúng, hoặc tệp đã hỏng.")).to_be_visible()
    other.get_by_label("Mật khẩu của tệp").fill(PASSPHRASE)
    other.get_by_role("button", name="Mở tệp").click()
    told(other, "Đã gửi")
    [sent] = submissions()

    first.set_offline(False)
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#cho-gui .viec")).to_contain_text(sent.receipt)
    assert submissions() == [sent]


def test_cells_typed_and_not_sent_travel_in_the_file_too(
    computer: Computer, live_server: Any, world: factories.World, address: str, tmp_path: Path,
) -> None:
    first = computer("xa")
    page = signed_in(first, live_server)
    opened(page, address)
    first.set_offline(True)
    page.goto(address)
    write(page, "ho/tay/tong", "62")
    expect(page.locator("[data-status]")).to_contain_text("đang giữ trên máy này")
    page.goto(f"{live_server.url}/viec/may-nay/")
    for label in ("Đặt mật khẩu cho tệp", "Nhập lại mật khẩu"):
        page.get_by_label(label).fill(PASSPHRASE)
    with page.expect_download() as started:
        page.get_by_role("button", name="Lưu ra tệp").click()
    file = tmp_path / "mang-di.nhasan"
    started.value.save_as(file)

    second = computer("may-khac")
    other = signed_in(second, live_server)
    other.goto(f"{live_server.url}/viec/may-nay/")
    other.get_by_label("Tệp .nhasan").set_input_files(file)
    other.get_by_label("Mật khẩu của tệp").fill(PASSPHRASE)
    other.get_by_role("button", name="Mở tệp").click()
    told(other, "Đã lưu vào báo cáo")
    assert text_of(world, "ho/tay/tong") == "62"
    assert submissions() == []
