"""Whole walks in a browser, against a real server and a database in a file.

All of them go on PostgreSQL. On SQLite go those marked `both_databases`: what a person meets in a
browser is the same on both, and every operation under it is tested on both, so a walk is repeated
only where the database itself decides the end (several hands at once, a report that is delivered
again and counts once) or where it tells a whole chain (a commune fills and sends, figures become
public, a set that changes reaches a commune).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Locator, Page, expect

from tests import factories

# A busy machine is not a fault of the page under test.
expect.set_options(timeout=20_000)

# Playwright keeps an event loop in this thread; the rows of a test are made in it all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Not in the folder of pytest-playwright, which every run of pytest empties
PICTURES = Path(__file__).resolve().parents[2] / "var" / "journeys"
Look = Callable[..., None]
Show = Callable[..., None]
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "images" / "guide"
LARGEST = 160_000
_END = """Math.max(...[...document.querySelectorAll("main *")].filter(
    each => !each.children.length && each.getClientRects().length && each.textContent.trim()
).map(each => each.getBoundingClientRect().bottom + scrollY))"""
_PLACE = """(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(
        location.origin, "https://thongke.example.vn");
})()"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every walk as one."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Keep the test database in a file: a browser asks for several things at once.

    Walks that go side by side have a database each.
    """
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "journeys.sqlite3"
        connections["default"].settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(autouse=True)
def emptied_afterwards(transactional_db: None) -> Iterator[None]:
    """Empty the database after a walk, with the triggers out of the way that forbid it."""
    yield
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.fixture(autouse=True)
def house(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Set the clock to the day of the small world, and give the house a store of its own."""
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: factories.AT)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STORE = tmp_path / "store"


@pytest.fixture
def sign_in(page: Page, live_server: Any) -> Callable[[str], None]:
    """Return a function that signs a person in by name through the sign-in page."""

    def act(username: str) -> None:
        page.goto(f"{live_server.url}/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return act


@pytest.fixture
def look(page: Page) -> Look:
    """Return a function that takes a picture and lets nothing serious stand against readers.

    The page is looked at as wide as it is, then as narrow as a phone.
    """

    def act(name: str, widths: tuple[int, ...] = (1280, 360)) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        size = page.viewport_size or {"width": 1280, "height": 720}
        found = []
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
            found += [
                f"{name} at {width}: {each['id']} ({each['impact']}) {node['html'][:200]}"
                for each in Axe().run(page).response["violations"]
                if each["impact"] in ("serious", "critical") for node in each["nodes"]
            ]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{name} at {width}: the page is {wide} wide and scrolls sideways")
        page.set_viewport_size(size)
        assert not found, "\n".join(found)

    return act


@pytest.fixture
def show(page: Page) -> Show:
    """Return a function that frames what a reader has to press, and keeps a picture of it.

    With `NHASAN_PICTURES=1` the picture is written to docs/images/guide; without it, what has to
    be pressed only has to be there. So a page that changed makes a test fail before it makes the
    guide untrue. The picture is as wide as the page; it begins above `since`, or at the top, and
    ends below `until`, or where the page has said what it says. `width` is another width of the
    page for this picture: a phone's.
    """

    def act(name: str, *press: Locator, until: Locator | None = None,
            since: Locator | None = None, width: int = 0) -> None:
        if os.environ.get("NHASAN_PICTURES", "") != "1":
            for each in press:
                expect(each).to_be_visible()
            return
        size = page.viewport_size or {"width": 1280, "height": 720}
        if width:
            page.set_viewport_size({"width": width, "height": 800})
        for each in press:
            each.evaluate("e => { e.style.outline = '4px solid #b3261e'; "
                          "e.style.outlineOffset = '4px'; }")
        page.evaluate(_PLACE)  # the port is another one each time
        page.evaluate("document.querySelectorAll('.thanh-luu').forEach("
                      "e => { e.style.position = 'static'; })")
        top = max(0, _edges(since)[0] - 12) if since else 0
        bottom = 24 + (_edges(until)[1] if until else page.evaluate(_END))
        path = GUIDE / f"{name}.png"
        GUIDE.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True, clip={
            "x": 0, "y": top, "width": width or size["width"], "height": bottom - top})
        for each in press:
            each.evaluate("e => { e.style.outline = ''; }")
        page.set_viewport_size(size)
        assert path.stat().st_size <= LARGEST, f"{path.name}: {path.stat().st_size} bytes"

    return act


def _edges(what: Locator) -> tuple[float, float]:
    """Return where something begins and ends on the whole page."""
    top, bottom = what.evaluate(
        "e => { const box = e.getBoundingClientRect(); "
        "return [box.top + scrollY, box.bottom + scrollY]; }")
    return top, bottom
