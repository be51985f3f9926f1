"""A commune without a network fills, is told what is wrong, queues and sends: once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.contrib.staticfiles import finders
from playwright.sync_api import BrowserContext, BrowserType, Locator, Page, expect

from nhasan.collection import operations, queries
from nhasan.collection.models import Revision, Submission
from nhasan.collection.operations import Change
from nhasan.domain.access import EVERYTHING
from tests import factories
from tests.journeys.conftest import Look

Computer = Callable[[str], BrowserContext]
PASSPHRASE = "sông Năng mùa nước 2025"
LATE = 60_000
"""What waits is tried again by itself after half a minute at the latest."""


@pytest.fixture
def world() -> factories.World:
    made = factories.world(password=factories.PASSWORD)
    answers = {**factories.ANSWERS, "ho/tay/tong": ""}
    factories.fill(made.report, made.officer, answers)
    return made


@pytest.fixture
def computer(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path,
) -> Iterator[Computer]:
    """Return a function that starts a browser on a computer, as its disk was left."""
    running: list[BrowserContext] = []

    def start(name: str) -> BrowserContext:
        context = browser_type.launch_persistent_context(
            tmp_path / name, locale="vi-VN", accept_downloads=True,
            **browser_type_launch_args)
        running.append(context)
        return context

    yield start
    for context in running:
        context.close()


@pytest.fixture
def address(live_server: Any, world: factories.World) -> str:
    return f"{live_server.url}/viec/bao-cao/{world.report.pk}/"


def signed_in(context: BrowserContext, live_server: Any, username: str = "xa-babe") -> Page:
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(f"{live_server.url}/dang-nhap/")
    give_name(page, username)
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    return page


def give_name(page: Page, username: str = "xa-babe") -> None:
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def opened(page: Page, address: str) -> None:
    """Open a report and wait until it would open without a network, too."""
    page.goto(address)
    expect(page.get_by_text("Báo cáo này đã mở được cả khi không có mạng.")).to_be_visible()


def box(page: Page, cell: str) -> Locator:
    return page.locator(f'[data-cell="{cell}"]')


def write(page: Page, cell: str, text: str) -> None:
    box(page, cell).fill(text)
    box(page, cell).press("Tab")


def send(page: Page) -> None:
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()


def queued(page: Page) -> None:
    """Fill what is missing without a network and put the report among what waits."""
    write(page, "ho/tay/tong", "62")
    expect(page.locator("[data-status]")).to_contain_text("đang giữ trên máy này")
    send(page)
    page.get_by_role("button", name="Gửi khi có mạng").click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy này, chưa gửi")).to_be_visible()


def told(page: Page, words: str) -> None:
    """See what the page about this computer says of the one thing that waits or waited."""
    expect(page.locator("#cho-gui .viec").get_by_text(words, exact=True)).to_be_visible(
        timeout=LATE)


def submissions() -> list[Submission]:
    return list(Submission.objects.within(EVERYTHING).all())


def text_of(world: factories.World, cell: str) -> str:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    found = queries.draft(row).answers.cells.get(cell)
    return found.text if found else ""


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

    context = computer("xa")
    context.set_offline(True)
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
    computer: Computer, live_server: Any, world: factories.World, address: str, look: Look,
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
    sign_in: Callable[[str], None], look: Look,
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
    page.get_by_role("button", name="Gửi khi có mạng").click()
    expect(page.get_by_role("heading", name="Đã lưu trên máy này, chưa gửi")).to_be_visible()
    look("offline-waiting")
    page.goto(f"{live_server.url}/viec/may-nay/")
    expect(page.locator("#cho-gui .viec")).to_have_count(1)
    look("offline-here")
