"""Approved figures are added up, looked at, approved by another, and read by everybody."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.domain.words import number_text
from nhasan.processing import operations as processing
from nhasan.releases import operations as releases
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, dataflow, decide, enter
from tests.releases.conftest import listed

Look = Callable[..., None]
HIDDEN = "bảo mật"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> factories.World:
    settings.RUNS, settings.RELEASES = tmp_path / "runs", tmp_path / "releases"
    made = factories.world(password=factories.PASSWORD)
    factories.person("phe-duyet", "Vi Thị Hoa", "BO", "publisher", password=factories.PASSWORD)
    dataflow()
    enter(made)
    decide(factories.actor(made.publisher), threshold=5, dimensions=["ETHNIC_GROUP"])
    listed()
    return made


def _as_shown(row: dict[str, str]) -> str:
    """Return what the page writes for a row of the file."""
    if row["OBS_STATUS"] == "A":
        return number_text(Decimal(row["OBS_VALUE"]), int(row["DECIMALS"]))
    return {"Q": HIDDEN, "L": "chưa có", "M": "không áp dụng"}[row["OBS_STATUS"]]


@pytest.mark.both_databases
def test_a_release_appears_in_public(
    page: Page, live_server: Any, world: factories.World, sign_in: Callable[[str], None],
    look: Look,
) -> None:
    sign_in("cong-bo")
    page.get_by_role("link", name="Công bố", exact=True).click()
    page.get_by_role("link", name="Hộ nghèo", exact=True).click()
    page.get_by_role("button", name="Tổng hợp số liệu đã duyệt").click()
    expect(page.get_by_text("chờ đến lượt")).to_be_visible()
    look("cong-bo-cho-chay")
    assert processing.run_requested(actor=HOUSE, at=AT) == 1
    page.get_by_role("link", name="Tới chỗ lập bản công bố").click(timeout=15_000)
    expect(page.get_by_role("heading", name="Kết quả sẽ công bố (đã bảo mật)")).to_be_visible()
    page.get_by_text("ô đã ẩn (không kèm số)").click()
    look("cong-bo-ket-qua")
    page.get_by_role("button", name="Lập bản công bố").click()
    expect(page.get_by_text("phải do một người khác phê duyệt")).to_be_visible()
    look("cong-bo-ban-thao")
    draft = page.url

    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()  # this computer is locked first
    sign_in("phe-duyet")
    page.goto(draft)
    page.get_by_role("link", name="Xem lần cuối để phê duyệt").click()
    look("cong-bo-phe-duyet")
    page.get_by_role("button", name="Phê duyệt công bố").click()
    expect(page.get_by_role("status")).to_contain_text("Đã phê duyệt")
    assert releases.publish_due(actor=HOUSE, at=AT) == 1
    page.reload()
    page.get_by_role("link", name=f"/data/THU/{FLOW}/1.0.0").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    table = page.locator("#bang-so-lieu")
    screen = Counter(
        text.strip() for text in table.locator("td.so").all_inner_texts() if text.strip())
    with page.expect_download() as arriving:
        page.get_by_role("link", name="CSV").first.click()
    with Path(arriving.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 3
    assert Counter(map(_as_shown, rows)) == screen
    assert all(row["OBS_VALUE"] == "" for row in rows if row["OBS_STATUS"] == "Q")
