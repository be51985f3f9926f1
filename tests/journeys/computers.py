"""Computers of a commune in a walk: their browsers, and what people do there without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Locator, Page, expect

from nhasan.collection import queries
from nhasan.collection.models import Submission
from nhasan.domain.access import EVERYTHING
from tests import factories

Computer = Callable[..., BrowserContext]
LATE = 60_000
"""What waits is tried again by itself after half a minute at the latest."""
_NO_CABLE = ("--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>")


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
    """Return a function that starts a browser on a computer, as its disk was left.

    With `cable=False` nothing leaves the browser from its start on: a worker that the browser
    wakes by itself may run before `set_offline` reaches it.
    """
    running: list[BrowserContext] = []

    def start(name: str, *, cable: bool = True) -> BrowserContext:
        args = [*browser_type_launch_args["args"], *(() if cable else _NO_CABLE)]
        context = browser_type.launch_persistent_context(
            tmp_path / name, locale="vi-VN", accept_downloads=True,
            **{**browser_type_launch_args, "args": args})
        context.set_default_timeout(LATE)  # a browser that starts cold on a busy machine
        context.set_offline(not cable)
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
