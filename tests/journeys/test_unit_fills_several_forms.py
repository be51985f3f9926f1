"""A unit takes two forms as one workbook, mends the one with an error, and has both taken."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from nhasan.collection import queries
from nhasan.formats.forms.workbook import Filled
from tests import factories

Look = Callable[..., None]
SECOND: dict[str, Any] = deepcopy(factories.FORM) | {"id": "THU-HAI", "title": "Biểu thử hai"}


@pytest.fixture
def reports() -> tuple[Any, Any]:
    world = factories.world(password=factories.PASSWORD)
    factories.publish(SECOND)
    return world.report, factories.give(factories.round_of(SECOND), "XA-BABE", "01900")


def fill(path: Path, cells: dict[int, Any]) -> None:
    """Write into one cell of each form where a person would, and save it as Excel does."""
    filled = Filled(path.read_bytes())
    book = openpyxl.load_workbook(path)
    for report, value in cells.items():
        row = queries.assignment(factories.HOUSE, report)
        sheet, address = filled.read(
            queries.layout_of(row), queries.workbook_context(row)).places["ho/tay/tong"]
        book[sheet][address] = value
    book.save(path)


def taken(page: Page, role: Any, words: str, path: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role(role, name=words).click()
    coming.value.save_as(path)
    return path


def bring(page: Page, path: Path) -> None:
    page.get_by_label("Tệp nhiều biểu đã điền").set_input_files(path)
    page.get_by_role("button", name="Nộp tệp").click()


def test_a_unit_fills_several_forms(
    page: Page, live_server: Any, reports: tuple[Any, Any], sign_in: Callable[[str], None],
    look: Look, show: Look, tmp_path: Path,
) -> None:
    first, second = reports
    sign_in("xa-babe")
    page.get_by_role("link", name="Tải nhiều biểu về một tệp Excel, nộp một lần").click()
    expect(page.get_by_role("heading", name="Nhiều biểu trong một tệp")).to_be_visible()
    look("nhieu-bieu")
    show("nhieu-bieu", page.get_by_role("button", name="Tải tệp của các biểu đã chọn"),
         page.get_by_label("Tệp nhiều biểu đã điền"))
    path = taken(page, "button", "Tải tệp của các biểu đã chọn", tmp_path / "nhieu.xlsx")
    fill(path, {first.pk: 62, second.pk: "sáu hai"})
    bring(page, path)
    expect(page.get_by_role(
        "heading", name="Đã nhận 2 biểu. Có 1 lỗi phải sửa.")).to_be_visible()
    look("ket-qua-nhieu-bieu")
    show("ket-qua-nhieu-bieu", page.get_by_role("link", name="Tải tệp đã đánh dấu lỗi"))
    marked = taken(page, "link", "Tải tệp đã đánh dấu lỗi", tmp_path / "danh-dau.xlsx")
    fill(marked, {second.pk: 63})
    page.get_by_role("link", name="Nộp lại tệp").click()
    bring(page, marked)
    expect(page.get_by_role("heading", name="Đã nhận 2 biểu.")).to_be_visible()
    texts = [
        queries.draft(queries.assignment(factories.HOUSE, each.pk)).answers.cells[
            "ho/tay/tong"].text for each in reports]
    assert texts == ["62", "63"]
